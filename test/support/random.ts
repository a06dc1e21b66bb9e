import { seededRandom } from '@sotto/testing';

/** Numbers that follow from a seed alone, so that a run which failed can be run again. */
export class SeededNumbers {
  readonly #bytes: (length: number) => Uint8Array;

  constructor(seed: string) {
    this.#bytes = seededRandom(seed);
  }

  /** At least 0, below 1. */
  fraction(): number {
    return new DataView(this.#bytes(4).buffer).getUint32(0) / 2 ** 32;
  }

  /** At least 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.fraction() * end);
  }

  bytes(length: number): Uint8Array {
    return this.#bytes(length);
  }
}
