/** What seals or opens the frames of one sender; the base key is copied to the worker. */
export interface FrameKeyMaterial {
  readonly keyId: bigint;
  /** Id of a cipher suite (RFC 9605 section 8.1). */
  readonly suite: number;
  readonly baseKey: Uint8Array;
}

/** Which bytes of a frame a browser reads by itself, and which must thus stay in the clear. */
export type FrameCodec = 'opus' | 'vp8';

/** What a transform is for. */
export interface TransformOptions {
  readonly direction: 'send' | 'receive';
  readonly codec: FrameCodec;
}

/** From the page to its worker. */
export type Order =
  | { readonly kind: 'seal-with' | 'open-with'; readonly key: FrameKeyMaterial }
  | { readonly kind: 'forget'; readonly keyId: bigint }
  | { readonly kind: 'stop-sealing' }
  | { readonly kind: 'count'; readonly id: number };

/** How many frames of a direction and codec passed, and how many were dropped, by code. */
export interface FrameCount {
  readonly passed: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** By `send opus`, `receive vp8` and so on. */
export type FrameCounts = Readonly<Record<string, FrameCount>>;

/** From the worker to its page: the answer to `count`. */
export interface Told {
  readonly id: number;
  readonly counts: FrameCounts;
}
