import { setTimeout as wait } from 'node:timers/promises';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { Caller, introduce, Memory, strength } from './call.fixture.ts';

const { randomBytes } = nodePrimitives();

describe('two ends on one machine', () => {
  test('hear each other, read the same, and know each other the second time', async () => {
    const [alice, bob] = [
      { zid: randomBytes(12), secrets: new Memory() },
      { zid: randomBytes(12), secrets: new Memory() },
    ];
    const secret = randomBytes(32);
    for (const previouslyVerified of [false, true]) {
      const [left, right] = await Promise.all([Caller.open(440, alice), Caller.open(1000, bob)]);
      introduce(left, right, secret);
      const [here, there] = await Promise.all([left.until('secure'), right.until('secure')]);
      assert.strictEqual(here.sas, there.sas);
      assert.match(here.sas, /^[a-z0-9]{4}$/);
      for (const { auxiliary, previouslyVerified: known, continuity, algorithms } of [here, there]) {
        assert.isTrue(auxiliary);
        assert.strictEqual(known, previouslyVerified);
        assert.strictEqual(continuity, previouslyVerified ? 'matched' : 'none');
        assert.deepEqual(algorithms, { agreement: 'X255', cipher: 'AES3', hash: 'S384', authTag: 'HS80' });
      }
      await Promise.all([left.until('audio'), right.until('audio')]);
      await wait(1500);
      await Promise.all([left.session.confirmSas(), right.session.confirmSas()]);
      const statistics = await left.session.close();
      assert.isNull((await right.until('ended')).fault);
      await right.session.close();
      assert.isAbove(statistics.received.packets, 30);
      for (const [end, hertz] of [
        [left, 1000],
        [right, 440],
      ] as const) {
        assert.isAbove(strength(end.tape.samples.slice(-38_400), hertz), 0.5);
      }
    }
  });
});
