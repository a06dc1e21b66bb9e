import { type CborMap, concat, equal } from '@sotto/bytes';
import { CryptoUsageFault } from './fault.ts';
import { deriveKey } from './hash.ts';
import type { Primitives } from './ports.ts';
import { checkKeyLength, openFailed } from './refusal.ts';
import { Secret } from './secret.ts';

/** What a stream is sealed under. */
export interface StreamKey {
  /** 32 random bytes, fresh for each stream. */
  readonly fileKey: Secret;
  /** SHA-256 of the header that travels beside the stream. */
  readonly headerHash: Uint8Array;
  /** The use: streams of one purpose do not open under another. */
  readonly purpose: string;
  /** Plaintext bytes of every chunk but the last: `STREAM_CHUNK_BYTES`, `DRIVE_CHUNK_BYTES` for drive rooms. */
  readonly chunkBytes: number;
}

/**
 * Seals a byte stream (STREAM, Hoang et al. 2015): nonce prefix (7) | commitment (32) | chunks, each AES-256-GCM
 * under prefix | u32 counter | last flag. Yields the head, then one sealed chunk at a time, whatever the source's
 * own pieces were. Throws `stream-too-long` beyond 2^32 chunks.
 */
export async function* sealStream(
  primitives: Primitives,
  streamKey: StreamKey,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  using chunks = createStreamChunks(primitives, streamKey);
  yield chunks.head;
  let counter = 0;
  for await (const { bytes, last } of blocks(source, { size: streamKey.chunkBytes })) {
    yield await chunks.seal({ counter: counter++, last }, bytes);
  }
}

/**
 * Opens what `sealStream` made. Each chunk is verified before it is yielded, but only the generator's end proves the
 * whole: until then nothing may appear under its final name. Throws `open-failed` for chunks that are changed,
 * reordered, dropped, doubled, of another stream, for a stream cut short and for bytes after its end.
 */
export async function* openStream(
  primitives: Primitives,
  streamKey: StreamKey,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let chunks: StreamChunks | null = null;
  let counter = 0;
  try {
    for await (const { bytes, last } of blocks(source, {
      first: STREAM_HEAD_BYTES,
      size: streamKey.chunkBytes + STREAM_TAG_BYTES,
    })) {
      if (chunks === null) {
        if (last) throw openFailed();
        chunks = restoreStreamChunks(primitives, streamKey, bytes);
      } else yield await chunks.open({ counter: counter++, last }, bytes);
    }
  } finally {
    chunks?.[Symbol.dispose]();
  }
}

/** Where a chunk stands in its stream. */
export interface ChunkPlace {
  /** From 0. */
  readonly counter: number;
  readonly last: boolean;
}

/** The chunks of one stream, each by itself: for transfers that break off and go on. */
export interface StreamChunks extends Disposable {
  /** Nonce prefix (7) | commitment (32): what stands before the first chunk. */
  readonly head: Uint8Array<ArrayBuffer>;
  /**
   * Seals one chunk. A place MUST be given one plaintext only, ever: whoever seals it again after a crash has to prove
   * first that the plaintext is the same. Throws `stream-too-long`.
   */
  seal(place: ChunkPlace, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `open-failed`, also for an empty chunk behind others: a plaintext has one division into chunks. */
  open(place: ChunkPlace, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** Begins a stream, with a random nonce prefix. */
export function createStreamChunks(primitives: Primitives, streamKey: StreamKey): StreamChunks {
  const { contentKey, commitment } = deriveContentKey(streamKey);
  return streamChunks(primitives, contentKey, concat(primitives.randomBytes(PREFIX_BYTES), commitment));
}

/** The stream of a head that exists. Throws `open-failed` for a head of another key, purpose or header. */
export function restoreStreamChunks(primitives: Primitives, streamKey: StreamKey, head: Uint8Array): StreamChunks {
  const { contentKey, commitment } = deriveContentKey(streamKey);
  if (head.length === STREAM_HEAD_BYTES && equal(head.subarray(PREFIX_BYTES), commitment)) {
    return streamChunks(primitives, contentKey, Uint8Array.from(head));
  }
  contentKey.dispose();
  throw openFailed();
}

function streamChunks({ aes256Gcm }: Primitives, key: Secret, head: Uint8Array<ArrayBuffer>): StreamChunks {
  const prefix = head.subarray(0, PREFIX_BYTES);
  return {
    head,
    seal: async (place, plaintext) => aes256Gcm.seal({ key, nonce: chunkNonce(prefix, place), aad: EMPTY }, plaintext),
    async open(place, sealed) {
      if (place.counter > 0 && sealed.length <= STREAM_TAG_BYTES) throw openFailed();
      return aes256Gcm.open({ key, nonce: chunkNonce(prefix, place), aad: EMPTY }, sealed);
    },
    [Symbol.dispose]: () => key.dispose(),
  };
}

function deriveContentKey({ fileKey, headerHash, purpose, chunkBytes }: StreamKey): {
  readonly contentKey: Secret;
  readonly commitment: Uint8Array;
} {
  checkKeyLength(fileKey, 32, 'file key');
  const context: CborMap = { chunkBytes, header: headerHash, purpose };
  using derived = deriveKey(fileKey, 'sotto/stream/v1', context, 64);
  return derived.use((bytes) => ({ contentKey: new Secret(bytes.subarray(0, 32)), commitment: bytes.slice(32) }));
}

function chunkNonce(prefix: Uint8Array, { counter, last }: ChunkPlace): Uint8Array {
  if (counter >= 2 ** 32) throw new CryptoUsageFault('stream-too-long', 'a stream of more than 2^32 chunks');
  const nonce = new Uint8Array(12);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(PREFIX_BYTES, counter);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/**
 * Cuts a stream into blocks of `size`, the first of `first` where given. The last one, of any length up to that, is
 * known as such: a full block is held back until another byte has come.
 */
async function* blocks(
  source: AsyncIterable<Uint8Array>,
  { size, first = size }: { readonly size: number; readonly first?: number },
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly last: boolean }, void, undefined> {
  let block = new Uint8Array(first);
  let filled = 0;
  for await (const piece of source) {
    for (let rest = piece; rest.length > 0; ) {
      if (filled === block.length) {
        yield { bytes: block, last: false };
        block = new Uint8Array(size);
        filled = 0;
      }
      const part = rest.subarray(0, block.length - filled);
      block.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
  }
  yield { bytes: block.subarray(0, filled), last: true };
}

export const STREAM_CHUNK_BYTES: number = 1024 * 1024;
export const DRIVE_CHUNK_BYTES: number = 64 * 1024;
/** Nonce prefix and commitment. */
export const STREAM_HEAD_BYTES = 39;
export const STREAM_TAG_BYTES = 16;
const PREFIX_BYTES = 7;
const EMPTY = new Uint8Array();
