import { globSync, readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { outcomeOf, outcomes } from './outcomes.ts';

const packages = new URL('../../', import.meta.url).pathname;

/** The members of all `type ...Code = ...` unions of the packages that this program is made of. */
const declared = [...programOf('cli')]
  .flatMap((name) => globSync(`${packages}${name}/src/**/*.ts`))
  .filter((path) => !/\.(test|fixture)\.ts$/.test(path))
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

/** A package with those that it depends on, and so on. */
function programOf(name: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(`${packages}${name}/package.json`, 'utf8'));
  for (const other of Object.keys(dependencies)) {
    if (other.startsWith('@sotto/')) programOf(other.slice('@sotto/'.length), found);
  }
  return found;
}

function codesIn(source: string): readonly string[] {
  return [...source.matchAll(/^export type \w+Code =([^;]*);/gm)].flatMap(([, union = '']) =>
    [...union.replaceAll(/\/\/.*$/gm, '').matchAll(/'([a-z0-9-]+)'/g)].map(([, code = '']) => code),
  );
}
