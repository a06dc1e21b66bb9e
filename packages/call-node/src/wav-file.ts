import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import type { AudioSink, AudioSource } from './audio.ts';
import { CallUsageFault } from './fault.ts';
import { MAX_WAV_BYTES } from './limits.ts';
import { parseWav, pcmOf, wavHeader } from './wav.ts';

/** Plays a file once, then is silent. Throws `wav-malformed`, `wav-unsupported`, and what reading throws. */
export async function playWav(path: string): Promise<AudioSource> {
  if ((await stat(path)).size > MAX_WAV_BYTES) throw new CallUsageFault('wav-unsupported', 'this file is too large');
  return new Samples(parseWav(await readFile(path)));
}

/** Writes what is heard into a new file that its owner alone may read, and leaves none where nothing was heard. Throws what opening throws, `EEXIST` among it. */
export async function recordWav(path: string): Promise<AudioSink> {
  const file = await open(path, 'wx', 0o600);
  await file.write(wavHeader(0));
  return new Recording(file, path);
}

class Samples implements AudioSource {
  readonly #samples: Int16Array;
  #at = 0;

  constructor(samples: Int16Array) {
    this.#samples = samples;
  }

  read(count: number): Int16Array {
    const part = new Int16Array(count);
    part.set(this.#samples.subarray(this.#at, this.#at + count));
    this.#at += count;
    return part;
  }

  async close(): Promise<void> {
    this.#at = this.#samples.length;
  }
}

/** One write after the other, so that a slow disk does not hold up what is played. */
class Recording implements AudioSink {
  readonly #file: FileHandle;
  readonly #path: string;
  #samples = 0;
  #waiting: Uint8Array[] = [];
  #writing: Promise<void> = Promise.resolve();
  #fault: unknown = null;

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  write(samples: Int16Array): void {
    if (this.#fault !== null || this.#samples + samples.length > MAX_SAMPLES) return;
    this.#samples += samples.length;
    this.#waiting.push(pcmOf(samples));
    if (this.#waiting.length === BATCH) this.#flush();
  }

  /** Rejects with what a write could not do. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
    if (this.#fault === null)
      await this.#file.write(wavHeader(this.#samples), 0, null, 0).catch((cause) => this.#note(cause));
    await this.#file.close();
    if (this.#samples === 0) await rm(this.#path, { force: true });
    if (this.#fault !== null) throw this.#fault;
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#writing = this.#writing
      .then(() => this.#file.write(bytes))
      .then(() => undefined)
      .catch((cause) => this.#note(cause));
  }

  #note(cause: unknown): void {
    this.#fault ??= cause;
  }
}

/** Half a second. */
const BATCH = 25;
/** What the 32 bits of the header can say. */
const MAX_SAMPLES = 2 ** 31 - 64;
