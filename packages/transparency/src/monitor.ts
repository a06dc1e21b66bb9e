import { equal, Fault } from '@sotto/bytes';
import type { Checkpoint } from './checkpoint.ts';
import type { MapEntry } from './entry.ts';
import { TransparencyPeerFault } from './fault.ts';
import { verifyConsistency } from './merkle-log.ts';

/**
 * Checks that a log that showed `known` may show `shown` after it. A log of a higher incarnation begins anew and proves
 * nothing of the earlier one. Throws `rollback` for a smaller one or one of an earlier incarnation, and `split-view` if it
 * is another log, or is not proven to be the same.
 */
export function followLog(known: Checkpoint, shown: Checkpoint, proof: readonly Uint8Array[]): void {
  if (shown.incarnation > known.incarnation) return;
  if (shown.incarnation < known.incarnation || shown.size < known.size) throw rollback();
  compareCheckpoints(known, shown, proof);
}

/** Checks that of two checkpoints of one log the larger has grown out of the smaller. Throws `split-view`. */
export function compareCheckpoints(one: Checkpoint, other: Checkpoint, proof: readonly Uint8Array[]): void {
  const [from, to] = one.size <= other.size ? [one, other] : [other, one];
  if (from.size === to.size) {
    if (equal(from.root, to.root)) return;
    throw splitView('two checkpoints of one size have different roots');
  }
  try {
    verifyConsistency(from, to, proof);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'proof-invalid') throw cause;
    throw splitView('the log did not grow out of what it was before', cause);
  }
}

/** A sigchain as somebody knows it who verified it. */
export interface KnownChain {
  readonly account: Uint8Array;
  readonly length: number;
  /** Hash of the statement with which the chain had that length; null if it is not known so far. */
  hashAt(length: number): Uint8Array | null;
}

/**
 * How an entry of the log stands to the chain that is known: `current`, `behind` (statements are not in the log yet),
 * `ahead` (the log knows more of them), or `absent`. Throws `split-view` for an entry of another account, or of another
 * past.
 */
export function judgeEntry(entry: MapEntry | null, chain: KnownChain): EntryState {
  if (entry === null) return 'absent';
  if (!equal(entry.account, chain.account)) throw splitView('the log names another account for the address');
  if (entry.length > chain.length) return 'ahead';
  const hash = chain.hashAt(entry.length);
  if (hash === null || !equal(hash, entry.hash)) throw splitView('the log names another past of the account');
  return entry.length === chain.length ? 'current' : 'behind';
}

export type EntryState = 'current' | 'behind' | 'ahead' | 'absent';

/** Checks that an entry did not go back from one epoch to a later one. Throws `rollback`. */
export function checkGrowth(earlier: MapEntry | null, later: MapEntry | null): void {
  if (earlier !== null && (later === null || later.length < earlier.length)) throw rollback();
}

function rollback(): TransparencyPeerFault {
  return new TransparencyPeerFault('rollback', 'the log shows an older state than it signed before');
}

function splitView(message: string, cause?: unknown): TransparencyPeerFault {
  return new TransparencyPeerFault('split-view', message, { cause });
}
