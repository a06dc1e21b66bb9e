import type { Fault } from '@sotto/bytes';

/** Messages in the order they came, for one reader that takes its time. */
export class Inbox {
  readonly #waiting: Uint8Array[] = [];
  #reader: PromiseWithResolvers<Uint8Array> | null = null;
  #fault: Fault | null = null;

  get backlog(): number {
    return this.#waiting.length;
  }

  push(message: Uint8Array): void {
    if (this.#fault !== null) return;
    if (this.#reader === null) this.#waiting.push(message);
    else this.#reader.resolve(message);
    this.#reader = null;
  }

  /** No more comes; what came before is still read. The first fault counts. */
  fail(fault: Fault): void {
    if (this.#fault !== null) return;
    this.#fault = fault;
    this.#reader?.reject(fault);
    this.#reader = null;
  }

  /** The next message; one call at a time. Throws the fault once nothing is left. */
  async read(): Promise<Uint8Array> {
    const message = this.#waiting.shift();
    if (message !== undefined) return message;
    if (this.#fault !== null) throw this.#fault;
    this.#reader = Promise.withResolvers();
    return await this.#reader.promise;
  }
}
