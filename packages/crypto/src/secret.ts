import { BugFault } from '@sotto/bytes';

/**
 * Key material behind a handle: it cannot be printed, serialised or compared by accident. Bytes are lent to a
 * callback and wiped on `dispose`; what a callback copies is its own duty to wipe.
 */
export class Secret implements Disposable {
  #bytes: Uint8Array<ArrayBuffer> | null;

  /** Takes a copy of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
  }

  /** Length in bytes. */
  get length(): number {
    return this.#alive().length;
  }

  /** Lends the bytes to `borrow`, which must not keep them. Throws `bug` after disposal. */
  use<Result>(borrow: (bytes: Uint8Array<ArrayBuffer>) => Result): Result {
    return borrow(this.#alive());
  }

  /** The escape hatch, to be found by its name: a copy of the raw bytes, for wrapping, storing or exporting. */
  unsafeExpose(_reason: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#alive());
  }

  dispose(): void {
    this.#bytes?.fill(0);
    this.#bytes = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    throw new BugFault('a secret has no text form');
  }

  toJSON(): never {
    throw new BugFault('a secret has no JSON form');
  }

  #alive(): Uint8Array<ArrayBuffer> {
    if (this.#bytes === null) throw new BugFault('a secret was used after its disposal');
    return this.#bytes;
  }
}
