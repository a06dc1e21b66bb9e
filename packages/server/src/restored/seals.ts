import { type CborValue, encodeCbor, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  entriesRoot,
  entryHash,
  type LogEntry,
  type OriginalEntry,
  ProtocolPeerFault,
  type RosterStatement,
  rosterStatement,
  tableHash,
  verifyMerklePath,
} from '@sotto/protocol';
import { eraOf } from '../rooms/statement.ts';
import type { Database } from '../store/store.ts';

/**
 * Adds what returned entries seal: to the one who returns them, or from their author to everybody. Each seal is held
 * against what was signed; those that are there stay, and message keys of a body that was dropped stay away.
 */
export async function addSeals(
  database: Database,
  rowId: number,
  { returned, reader }: { readonly returned: readonly OriginalEntry[]; readonly reader: Uint8Array },
): Promise<void> {
  for (const original of returned) {
    const { n } = original.entry;
    if (original.entry.kind === 'record' && !(await hasBody(database, rowId, n))) continue;
    const rows = original.entry.kind === 'statement' ? statementSeals(original, reader) : recordSeals(original, reader);
    for (const row of rows) {
      await database
        .insertInto('room_seals')
        .values({ room_id: rowId, n, ...row })
        .onConflict((conflict) => conflict.columns(['room_id', 'n', 'position']).doNothing())
        .execute();
    }
  }
}

async function hasBody(database: Database, rowId: number, n: number): Promise<boolean> {
  const row = await database
    .selectFrom('room_entries')
    .select('n')
    .where('room_id', '=', rowId)
    .where('n', '=', n)
    .where('body', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

interface SealRow {
  readonly position: number;
  readonly fingerprint: Uint8Array;
  readonly sealed: Uint8Array;
  readonly leaf: Uint8Array;
  readonly path: Uint8Array | null;
}

type StatementEntry = LogEntry & { readonly kind: 'statement' };

function statementSeals({ entry, seals }: OriginalEntry, reader: Uint8Array): SealRow[] {
  if (entry.kind !== 'statement') return [];
  const statement = rosterStatement.parse(entry.envelope.signed);
  const sealed = sealedBy(statement, entry);
  if (sealed === null) return [];
  if (seals !== null) return allSeals(sealed, seals);
  if (entry.entry === null) return [];
  const { index, size, path } = entry.entry;
  const leaf = entryHash(reader, entry.entry.sealed);
  const isSigned = verifyMerklePath(leaf, path, { root: sealed.root, index, size });
  if (!isSigned || size !== sealed.readers.length || !equal(sealed.readers[index] ?? NOBODY, reader)) {
    throw invalid('a sealed entry that was not signed');
  }
  const kept = encodeCbor({ size, path } as unknown as CborValue);
  return [{ position: index, fingerprint: reader, sealed: entry.entry.sealed, leaf, path: kept }];
}

interface Sealed {
  readonly root: Uint8Array;
  /** In the order of their entries. */
  readonly readers: readonly Uint8Array[];
}

/** To whom a statement seals something, and the root over it; null if to nobody. */
function sealedBy(statement: RosterStatement, { rows }: StatementEntry): Sealed | null {
  const era = eraOf(statement);
  if (era !== null) {
    if (!equal(tableHash(rows), era.table)) throw invalid('rows that are not the table that was signed');
    return { root: era.entries, readers: rows.map(({ fingerprint }) => fingerprint) };
  }
  if (statement.type !== 'member.add' || statement.body.row === null) return null;
  const { fingerprint, entry } = statement.body.row;
  return { root: entry, readers: [fingerprint] };
}

function allSeals({ root, readers }: Sealed, seals: readonly Uint8Array[]): SealRow[] {
  if (seals.length !== readers.length) throw invalid('one sealed entry for each row is due');
  const rows = readers.map((fingerprint, position) => {
    const sealed = seals[position] as Uint8Array;
    return { position, fingerprint, sealed, leaf: entryHash(fingerprint, sealed), path: null };
  });
  if (!equal(entriesRoot(rows.map(({ leaf }) => leaf)), root)) throw invalid('sealed entries that were not signed');
  return rows;
}

function recordSeals({ entry, seals }: OriginalEntry, reader: Uint8Array): SealRow[] {
  if (entry.kind !== 'record' || entry.keyRows === null) return [];
  const rows: SealRow[] = [];
  for (const [position, { fingerprint, hash }] of entry.keyRows.entries()) {
    const own = equal(fingerprint, reader) ? entry.sealedKey : null;
    const sealed = seals?.[position] ?? own;
    if (sealed === null) continue;
    if (!equal(sha256(sealed), hash)) throw invalid('a message key that was not signed');
    rows.push({ position, fingerprint, sealed, leaf: new Uint8Array(), path: null });
  }
  return rows;
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('log-broken', what);
}

const NOBODY = new Uint8Array();
