import { assert, test } from 'vitest';
import { serverFault } from './server-fault.ts';

test.each([
  ['address-malformed', 'wire'],
  ['rollback', 'peer'],
  ['throttled', 'policy'],
  ['not-found', 'usage'],
])('%s is a fault of blame %s', (code, blame) => {
  const fault = serverFault({ type: 'fault', id: 0, code, message: 'why', detail: { retryAfterSeconds: 5 } });
  assert.deepEqual([fault.code, fault.blame, fault.detail], [code, blame, { retryAfterSeconds: 5 }]);
});

test.each(['bug', 'toString', 'made-up'])('%s from a server is no code of ours', (code) => {
  const fault = serverFault({ type: 'fault', id: 0, code, message: 'why', detail: {} });
  assert.strictEqual(fault.code, 'server-error');
});
