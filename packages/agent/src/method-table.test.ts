import { KeyBox } from '@sotto/keybox';
import { assert, describe, test } from 'vitest';
import { areaMethodKind, methodTable } from './method-table.ts';

describe('the table of methods', () => {
  test('has each method of the box, and no other', () => {
    const methods = Object.entries(Object.getOwnPropertyDescriptors(KeyBox.prototype))
      .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
      .map(([name]) => name);
    assert.sameMembers(Object.keys(methodTable.box), methods);
  });

  test('gives clients no way to end a connection or the upkeep', () => {
    assert.strictEqual(areaMethodKind('box', 'close'), 'inside');
    assert.strictEqual(areaMethodKind('upkeep', 'close'), 'inside');
  });

  test.each([
    ['box', 'constructor'],
    ['box', '__proto__'],
    ['box', 'toString'],
    ['box', 'hasOwnProperty'],
    ['box', 'search'],
    ['box', '#turns'],
    ['__proto__', 'toString'],
    ['constructor', 'call'],
    ['session', 'identity'],
    ['', ''],
  ])('%s.%s is not in it', (area, method) => {
    assert.isNull(areaMethodKind(area, method));
  });
});
