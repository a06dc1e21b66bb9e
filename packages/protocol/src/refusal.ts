import { BugFault, type Fault } from '@sotto/bytes';

/**
 * What a reader does with an entry that does not pass. `skip`: the position counts and nothing else does; every reader
 * decides so, because the signed bytes alone decide. `wait`: read what is missing (a chain, a record) or ask for the
 * entry again, then judge anew; nothing after it is judged before. `halt`: stop sending and keep the evidence.
 */
export type Refusal = 'skip' | 'wait' | 'halt';

/**
 * The refusal that a fault of `applyRosterStatement`, `createRoom` or `applyRecord` calls for. What the log's hash does
 * not cover (signatures, bodies, tables) is the server's word: with it a server could make one reader skip the removal
 * of a member while all heads agree. So no statement is skipped for it, and a record only after it was asked for again.
 */
export function refusalOf(fault: Fault, kind: 'statement' | 'record'): Refusal {
  if (fault instanceof BugFault) return 'halt';
  if (WAITING.has(fault.code)) return 'wait';
  if (HALTING.has(fault.code)) return 'halt';
  return kind === 'statement' && UNDECIDED.has(fault.code) ? 'halt' : 'skip';
}

const WAITING: ReadonlySet<string> = new Set(['pending-chain', 'seq-gap', 'log-broken']);
const HALTING: ReadonlySet<string> = new Set(['room-forked', 'rollback', 'identity-conflict', 'suite-unknown']);
const UNDECIDED: ReadonlySet<string> = new Set([
  'bad-signature',
  'key-malformed',
  'format-unsupported',
  'cbor-too-large',
]);
