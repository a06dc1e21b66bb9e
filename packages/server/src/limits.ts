/** What one server takes before it refuses; the defaults suit a machine with a few thousand people. */
export interface ServerLimits {
  /** Channels at a time, and those of one source: a household or an office behind one address fits. */
  readonly sessions: number;
  readonly sessionsPerSource: number;
  /** Until a client has said who it is. */
  readonly helloMilliseconds: number;
  /** For the whole handshake: a passphrase may be stretched on a slow machine meanwhile. */
  readonly handshakeMilliseconds: number;
  /** After this much silence a client is asked whether it is there, and cut if it does not answer in the same time. */
  readonly idleMilliseconds: number;
  /** How long a stop waits for what is in flight. */
  readonly stopMilliseconds: number;
  /** Requests of anonymous channels by source. */
  readonly anonymousRequests: TokenBucketLimits;
  /** Look-ups of invitations over REST by source. */
  readonly invitationLooks: TokenBucketLimits;
  /** How long changes of an account's presence gather before its contacts are told. */
  readonly presenceGatherMilliseconds: number;
  /** Announcements of presence by account; beyond, only the newest waits. */
  readonly presenceAnnouncements: TokenBucketLimits;
  /** Time between one epoch of the transparency log and the next. */
  readonly epochMilliseconds: number;
  readonly blobs: BlobLimits;
}

export interface BlobLimits {
  /** What one account may have uploaded, and be uploading, at a time. */
  readonly bytesPerAccount: number;
  readonly uploadsPerAccount: number;
  /** How long a capability is good. */
  readonly capabilityMilliseconds: number;
  /** How long an upload waits to be gone on with. */
  readonly uploadMilliseconds: number;
  /** How long a blob waits for the record that names it. */
  readonly claimMilliseconds: number;
  /** How old a file is that the database knows nothing of before it is removed. */
  readonly strayMilliseconds: number;
}

export interface TokenBucketLimits {
  /** Tokens at first, and at most. */
  readonly burst: number;
  readonly perSecond: number;
}

export const defaultLimits: ServerLimits = Object.freeze({
  sessions: 20_000,
  sessionsPerSource: 1_000,
  helloMilliseconds: 10_000,
  handshakeMilliseconds: 60_000,
  idleMilliseconds: 30_000,
  stopMilliseconds: 10_000,
  anonymousRequests: Object.freeze({ burst: 600, perSecond: 10 }),
  invitationLooks: Object.freeze({ burst: 30, perSecond: 0.5 }),
  presenceGatherMilliseconds: 1_000,
  presenceAnnouncements: Object.freeze({ burst: 10, perSecond: 0.1 }),
  epochMilliseconds: 2_000,
  blobs: Object.freeze({
    bytesPerAccount: 100 * 2 ** 30,
    uploadsPerAccount: 64,
    capabilityMilliseconds: 3_600_000,
    uploadMilliseconds: 7 * 24 * 3_600_000,
    claimMilliseconds: 7 * 24 * 3_600_000,
    strayMilliseconds: 24 * 3_600_000,
  }),
});

/** Requests of one channel that wait their turn before its socket is read no further. */
export const MAX_WAITING_REQUESTS = 32;

/** Bytes that a slow reader may leave unread before its next request has to wait. */
export const MAX_UNREAD_BYTES: number = 1024 * 1024;

/** Rooms with news that a slow reader may leave unread; beyond, it starts anew from its cursors. */
export const MAX_WAITING_EVENTS = 4096;

/** Signals of calls that a slow reader may leave unread. */
export const MAX_WAITING_SIGNALS = 64;

/** ClientHello, Authenticate, Confirm, Finished; what comes behind them waits for the handshake's end. */
export const MAX_HANDSHAKE_MESSAGES = 4;

/** The largest message of a handshake is a ServerHello or a sealed session key; a client's are smaller. */
export const MAX_HANDSHAKE_MESSAGE_BYTES: number = 16 * 1024;

/** All header lines of one HTTP request. */
export const MAX_HEADER_BYTES: number = 8 * 1024;
