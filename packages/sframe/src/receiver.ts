import { concat } from '@sotto/bytes';
import { SframePeerFault, SframeUsageFault } from './fault.ts';
import { FrameKey, type FrameKeyInput } from './frame-key.ts';
import { parseHeader } from './header.ts';
import { MAX_KEYS, REPLAY_WINDOW } from './limits.ts';
import { ReplayWindow } from './replay-window.ts';

/** A frame that was found genuine. */
export interface OpenFrame {
  /** Who it is from: whoever holds the key of this id. */
  readonly keyId: bigint;
  readonly counter: bigint;
  readonly plaintext: Uint8Array<ArrayBuffer>;
}

/** Opens frames of all senders whose keys it was given, each frame once. */
export class FrameReceiver implements Disposable {
  readonly #keys = new Map<bigint, { readonly key: FrameKey; readonly window: ReplayWindow }>();

  /** Replaces a key of the same id and forgets which frames of that were seen. Throws `too-many-keys`. */
  addKey(input: FrameKeyInput): void {
    if (!this.#keys.has(input.keyId) && this.#keys.size >= MAX_KEYS) {
      throw new SframeUsageFault('too-many-keys', `a receiver holds at most ${MAX_KEYS} keys: remove old ones first`);
    }
    this.removeKey(input.keyId);
    this.#keys.set(input.keyId, { key: new FrameKey(input), window: new ReplayWindow(REPLAY_WINDOW) });
  }

  removeKey(keyId: bigint): void {
    this.#keys.get(keyId)?.key[Symbol.dispose]();
    this.#keys.delete(keyId);
  }

  /** Throws `header-malformed`, `key-unknown`, `frame-refused`, `frame-replayed`; what it throws for changes nothing. */
  open(frame: Uint8Array, metadata: Uint8Array = NONE): OpenFrame {
    const { header, length } = parseHeader(frame);
    const { keyId, counter } = header;
    const held = this.#keys.get(keyId);
    if (held === undefined) throw new SframePeerFault('key-unknown', 'a frame is under a key that nobody announced');
    const aad = concat(frame.subarray(0, length), metadata);
    const plaintext = held.key.open(counter, aad, frame.subarray(length));
    if (!held.window.isFresh(counter)) throw new SframePeerFault('frame-replayed', 'a frame came before');
    held.window.mark(counter);
    return { keyId, counter, plaintext };
  }

  [Symbol.dispose](): void {
    for (const keyId of [...this.#keys.keys()]) this.removeKey(keyId);
  }
}

const NONE = new Uint8Array();
