import { createSocket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import { concat } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { isZrtpPacket } from '@sotto/zrtp';
import { assert, describe, test } from 'vitest';
import { Caller, introduce, Memory, strength } from './call.fixture.ts';
import { Middle } from './middle.fixture.ts';
import { encodeRtp } from './rtp.ts';

const { randomBytes } = nodePrimitives();

describe('a stranger who sends', () => {
  test('whatever it is, before and in the call, the call goes on and plays nothing of it', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    await using middle = await Middle.between(left, right);
    const stranger = createSocket('udp4');
    const pester = (): void => {
      for (const packet of rubbish(middle.seen)) {
        for (const { session } of [left, right]) stranger.send(packet, session.candidates[0]?.port, '127.0.0.1');
      }
    };
    pester();
    middle.introduce();
    pester();
    await Promise.all([left.until('secure'), right.until('secure')]);
    for (let i = 0; i < 10; i++) {
      pester();
      await wait(50);
    }
    await wait(700);
    stranger.close();
    const { refused, received } = left.session.statistics;
    assert.isAbove(refused, 200);
    assert.isAbove(received.packets, 20);
    assert.isAbove(strength(left.tape.samples.slice(-24_000), 1000), 0.5);
    await Promise.all([left.session.close(), right.session.close()]);
    assert.isAbove(middle.seen.length, 0);
  });

  test('sees nothing but ZRTP until there are keys, and then nothing that anybody without them can open', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    await using middle = await Middle.between(left, right);
    middle.introduce(randomBytes(32));
    await Promise.all([left.until('audio'), right.until('audio')]);
    await wait(300);
    await Promise.all([left.session.close(), right.session.close()]);
    const first = middle.seen.findIndex((packet) => !isZrtpPacket(packet));
    assert.isAbove(first, 5, 'both Hellos, the Commit and two DHParts came before');
    const bodies = middle.seen.filter((packet) => !isZrtpPacket(packet)).map((packet) => packet.subarray(12));
    const counts = new Array<number>(256).fill(0);
    for (const byte of concat(...bodies)) counts[byte] = (counts[byte] as number) + 1;
    const total = counts.reduce((sum, count) => sum + count, 0);
    assert.isBelow(Math.max(...counts) / total, 0.03, 'no byte stands out, as it would in Opus');
  });
});

describe.concurrent('an end that is not the announced one', () => {
  test('is refused by its Hello, at both ends', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    const [alice, bob] = [left.session, right.session];
    alice.connect({ candidates: bob.candidates, zrtpHash: `1.10 ${'0'.repeat(64)}`, auxiliary: null });
    bob.connect({ candidates: alice.candidates, zrtpHash: `1.10 ${'f'.repeat(64)}`, auxiliary: null });
    for (const end of [left, right]) {
      assert.strictEqual((await end.until('ended')).fault?.code, 'hello-hash-mismatch');
      assert.isUndefined(end.events.find(({ kind }) => kind === 'secure' || kind === 'audio'));
      assert.isTrue(end.tape.samples.every((sample) => sample === 0));
      await end.session.close();
    }
  });

  test('is refused if it lacks the secret of the signalling, at both ends', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    for (const [own, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const { candidates, helloHash: zrtpHash } = other.session;
      own.session.connect({ candidates, zrtpHash, auxiliary: new Secret(randomBytes(32)) });
    }
    for (const end of [left, right]) {
      assert.strictEqual((await end.until('ended')).fault?.code, 'auxiliary-mismatch');
      assert.isUndefined(end.events.find(({ kind }) => kind === 'secure' || kind === 'audio'));
      await end.session.close();
    }
  });

  test('is told loudly if it lacks what the last call left, and forgets nothing', async () => {
    const alice = { zid: randomBytes(12), secrets: new Memory() };
    const zid = randomBytes(12);
    const memory = new Memory();
    const call = async (secrets: Memory): Promise<readonly string[]> => {
      const [left, right] = await Promise.all([Caller.open(440, alice), Caller.open(1000, { zid, secrets })]);
      introduce(left, right);
      const [{ continuity, previouslyVerified }] = await Promise.all([left.until('secure'), right.until('secure')]);
      await Promise.all([left, right].map(({ session }) => session.close()));
      return [continuity, String(previouslyVerified)];
    };
    assert.deepEqual(await call(memory), ['none', 'false']);
    assert.deepEqual(await call(memory), ['matched', 'false']);
    assert.deepEqual(await call(new Memory()), ['mismatch', 'false']);
    assert.deepEqual(await call(memory), ['matched', 'false']);
  });

  test('that comes late is waited for', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    const announce = (own: Caller, other: Caller): void => {
      const { candidates, helloHash: zrtpHash } = other.session;
      own.session.connect({ candidates, zrtpHash, auxiliary: null });
    };
    announce(left, right);
    await wait(5000);
    announce(right, left);
    await Promise.all([left.until('audio'), right.until('audio')]);
    await Promise.all([left.session.close(), right.session.close()]);
  });

  test('that never comes ends the call, and one that stops ends it, too', async () => {
    const [left, right] = await Promise.all([
      Caller.open(440, { patience: 500 }),
      Caller.open(1000, { patience: 500 }),
    ]);
    let isCut = false;
    await using middle = await Middle.between(left, right, () => (isCut ? null : 0));
    middle.introduce();
    await Promise.all([left.until('audio'), right.until('audio')]);
    const nobody = await Caller.open(440, { patience: 500 });
    nobody.session.connect({ candidates: [{ address: '127.0.0.1', port: 9 }], zrtpHash: null, auxiliary: null });
    isCut = true;
    assert.strictEqual((await left.until('ended')).fault?.code, 'media-silent');
    assert.strictEqual((await nobody.until('ended')).fault?.code, 'timed-out');
    await Promise.all([left, right, nobody].map(({ session }) => session.close()));
  });
});

