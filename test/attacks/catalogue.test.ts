import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { checkMutations } from '../support/mutation.ts';
import { root } from '../support/program.ts';
import { attackCases, attackGroups } from './catalogue/index.ts';
import { attacksPage } from './page.ts';

const tried = attackCases.flatMap(({ id, status }) => (status.kind === 'tried' ? [{ id, ...status }] : []));

describe('the catalogue of attacks', () => {
  test('names each case once', () => {
    const ids = attackCases.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const id of ids) assert.match(id, /^[A-Z]x?\d+$/);
  });

  test('is the page ATTACKS.md (npm run attacks -- --page writes it)', () => {
    assert.strictEqual(readFileSync(`${root}ATTACKS.md`, 'utf8'), attacksPage(attackGroups));
  });

  test.each(tried)('$id has its test, and its mutation fits the sources', ({ id, test: path, mutations }) => {
    const source = readFileSync(root + path, 'utf8');
    assert.match(source, new RegExp(`^describe(?:\\.\\w+\\([^)]*\\))?\\('${id}: `, 'm'));
    assert.isNotEmpty(mutations);
    checkMutations(mutations);
  });
});
