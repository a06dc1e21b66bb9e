import { globSync, readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { outcomeOf, outcomes } from './outcomes.ts';

const packages = new URL('../../', import.meta.url).pathname;

/** Codes that never reach a command line of this program: they end the server's. */
const foreign = /\/(server|home|testing)\//;

/** The members of all `type ...Code = ...` unions of the packages. */
const declared = globSync(`${packages}*/src/**/*.ts`)
  .filter((path) => !foreign.test(path) && !/\.(test|fixture)\.ts$/.test(path))
  .flatMap((path) => codesIn(readFileSync(path, 'utf8')));

describe('every fault has an outcome', () => {
  test('the packages declare codes', () => {
    for (const code of ['cbor-malformed', 'rollback', 'wrong-passphrase', 'channel-broken', 'audit-failed']) {
      assert.include(declared, code);
    }
  });

  test('each declared code has a row', () => {
    assert.deepEqual(
      declared.filter((code) => !Object.hasOwn(outcomes, code)),
      [],
    );
  });

  test('each row is of a declared code', () => {
    assert.deepEqual(
      Object.keys(outcomes).filter((code) => code !== 'bug' && !declared.includes(code)),
      [],
    );
  });

  test('each hint is a sentence', () => {
    for (const [code, { hint }] of Object.entries(outcomes)) assert.match(hint, /^[A-Z].{10,}[.]$/, code);
  });

  test('a code that nobody declared is a bug', () => {
    assert.strictEqual(outcomeOf('no-such-code'), outcomes.bug);
    assert.strictEqual(outcomeOf('toString'), outcomes.bug);
  });
});

test.each([
  [1, ['rollback', 'room-frozen', 'room-forked', 'disk-full', 'vault-busy']],
  [2, ['usage', 'address-malformed', 'not-found', 'ambiguous', 'not-classic', 'cancelled']],
  [4, ['wrong-passphrase', 'no-account', 'locked']],
  [5, ['unverified', 'identity-conflict']],
  [6, ['unreachable', 'vault-needs-server']],
  [7, ['role-insufficient', 'blocked', 'invitation-used', 'invitation-expired']],
] as const)('exit code %i is as promised', (exit, codes) => {
  for (const code of codes) assert.strictEqual(outcomes[code].exit, exit, code);
});

function codesIn(source: string): readonly string[] {
  return [...source.matchAll(/^export type \w+Code =([^;]*);/gm)].flatMap(([, union = '']) =>
    [...union.replaceAll(/\/\/.*$/gm, '').matchAll(/'([a-z0-9-]+)'/g)].map(([, code = '']) => code),
  );
}
