import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { FrameGate } from './frame-gate.ts';
import type { FrameCodec, FrameKeyMaterial } from './messages.ts';

const keyFrame = Uint8Array.of(0x10, 2, 0, 0x9d, 1, 0x2a, 160, 0, 120, 0, 1, 2, 3, 4);
const laterFrame = Uint8Array.of(0x11, 2, 0, 5, 6, 7);
const sound = Uint8Array.of(0x78, 1, 2, 3);

describe('frames of a browser', () => {
  test.each<[FrameCodec, Uint8Array, number]>([
    ['vp8', keyFrame, 10],
    ['vp8', laterFrame, 3],
    ['opus', sound, 0],
  ])('%s: what browsers read stays, and is bound to the rest', (codec, plain, clear) => {
    const { sealed, passes } = pair();
    const frame = sealed(plain, codec);
    assert.deepEqual(frame.subarray(0, clear), plain.subarray(0, clear));
    assert.isAtLeast(frame.length, plain.length + 16);
    for (let i = 0; i < frame.length; i++)
      assert.isNull(
        passes(
          frame.map((byte, n) => (n === i ? byte ^ 2 : byte)),
          codec,
        ),
        `byte ${i}`,
      );
    assert.deepEqual(passes(frame, codec), plain);
    assert.isNull(passes(frame, codec));
  });

  test('in the clear, under no key, and empty ones do not pass', () => {
    const gate = new FrameGate();
    const counts = () => gate.counts;
    assert.isFalse(gate.pass(frameOf(sound), { direction: 'send', codec: 'opus' }));
    assert.isFalse(gate.pass(frameOf(sound), { direction: 'receive', codec: 'opus' }));
    assert.isFalse(gate.pass(frameOf(new Uint8Array()), { direction: 'receive', codec: 'opus' }));
    assert.deepEqual(counts()['send opus'], { passed: 0, dropped: { 'key-missing': 1 } });
    assert.strictEqual(
      Object.values(counts()['receive opus']?.dropped ?? {}).reduce((sum, each) => sum + each, 0),
      1,
    );
  });

  test('are sealed under an id once', async () => {
    const gate = new FrameGate();
    gate.sealWith(key());
    assert.strictEqual(await codeOf(() => gate.sealWith(key())), 'key-used');
    assert.isFalse(gate.pass(frameOf(sound), { direction: 'send', codec: 'opus' }));
  });

  test('the base key is wiped where it was handed over', () => {
    const material = key();
    new FrameGate().openWith(material);
    assert.deepEqual(material.baseKey, new Uint8Array(32));
  });
});

function pair() {
  const [sender, receiver] = [new FrameGate(), new FrameGate()];
  sender.sealWith(key());
  receiver.openWith(key());
  return {
    sealed(plain: Uint8Array, codec: FrameCodec): Uint8Array {
      const frame = frameOf(plain);
      assert.isTrue(sender.pass(frame, { direction: 'send', codec }));
      return new Uint8Array(frame.data);
    },
    passes(sealed: Uint8Array, codec: FrameCodec): Uint8Array | null {
      const frame = frameOf(sealed);
      return receiver.pass(frame, { direction: 'receive', codec }) ? new Uint8Array(frame.data) : null;
    },
  };
}

function frameOf(bytes: Uint8Array): { data: ArrayBuffer } {
  return { data: Uint8Array.from(bytes).buffer };
}

function key(): FrameKeyMaterial {
  return { keyId: 7n, suite: 5, baseKey: new Uint8Array(32).fill(9) };
}
