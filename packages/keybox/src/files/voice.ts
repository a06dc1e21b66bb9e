import { decodeCbor, encodeCbor } from '@sotto/bytes';
import type { VoiceNote } from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import type { VoiceView } from '../views.ts';

/**
 * Duration and shape of a recording in Ogg Opus (RFC 3533, RFC 7845), one stream, without decoding it: the shape is that
 * of the sizes of its packets, which encoders of variable rate make larger where more is to be heard. Throws
 * `voice-malformed`.
 */
export function describeVoice(file: Uint8Array): VoiceNote {
  const packets: number[] = [];
  let preSkip: number | null = null;
  let granule = 0n;
  let open = 0;
  for (let at = 0; at < file.length; ) {
    const page = pageAt(file, at);
    if (preSkip === null) preSkip = preSkipOf(file.subarray(page.content));
    for (const length of page.lengths) {
      open += length;
      // A segment of 255 bytes goes on in the next one, be it on the next page.
      if (length === 255) continue;
      packets.push(open);
      open = 0;
    }
    if (page.granule >= 0n) granule = page.granule;
    at = page.end;
  }
  const samples = Number(granule) - (preSkip ?? 0);
  // The first two packets are headers.
  const heard = packets.slice(2);
  if (samples <= 0 || heard.length === 0) throw malformed('nothing is to be heard in it');
  return { durationMilliseconds: Math.ceil(samples / SAMPLES_PER_MILLISECOND), waveform: shapeOf(heard) };
}

/** For the history part, and back. */
export function encodeVoice(voice: VoiceNote | undefined): Uint8Array | null {
  if (voice === undefined) return null;
  const { durationMilliseconds, waveform } = voice;
  return encodeCbor({ durationMilliseconds, waveform });
}

export function voiceView(encoded: Uint8Array): VoiceView {
  const { durationMilliseconds, waveform } = decodeCbor(encoded) as unknown as VoiceNote;
  return { durationMilliseconds, waveform: [...waveform] };
}

interface Page {
  readonly granule: bigint;
  readonly lengths: Uint8Array;
  /** Where its content begins and ends. */
  readonly content: number;
  readonly end: number;
}

function pageAt(file: Uint8Array, at: number): Page {
  const header = file.subarray(at, at + PAGE_HEADER_BYTES);
  if (header.length < PAGE_HEADER_BYTES || !begins(header, 'OggS') || header[4] !== 0)
    throw malformed('a page is broken');
  const lengths = file.subarray(at + PAGE_HEADER_BYTES, at + PAGE_HEADER_BYTES + (header[26] as number));
  const content = at + PAGE_HEADER_BYTES + (header[26] as number);
  const end = content + lengths.reduce((sum, length) => sum + length, 0);
  if (end > file.length) throw malformed('it ends within a page');
  const granule = new DataView(header.buffer, header.byteOffset).getBigInt64(6, true);
  return { granule, lengths, content, end };
}

function preSkipOf(content: Uint8Array): number {
  if (content.length < 19 || !begins(content, 'OpusHead')) throw malformed('it is not Opus');
  return new DataView(content.buffer, content.byteOffset).getUint16(10, true);
}

/** Mean sizes of as many stretches, the largest as 255. */
function shapeOf(sizes: readonly number[]): Uint8Array {
  const bars = Math.min(BARS, sizes.length);
  const means = Array.from({ length: bars }, (_, i) => {
    const stretch = sizes.slice(Math.floor((i * sizes.length) / bars), Math.floor(((i + 1) * sizes.length) / bars));
    return stretch.reduce((sum, size) => sum + size, 0) / stretch.length;
  });
  const most = Math.max(...means, 1);
  return Uint8Array.from(means, (mean) => Math.round((mean / most) * 255));
}

function begins(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

function malformed(what: string): KeyboxUsageFault {
  return new KeyboxUsageFault('voice-malformed', `not a recording in Ogg Opus: ${what}`);
}

const PAGE_HEADER_BYTES = 27;
const SAMPLES_PER_MILLISECOND = 48;
const BARS = 64;
