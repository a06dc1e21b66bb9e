/** Which counters of one key were seen: the newest, and a bit for each of the `size` before it. */
export class ReplayWindow {
  readonly #size: number;
  readonly #seen: Uint8Array;
  #newest = -1n;

  constructor(size: number) {
    this.#size = size;
    this.#seen = new Uint8Array(size);
  }

  /** False for a counter that was seen before, or that is too old to know. */
  isFresh(counter: bigint): boolean {
    if (counter > this.#newest) return true;
    if (this.#newest - counter >= BigInt(this.#size)) return false;
    return this.#seen[this.#slot(counter)] === 0;
  }

  /** Only of frames that were found genuine. */
  mark(counter: bigint): void {
    if (counter > this.#newest) this.#slideTo(counter);
    this.#seen[this.#slot(counter)] = 1;
  }

  #slideTo(counter: bigint): void {
    const steps = counter - this.#newest;
    if (steps >= BigInt(this.#size)) this.#seen.fill(0);
    else for (let i = 1n; i <= steps; i++) this.#seen[this.#slot(this.#newest + i)] = 0;
    this.#newest = counter;
  }

  #slot(counter: bigint): number {
    return Number(counter % BigInt(this.#size));
  }
}
