import { nodePrimitives } from '@sotto/crypto/node';
import type { AudioSource } from './audio.ts';
import { type AudioProfile, SAMPLES_PER_MILLISECOND } from './audio-profile.ts';
import { OpusEncoder } from './opus.ts';
import { encodeRtp } from './rtp.ts';

export interface AudioSenderOptions {
  readonly profile: AudioProfile;
  readonly payloadType: number;
  readonly source: number;
  readonly audio: AudioSource;
}

/** Makes RTP packets of a voice. Sequence and timestamp begin anywhere (RFC 3550 section 5.1). */
export class AudioSender {
  readonly #options: AudioSenderOptions;
  readonly #encoder: OpusEncoder;
  #source: number;
  #sequence = random(2) & 0x7fff;
  #timestamp = random(4);
  #packets = 0;
  #octets = 0;

  constructor(options: AudioSenderOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#encoder = new OpusEncoder(options.profile);
  }

  get source(): number {
    return this.#source;
  }

  /** For a sender report. */
  get sent(): { readonly timestamp: number; readonly packets: number; readonly octets: number } {
    return { timestamp: this.#timestamp, packets: this.#packets, octets: this.#octets };
  }

  /** The next packet; silent if the voice is `muted`, and as long as any other. */
  next(muted: boolean): Uint8Array<ArrayBuffer> {
    const { profile, payloadType, audio } = this.#options;
    const count = profile.packetMilliseconds * SAMPLES_PER_MILLISECOND;
    const samples = audio.read(count);
    const payload = this.#encoder.encode(muted ? new Int16Array(count) : samples);
    const [sequence, timestamp, marker] = [this.#sequence, this.#timestamp, this.#packets === 0];
    this.#sequence = (sequence + 1) & 0xffff;
    this.#timestamp = (timestamp + count) % 2 ** 32;
    this.#packets += 1;
    this.#octets += payload.length;
    return encodeRtp({ payloadType, marker, sequence, timestamp, source: this.#source, payload });
  }

  /** Goes on under another number: the other end has ours (RFC 3550 section 8.2). */
  changeSource(): void {
    this.#source = randomSource();
  }
}

/** A number of 32 bits that is not 0. */
export function randomSource(): number {
  return random(4) || randomSource();
}

function random(length: 2 | 4): number {
  const view = new DataView(nodePrimitives().randomBytes(length).buffer);
  return length === 2 ? view.getUint16(0) : view.getUint32(0);
}
