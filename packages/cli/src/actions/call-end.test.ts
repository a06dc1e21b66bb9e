import { assert, test } from 'vitest';
import { outcomeOf } from '../outcomes.ts';
import { faultOfEnd } from './call-end.ts';

const hintOf = (code: string | null): string =>
  outcomeOf(faultOfEnd({ outcome: 'failed', code, fault: null })?.code ?? '').hint;

test.each(['call-no-keys', 'call-transcript', 'open-failed', 'device-revoked'])(
  'who gave up here for %s is not sent to the other end',
  (code) => {
    assert.notMatch(hintOf(code), /the other end/);
    assert.match(hintOf(code), /the code in the message/);
    assert.include(faultOfEnd({ outcome: 'failed', code, fault: null })?.message, code);
  },
);

test.each(['call-peer-failed', 'status 488', null])('what the other end said (%s) is explained there', (code) => {
  assert.match(hintOf(code), /the other end shows why/);
});

test('a talk that ended is no fault', () => {
  assert.isNull(faultOfEnd({ outcome: 'answered', code: null, fault: null }));
});
