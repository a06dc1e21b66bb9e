import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { checkMutations, type Mutation, mutate, mutationEnv } from './mutation.ts';
import { root } from './program.ts';

const mutation: Mutation = {
  file: 'packages/cli/src/outcomes.ts',
  find: 'export ',
  replace: 'export  ',
};

describe('a mutation', () => {
  test('replaces the one place', () => {
    assert.strictEqual(mutate('one two three', [{ ...mutation, find: 'two', replace: '2' }]), 'one 2 three');
  });

  test.each(['four', 'e'])('whose text is not there exactly once is refused: %s', (find) => {
    assert.throws(() => mutate('one two three', [{ ...mutation, find }]), 'times');
    assert.throws(() => checkMutations([{ ...mutation, find: `no such text ${find}` }]), 'times');
  });

  test('acts in a program that is started with it, and leaves the file alone', () => {
    const file = 'packages/bytes/src/text.ts';
    const source = readFileSync(root + file, 'utf8');
    const find = /export function hex\(.*\{\n/.exec(source)?.[0] as string;
    const said = (env: Readonly<Record<string, string>>) =>
      spawnSync(
        process.execPath,
        ['-e', `import('${root}${file}').then(({ hex }) => console.log(hex(Uint8Array.of(7))))`],
        {
          env: { ...process.env, ...env },
          encoding: 'utf8',
        },
      ).stdout.trim();
    assert.strictEqual(said({}), '07');
    assert.strictEqual(said(mutationEnv([{ file, find, replace: `${find}  return 'patched';\n` }])), 'patched');
    assert.strictEqual(readFileSync(root + file, 'utf8'), source);
  });
});
