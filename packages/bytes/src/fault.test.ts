import { assert, describe, test } from 'vitest';
import { BugFault, Fault, PeerFault, PolicyFault, UsageFault, unreachable, WireFault } from './fault.ts';

describe.each([
  { Kind: WireFault, blame: 'wire' },
  { Kind: PeerFault, blame: 'peer' },
  { Kind: PolicyFault, blame: 'policy' },
  { Kind: UsageFault, blame: 'usage' },
] as const)('$blame', ({ Kind, blame }) => {
  test('carries code, message, detail, cause and whom to blame', () => {
    const cause = new Error('below');
    const fault = new Kind('some-code', 'for people', { cause, detail: { offset: 3 } });
    assert.isTrue(fault instanceof Fault);
    assert.instanceOf(fault, Error);
    assert.deepInclude(fault, { blame, code: 'some-code', message: 'for people', detail: { offset: 3 }, cause });
    assert.strictEqual(fault.name, Kind.name);
  });

  test('has neither cause nor detail unless given', () => {
    const fault = new Kind('some-code', 'for people');
    assert.isFalse('cause' in fault);
    assert.deepEqual(fault.detail, {});
  });
});

test('a subclass goes by its own name', () => {
  class OwnFault extends PeerFault<'own'> {}
  assert.strictEqual(new OwnFault('own', '').name, 'OwnFault');
});

test('a bug has one code', () => {
  assert.deepInclude(new BugFault('how did we get here'), { blame: 'bug', code: 'bug', name: 'BugFault' });
});

test('an unreachable value is a bug, and is not shown', () => {
  assert.throws(() => unreachable('a secret' as never), BugFault, 'unreachable value of type string');
});
