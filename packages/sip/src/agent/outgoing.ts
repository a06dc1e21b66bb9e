import { Fault } from '@sotto/bytes';
import { SipPeerFault } from '../fault.ts';
import { checkReach, encodeOffer, type LocalMedia, parseAnswer } from '../session/media.ts';
import type { Message } from '../syntax/message.ts';
import type { NameAddress } from '../syntax/name-address.ts';
import type { StatusLine } from '../syntax/start-line.ts';
import type { SipUri } from '../syntax/uri.ts';
import type { CallState, Desk } from './desk.ts';
import { type Dialog, dialogOfResponse } from './dialog.ts';
import type { Ending, Hop } from './event.ts';
import type { Asker } from './exchange.ts';
import type { OwnRequest, RequestParts } from './identity.ts';
import { tagOf } from './response.ts';
import { Talk } from './talk.ts';

export interface OutgoingOptions {
  readonly call: number;
  readonly target: SipUri;
  readonly hop: Hop;
  readonly media: LocalMedia;
  /** The other end took the call and its media are to be protected. */
  established(talk: Talk): void;
}

/** A call of ours until it is answered (RFC 3261 sections 9.1 and 13.2). */
export class Outgoing implements CallState, Asker {
  readonly #desk: Desk;
  readonly #options: OutgoingOptions;
  readonly #from: NameAddress;
  readonly #callId: string;
  readonly #request: OwnRequest;
  readonly #giveUpAt: number;
  #state: 'calling' | 'proceeding' | 'answered' | 'ended' = 'calling';
  #isRinging = false;
  /** Hung up before anything had come back: cancelled as soon as something does. */
  #isCancelPending = false;
  /** The ACK of each end that took the call, by its tag. */
  readonly #acks = new Map<string, Uint8Array<ArrayBuffer>>();

  /** Throws `not-sendable`. */
  constructor(desk: Desk, options: OutgoingOptions, now: number) {
    this.#desk = desk;
    this.#options = options;
    const { identity } = desk;
    this.#from = { ...identity.address, parameters: [{ name: 'tag', value: identity.token() }] };
    this.#callId = identity.token();
    this.#giveUpAt = now + RING_MILLISECONDS;
    const body = encodeOffer(options.media, { sessionId: '1', version: 1 });
    this.#request = identity.request(options.hop, this.#parts({ method: 'INVITE', body }));
    this.#ask('INVITE', this.#request, now);
  }

  hangUp(now: number): void {
    this.#endAs({ reason: 'cancelled', status: null, fault: null }, now);
  }

  get nextTickAt(): number | null {
    return this.#state === 'calling' || this.#state === 'proceeding' ? this.#giveUpAt : null;
  }

