import { Decoder, Encoder } from '@evan/opus';
import type { AudioProfile } from './audio-profile.ts';
import { SAMPLES_PER_MILLISECOND } from './audio-profile.ts';

/** Opus (RFC 6716) of one voice at 48 kHz, at a constant rate and without pauses in the stream. */
export class OpusEncoder {
  readonly #encoder = new Encoder({ channels: 1, sample_rate: 48_000, application: 'voip' });

  constructor({ bitsPerSecond, complexity }: AudioProfile) {
    // The setters of the library do nothing.
    const settings = [
      [SET.bitrate, bitsPerSecond],
      [SET.variableRate, 0],
      [SET.discontinuous, 0],
      [SET.complexity, complexity],
    ] as const;
    for (const [request, value] of settings) this.#encoder.ctl(request, value);
  }

  /** `samples`: as many as a packet of the profile has. */
  encode(samples: Int16Array): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(
      this.#encoder.encode(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
    );
  }
}

/** The other way; what was lost is made up from what came before. */
export class OpusDecoder {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: 48_000 });
  #lost: Uint8Array = Uint8Array.of(NOTHING_OF_20_MILLISECONDS);
  #isFresh = true;

  /** Samples of a packet; what is no Opus counts as lost. */
  decode(packet: Uint8Array): Int16Array {
    if (packet.length <= 1) return this.conceal();
    try {
      const samples = toSamples(this.#decoder.decode(packet));
      this.#lost = emptied(packet);
      this.#isFresh = false;
      return samples;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'GenericFailure') return this.conceal();
      throw cause;
    }
  }

  /** As many samples as the last packet had. */
  conceal(): Int16Array {
    if (this.#isFresh) return new Int16Array(20 * SAMPLES_PER_MILLISECOND);
    return toSamples(this.#decoder.decode(this.#lost));
  }
}

/** The same packet with empty frames, for which a decoder makes up what was lost (RFC 6716 sections 3.2.1 and 4.4). */
function emptied(packet: Uint8Array): Uint8Array {
  const [first, second] = [packet[0] as number, packet[1] as number];
  const count = first & 0x03;
  if (count === 3) return Uint8Array.of(first, second & 0x3f);
  return count === 0 ? Uint8Array.of(first) : Uint8Array.of(first | 0x03, 2);
}

/** A copy: the library lends the same bytes each time. */
function toSamples(bytes: Uint8Array): Int16Array {
  return new Int16Array(Uint8Array.from(bytes).buffer);
}

const SET = { bitrate: 4002, variableRate: 4006, complexity: 4010, discontinuous: 4016 } as const;
/** Wideband speech, one frame. */
const NOTHING_OF_20_MILLISECONDS = 9 << 3;
