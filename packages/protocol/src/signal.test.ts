import { hex } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { SIGNAL_BYTES } from './limits.ts';
import { bytes, samples } from './samples.fixture.ts';
import { callToken, padSignal, type Signal, signal, unpadSignal } from './signal.ts';

const signals = (samples.find(({ name }) => name === 'signal')?.values ?? []) as readonly Signal[];

test('whatever is said has one size', () => {
  assert.isAtLeast(signals.length, 10);
  for (const value of signals) {
    const padded = padSignal(signal.encode(value));
    assert.strictEqual(padded.length, SIGNAL_BYTES);
    assert.deepEqual(signal.parse(unpadSignal(padded)), value);
  }
});

test('the largest offer fits', () => {
  const offer = signals.find(({ kind }) => kind === 'offer') as Signal & { readonly kind: 'offer' };
  const candidates = Array.from({ length: 16 }, (_, i) => ({ address: bytes(16, i), port: 65_535 }));
  const media = {
    ...offer.content.media,
    candidates,
    sources: [1, 2, 3, 0xffff_ffff],
    profile: 'low-bandwidth',
  } as const;
  const value: Signal = { ...offer, seq: 1023, at: Number.MAX_SAFE_INTEGER, content: { ...offer.content, media } };
  assert.deepEqual(signal.parse(unpadSignal(padSignal(signal.encode(value)))), value);
});

test('the token of a call is another one for every part of its dialog and its time', () => {
  const dialog = { nonce: bytes(32), caller: { account: bytes(32, 2), device: bytes(32, 3) }, callee: bytes(32, 4) };
  const others = [
    callToken(dialog, 5),
    callToken(dialog, 6),
    callToken({ ...dialog, nonce: bytes(32, 9) }, 5),
    callToken({ ...dialog, callee: bytes(32, 9) }, 5),
    callToken({ ...dialog, caller: { ...dialog.caller, account: bytes(32, 9) } }, 5),
    callToken({ ...dialog, caller: { ...dialog.caller, device: bytes(32, 9) } }, 5),
  ].map(hex);
  assert.strictEqual(new Set(others).size, others.length);
});
