import { concat, Fault, hex, utf8 } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { SipUsageFault } from '../fault.ts';
import { MAX_CALLS } from '../limits.ts';
import { checkReach, type LocalMedia, parseOffer, type RemoteMedia } from '../session/media.ts';
import type { Field } from '../syntax/field.ts';
import { parseIdentity } from '../syntax/identity.ts';
import { isRequest, type Message, parseMessage } from '../syntax/message.ts';
import type { StatusLine } from '../syntax/start-line.ts';
import type { SipUri } from '../syntax/uri.ts';
import type { CallState, Desk, Request } from './desk.ts';
import type { Hop, SipEvent } from './event.ts';
import { Exchange, serverKey } from './exchange.ts';
import { Identity, type IdentityOptions } from './identity.ts';
import { Incoming } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import { encodeResponse, type ResponseOptions, replyHop, tagOf } from './response.ts';
import { ACCEPT, ALLOW, screen } from './screening.ts';
import { Talk } from './talk.ts';

export interface InviteOptions {
  readonly target: SipUri;
  /** Where the target is. */
  readonly hop: Hop;
  readonly media: LocalMedia;
  /** Milliseconds, as everywhere here; of any clock that only goes forward. */
  readonly now: number;
}

/**
 * One end of calls over SIP (RFC 3261), without a clock or a socket: messages and the time go in, events come out.
 * It calls and is called without a server in between, and speaks of no media but those that ZRTP protects. What comes is
 * checked before anything changes; what is no message, or fits nothing, is answered or passed over.
 */
export class UserAgent {
  readonly #identity: Identity;
  readonly #exchange: Exchange;
  readonly #desk: Desk;
  /** For tags of answers that are not remembered (RFC 3261 section 8.2.7). */
  readonly #seed: Uint8Array<ArrayBuffer>;
  readonly #calls = new Map<number, CallState>();
  #lastCall = 0;
  #events: SipEvent[] = [];

  constructor(options: IdentityOptions) {
    this.#identity = new Identity(options);
    this.#seed = options.randomBytes(32);
    this.#exchange = new Exchange((hop, bytes) => this.#emit({ kind: 'send', hop, bytes }));
    this.#desk = { identity: this.#identity, exchange: this.#exchange, emit: (event) => this.#emit(event) };
  }

