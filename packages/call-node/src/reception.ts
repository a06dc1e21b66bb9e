import { SAMPLES_PER_MILLISECOND } from './audio-profile.ts';

/** What a receiver says of a source in its reports (RFC 3550 section 6.4.1). */
export interface ReceptionFacts {
  /** Of the packets since the last report, in 256ths. */
  readonly fractionLost: number;
  readonly lost: number;
  readonly highestSequence: number;
  /** In samples. */
  readonly jitter: number;
}

/** Counts what came of one source (RFC 3550 appendices A.3 and A.8). */
export class Reception {
  #first: number | null = null;
  #highest = 0;
  #received = 0;
  #jitter = 0;
  #transit: number | null = null;
  #before = { expected: 0, received: 0 };

  /** `sequence` and `timestamp` have been extended beyond their 16 and 32 bits; `now` is in milliseconds. */
  note({ sequence, timestamp }: { readonly sequence: number; readonly timestamp: number }, now: number): void {
    this.#first ??= sequence;
    this.#highest = this.#received === 0 ? sequence : Math.max(this.#highest, sequence);
    this.#received += 1;
    const transit = now * SAMPLES_PER_MILLISECOND - timestamp;
    if (this.#transit !== null) this.#jitter += (Math.abs(transit - this.#transit) - this.#jitter) / 16;
    this.#transit = transit;
  }

  get received(): number {
    return this.#received;
  }

  get lost(): number {
    return Math.max(0, this.#expected - this.#received);
  }

  get jitterMilliseconds(): number {
    return this.#jitter / SAMPLES_PER_MILLISECOND;
  }

  /** For a report; the next one counts from here. */
  report(): ReceptionFacts {
    const expected = this.#expected - this.#before.expected;
    const lost = Math.max(0, expected - (this.#received - this.#before.received));
    this.#before = { expected: this.#expected, received: this.#received };
    return {
      fractionLost: expected === 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      lost: Math.min(this.lost, 0x7f_ffff),
      highestSequence: this.#highest % 2 ** 32,
      jitter: Math.min(Math.round(this.#jitter), 0xffff_ffff),
    };
  }

  get #expected(): number {
    return this.#first === null ? 0 : this.#highest - this.#first + 1;
  }
}
