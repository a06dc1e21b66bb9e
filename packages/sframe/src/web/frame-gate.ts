import { concat, Fault } from '@sotto/bytes';
import { portablePacketCiphers, Secret } from '@sotto/crypto';
import { cipherSuites } from '../cipher-suite.ts';
import { SframeUsageFault } from '../fault.ts';
import type { FrameKeyInput } from '../frame-key.ts';
import { FrameReceiver } from '../receiver.ts';
import { FrameSender } from '../sender.ts';
import type { FrameCodec, FrameCounts, FrameKeyMaterial, TransformOptions } from './messages.ts';

/** An encoded frame of audio or video, as a browser hands it over. */
export interface EncodedFrame {
  data: ArrayBuffer;
}

/** Lets frames pass that it could seal or open; whatever else, above all frames in the clear, is dropped. */
export class FrameGate {
  readonly #receiver = new FrameReceiver();
  readonly #counts = new Map<string, { passed: number; readonly dropped: Record<string, number> }>();
  readonly #used = new Set<bigint>();
  #sender: FrameSender | null = null;

  /** From now on. Throws `key-used` for an id that was used before: its counters would begin again. */
  sealWith(material: FrameKeyMaterial): void {
    this.stopSealing();
    if (this.#used.has(material.keyId)) throw new SframeUsageFault('key-used', 'a key id seals once');
    this.#used.add(material.keyId);
    this.#sender = withKey(material, (input) => new FrameSender(input));
  }

  stopSealing(): void {
    this.#sender?.[Symbol.dispose]();
    this.#sender = null;
  }

  /** Throws `too-many-keys`. */
  openWith(material: FrameKeyMaterial): void {
    withKey(material, (input) => this.#receiver.addKey(input));
  }

  forget(keyId: bigint): void {
    this.#receiver.removeKey(keyId);
  }

  /** Changes a frame so that it may pass; false if it must not. */
  pass(frame: EncodedFrame, { direction, codec }: TransformOptions): boolean {
    // Browsers hand such over, too, in the place of sound.
    if (frame.data.byteLength === 0) return false;
    const count = this.#count(`${direction} ${codec}`);
    try {
      const data = new Uint8Array(frame.data);
      frame.data = (direction === 'send' ? this.#seal(data, codec) : this.#open(data, codec)).buffer;
      count.passed += 1;
      return true;
    } catch (cause) {
      const code = cause instanceof Fault ? cause.code : 'bug';
      count.dropped[code] = (count.dropped[code] ?? 0) + 1;
      return false;
    }
  }

  get counts(): FrameCounts {
    return Object.fromEntries(this.#counts);
  }

  #seal(data: Uint8Array<ArrayBuffer>, codec: FrameCodec): Uint8Array<ArrayBuffer> {
    if (this.#sender === null) throw new SframeUsageFault('key-missing', 'there is no key to seal with');
    const clear = data.subarray(0, clearBytes(data, codec));
    return concat(clear, this.#sender.seal(data.subarray(clear.length), clear));
  }

  #open(data: Uint8Array<ArrayBuffer>, codec: FrameCodec): Uint8Array<ArrayBuffer> {
    const clear = data.subarray(0, clearBytes(data, codec));
    return concat(clear, this.#receiver.open(data.subarray(clear.length), clear).plaintext);
  }

  #count(name: string): { passed: number; readonly dropped: Record<string, number> } {
    const count = this.#counts.get(name) ?? { passed: 0, dropped: {} };
    this.#counts.set(name, count);
    return count;
  }
}

/**
 * Browsers put VP8 into packets, and find its key frames again, by the header of RFC 6386 section 9.1, which is 10 bytes for a
 * key frame and 3 for others: whether it is one, its length and its size. It is bound to the frame. Opus has none.
 */
function clearBytes(data: Uint8Array, codec: FrameCodec): number {
  if (codec === 'opus') return 0;
  return ((data[0] ?? 0) & 1) === 0 ? 10 : 3;
}

function withKey<Made>({ keyId, suite: id, baseKey }: FrameKeyMaterial, use: (input: FrameKeyInput) => Made): Made {
  const suite = cipherSuites.find((each) => each.id === id);
  if (suite === undefined) throw new TypeError(`no cipher suite ${id}`);
  using secret = new Secret(baseKey);
  baseKey.fill(0);
  return use({ ciphers: portablePacketCiphers, suite, keyId, baseKey: secret });
}
