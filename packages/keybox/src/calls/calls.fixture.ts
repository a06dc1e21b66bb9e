import { setTimeout } from 'node:timers/promises';
import { type CborValue, encodeCbor } from '@sotto/bytes';
import { type KeyPair, Secret, xWing } from '@sotto/crypto';
import { callToken, padSignal } from '@sotto/protocol';
import type { Person } from '@sotto/testing';
import { sealContainerFor } from '../containers.ts';
import { insideOf } from '../forge.fixture.ts';
import type { CallEvent, CallMedia, CallPhase, CallView } from './views.ts';

type OfCall = Exclude<CallEvent, { readonly kind: 'refused' }>;

/** Somebody who watches calls: what was told so far, and a way to wait for more. */
export class Listener {
  readonly events: CallEvent[] = [];
  readonly #person: Person;
  readonly #asked: number;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #failure: unknown = null;
  #news = Promise.withResolvers<void>();

  constructor(person: Person) {
    this.#person = person;
    this.#asked = person.link.asked.length;
    this.#ended = this.#watch().catch((cause: unknown) => {
      this.#failure = cause;
      this.#news.resolve();
    });
  }

  /** Once the person's device rings. */
  get ready(): Promise<void> {
    return until(() => this.#person.link.asked.length > this.#asked);
  }

  /** The first call that was told to be in the phase, from now or before. */
  phase(phase: CallPhase, direction?: CallView['direction']): Promise<CallView> {
    return this.until(({ call }) => call.phase === phase && (direction ?? call.direction) === call.direction);
  }

  async until(fits: (event: OfCall) => boolean): Promise<CallView> {
    return (await this.untilEvent(fits)).call;
  }

  async untilEvent(fits: (event: OfCall) => boolean): Promise<OfCall> {
    for (let seen = 0; ; ) {
      const found = this.ofCalls.slice(seen).find(fits);
      if (found !== undefined) return found;
      if (this.#failure !== null) throw this.#failure;
      seen = this.ofCalls.length;
      await this.#news.promise;
    }
  }

  get ofCalls(): readonly OfCall[] {
    return this.events.filter((event) => event.kind !== 'refused');
  }

  /** Until something is told to be refused by this code, from now or before. */
  async untilRefused(code: string): Promise<void> {
    while (!this.events.some((event) => event.kind === 'refused' && event.code === code)) {
      if (this.#failure !== null) throw this.#failure;
      await this.#news.promise;
    }
  }

  /** Forgets what was told. */
  clear(): void {
    this.events.length = 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #watch(): Promise<void> {
    for await (const event of this.#person.box.calls.watch(this.#stop.signal)) {
      this.events.push(event);
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    }
  }
}

async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await setTimeout(5);
}

/** Media as a program would have opened it, told apart by a digit. */
export function mediaOf(digit: number, more: Partial<CallMedia> = {}): CallMedia {
  return {
    zrtpHash: `1.10 ${String(digit).repeat(64)}`,
    sources: [digit + 1],
    candidates: [{ address: '127.0.0.1', port: 40_000 + digit }],
    profile: 'standard',
    ...more,
  };
}

/** What a modified client sends: any content at all, sealed as a message of a call. */
export async function sealSignal(by: Person, to: Person, value: object): Promise<Uint8Array> {
  const chain = await insideOf(by).chains.known(to.session.identity.fingerprint);
  if (chain === null) throw new Error('sealed for somebody who is not known');
  const content = padSignal(encodeCbor(value as CborValue));
  const { identity } = by.session;
  const held = heldKeys.get(identity) ?? identity.certificateKey();
  heldKeys.set(identity, held);
  const order = {
    readers: [chain],
    certificates: [],
    content,
    purpose: 'signalling',
    certificateKey: await held,
  } as const;
  return sealContainerFor(by.session, order);
}

/** Opening them takes longer than anything else here. */
const heldKeys = new WeakMap<object, Promise<KeyPair>>();

/** Ends every call, and waits until nobody is in one or sees one. */
export async function quiet(...people: readonly Person[]): Promise<void> {
  for (const { box } of people) for (const { id } of await box.calls.current()) await box.calls.hangUp(id);
  for (const { box } of people) {
    while ((await box.calls.current()).length > 0) await setTimeout(5);
    await box.calls.settled();
  }
}

/** An offer as an honest client makes it, but for what a modified one changes. */
export async function offerOf(
  by: Person,
  to: Person,
  { at = by.clock.now(), media = {} }: { readonly at?: number; readonly media?: object } = {},
): Promise<Offer> {
  const { identity, primitives } = by.session;
  const caller = { account: identity.fingerprint, device: identity.deviceId };
  const dialog = { nonce: primitives.randomBytes(32), caller, callee: to.session.identity.fingerprint };
  const candidates = [{ address: Uint8Array.of(127, 0, 0, 1), port: 40_000 }];
  const honest = { zrtpHash: `1.10 ${'7'.repeat(64)}`, sources: [7], candidates, profile: 'standard' };
  const key = await xWing(primitives).publicKey(new Secret(primitives.randomBytes(32)));
  const call = callToken(dialog, at);
  const content = { ...dialog, media: { ...honest, ...media }, key };
  return { call, value: { v: 1, call, seq: 0, at, kind: 'offer', content } };
}

interface Offer {
  /** The call token. */
  readonly call: Uint8Array;
  readonly value: object;
}