  /** Calls somebody; the call's number is in the events. Throws `too-many-calls` and `not-sendable`. */
  invite({ target, hop, media, now }: InviteOptions): { readonly call: number; readonly events: readonly SipEvent[] } {
    if (this.#calls.size >= MAX_CALLS) throw new SipUsageFault('too-many-calls', 'too many calls at once');
    const call = this.#nextCall();
    const established = (talk: Talk): void => void this.#calls.set(call, talk);
    this.#calls.set(call, new Outgoing(this.#desk, { call, target, hop, media, established }, now));
    return { call, events: this.#taken() };
  }

  /** Takes a call that came in. Throws `no-such-call` and `not-sendable`. */
  accept(call: number, media: LocalMedia, now: number): readonly SipEvent[] {
    this.#incoming(call).accept(media, now);
    return this.#taken();
  }

  /** Tells the caller that nobody has time. Throws `no-such-call`. */
  refuseAsBusy(call: number, now: number): readonly SipEvent[] {
    this.#incoming(call).refuseAsBusy(now);
    return this.#taken();
  }

  /** Ends a call in any state: cancels, declines or hangs up. Throws `no-such-call`. */
  hangUp(call: number, now: number): readonly SipEvent[] {
    const state = this.#calls.get(call);
    if (state === undefined) throw noSuchCall();
    state.hangUp(now);
    return this.#taken();
  }

  /** Whether it has not ended. */
  hasCall(call: number): boolean {
    return this.#calls.has(call);
  }

  /** One datagram, or one message of a stream; never throws for what it holds. */
  receive(bytes: Uint8Array, source: Hop, now: number): readonly SipEvent[] {
    // Empty lines keep a way through a router open.
    if (bytes.every((byte) => byte === 13 || byte === 10)) return [];
    try {
      this.#receive(bytes, source, now);
    } catch (cause) {
      // A message that cannot be answered, as one whose fields have no form that we would send.
      if (!(cause instanceof SipUsageFault)) throw cause;
    }
    return this.#taken();
  }

  /** Whether something of ours has no answer yet. */
  get isAsking(): boolean {
    return this.#exchange.isAsking;
  }

  /** When `tick` is due; null for not at all. */
  get nextTickAt(): number | null {
    const due = [this.#exchange, ...this.#calls.values()].flatMap(({ nextTickAt }) => nextTickAt ?? []);
    return due.length === 0 ? null : Math.min(...due);
  }

  tick(now: number): readonly SipEvent[] {
    this.#exchange.tick(now);
    for (const state of [...this.#calls.values()]) state.tick(now);
    return this.#taken();
  }

  #receive(bytes: Uint8Array, source: Hop, now: number): void {
    const message = this.#parse(bytes, source);
    if (message === null) return;
    if (isRequest(message)) this.#takeRequest(message, source, now);
    // One Via, ours: with more it is on its way to somebody else (RFC 3261 section 8.1.3.3).
    else if (message.vias.length === 1) this.#exchange.takeResponse(message as Message<StatusLine>, source, now);
  }

  /** Null for what is no message; a request is told so. */
  #parse(bytes: Uint8Array, source: Hop): Message | null {
    try {
      return parseMessage(bytes);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      const request = parseIdentity(bytes);
      const status = cause.code === 'version-unsupported' ? 505 : 400;
      if (request !== null && request.cseq.method !== 'ACK') this.#reply(request, source, { status });
      return null;
    }
  }

  #takeRequest(request: Request, source: Hop, now: number): void {
    if (this.#exchange.takeAgain(request, now)) return;
    const { method } = request.start;
    const refusal = screen(request);
    if (method === 'ACK') this.#exchange.takeAck(request, now);
    else if (refusal !== null) this.#reply(request, source, refusal);
    else if (method === 'CANCEL') this.#cancel(request, source, now);
    else this.#takeScreened(request, source, now);
  }

  #takeScreened(request: Request, source: Hop, now: number): void {
    const talk = this.#talkOf(request);
    const { method } = request.start;
    if (talk !== undefined) talk.take(request, source, now);
    else if (tagOf(request.to) !== null || method === 'BYE') this.#reply(request, source, { status: 481 });
    else if (method === 'OPTIONS') this.#reply(request, source, { status: 200, fields: [ALLOW, ACCEPT] });
    else this.#ring(request, source, now);
  }

  #talkOf(request: Request): Talk | undefined {
    return [...this.#calls.values()].find((state): state is Talk => state instanceof Talk && state.owns(request));
  }

  #ring(request: Request, source: Hop, now: number): void {
    const status = this.#obstacle(request);
    const media = status === null ? this.#offered(request, source) : null;
    if (status !== null) this.#reply(request, source, { status });
    if (media === null) return;
    const call = this.#nextCall();
    const established = (talk: Talk): void => void this.#calls.set(call, talk);
    this.#calls.set(call, new Incoming(this.#desk, { call, request, source, media, established }, now));
    this.#emit({ kind: 'incoming', call, from: request.from, hop: source, media });
  }

  /** The status that says why no call can come in. */
  #obstacle(request: Request): number | null {
    const isKnown = [...this.#calls.values()].some((state) => state instanceof Talk && state.callId === request.callId);
    if (isKnown || this.#exchange.isMerged(request)) return 482;
    if (this.#exchange.isFull) return 503;
    return this.#calls.size >= MAX_CALLS ? 486 : null;
  }

  /** What the offer asks for; null if it is refused. */
  #offered(request: Request, source: Hop): RemoteMedia | null {
    try {
      const media = parseOffer(request.body);
      checkReach(media, source.address);
      return media;
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.#reply(request, source, { status: 488, fields: [WARNING] });
      this.#emit({ kind: 'refused', call: null, fault: cause });
      return null;
    }
  }

  #cancel(request: Request, source: Hop, now: number): void {
    const key = serverKey(request, 'INVITE');
    const call = [...this.#calls.values()].find((state) => state instanceof Incoming && state.key === key);
    this.#reply(request, source, { status: call === undefined ? 481 : 200 });
    if (call instanceof Incoming) call.cancel(now);
  }

  /** An answer that is not remembered: the same again to the same request. */
  #reply(request: Message, source: Hop, { status, fields = [] }: StatelessAnswer): void {
    const { callId, cseq, from } = request;
    const digest = sha256(concat(this.#seed, utf8(`${callId}\n${cseq.number}\n${tagOf(from)}`)));
    const options = { status, fields, tag: hex(digest.subarray(0, 16)), contact: null, body: null };
    this.#emit({ kind: 'send', hop: replyHop(request, source), bytes: encodeResponse(request, source, options) });
  }

  #incoming(call: number): Incoming {
    const state = this.#calls.get(call);
    if (!(state instanceof Incoming)) throw noSuchCall();
    return state;
  }

  #nextCall(): number {
    this.#lastCall += 1;
    return this.#lastCall;
  }

  #emit(event: SipEvent): void {
    if (event.kind === 'ended') this.#calls.delete(event.call);
    this.#events.push(event);
  }

  #taken(): readonly SipEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

type StatelessAnswer = Pick<ResponseOptions, 'status'> & Partial<Pick<ResponseOptions, 'fields'>>;

function noSuchCall(): SipUsageFault {
  return new SipUsageFault('no-such-call', 'there is no such call');
}

/** RFC 3261 section 20.43. */
const WARNING: Field = { name: 'Warning', value: '399 sotto "Only media that ZRTP protects (RFC 6189)"' };
