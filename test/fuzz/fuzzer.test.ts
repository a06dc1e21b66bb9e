import { BugFault, WireFault } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { mutationEnv } from '../support/mutation.ts';
import { fuzz } from './fuzzer.ts';
import { runFuzz } from './run.fixture.ts';
import type { Parser, Target } from './target.ts';

/** Behind five characters, one after the other, that no chance meets at once. */
const plantedBug = mutationEnv([
  {
    file: 'packages/bytes/src/text.ts',
    find: 'export function parseHex(text: string): Uint8Array<ArrayBuffer> {\n',
    replace: `
      function planted(text: string): void {
        if (text[0] === '~') if (text[1] === 'S') if (text[2] === 'q') if (text[3] === '%') if (text[4] === 'k')
          (null as any).planted();
      }
      export function parseHex(text: string): Uint8Array<ArrayBuffer> {
        planted(text);
    `,
  },
]);

describe('a bug behind five characters', () => {
  const budget = ['cbor', '--seed', 'planted', '--executions', '50000', '--first'];

  test('is found by coverage', { timeout: 300_000 }, async () => {
    const { code, output } = await runFuzz(budget, plantedBug);
    assert.strictEqual(code, 1, output);
    assert.match(output, /escaped: TypeError: .*planted/);
    assert.include(output, `hex ${Buffer.from('~Sq%k').toString('hex')}\n`);
    const replay = /npm run fuzz -- (cbor --replay \S+)/.exec(output)?.[1]?.split(' ') ?? [];
    assert.match((await runFuzz(replay, plantedBug)).output, /escaped: TypeError/);
    const mended = await runFuzz(replay);
    assert.strictEqual(mended.code, 0, mended.output);
  });

  test('is not found by chance', { timeout: 300_000 }, async () => {
    const { code, output } = await runFuzz([...budget, '--blind'], plantedBug);
    assert.strictEqual(code, 0, output);
  });
});

describe('each rule', () => {
  const breaches: Readonly<Record<string, { readonly parse: Parser['parse']; readonly message: RegExp }>> = {
    'an error that is not typed': {
      parse: () => {
        throw new RangeError('out of range');
      },
      message: /^escaped: RangeError/,
    },
    'a fault that blames ourselves': {
      parse: () => {
        throw new BugFault('impossible');
      },
      message: /^escaped: BugFault/,
    },
    'a rejection that is not typed': {
      parse: () => Promise.reject(new TypeError('no function')),
      message: /^escaped: TypeError/,
    },
    'another encoding': { parse: () => Uint8Array.of(1), message: /encodes to other bytes/ },
    'an input that is changed': {
      parse: (input) => {
        input.fill(7);
        return null;
      },
      message: /input was changed/,
    },
    'memory that the length does not allow': {
      parse: () => {
        if (new Uint8Array(50_000_000).length === 0) throw new WireFault('none', 'never');
        return null;
      },
      message: /bytes of memory/,
    },
    'time that the length does not allow': {
      parse: () => {
        const until = process.threadCpuUsage().user + 80_000;
        while (process.threadCpuUsage().user < until);
        return null;
      },
      message: /ms for/,
    },
  };

  test.each(Object.entries(breaches))('%s', async (_, { parse, message }) => {
    const { findings } = await fuzz(targetOf(parse), { seed: '1', corpus: new Map(), goesOn: (done) => done < 1 });
    assert.match(findings[0]?.violation.message ?? 'nothing', message);
  });
});

test('the same seed gives the same inputs, another one others', async () => {
  const runs = await Promise.all(['a', 'a', 'b'].map((seed) => runFuzz(['statement', '--seed', seed, ...few])));
  const [first, second, other] = runs.map(({ output }) => /inputs ([0-9a-f]+)/.exec(output)?.[1]);
  assert.isDefined(first);
  assert.strictEqual(first, second);
  assert.notStrictEqual(first, other);
});

const few = ['--executions', '4000'];

function targetOf(parse: Parser['parse']): Target {
  return { name: 'rules', sources: [], parsers: [{ name: 'rule', shape: 'bytes', seeds: [Uint8Array.of(5)], parse }] };
}
