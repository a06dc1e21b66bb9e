import { sha256 } from '@sotto/crypto';
import { type ByteSource, type ByteTarget, KeyboxUsageFault } from '../index.ts';

/** A content in memory, which may change while it is sent. */
export class MemorySource implements ByteSource {
  readonly place: string;
  content: Uint8Array;
  /** Called before each reading. */
  beforeRead: (offset: number) => void = () => undefined;

  constructor(content: Uint8Array, place = '/somewhere/file.bin') {
    this.content = content;
    this.place = place;
  }

  async sizeBytes(): Promise<number> {
    return this.content.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.beforeRead(offset);
    return this.content.slice(offset, offset + length);
  }
}

/** A place in memory: a part, and what has the final name. */
export class MemoryTarget implements ByteTarget {
  readonly place: string;
  final: Uint8Array | null = null;
  part: Uint8Array | null = null;

  constructor(place = '/elsewhere/file.bin') {
    this.place = place;
  }

  async exists(): Promise<boolean> {
    return this.final !== null;
  }

  async partBytes(): Promise<number> {
    return this.part?.length ?? 0;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return (this.part ?? new Uint8Array()).slice(offset, offset + length);
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const grown = new Uint8Array(Math.max(this.part?.length ?? 0, offset + bytes.length));
    grown.set(this.part ?? new Uint8Array());
    grown.set(bytes, offset);
    this.part = grown;
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.part = (this.part ?? new Uint8Array()).slice(0, sizeBytes);
  }

  async commit({ replace }: { readonly replace: boolean }): Promise<void> {
    if (this.final !== null && !replace) throw new KeyboxUsageFault('file-exists', 'something has that name already');
    this.final = this.part ?? new Uint8Array();
    this.part = null;
  }

  async discard(): Promise<void> {
    this.part = null;
  }
}

/** Bytes that do not repeat, from a seed. */
export function content(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let block = sha256(Uint8Array.of(seed));
  for (let at = 0; at < length; at += 32) {
    bytes.set(block.subarray(0, Math.min(32, length - at)), at);
    block = block.map((byte, i) => (byte + i * 7 + at / 32) & 0xff);
  }
  return bytes;
}
