import { concat } from '@sotto/bytes';
import { CallUsageFault, CallWireFault } from './fault.ts';
import { MAX_WAV_BYTES } from './limits.ts';
import { resample } from './resample.ts';

/**
 * The samples of a WAV file, as one channel at 48 kHz: other rates are converted, channels are mixed. Throws `wav-malformed`,
 * and `wav-unsupported` for anything but 16-bit PCM of one or two channels at 8 to 192 kHz, and for files of more than 240 MB.
 */
export function parseWav(file: Uint8Array): Int16Array {
  if (file.length > MAX_WAV_BYTES) throw unsupported();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || name(view, 0) !== 'RIFF' || name(view, 8) !== 'WAVE') throw malformed();
  const { format, data } = chunksOf(view);
  const { channels, rate } = parseFormat(format);
  if (data.byteLength % (2 * channels) !== 0) throw malformed();
  return resample(mix(data, channels), rate);
}

/** Header of a file of one channel at 48 kHz with so many samples. */
export function wavHeader(samples: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const [bytes, text] = [samples * 2, new TextEncoder()];
  header.set(text.encode('RIFF'), 0);
  view.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  header.set(text.encode('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  for (const [i, value] of [PCM, 1].entries()) view.setUint16(20 + 2 * i, value, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  for (const [i, value] of [2, 16].entries()) view.setUint16(32 + 2 * i, value, true);
  header.set(text.encode('data'), 36);
  view.setUint32(40, bytes, true);
  return header;
}

/** A whole file. */
export function encodeWav(samples: Int16Array): Uint8Array<ArrayBuffer> {
  return concat(wavHeader(samples.length), pcmOf(samples));
}

/** In the order of bytes that WAV has, whatever the machine's is. */
export function pcmOf(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [i, sample] of samples.entries()) view.setInt16(2 * i, sample, true);
  return bytes;
}

/** Any others are passed over. */
function chunksOf(view: DataView): { readonly format: DataView; readonly data: DataView } {
  const found = new Map<string, DataView>();
  for (let at = 12; at < view.byteLength; ) {
    if (view.byteLength - at < 8) throw malformed();
    const [kind, bytes] = [name(view, at), view.getUint32(at + 4, true)];
    if (bytes > view.byteLength - at - 8 || (found.has(kind) && (kind === 'fmt ' || kind === 'data')))
      throw malformed();
    found.set(kind, new DataView(view.buffer, view.byteOffset + at + 8, bytes));
    at += 8 + bytes + (bytes % 2);
  }
  const [format, data] = [found.get('fmt '), found.get('data')];
  if (format === undefined || data === undefined || format.byteLength < 16) throw malformed();
  return { format, data };
}

function parseFormat(view: DataView): { readonly channels: number; readonly rate: number } {
  const [code, channels, rate] = [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true)];
  const isPcm = code === PCM || (code === EXTENSIBLE && view.byteLength >= 40 && view.getUint16(24, true) === PCM);
  const isKnown = isPcm && view.getUint16(14, true) === 16 && (channels === 1 || channels === 2);
  if (!isKnown || rate < 8000 || rate > 192_000) throw unsupported();
  return { channels, rate };
}

function mix(data: DataView, channels: number): Int16Array {
  const samples = new Int16Array(data.byteLength / 2 / channels);
  for (let i = 0; i < samples.length; i++) {
    const [left, right] = [
      data.getInt16(2 * channels * i, true),
      data.getInt16(2 * (channels * i + channels - 1), true),
    ];
    samples[i] = (left + right) >> 1;
  }
  return samples;
}

function name(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function malformed(): CallWireFault {
  return new CallWireFault('wav-malformed', 'this is no WAV file');
}

function unsupported(): CallUsageFault {
  return new CallUsageFault('wav-unsupported', 'this is no WAV file of 16-bit samples in one or two channels');
}

const RATE = 48_000;
const HEADER_BYTES = 44;
const PCM = 1;
const EXTENSIBLE = 0xfffe;
