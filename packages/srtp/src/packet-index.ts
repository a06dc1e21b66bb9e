import { REPLAY_WINDOW } from './limits.ts';

/** Which packets of one source came: the highest index, and a bit for each of those before it. */
export class PacketIndex {
  readonly #seen = new Uint8Array(REPLAY_WINDOW);
  #highest = -1;

  /** The index that a 16-bit sequence number most likely stands for (RFC 3711 appendix A): 2^16 * rollovers + sequence. */
  estimate(sequence: number): number {
    if (this.#highest < 0) return sequence;
    const rollovers = Math.floor(this.#highest / WRAP);
    const offset = sequence - (this.#highest % WRAP);
    const guessed = offset > WRAP / 2 ? rollovers - 1 : offset < -WRAP / 2 ? rollovers + 1 : rollovers;
    return Math.max(guessed, 0) * WRAP + sequence;
  }

  isFresh(index: number): boolean {
    if (index > this.#highest) return true;
    return this.#highest - index < REPLAY_WINDOW && this.#seen[index % REPLAY_WINDOW] === 0;
  }

  /** Only of packets that were found genuine. */
  mark(index: number): void {
    if (index > this.#highest) {
      if (index - this.#highest >= REPLAY_WINDOW) this.#seen.fill(0);
      else for (let i = this.#highest + 1; i <= index; i++) this.#seen[i % REPLAY_WINDOW] = 0;
      this.#highest = index;
    }
    this.#seen[index % REPLAY_WINDOW] = 1;
  }
}

const WRAP = 65_536;
