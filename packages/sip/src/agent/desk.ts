import type { Message } from '../syntax/message.ts';
import type { RequestLine } from '../syntax/start-line.ts';
import type { SipEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import type { Identity } from './identity.ts';

/** What the calls of an agent work with. */
export interface Desk {
  readonly identity: Identity;
  readonly exchange: Exchange;
  emit(event: SipEvent): void;
}

/** A call in one of its states; each has its own class. */
export interface CallState {
  /** The person at this end does not want it, or no more. */
  hangUp(now: number): void;
  /** When `tick` is due; null for not at all. */
  readonly nextTickAt: number | null;
  tick(now: number): void;
}

export type Request = Message<RequestLine>;
