import { hex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import type { AudioSink, AudioSource } from './audio.ts';
import type { MediaEvent } from './media-event.ts';
import { type MediaOptions, MediaSession } from './media-session.ts';
import type { RetainedSecrets } from './retained-secrets.ts';

/** Keeps in memory what a vault would. */
export class Memory implements RetainedSecrets {
  readonly #kept = new Map<string, { rs1: Secret; rs2: Secret | null; verified: boolean }>();

  async find(zid: Uint8Array): ReturnType<RetainedSecrets['find']> {
    return this.#kept.get(hex(zid)) ?? { rs1: null, rs2: null, verified: false };
  }

  async keep({ zid, rs1, verified }: Parameters<RetainedSecrets['keep']>[0]): Promise<void> {
    const before = this.#kept.get(hex(zid));
    const copy = new Secret(rs1.unsafeExpose('kept for the next call'));
    this.#kept.set(hex(zid), { rs1: copy, rs2: before?.rs1 ?? null, verified });
  }

  async doubt(zid: Uint8Array): Promise<void> {
    const kept = this.#kept.get(hex(zid));
    if (kept !== undefined) kept.verified = false;
  }
}

/** A tone of one frequency, for ever. */
class Tone implements AudioSource {
  readonly #step: number;
  #phase = 0;

  constructor(hertz: number) {
    this.#step = (2 * Math.PI * hertz) / 48_000;
  }

  read(count: number): Int16Array {
    const first = this.#phase;
    this.#phase += count;
    return Int16Array.from({ length: count }, (_, i) => Math.round(8000 * Math.sin((first + i) * this.#step)));
  }

  async close(): Promise<void> {}
}

/** Remembers what was played. */
export class Tape implements AudioSink {
  readonly #parts: Int16Array[] = [];

  write(samples: Int16Array): void {
    this.#parts.push(samples);
  }

  get samples(): Int16Array {
    return Int16Array.from(this.#parts.flatMap((part) => [...part]));
  }

  async close(): Promise<void> {}
}

/** One end of a call, and what it told. */
export class Caller {
  readonly session: MediaSession;
  readonly events: MediaEvent[];
  readonly tape: Tape;
  readonly #waiting: Set<() => void>;

  private constructor(parts: Pick<Caller, 'session' | 'events' | 'tape'>, waiting: Set<() => void>) {
    this.session = parts.session;
    this.events = parts.events;
    this.tape = parts.tape;
    this.#waiting = waiting;
  }

  static async open(hertz: number, options: Partial<MediaOptions> = {}): Promise<Caller> {
    const [events, tape, waiting]: [MediaEvent[], Tape, Set<() => void>] = [[], new Tape(), new Set()];
    const session = await MediaSession.open({
      zid: nodePrimitives().randomBytes(12),
      secrets: new Memory(),
      audio: { source: new Tone(hertz), sink: tape },
      notify(event) {
        events.push(event);
        for (const wake of waiting) wake();
      },
      ...options,
    });
    return new Caller({ session, events, tape }, waiting);
  }

  async until<Kind extends MediaEvent['kind']>(kind: Kind): Promise<Extract<MediaEvent, { kind: Kind }>> {
    for (;;) {
      const found = this.events.find((event) => event.kind === kind);
      if (found !== undefined) return found as Extract<MediaEvent, { kind: Kind }>;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }
}

/** Lets two ends know of each other, as signalling would. */
export function introduce(left: Caller, right: Caller, secret: Uint8Array | null = null): void {
  for (const [own, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const { candidates, helloHash: zrtpHash } = other.session;
    own.session.connect({ candidates, zrtpHash, auxiliary: secret === null ? null : new Secret(secret) });
  }
}

/** How strong one frequency is in 48 kHz samples, relative to all there is: 0 to 1; by pieces, since what is made up is out of step. */
export function strength(samples: Int16Array, hertz: number): number {
  const count = Math.floor(samples.length / PIECE);
  const pieces = Array.from({ length: count }, (_, i) => samples.subarray(i * PIECE, (i + 1) * PIECE)).filter(isLoud);
  return pieces.reduce((sum, piece) => sum + goertzel(piece, hertz), 0) / Math.max(1, pieces.length);
}

/** A machine that is busy plays silence now and then. */
function isLoud(samples: Int16Array): boolean {
  return samples.some((sample) => Math.abs(sample) > 1000);
}

function goertzel(samples: Int16Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 48_000);
  let [last, before, energy] = [0, 0, 0];
  for (const sample of samples) {
    [last, before] = [sample + coefficient * last - before, last];
    energy += sample * sample;
  }
  const power = last * last + before * before - coefficient * last * before;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}

/** 20 ms. */
const PIECE = 960;
