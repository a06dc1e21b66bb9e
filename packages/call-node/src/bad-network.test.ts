import { setTimeout as wait } from 'node:timers/promises';
import { isZrtpPacket } from '@sotto/zrtp';
import { assert, describe, test } from 'vitest';
import { audioProfiles } from './audio-profile.ts';
import { Caller, strength } from './call.fixture.ts';
import { type Fate, Middle } from './middle.fixture.ts';
import { isRtcp } from './rtp.ts';

describe.concurrent('over a bad network', () => {
  test('that loses a fifth and keeps packets for up to 200 ms, out of order, two people understand each other', async () => {
    const { left, right } = await talk(unreliable({ loss: 0.2, jitter: 200 }), 7000);
    for (const [end, hertz] of [
      [left, 1000],
      [right, 440],
    ] as const) {
      const { received, concealed } = end.session.statistics;
      assert.isAbove(received.lost / (received.packets + received.lost), 0.08);
      assert.isAbove(concealed, 20);
      assert.isAbove(strength(end.tape.samples.slice(-120_000), hertz), 0.5);
      assert.isNotNull(end.session.statistics.lossThere);
    }
  });

  test('that repeats everything, each is played once', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    await using middle = await Middle.between(left, right, () => 0, 3);
    middle.introduce();
    await Promise.all([left.until('audio'), right.until('audio')]);
    await wait(800);
    const { refused, received } = left.session.statistics;
    assert.strictEqual(received.late, 0);
    assert.isAbove(refused, received.packets);
    assert.isAbove(strength(left.tape.samples.slice(-24_000), 1000), 0.5);
    await Promise.all([left.session.close(), right.session.close()]);
  });

  test('with little room, packets are all of one size, whatever is said, and need less than 20 kbit/s', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    await using middle = await Middle.between(left, right);
    middle.introduce(null, audioProfiles['low-bandwidth']);
    await Promise.all([left.until('audio'), right.until('audio')]);
    await wait(400);
    right.session.muted = true;
    await wait(400);
    await Promise.all([left.session.close(), right.session.close()]);
    const media = middle.seen.filter((packet) => !isZrtpPacket(packet));
    const audio = media.filter((packet) => !isRtcp(packet));
    const sizes = new Set(audio.map((packet) => packet.length));
    assert.strictEqual(sizes.size, 1);
    const onTheWire = (bytes: number): number => (bytes + 28) * 8;
    const control = Math.max(...media.filter(isRtcp).map((packet) => packet.length));
    const { packetMilliseconds, rtcpSeconds } = audioProfiles['low-bandwidth'];
    const rate = (onTheWire([...sizes][0] as number) * 1000) / packetMilliseconds + onTheWire(control) / rtcpSeconds;
    assert.isBelow(rate, 20_000);
  });
});

/** Loses and delays by a seed. */
function unreliable({ loss, jitter }: { readonly loss: number; readonly jitter: number }): Fate {
  let state = 7;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return () => (random() < loss ? null : Math.ceil(random() * jitter));
}

async function talk(fate: Fate, milliseconds: number): Promise<{ readonly left: Caller; readonly right: Caller }> {
  const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
  await using middle = await Middle.between(left, right, fate);
  middle.introduce(new Uint8Array(32).fill(1));
  const [here, there] = await Promise.all([left.until('secure'), right.until('secure')]);
  assert.strictEqual(here.sas, there.sas);
  await wait(milliseconds);
  await Promise.all([left.session.close(), right.session.close()]);
  return { left, right };
}
