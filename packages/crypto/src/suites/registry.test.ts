import { Fault } from '@sotto/bytes';
import { createSuite } from '@sotto/testing/suites/p384';
import { assert, test } from 'vitest';
import { nodePrimitives } from '../node/index.ts';
import type { SuiteFactory } from '../suite.ts';
import { createSuites } from './registry.ts';

const primitives = nodePrimitives();

test('finds suites by id and by name', () => {
  const suites = createSuites(primitives, [createSuite]);
  assert.deepEqual(
    suites.all.map(({ id }) => id),
    [1, 2, 0x8001],
  );
  assert.strictEqual(suites.byId(2).name, 'hybrid');
  assert.strictEqual(suites.byName('classic').id, 1);
  assert.strictEqual(suites.byName('p384').id, 0x8001);
  assert.strictEqual(
    codeOf(() => suites.byId(3)),
    'suite-unknown',
  );
  assert.strictEqual(
    codeOf(() => suites.byName('Hybrid')),
    'suite-unknown',
  );
});

test('refuses ids and names that a third party may not take', () => {
  const renamed =
    (id: number, name: string): SuiteFactory =>
    (given) => ({ ...createSuite(given), id, name });
  for (const [id, name] of [
    [1, 'a'],
    [2, 'a'],
    [3, 'a'],
    [0x7fff, 'a'],
    [0x10000, 'a'],
    [32_768.5, 'a'],
  ] as const) {
    assert.strictEqual(
      codeOf(() => createSuites(primitives, [renamed(id, name)])),
      'suite-invalid',
      `${id}`,
    );
  }
  for (const name of ['classic', 'hybrid', '', 'Upper', 'a b']) {
    assert.strictEqual(
      codeOf(() => createSuites(primitives, [renamed(0x8002, name)])),
      'suite-invalid',
      name,
    );
  }
  assert.strictEqual(
    codeOf(() => createSuites(primitives, [createSuite, renamed(0x8001, 'b')])),
    'suite-invalid',
  );
  assert.strictEqual(
    codeOf(() => createSuites(primitives, [createSuite, renamed(0x8002, 'b')])),
    'none',
  );
});

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (fault) {
    if (fault instanceof Fault) return fault.code;
    throw fault;
  }
}