describe.concurrent('addresses', () => {
  test.each([
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
    '::ffff:127.0.0.1',
    'example.org',
    'fe80::1%lo',
    '',
  ])('%s is not one of one machine', async (address) => {
    const { session } = await Caller.open(440);
    const peer = { candidates: [{ address, port: 4000 }], zrtpHash: null, auxiliary: null };
    assert.throws(() => session.connect(peer), /no IP address/);
    await session.close();
  });

  test('of both families are tried, and one that answers is taken', async () => {
    const [left, right] = await Promise.all([
      Caller.open(440, { listen: ['127.0.0.1', '::1'] }),
      Caller.open(1000, { listen: ['::1'] }),
    ]);
    introduce(left, right);
    await Promise.all([left.until('audio'), right.until('audio')]);
    await Promise.all([left.session.close(), right.session.close()]);
  });

  test('that change in the call are followed by what is genuine alone', async () => {
    const [left, right] = await Promise.all([Caller.open(440), Caller.open(1000)]);
    await using middle = await Middle.between(left, right);
    middle.introduce();
    await Promise.all([left.until('audio'), right.until('audio')]);
    await middle.move();
    const before = [left, right].map(({ session }) => session.statistics.received.packets);
    await wait(3500);
    const after = [left, right].map(({ session }) => session.statistics.received.packets);
    for (const i of [0, 1]) assert.isAbove((after[i] as number) - (before[i] as number), 30);
    await Promise.all([left.session.close(), right.session.close()]);
  });
});

/** What hostile people send: nothing, noise, the beginnings of everything, and what they saw. */
function rubbish(seen: readonly Uint8Array[]): readonly Uint8Array[] {
  const clear = encodeRtp({
    payloadType: 96,
    marker: true,
    sequence: 1,
    timestamp: 1,
    source: 1,
    payload: randomBytes(80),
  });
  const bye = Uint8Array.of(0x81, 203, 0, 1, 1, 2, 3, 4);
  const hello = Uint8Array.of(0x10, 0, 0, 1, 0x5a, 0x52, 0x54, 0x50, 1, 2, 3, 4, 0x50, 0x5a, 0xff, 0xff);
  const noise = Array.from({ length: 60 }, (_, i) => randomBytes(i * 40));
  const cut = seen.slice(-20).flatMap((packet) => [packet.subarray(0, 13), packet.subarray(0, -1), packet]);
  return [new Uint8Array(), clear, bye, hello, randomBytes(60_000), ...noise, ...cut];
}
