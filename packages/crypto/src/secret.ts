import { BugFault } from '@sotto/bytes';

/**
 * Key material behind a handle: it cannot be printed, serialised or compared by accident. Bytes are lent to a
 * callback and wiped on `dispose`; what a callback copies is its own duty to wipe.
 */
export class Secret implements Disposable {
  #bytes: Uint8Array<ArrayBuffer> | null;
  /** By what they are for. */
  readonly #made = new Map<string, unknown>();

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

  /**
   * What `make` makes of the bytes, made at the first call and kept as long as the secret: a parsed key, or parts that are
   * secrets themselves and are wiped with it. `kind` names it. Throws `bug` after disposal.
   */
  once<Made>(kind: string, make: (bytes: Uint8Array<ArrayBuffer>) => Made): Made {
    const bytes = this.#alive();
    if (!this.#made.has(kind)) this.#made.set(kind, make(bytes));
    return this.#made.get(kind) as Made;
  }

  /** The escape hatch, to be found by its name: a copy of the raw bytes, for wrapping, storing or exporting. */
  unsafeExpose(_reason: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#alive());
  }

  dispose(): void {
    this.#bytes?.fill(0);
    this.#bytes = null;
    for (const made of this.#made.values()) if (isDisposable(made)) made[Symbol.dispose]();
    this.#made.clear();
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

function isDisposable(made: unknown): made is Disposable {
  return typeof made === 'object' && made !== null && Symbol.dispose in made;
}
