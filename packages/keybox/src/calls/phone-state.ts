import type { SignalContent } from '@sotto/protocol';
import type { CallMarks, CallOutcome, CallPhase } from './views.ts';

/** A device of an account; both in hexadecimal. */
export interface Party {
  readonly account: string;
  readonly device: string;
}

/** One call, as far as it can be judged without keys, addresses or sound. */
export interface Call {
  /** Hexadecimal. */
  readonly token: string;
  readonly direction: 'in' | 'out';
  /** Fingerprint of the other account. */
  readonly peer: string;
  /** Of whoever calls us, or of whose answer was taken; null until then. */
  readonly peerDevice: string | null;
  /** Hash of the answer that this device gave, or took. */
  readonly answer: string | null;
  readonly phase: CallPhase;
  readonly outcome: CallOutcome | null;
  readonly code: string | null;
  /** The first refusal while the other end was waited for: what it comes to nothing by, if it does. */
  readonly doubt: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** When the phase ends of itself. */
  readonly dueAt: number;
  /** When offer or answer are sent once more. */
  readonly resendAt: number;
  readonly rings: boolean;
  readonly own: CallMarks;
  readonly theirs: CallMarks;
  /** Of the notice in force. */
  readonly noticeSeq: number;
  /** The call in which this one went on, for both had called at once. */
  readonly mergedInto: string | null;
  /** What was taken already, as device and seq. */
  readonly heard: ReadonlySet<string>;
}

/** Everything that a device knows of its calls; never changed, only replaced. */
export interface Phone {
  readonly own: Party;
  /** Those that ended stay for a while, so that what comes late finds them over. */
  readonly calls: ReadonlyMap<string, Call>;
  /** Calls that were cancelled before their offer came, with the time until which they are remembered. */
  readonly voided: ReadonlyMap<string, number>;
  /** When each account rang lately. */
  readonly rings: ReadonlyMap<string, readonly number[]>;
}

/** What somebody says, after it was opened and its author found to be who he says. */
export type Heard =
  | { readonly kind: 'offer'; readonly callee: string }
  | { readonly kind: 'answer'; readonly hash: string }
  | { readonly kind: 'taken'; readonly device: string; readonly answer: string }
  | { readonly kind: 'cancel' | 'ringing' | 'decline' | 'busy' | 'candidates' }
  | { readonly kind: 'end'; readonly reason: SignalContent<'end'>['reason'] }
  | ({ readonly kind: 'notice' } & CallMarks);

/** That about the call of the token, from a device; `seq` counts what that device said in it. */
export interface Message {
  readonly token: string;
  readonly from: Party;
  readonly seq: number;
  readonly said: Heard;
}

export type PhoneInput =
  | { readonly do: 'place'; readonly token: string; readonly peer: string }
  /** `hash` is that of the answer, as it will be sent. */
  | { readonly do: 'answer'; readonly token: string; readonly hash: string }
  /** The same for a call that was merged into, and so is answered already. */
  | { readonly do: 'answered'; readonly token: string; readonly hash: string }
  | { readonly do: 'decline' | 'hang-up' | 'connected'; readonly token: string }
  | { readonly do: 'mark'; readonly token: string; readonly marks: CallMarks }
  | { readonly do: 'fail'; readonly token: string; readonly code: string }
  /** Something that came for a call was refused. */
  | { readonly do: 'doubt'; readonly code: string }
  /** A device is not its account's any more. */
  | { readonly do: 'revoke'; readonly party: Party }
  | ({ readonly do: 'hear' } & Message)
  | { readonly do: 'tick' };

export type PhoneEffect =
  | { readonly do: 'send'; readonly token: string; readonly say: Said }
  | { readonly do: 'resend'; readonly token: string; readonly what: 'offer' | 'answer' }
  /** Both called at once: the other end's call is answered with what was opened for the own one. */
  | { readonly do: 'merge'; readonly token: string; readonly into: string }
  /** An answer was taken: media may begin. */
  | { readonly do: 'attach'; readonly token: string }
  | { readonly do: 'candidates'; readonly token: string }
  | { readonly do: 'changed'; readonly token: string }
  | { readonly do: 'refuse'; readonly code: 'call-flood' | 'call-dialog' | 'call-transcript' };

export type Said =
  | { readonly kind: 'ringing' | 'decline' | 'busy' }
  | { readonly kind: 'taken'; readonly device: string; readonly answer: string }
  | { readonly kind: 'cancel'; readonly reason: SignalContent<'cancel'>['reason'] }
  | { readonly kind: 'end'; readonly reason: SignalContent<'end'>['reason'] }
  | ({ readonly kind: 'notice' } & CallMarks);

export interface Step {
  readonly phone: Phone;
  readonly effects: readonly PhoneEffect[];
}

export function newPhone(own: Party): Phone {
  return { own, calls: new Map(), voided: new Map(), rings: new Map() };
}

export const isLive = ({ phase }: Call): boolean => phase !== 'ended';

/** In a call, or waiting for one that was placed. */
export function isBusy({ calls }: Phone): boolean {
  return [...calls.values()].some((call) => isLive(call) && call.phase !== 'ringing');
}

/** The phone with a call as it is now. */
export function withCall(phone: Phone, call: Call): Phone {
  return { ...phone, calls: new Map(phone.calls).set(call.token, call) };
}

/** The phone that will let no call of the token ring. */
export function withVoided(phone: Phone, token: string, now: number): Phone {
  const voided = new Map([...phone.voided].slice(-MAX_VOIDED)).set(token, now + MEMORY_MILLISECONDS);
  return { ...phone, voided };
}

export function newCall(facts: Pick<Call, 'token' | 'direction' | 'peer' | 'peerDevice' | 'phase'>, now: number): Call {
  const quiet = { held: false, muted: false };
  return {
    ...facts,
    ...{ answer: null, outcome: null, code: null, doubt: null, startedAt: now, answeredAt: null, endedAt: null },
    ...{ dueAt: now + RING_MILLISECONDS, resendAt: Number.POSITIVE_INFINITY, rings: false },
    ...{ own: quiet, theirs: quiet, noticeSeq: -1, mergedInto: null, heard: new Set() },
  };
}

export function ended(call: Call, now: number, how: Pick<Call, 'outcome'> & Partial<Call>): Call {
  const never = Number.POSITIVE_INFINITY;
  return { ...call, phase: 'ended', endedAt: now, dueAt: now + MEMORY_MILLISECONDS, resendAt: never, ...how };
}

/** How long an offer is good, and rings. */
const RING_MILLISECONDS = 60_000;
/** From an answer to the keys of the media. */
export const CONNECT_MILLISECONDS = 30_000;
export const OFFER_AGAIN_MILLISECONDS = 10_000;
export const ANSWER_AGAIN_MILLISECONDS = 3_000;
/** How long a call is remembered that is over: longer than any message of it is taken. */
const MEMORY_MILLISECONDS = 300_000;
const MAX_VOIDED = 256;
export const MAX_RINGING = 4;
export const MAX_RINGS_PER_MINUTE = 5;
