import { JitterBuffer, type JitterStatistics, type TimedPacket } from './jitter-buffer.ts';
import { MAX_FRAME_SAMPLES } from './limits.ts';
import { OpusDecoder } from './opus.ts';

/** Makes an even flow of samples of the packets of one source. */
export class Playout {
  readonly #buffer = new JitterBuffer();
  readonly #decoder = new OpusDecoder();
  #pending: Int16Array = new Int16Array();

  get statistics(): JitterStatistics {
    return this.#buffer.statistics;
  }

  get delayMilliseconds(): number {
    return this.#buffer.delayMilliseconds;
  }

  put(packet: TimedPacket, now: number): void {
    this.#buffer.put(packet, now);
  }

  /** The next `count` samples; `count` is at most 120 ms. */
  pull(count: number, now: number): Int16Array {
    while (this.#pending.length < count) this.#append(this.#next(count, now));
    const samples = this.#pending.slice(0, count);
    this.#pending = this.#pending.slice(count);
    return samples;
  }

  #next(count: number, now: number): Int16Array {
    const playable = this.#buffer.take(now);
    switch (playable.kind) {
      case 'packet':
        return this.#decoder.decode(playable.payload);
      case 'silence':
        return new Int16Array(count);
      default:
        return this.#decoder.conceal();
    }
  }

  #append(samples: Int16Array): void {
    const joined = new Int16Array(this.#pending.length + Math.min(samples.length, MAX_FRAME_SAMPLES));
    joined.set(this.#pending);
    joined.set(samples.subarray(0, MAX_FRAME_SAMPLES), this.#pending.length);
    this.#pending = joined;
  }
}
