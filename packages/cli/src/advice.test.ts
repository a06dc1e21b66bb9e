import { assert, test } from 'vitest';
import { adviceOn } from './advice.ts';
import { outcomes } from './outcomes.ts';

test('there is advice on every code, and none of it is to read the log that it stands in', () => {
  for (const code of ['bad-signature', 'chain-broken', 'log-broken', 'rollback', 'room-forked', 'file-damaged']) {
    assert.match(adviceOn({ kind: 'refused', code }) ?? '', /the server/, code);
    assert.notMatch(adviceOn({ kind: 'refused', code }) ?? '', /log list/, code);
  }
  assert.strictEqual(adviceOn({ kind: 'refused', code: 'throttled' }), outcomes.throttled.hint);
});

test('a gap has its own, and what was done by oneself has none', () => {
  assert.match(adviceOn({ kind: 'gap', code: null }) ?? '', /once more/);
  assert.isNull(adviceOn({ kind: 'contact', code: null }));
});
