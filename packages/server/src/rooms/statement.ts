import { equal } from '@sotto/bytes';
import { type Suites, sha256 } from '@sotto/crypto';
import {
  applyRosterStatement,
  changedRows,
  checkEntries,
  createRoom,
  currentEra,
  type Era,
  entryHash,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  type RoomState,
  type RosterStatement,
  rosterStatement,
  type StatementSubmission,
  type Witness,
} from '@sotto/protocol';
import type { NewEntry, Seal } from './entry.ts';

/** A statement that passed, with the state after it. */
export interface JudgedStatement {
  readonly statement: RosterStatement;
  readonly state: RoomState;
  readonly entry: NewEntry;
}

/** A statement that is to be judged. */
interface StatementCase {
  readonly submission: StatementSubmission;
  readonly witness: Witness;
  /** The entries that its device staged under a root; where nothing can be staged yet it is missing. */
  readonly staged?: ((root: Uint8Array) => Promise<readonly Uint8Array[]>) | undefined;
}

/**
 * Judges a room's next roster statement (`state` null: its create) with what lies beside it. More than readers, the
 * server demands that an era is valid and its sealed entries are those that were signed. Throws the faults of
 * `applyRosterStatement`, `era-table-invalid`, `era-parts-missing`, `roster-invalid`.
 */
export async function judgeStatement(
  suites: Suites,
  state: RoomState | null,
  { submission, witness, staged }: StatementCase,
): Promise<JudgedStatement> {
  const { envelope, rows } = submission;
  const statement = rosterStatement.parse(envelope.signed);
  const input = { envelope, rows, witness };
  const next = state === null ? await createRoom(suites, input) : await applyRosterStatement(suites, state, input);
  const era = eraOf(statement);
  const seals = era === null ? checkNewcomer(statement, submission) : await eraSeals(era, { submission, staged, next });
  const { author, device } = statement;
  const entry: NewEntry = {
    n: next.length - 1,
    kind: 'statement',
    signedHash: sha256(envelope.signed),
    logHash: next.hash,
    signed: envelope.signed,
    signature: envelope.signatures[0] as Uint8Array,
    author,
    device,
    seq: null,
    body: null,
    rows: era === null ? null : changedRows(state?.eras.at(-1)?.rows ?? [], currentEra(next).rows),
    seals,
    drops: [],
    blobs: [],
  };
  return { statement, state: next, entry };
}

/** The era that a statement starts, if it starts one. */
export function eraOf({ body }: RosterStatement): Era | null {
  return 'era' in body && typeof body.era === 'object' ? body.era : null;
}

/** Of a statement without an era: what it seals to a newcomer, and nothing else. */
function checkNewcomer(statement: RosterStatement, submission: StatementSubmission): Seal[] {
  if (submission.rows.length > 0) throw invalid('rows without an era');
  if (statement.type !== 'member.add' || statement.body.row === null) {
    if (submission.entries.length > 0) throw invalid('sealed entries that nobody asked for');
    return [];
  }
  const [sealed, ...more] = submission.entries;
  const { fingerprint, entry } = statement.body.row;
  if (sealed === undefined || more.length > 0) throw invalid("exactly the newcomer's entry is due");
  const leaf = entryHash(fingerprint, sealed);
  if (!equal(leaf, entry)) throw invalid('an entry that was not signed');
  return [{ fingerprint, sealed, leaf }];
}

async function eraSeals(
  era: Era,
  { submission, staged, next }: Pick<StatementCase, 'submission' | 'staged'> & { readonly next: RoomState },
): Promise<Seal[]> {
  const { rows, valid } = currentEra(next);
  if (!valid) throw new ProtocolPeerFault('era-table-invalid', 'an era for others than the members as they are now');
  const isStaged = submission.entries.length === 0 && staged !== undefined;
  const entries = isStaged ? await staged(era.entries) : submission.entries;
  if (isStaged && entries.length < rows.length) {
    throw new ProtocolPolicyFault('era-parts-missing', 'not every sealed entry was brought before the statement');
  }
  if (rows.length !== entries.length) throw invalid('one sealed entry for each row is due');
  const seals = rows.map(({ fingerprint }, index) => {
    const sealed = entries[index] as Uint8Array;
    return { fingerprint, sealed, leaf: entryHash(fingerprint, sealed) };
  });
  checkEntries(
    era,
    seals.map(({ leaf }) => leaf),
  );
  return seals;
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('roster-invalid', `roster: ${what}`);
}
