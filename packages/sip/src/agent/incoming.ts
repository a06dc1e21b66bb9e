import { encodeAnswer, type LocalMedia, type RemoteMedia } from '../session/media.ts';
import type { CallState, Desk, Request } from './desk.ts';
import { dialogOfRequest } from './dialog.ts';
import type { Ending, Hop } from './event.ts';
import type { Answerer } from './exchange.ts';
import { RING_MILLISECONDS } from './outgoing.ts';
import { encodeResponse, type ResponseOptions, replyHop } from './response.ts';
import { Talk } from './talk.ts';

export interface IncomingOptions {
  readonly call: number;
  /** With an offer that can be protected. */
  readonly request: Request;
  readonly source: Hop;
  readonly media: RemoteMedia;
  /** We took the call. */
  established(talk: Talk): void;
}

/** A call of the other end until it is answered (RFC 3261 sections 9.2 and 13.3). */
export class Incoming implements CallState, Answerer {
  readonly #desk: Desk;
  readonly #options: IncomingOptions;
  readonly #tag: string;
  readonly #key: string;
  readonly #giveUpAt: number;
  #isOpen = true;
  #talk: Talk | null = null;

  /** It rings at once. */
  constructor(desk: Desk, options: IncomingOptions, now: number) {
    this.#desk = desk;
    this.#options = options;
    const { request, source } = options;
    this.#tag = desk.identity.token();
    this.#giveUpAt = now + RING_MILLISECONDS;
    this.#key = desk.exchange.serveInvite(request, replyHop(request, source), this);
    this.#respond({ status: 180 }, now);
  }

  /** Of the INVITE, which a CANCEL names, too. */
  get key(): string {
    return this.#key;
  }

  /** Throws `not-sendable`. */
  accept(local: LocalMedia, now: number): void {
    const { call, request, source, media: remote, established } = this.#options;
    const body = encodeAnswer(request.body, local, { sessionId: '1', version: 1 });
    const dialog = dialogOfRequest(request, this.#tag, source);
    this.#isOpen = false;
    this.#talk = new Talk(this.#desk, { call, dialog, local, remote, inviteKey: this.#key });
    established(this.#talk);
    this.#respond({ status: 200, body }, now);
  }

  acknowledged(now: number): void {
    this.#talk?.acknowledged(now);
  }

  unacknowledged(now: number): void {
    this.#talk?.unacknowledged(now);
  }

  hangUp(now: number): void {
    this.#refuse(603, { reason: 'declined', status: null, fault: null }, now);
  }

  refuseAsBusy(now: number): void {
    this.#refuse(486, { reason: 'busy', status: null, fault: null }, now);
  }

  /** The caller does not want it any more. */
  cancel(now: number): void {
    this.#refuse(487, { reason: 'cancelled', status: null, fault: null }, now);
  }

  get nextTickAt(): number | null {
    return this.#isOpen ? this.#giveUpAt : null;
  }

  tick(now: number): void {
    if (now >= this.#giveUpAt) this.#refuse(480, { reason: 'unanswered', status: null, fault: null }, now);
  }

  #refuse(status: number, ending: Ending, now: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#respond({ status }, now);
    this.#desk.emit({ kind: 'ended', call: this.#options.call, ending });
  }

  #respond({ status, body = null }: Pick<ResponseOptions, 'status'> & Partial<ResponseOptions>, now: number): void {
    const { request, source } = this.#options;
    const contact = status < 300 ? this.#desk.identity.contact(source) : null;
    const response = encodeResponse(request, source, { status, tag: this.#tag, contact, fields: [], body });
    this.#desk.exchange.respond(this.#key, status, response, now);
  }
}