  tick(now: number): void {
    if (now >= this.#giveUpAt) this.#endAs({ reason: 'unanswered', status: null, fault: null }, now);
  }

  answered(response: Message<StatusLine>, source: Hop, now: number): void {
    if (response.cseq.method !== 'INVITE') return;
    const { status } = response.start;
    if (status < 200) this.#progress(status, now);
    else if (status < 300) this.#accept(response, source, now);
    else this.#end(endingOf(status));
  }

  timedOut(): void {
    this.#end({ reason: 'unanswered', status: null, fault: null });
  }

  #progress(status: number, now: number): void {
    if (this.#state === 'calling') this.#state = 'proceeding';
    if (this.#isCancelPending) this.#cancel(now);
    if (this.#state !== 'proceeding' || status < 180 || this.#isRinging) return;
    this.#isRinging = true;
    this.#desk.emit({ kind: 'ringing', call: this.#options.call });
  }

  /** A success is acknowledged each time it comes; only the first end that takes the call gets it. */
  #accept(response: Message, source: Hop, now: number): void {
    const tag = tagOf(response.to) ?? '';
    const known = this.#acks.get(tag);
    if (known === undefined) this.#meet(response, source, now);
    else this.#desk.emit({ kind: 'send', hop: source, bytes: known });
  }

  #meet(response: Message, source: Hop, now: number): void {
    const dialog = dialogOfResponse(response, this.#options.target, source);
    const { bytes } = this.#desk.identity.requestWithin(dialog, 'ACK', dialog.localSequence);
    if (this.#acks.size < MAX_FORKS) this.#acks.set(tagOf(response.to) ?? '', bytes);
    this.#desk.emit({ kind: 'send', hop: source, bytes });
    if (this.#state === 'calling' || this.#state === 'proceeding') this.#take(response, dialog, now);
    else this.#leave(dialog, now);
  }

  #take(response: Message, dialog: Dialog, now: number): void {
    try {
      if (response.contentType !== 'application/sdp')
        throw new SipPeerFault('answer-contradicts', 'taken without an answer to our offer');
      const remote = parseAnswer(response.body);
      checkReach(remote, dialog.hop.address);
      const { call, media: local, established } = this.#options;
      this.#state = 'answered';
      established(new Talk(this.#desk, { call, dialog, local, remote, inviteKey: null }));
      this.#desk.emit({ kind: 'answered', call, media: remote });
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.#leave(dialog, now);
      this.#end({ reason: 'refused', status: null, fault: cause });
    }
  }

  /** Nothing is wanted of this dialog. */
  #leave(dialog: Dialog, now: number): void {
    const sequence = dialog.localSequence + 1;
    const request = this.#desk.identity.requestWithin(dialog, 'BYE', sequence);
    const sent = { request, hop: dialog.hop, asker: IGNORING, acknowledge: noAck };
    this.#desk.exchange.ask('BYE', sent, now);
  }

  #endAs(ending: Ending, now: number): void {
    if (this.#state === 'proceeding') this.#cancel(now);
    if (this.#state === 'calling') this.#isCancelPending = true;
    this.#end(ending);
  }

  #cancel(now: number): void {
    this.#isCancelPending = false;
    const { branch } = this.#request;
    const request = this.#desk.identity.request(this.#options.hop, this.#parts({ method: 'CANCEL', branch }));
    this.#ask('CANCEL', request, now);
    this.#desk.exchange.expectEnd(branch, now);
  }

  #end(ending: Ending): void {
    if (this.#state === 'ended' || this.#state === 'answered') return;
    this.#state = 'ended';
    this.#desk.emit({ kind: 'ended', call: this.#options.call, ending });
  }

  #ask(method: string, request: OwnRequest, now: number): void {
    const acknowledge = (response: Message): Uint8Array<ArrayBuffer> => {
      const parts = this.#parts({ method: 'ACK', to: response.to, branch: request.branch });
      return this.#desk.identity.request(this.#options.hop, parts).bytes;
    };
    this.#desk.exchange.ask(method, { request, hop: this.#options.hop, asker: this, acknowledge }, now);
  }

  #parts(parts: Partial<RequestParts> & Pick<RequestParts, 'method'>): RequestParts {
    const { target } = this.#options;
    const to = { displayName: '', uri: { ...target, port: null, parameters: [] }, parameters: [] };
    const common = { uri: target, from: this.#from, to, callId: this.#callId, sequence: 1, routes: [], fields: [] };
    return { ...common, body: null, branch: null, ...parts };
  }
}

function endingOf(status: number): Ending {
  if (status === 486 || status === 600) return { reason: 'busy', status, fault: null };
  if (status === 480 || status === 408 || status === 487) return { reason: 'unanswered', status, fault: null };
  const isDeclined = status === 603 || status === 403;
  return { reason: isDeclined ? 'declined' : 'refused', status, fault: null };
}

function noAck(): never {
  throw new SipPeerFault('answer-contradicts', 'only an INVITE has an ACK');
}

const IGNORING: Asker = { answered: () => undefined, timedOut: () => undefined };
/** Ends of one call that a proxy may have found. */
const MAX_FORKS = 16;
/** As long as a telephone rings at most. */
export const RING_MILLISECONDS = 180_000;
