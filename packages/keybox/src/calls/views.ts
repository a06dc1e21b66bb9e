import type { Address, MediaProfile } from '@sotto/protocol';

/** Where an end of a call may be reached: an IPv4 or IPv6 address as text, and a UDP port from 1024. */
export interface MediaCandidate {
  readonly address: string;
  readonly port: number;
}

/** What a program has opened for a call before it places or answers it; docs/spec/call.md. */
export interface CallMedia {
  /** `helloHash` of its ZRTP stream. */
  readonly zrtpHash: string;
  /** SSRCs of its RTP streams, 1 to 4 of them, none 0. */
  readonly sources: readonly number[];
  /** Its own addresses, at most 16. Of loopback and private ones only what it is ready to reach at the other end. */
  readonly candidates: readonly MediaCandidate[];
  readonly profile: MediaProfile;
}

/** What ZRTP and RTP are started with, once a call is `connecting`. */
export interface CallAgreement {
  /** The other end's; `candidates` are those that may be tried. */
  readonly peer: CallMedia;
  /** What both ends obey: `low-bandwidth` if one of them wants it. */
  readonly profile: MediaProfile;
  /** 32 bytes, for ZRTP's auxsecret: without a match there the call must be failed as `auxiliary-mismatch`. The caller's own copy. */
  readonly auxSecret: Uint8Array;
  readonly isCaller: boolean;
}

export type CallPhase = 'calling' | 'ringing' | 'connecting' | 'active' | 'ended';

export type CallOutcome = 'answered' | 'declined' | 'busy' | 'missed' | 'cancelled' | 'elsewhere' | 'failed';

/** A call as its program shows it. */
export interface CallView {
  /** Of this call on this device. */
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly address: Address;
  /** The name of the device at the other end; null until one has answered. */
  readonly device: string | null;
  /** Whether the other account's keys were compared. */
  readonly verified: boolean;
  readonly phase: CallPhase;
  /** Of a call that is placed: whether a device rings at the other end. */
  readonly rings: boolean;
  readonly own: CallMarks;
  readonly theirs: CallMarks;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Null until it has ended. */
  readonly outcome: CallOutcome | null;
  /** Why it failed, or `call-unheard` for one that no device of the other end said to ring; null without a named reason. */
  readonly code: string | null;
}

export interface CallMarks {
  readonly held: boolean;
  readonly muted: boolean;
}

/** What is told about calls, each with the call as it is then. */
export type CallEvent =
  /** Somebody calls: `answer`, `decline`, or let it ring. */
  | { readonly kind: 'incoming'; readonly call: CallView }
  /** Anything else about a call is other than before; from `connecting` on `media` answers, with `ended` the media stops. */
  | { readonly kind: 'changed'; readonly call: CallView }
  /** More addresses of the other end. */
  | { readonly kind: 'candidates'; readonly call: CallView; readonly candidates: readonly MediaCandidate[] }
  /** Something that came for a call was not genuine, or not for here: it changed nothing. */
  | { readonly kind: 'refused'; readonly code: string };

/** A line of the call log. */
export interface CallLogView {
  readonly direction: 'in' | 'out';
  readonly address: Address;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly outcome: CallOutcome;
}

/** With whom a call is: an account, or a softphone by what is before and behind the @ of its URI, which proves nothing. */
export type CallPartner = Address | { readonly softphone: string };

/** What ZRTP kept of earlier calls with one installation of an account. */
export interface RetainedSecrets {
  readonly rs1: Uint8Array;
  readonly rs2: Uint8Array | null;
  /** Whether the two have compared the short string of a call that led to rs1. */
  readonly verified: boolean;
}
