import type { Primitives, Suites } from '@sotto/crypto';
import type { OperationInput, OperationName, OperationOutput, Operations, ServerEvent } from '@sotto/protocol';
import type { Blobs } from './blobs/blobs.ts';
import type { Cluster } from './cluster.ts';
import type { PresenceBoard } from './presence/board.ts';
import type { SessionBook } from './sessions/registry.ts';
import type { Store } from './store/store.ts';
import type { TransparencyLog } from './transparency/log.ts';

/** Who speaks on a channel. */
export type Session =
  | { readonly kind: 'anonymous' }
  /** OPAQUE sign-in; may finish a sign-up or fetch the vault blob, nothing else. */
  | { readonly kind: 'account'; readonly accountId: number }
  | (DeviceIdentity & { readonly kind: 'device' })
  /** A device that its account revoked: it may learn so from the chain, and nothing else. */
  | (DeviceIdentity & { readonly kind: 'revoked' });

interface DeviceIdentity {
  readonly accountId: number;
  readonly fingerprint: Uint8Array;
  readonly deviceId: Uint8Array;
}

/** What every handler is given: the same for all operations. */
export interface HandlerContext {
  readonly session: Session;
  readonly store: Store;
  readonly cluster: Cluster;
  readonly blobs: Blobs;
  readonly suites: Suites;
  readonly primitives: Primitives;
  readonly presence: PresenceBoard;
  readonly transparency: TransparencyLog;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Tells every connected device of the account; call it only after the commit that makes the hint true. */
  notify(accountId: number, event: ServerEvent): void;
  /** The sessions that are open, for their administration. */
  readonly sessions: SessionBook;
}

/** One operation's handler; throws typed faults of `@sotto/protocol`, which travel to the caller as their codes. */
export type Handler<Name extends OperationName> = (
  input: OperationInput<Operations[Name]>,
  context: HandlerContext,
) => Promise<OperationOutput<Operations[Name]>>;

export type Handlers = { readonly [Name in OperationName]: Handler<Name> };
