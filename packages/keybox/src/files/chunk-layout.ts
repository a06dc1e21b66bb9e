import { type ChunkPlace, STREAM_CHUNK_BYTES, STREAM_HEAD_BYTES, STREAM_TAG_BYTES } from '@sotto/crypto';
import { paddedFileBytes } from '@sotto/protocol';
import type { RunningHash } from '../ports.ts';

/** How a content of some length is cut into chunks and lies in its blob. */
export class ChunkLayout {
  readonly sizeBytes: number;
  readonly paddedBytes: number;
  readonly chunks: number;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
    this.paddedBytes = paddedFileBytes(sizeBytes);
    this.chunks = Math.ceil(this.paddedBytes / STREAM_CHUNK_BYTES);
  }

  place(n: number): ChunkPlace {
    return { counter: n, last: n === this.chunks - 1 };
  }

  /** Plaintext bytes of a chunk, padding included. */
  plainBytes(n: number): number {
    return Math.min(STREAM_CHUNK_BYTES, this.paddedBytes - n * STREAM_CHUNK_BYTES);
  }

  sealedBytes(n: number): number {
    return this.plainBytes(n) + STREAM_TAG_BYTES;
  }

  /** Where a chunk's content begins. */
  contentStart(n: number): number {
    return Math.min(n * STREAM_CHUNK_BYTES, this.sizeBytes);
  }

  /** Content bytes of a chunk; 0 where it is padding alone. */
  contentBytes(n: number): number {
    return Math.min(this.plainBytes(n), Math.max(0, this.sizeBytes - n * STREAM_CHUNK_BYTES));
  }

  /** Where a sealed chunk begins in the blob; of the one behind the last, where the blob ends. */
  sealedStart(n: number): number {
    if (n < this.chunks) return STREAM_HEAD_BYTES + n * (STREAM_CHUNK_BYTES + STREAM_TAG_BYTES);
    return STREAM_HEAD_BYTES + this.paddedBytes + STREAM_TAG_BYTES * this.chunks;
  }

  /** The plaintext of a chunk, given its content. */
  padded(n: number, content: Uint8Array): Uint8Array {
    if (content.length === this.plainBytes(n)) return content;
    const plain = new Uint8Array(this.plainBytes(n));
    plain.set(content);
    return plain;
  }

  /** H(u32(n) | u8(last) | plaintext): what is kept of a chunk before it leaves. */
  hash(n: number, plain: Uint8Array, sha256: () => RunningHash): Uint8Array {
    const head = new Uint8Array(5);
    new DataView(head.buffer).setUint32(0, n);
    head[4] = this.place(n).last ? 1 : 0;
    const hash = sha256();
    hash.update(head);
    hash.update(plain);
    return hash.digest();
  }
}
