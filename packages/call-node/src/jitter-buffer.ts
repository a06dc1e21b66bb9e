import { SAMPLES_PER_MILLISECOND } from './audio-profile.ts';
import { MAX_PLAYOUT_DELAY, MAX_WAITING_PACKETS } from './limits.ts';

/** A packet with sequence and timestamp extended beyond their bits. */
export interface TimedPacket {
  readonly sequence: number;
  /** In samples of 48 kHz. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/**
 * What is to be played next. `lost`: the place of a packet that did not come in time. `stretch`: something made up so that
 * there is more time to wait. `silence`: nothing yet.
 */
export type Playable =
  | { readonly kind: 'packet'; readonly payload: Uint8Array }
  | { readonly kind: 'lost' | 'stretch' | 'silence' };

export interface JitterStatistics {
  /** Came after their place had been played. */
  readonly late: number;
  readonly lost: number;
  readonly stretched: number;
  /** Left out because too much waited, as with a sender whose clock is faster. */
  readonly skipped: number;
}

/**
 * Puts packets into order and holds each back for as long as the slow ones of the last seconds needed. It waits longer
 * after packets came late, and catches up when it waits longer than it has to. Times are milliseconds of one clock.
 */
export class JitterBuffer {
  readonly #waiting = new Map<number, TimedPacket>();
  readonly #transits: number[] = [];
  #next: number | null = null;
  #frameMilliseconds = 20;
  #takesSinceChange = 0;
  #emptyTakes = 0;
  #target = 40;
  #fastest = 0;
  #counts = { late: 0, lost: 0, stretched: 0, skipped: 0 };
  #newest: TimedPacket | null = null;

  get statistics(): JitterStatistics {
    return this.#counts;
  }

  /** How long a packet waits here if it came as fast as any. */
  get delayMilliseconds(): number {
    return this.#target;
  }

  put(packet: TimedPacket, now: number): void {
    this.#measure(packet, now);
    if (this.#next !== null && packet.sequence < this.#next) {
      this.#counts.late += 1;
      return;
    }
    this.#waiting.set(packet.sequence, packet);
    if (this.#waiting.size > MAX_WAITING_PACKETS) this.#waiting.delete(Math.min(...this.#waiting.keys()));
  }

  take(now: number): Playable {
    if (this.#next === null && !this.#begin(now)) return { kind: 'silence' };
    const sequence = this.#next as number;
    const packet = this.#waiting.get(sequence);
    this.#takesSinceChange += 1;
    if (packet === undefined) return this.#waiting.size > 0 ? this.#lose(sequence) : this.#wait();
    this.#emptyTakes = 0;
    const delay = now - packet.timestamp / SAMPLES_PER_MILLISECOND - this.#fastest;
    if (this.#mayChange && delay < this.#target - this.#frameMilliseconds) return this.#stretch();
    if (this.#mayChange && delay > this.#target + 2 * this.#frameMilliseconds) this.#skip(sequence);
    const played = this.#waiting.get(this.#next as number);
    if (played === undefined) return this.#waiting.size > 0 ? this.#lose(this.#next as number) : this.#wait();
    this.#advance(played.sequence);
    return { kind: 'packet', payload: played.payload };
  }

  /** Plays from the first packet that waits once it has waited for long enough. */
  #begin(now: number): boolean {
    if (this.#waiting.size === 0) return false;
    const first = this.#waiting.get(Math.min(...this.#waiting.keys())) as TimedPacket;
    const delay = now - first.timestamp / SAMPLES_PER_MILLISECOND - this.#fastest;
    if (delay < this.#target) return false;
    this.#next = first.sequence;
    return true;
  }

  #measure(packet: TimedPacket, now: number): void {
    const { sequence, timestamp } = packet;
    if (this.#newest !== null && sequence === this.#newest.sequence + 1) {
      const samples = timestamp - this.#newest.timestamp;
      this.#frameMilliseconds = Math.min(120, Math.max(10, samples / SAMPLES_PER_MILLISECOND));
    }
    if (this.#newest === null || sequence > this.#newest.sequence) this.#newest = packet;
    this.#transits.push(now - timestamp / SAMPLES_PER_MILLISECOND);
    if (this.#transits.length > MEASURED_PACKETS) this.#transits.shift();
    const sorted = this.#transits.toSorted((a, b) => a - b);
    this.#fastest = sorted[0] as number;
    const slow = sorted[Math.floor((sorted.length - 1) * IN_TIME)] as number;
    this.#target = Math.min(MAX_PLAYOUT_DELAY, slow - this.#fastest + this.#frameMilliseconds);
  }

  /** Its place is passed over: others of a later place are here. A sender that jumps far ahead is followed at once. */
  #lose(sequence: number): Playable {
    const first = Math.min(...this.#waiting.keys());
    this.#counts.lost += 1;
    this.#advance(first - sequence > MAX_WAITING_PACKETS ? first - 1 : sequence);
    return { kind: 'lost' };
  }

  /** Nothing is here: what may still come is waited for, and after a while played as at the beginning. */
  #wait(): Playable {
    this.#emptyTakes += 1;
    if (this.#emptyTakes * this.#frameMilliseconds <= PATIENCE_MILLISECONDS) return this.#stretch();
    this.#next = null;
    this.#emptyTakes = 0;
    return { kind: 'silence' };
  }

  #stretch(): Playable {
    this.#counts.stretched += 1;
    this.#takesSinceChange = 0;
    return { kind: 'stretch' };
  }

  #skip(sequence: number): void {
    this.#counts.skipped += 1;
    this.#takesSinceChange = 0;
    this.#advance(sequence);
  }

  #advance(sequence: number): void {
    this.#waiting.delete(sequence);
    this.#next = sequence + 1;
  }

  /** Seldom enough that it is hardly heard. */
  get #mayChange(): boolean {
    return this.#takesSinceChange >= TAKES_BETWEEN_CHANGES;
  }
}

const MEASURED_PACKETS = 200;
/** Of 100 packets so many are to come in time. */
const IN_TIME = 0.97;
const PATIENCE_MILLISECONDS = 120;
const TAKES_BETWEEN_CHANGES = 4;
