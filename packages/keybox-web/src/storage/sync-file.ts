/** What SQLite asks of a file: an access handle of OPFS, or memory. */
export interface SyncFile {
  /** Bytes read; fewer at the end of the file. */
  read(into: Uint8Array, options: { readonly at: number }): number;
  /** Bytes written. Throws `QuotaExceededError`. */
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(sizeBytes: number): void;
  getSize(): number;
  /** Makes everything written before durable. */
  flush(): void;
  close(): void;
}

/** All bytes of a file. */
export function readWhole(file: SyncFile): Uint8Array {
  const bytes = new Uint8Array(file.getSize());
  const length = file.read(bytes, { at: 0 });
  return bytes.subarray(0, length);
}

/** A file that lasts as long as its worker. */
export class MemoryFile implements SyncFile {
  #bytes: Uint8Array;
  #sizeBytes: number;

  /** Takes the bytes over. */
  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.#bytes = bytes;
    this.#sizeBytes = bytes.length;
  }

  read(into: Uint8Array, { at }: { readonly at: number }): number {
    const part = this.#bytes.subarray(Math.min(at, this.#sizeBytes), Math.min(at + into.length, this.#sizeBytes));
    into.set(part);
    return part.length;
  }

  write(bytes: Uint8Array, { at }: { readonly at: number }): number {
    this.#reserve(at + bytes.length);
    this.#bytes.set(bytes, at);
    this.#sizeBytes = Math.max(this.#sizeBytes, at + bytes.length);
    return bytes.length;
  }

  truncate(sizeBytes: number): void {
    this.#reserve(sizeBytes);
    if (sizeBytes < this.#sizeBytes) this.#bytes.fill(0, sizeBytes, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  getSize(): number {
    return this.#sizeBytes;
  }

  flush(): void {
    // Memory is as durable as it gets.
  }

  close(): void {
    // The bytes stay, for whoever opens the file again.
  }

  #reserve(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(sizeBytes, 2 * this.#bytes.length, 65_536));
    grown.set(this.#bytes.subarray(0, this.#sizeBytes));
    this.#bytes.fill(0);
    this.#bytes = grown;
  }
}
