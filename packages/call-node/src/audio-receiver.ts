import type { JitterStatistics } from './jitter-buffer.ts';
import { Playout } from './playout.ts';
import { Reception } from './reception.ts';
import type { RtpPacket } from './rtp.ts';

/** Plays the source that came last; another one begins anew. */
export class AudioReceiver {
  readonly #payloadTypes: readonly number[];
  #current: Stream | null = null;

  /** Packets of other types are passed over. */
  constructor(payloadTypes: readonly number[]) {
    this.#payloadTypes = payloadTypes;
  }

  /** Of the current source; null before the first packet. */
  get source(): number | null {
    return this.#current?.source ?? null;
  }

  get reception(): Reception | null {
    return this.#current?.reception ?? null;
  }

  get playout(): JitterStatistics & { readonly delayMilliseconds: number } {
    const playout = this.#current?.playout;
    return playout === undefined
      ? { late: 0, lost: 0, stretched: 0, skipped: 0, delayMilliseconds: 0 }
      : { ...playout.statistics, delayMilliseconds: playout.delayMilliseconds };
  }

  /** A packet that was found genuine. */
  put({ source, payloadType, sequence, timestamp, payload }: RtpPacket, now: number): void {
    if (!this.#payloadTypes.includes(payloadType)) return;
    if (this.#current?.source !== source) this.#current = newStream({ source, sequence, timestamp });
    const stream = this.#current;
    stream.sequence = extend(sequence, 2 ** 16, stream.sequence);
    stream.timestamp = extend(timestamp, 2 ** 32, stream.timestamp);
    const timed = { sequence: stream.sequence, timestamp: stream.timestamp, payload };
    stream.reception.note(timed, now);
    stream.playout.put(timed, now);
  }

  pull(count: number, now: number): Int16Array {
    return this.#current?.playout.pull(count, now) ?? new Int16Array(count);
  }
}

interface Stream {
  readonly source: number;
  /** Of the last packet, extended. */
  sequence: number;
  timestamp: number;
  readonly reception: Reception;
  readonly playout: Playout;
}

/** Begins one round up, so that what came before the first packet has a number, too. */
function newStream(first: { readonly source: number; readonly sequence: number; readonly timestamp: number }): Stream {
  return {
    source: first.source,
    sequence: first.sequence + 2 ** 16,
    timestamp: first.timestamp + 2 ** 32,
    reception: new Reception(),
    playout: new Playout(),
  };
}

/** The number nearest to the last one that ends in these bits. */
function extend(value: number, modulus: number, last: number): number {
  const candidate = last - (last % modulus) + value;
  if (candidate - last > modulus / 2) return candidate - modulus;
  return last - candidate > modulus / 2 ? candidate + modulus : candidate;
}
