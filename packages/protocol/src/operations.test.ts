import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { type OperationName, operations } from './operations/index.ts';

const declared = Object.entries(operations) as [OperationName, (typeof operations)[OperationName]][];

test('the table of docs/spec/operations.md is the list of operations, with their scopes', () => {
  const page = readFileSync(new URL('../../../docs/spec/operations.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+(?:\.[a-z-]+)+)` \| ([a-z, -]+) \|/gm)].map(([, name, scopes]) => [
    name,
    scopes,
  ]);
  assert.sameDeepMembers(
    rows,
    declared.map(([name, { scopes }]) => [name, scopes.join(', ')]),
  );
});

describe.each(declared)('%s', (name, operation) => {
  test('is declared under its own name, with a scope', () => {
    assert.strictEqual(operation.name, name);
    assert.isAbove(operation.scopes.length, 0);
  });

  test('takes no member that it does not name', () => {
    assert.isFalse(operation.input.safeParse({ unknown: 1 }).success);
    assert.isFalse(operation.output.safeParse({ unknown: 1 }).success);
    for (const value of [null, 7, 'text', [], new Uint8Array()])
      assert.isFalse(operation.input.safeParse(value).success);
    for (const value of [null, 7, 'text', [], new Uint8Array()])
      assert.isFalse(operation.output.safeParse(value).success);
  });
});
