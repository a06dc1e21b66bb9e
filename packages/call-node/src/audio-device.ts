import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AudioSink, AudioSource } from './audio.ts';
import { CallUsageFault } from './fault.ts';
import { pcmOf } from './wav.ts';

/** The machine's microphone, through `arecord`. Throws `no-audio-device`. */
export async function microphone(): Promise<AudioSource> {
  const child = spawn('arecord', FORMAT, { stdio: ['ignore', 'pipe', 'ignore'] });
  await started(child, () => once(child.stdout, 'data').then(() => undefined));
  return new Microphone(child);
}

/** The machine's loudspeaker, through `aplay`. Throws `no-audio-device`. */
export async function loudspeaker(): Promise<AudioSink> {
  const child = spawn('aplay', [...FORMAT, '--buffer-time=100000'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.stdin.write(new Uint8Array(SETTLE_BYTES));
  await started(child, () => new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS)));
  return new Loudspeaker(child);
}

class Microphone implements AudioSource {
  readonly #child: ChildProcess;
  #pending = Buffer.alloc(0);

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (bytes: Buffer) => {
      // Its clock may be faster than ours: what is too old is left out.
      this.#pending = Buffer.concat([this.#pending, bytes]).subarray(-MOST_PENDING_BYTES);
    });
  }

  read(count: number): Int16Array {
    const bytes = this.#pending.subarray(0, count * 2);
    this.#pending = this.#pending.subarray(count * 2);
    return Int16Array.from({ length: count }, (_, i) => (2 * i + 1 < bytes.length ? bytes.readInt16LE(2 * i) : 0));
  }

  close(): Promise<void> {
    return stopped(this.#child);
  }
}

class Loudspeaker implements AudioSink {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  write(samples: Int16Array): void {
    const { stdin } = this.#child;
    // A device that is slower than the other end would speak ever later.
    if (stdin?.writable && stdin.writableLength < MOST_PENDING_BYTES) stdin.write(pcmOf(samples));
  }

  close(): Promise<void> {
    return stopped(this.#child);
  }
}

/** Waits for `ready`; a program that is not there or ends before has no device. */
async function started(child: ChildProcess, ready: () => Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const refuse = (cause?: unknown): void =>
    reject(
      new CallUsageFault('no-audio-device', 'this machine has no device for sound that arecord and aplay can use', {
        cause,
      }),
    );
  child.once('error', refuse).once('exit', () => refuse());
  await Promise.race([ready(), promise]);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

const FORMAT = ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', '48000', '-c', '1'];
const SETTLE_MILLISECONDS = 200;
/** 20 ms. */
const SETTLE_BYTES = 1920;
/** 200 ms. */
const MOST_PENDING_BYTES = 19_200;
