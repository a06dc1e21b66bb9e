import { Fault } from '@sotto/bytes';
import { SipPolicyFault } from '../fault.ts';
import { checkReach, encodeAnswer, type LocalMedia, parseOffer, type RemoteMedia } from '../session/media.ts';
import type { CallState, Desk, Request } from './desk.ts';
import { type Dialog, isWithin } from './dialog.ts';
import type { Ending, Hop } from './event.ts';
import type { Answerer, Asker } from './exchange.ts';
import { encodeResponse, type ResponseOptions, replyHop } from './response.ts';
import { ACCEPT, ALLOW } from './screening.ts';

export interface TalkOptions {
  readonly call: number;
  readonly dialog: Dialog;
  readonly local: LocalMedia;
  readonly remote: RemoteMedia;
  /** Of the INVITE of the other end that made it; null if it was ours. */
  readonly inviteKey: string | null;
}

/** A call that both ends have taken (RFC 3261 sections 12.2, 14 and 15). */
export class Talk implements CallState, Answerer, Asker {
  readonly #desk: Desk;
  readonly #options: TalkOptions;
  #dialog: Dialog;
  #version = 1;
  /** The last INVITE of the other end, and whether its ACK has come. */
  #inviteKey: string | null;
  #isAcknowledged: boolean;
  #hasEnded = false;
  #isByePending = false;

  constructor(desk: Desk, options: TalkOptions) {
    this.#desk = desk;
    this.#options = options;
    this.#dialog = options.dialog;
    this.#inviteKey = options.inviteKey;
    this.#isAcknowledged = options.inviteKey === null;
  }

  readonly nextTickAt = null;

  tick(): void {
    // Its transactions have the timers.
  }

  owns(request: Request): boolean {
    return !this.#hasEnded && isWithin(request, this.#dialog);
  }

  hangUp(now: number): void {
    this.#leave({ reason: 'hung-up', status: null, fault: null }, now);
  }

  get callId(): string {
    return this.#dialog.callId;
  }

  /** A request of the other end within the dialog; ACK apart. */
  take(request: Request, source: Hop, now: number): void {
    const { method } = request.start;
    // An old number is a late or repeated message (RFC 3261 section 12.2.2).
    const isOld = request.cseq.number <= (this.#dialog.remoteSequence ?? -1);
    if (!isOld) this.#dialog = { ...this.#dialog, remoteSequence: request.cseq.number };
    if (isOld || (method === 'INVITE' && !this.#isAcknowledged)) this.#reply(request, source, { status: 500 });
    else if (method === 'INVITE') this.#takeOffer(request, source, now);
    else if (method === 'BYE') this.#takeBye(request, source, now);
    else this.#reply(request, source, { status: 200, fields: [ALLOW, ACCEPT] });
  }

  acknowledged(now: number): void {
    const isFirst = !this.#isAcknowledged && this.#inviteKey === this.#options.inviteKey;
    this.#isAcknowledged = true;
    if (this.#isByePending) this.#sayBye(now);
    else if (isFirst && !this.#hasEnded) this.#desk.emit({ kind: 'confirmed', call: this.#options.call });
  }

  /** Nobody knows that we took it. */
  unacknowledged(now: number): void {
    this.#isAcknowledged = true;
    if (this.#isByePending) this.#sayBye(now);
    else this.#leave({ reason: 'unanswered', status: null, fault: null }, now);
  }

  answered(): void {
    // Whatever is said to a BYE, the call is over.
  }

  timedOut(): void {
    // The same.
  }

  #takeBye(request: Request, source: Hop, now: number): void {
    const response = encodeResponse(request, source, { status: 200, ...PLAIN });
    this.#desk.exchange.serve(request, replyHop(request, source), response, now);
    this.#end({ reason: 'hung-up', status: null, fault: null });
  }

  /** A new offer in mid-call may hold the call or move it; it may not take its protection (RFC 3264 section 8). */
  #takeOffer(request: Request, source: Hop, now: number): void {
    try {
      const media = parseOffer(request.body);
      checkReach(media, this.#dialog.hop.address);
      if (media.helloHash !== this.#options.remote.helloHash || media.payloadType !== this.#options.remote.payloadType)
        throw new SipPolicyFault('media-unprotected', 'an offer in mid-call under other keys');
      const id = { sessionId: '1', version: this.#version + 1 };
      this.#agree(request, source, { body: encodeAnswer(request.body, this.#options.local, id), now });
      this.#version += 1;
      this.#desk.emit({ kind: 'updated', call: this.#options.call, media });
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.#reply(request, source, { status: 488 });
      this.#desk.emit({ kind: 'refused', call: this.#options.call, fault: cause });
    }
  }

  #agree(request: Request, source: Hop, answer: { body: Uint8Array<ArrayBuffer>; now: number }): void {
    const { exchange, identity } = this.#desk;
    if (this.#inviteKey !== null) exchange.forget(this.#inviteKey);
    this.#inviteKey = exchange.serveInvite(request, replyHop(request, source), this);
    this.#isAcknowledged = false;
    const contact = identity.contact(source);
    const response = encodeResponse(request, source, { ...PLAIN, status: 200, contact, body: answer.body });
    exchange.respond(this.#inviteKey, 200, response, answer.now);
  }

  #reply(request: Request, source: Hop, options: Pick<ResponseOptions, 'status'> & Partial<ResponseOptions>): void {
    const bytes = encodeResponse(request, source, { ...PLAIN, ...options });
    this.#desk.emit({ kind: 'send', hop: replyHop(request, source), bytes });
  }

  /** Who has not heard yet that we took the call would not understand that it is over (RFC 3261 section 15). */
  #leave(ending: Ending, now: number): void {
    if (this.#hasEnded) return;
    if (this.#isAcknowledged) this.#sayBye(now);
    else this.#isByePending = true;
    this.#end(ending);
  }

  #sayBye(now: number): void {
    this.#isByePending = false;
    const { identity, exchange } = this.#desk;
    const sequence = this.#dialog.localSequence + 1;
    const request = identity.requestWithin(this.#dialog, 'BYE', sequence);
    const sent = { request, hop: this.#dialog.hop, asker: this, acknowledge: () => request.bytes };
    exchange.ask('BYE', sent, now);
  }

  #end(ending: Ending): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#desk.emit({ kind: 'ended', call: this.#options.call, ending });
  }
}

const PLAIN: Omit<ResponseOptions, 'status'> = { tag: null, contact: null, fields: [], body: null };
