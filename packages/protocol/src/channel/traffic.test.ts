import { type Fault, utf8 } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { FrameOpener, FrameSealer, frameTypes } from './frames.ts';
import { type RekeyLimits, rekeyLimits } from './limits.ts';
import { TrafficReceiver, TrafficSender } from './traffic.ts';

describe('a receiver', () => {
  test('that refused one frame refuses every later one', async () => {
    const { sender, receiver } = pair();
    const frames = [await sender.seal(utf8('1'), 0), await sender.seal(utf8('2'), 0)].flat();
    const altered = Uint8Array.from(frames[0] as Uint8Array);
    altered[5] = (altered[5] as number) ^ 1;
    for (const frame of [altered, ...frames]) assert.strictEqual(await codeOf(receiver.open(frame)), 'channel-broken');
  });

  test('takes nothing behind a close', async () => {
    const { sealer, receiver } = pair();
    const close = await sealer.seal(frameTypes.close, new Uint8Array());
    const late = await sealer.seal(frameTypes.data, utf8('late'));
    assert.deepEqual(await receiver.open(close), { kind: 'close' });
    assert.strictEqual(await codeOf(receiver.open(late)), 'channel-broken');
  });

  test('refuses frames that opened and are out of place', async () => {
    const { handshake, finished, keyUpdate, close } = frameTypes;
    for (const [type, length] of [
      [handshake, 0],
      [handshake, 5],
      [finished, 32],
      [keyUpdate, 1],
      [close, 1],
    ] as const) {
      const { sealer, receiver } = pair();
      const frame = await sealer.seal(type, new Uint8Array(length));
      assert.strictEqual(await codeOf(receiver.open(frame)), 'channel-broken');
    }
  });

  test('refuses the frame that its own sender sealed', async () => {
    const { sender } = pair();
    const { receiver } = pair(rekeyLimits, 2);
    const [frame] = await sender.seal(utf8('echo'), 0);
    assert.strictEqual(await codeOf(receiver.open(frame as Uint8Array)), 'channel-broken');
  });
});

describe('a sender', () => {
  test('that closed seals nothing more', async () => {
    const { sender } = pair();
    await sender.close(0);
    assert.strictEqual(await codeOf(sender.seal(utf8('late'), 0)), 'channel-closed');
    assert.strictEqual(await codeOf(sender.close(0)), 'channel-closed');
  });

  test('uses a nonce once, also over key changes', async () => {
    const nonces: string[] = [];
    const { aes256Gcm } = nodePrimitives();
    const noting = {
      ...aes256Gcm,
      seal: (input: Parameters<typeof aes256Gcm.seal>[0], plaintext: Uint8Array) => {
        nonces.push(Buffer.from(input.nonce).toString('hex'));
        return aes256Gcm.seal(input, plaintext);
      },
    };
    const sender = new TrafficSender(new FrameSealer(noting, key(1)), { frames: 2, milliseconds: 10 }, 0);
    for (let time = 0; time < 30; time++) await sender.seal(new Uint8Array(), time);
    assert.deepEqual(
      nonces,
      Array.from(nonces, (_, i) => i.toString(16).padStart(24, '0')),
    );
    assert.isAbove(nonces.length, 30);
  });
});

function pair(limits: RekeyLimits = rekeyLimits, keyByte = 1) {
  const { aes256Gcm } = nodePrimitives();
  const sealer = new FrameSealer(aes256Gcm, key(keyByte));
  const receiver = new TrafficReceiver(new FrameOpener(aes256Gcm, key(keyByte)), limits);
  return { sealer, sender: new TrafficSender(sealer, limits, 0), receiver };
}

function key(byte: number): Secret {
  return new Secret(new Uint8Array(32).fill(byte));
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return await run.then(
    () => 'none',
    (fault: Fault) => fault.code,
  );
}
