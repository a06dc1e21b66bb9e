import { type AudioSink, type AudioSource, loudspeaker, microphone, playWav, recordWav } from '@sotto/call-node';
import { CliFault } from '../fault.ts';
import type { CallFlags } from '../routes/call.ts';

export interface CallAudio {
  readonly source: AudioSource;
  readonly sink: AudioSink;
}

/**
 * The files that are named, and devices in the place of those that are not. Throws `no-audio-device`, `file-unreadable`,
 * `file-unwritable`, `wav-malformed`, `wav-unsupported`.
 */
export async function openAudio({ play, record }: Pick<CallFlags, 'play' | 'record'>): Promise<CallAudio> {
  const source = play === undefined ? await microphone() : await readable(play);
  try {
    return { source, sink: record === undefined ? await loudspeaker() : await writable(record) };
  } catch (cause) {
    await source.close();
    throw cause;
  }
}

async function readable(path: string): Promise<AudioSource> {
  try {
    return await playWav(path);
  } catch (cause) {
    throw isSystemFault(cause) ? new CliFault('file-unreadable', `${path} cannot be read`, { cause }) : cause;
  }
}

async function writable(path: string): Promise<AudioSink> {
  try {
    return await recordWav(path);
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    const message = cause.code === 'EEXIST' ? `${path} exists already` : `${path} cannot be written`;
    throw new CliFault('file-unwritable', message, { cause });
  }
}

function isSystemFault(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause;
}
