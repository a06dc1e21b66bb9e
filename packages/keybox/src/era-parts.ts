import { Fault } from '@sotto/bytes';
import { type RosterStatement, rosterStatement, type StatementSubmission } from '@sotto/protocol';
import type { Session } from './session.ts';

/**
 * Hands a statement in. Where the sealed entries of its era do not fit beside it they go before it, in parts; parts that
 * the server has no more are brought again. Throws what `rooms.append` and `eras.stage` throw.
 */
export async function handIn(
  { link }: Pick<Session, 'link'>,
  room: Uint8Array,
  { statement, maxBytes = MAX_REQUEST_BYTES }: { readonly statement: StatementSubmission; readonly maxBytes?: number },
): Promise<{ readonly n: number }> {
  if (sizeOf(statement) <= maxBytes) return link.call('rooms.append', { room, statement });
  const root = rootOf(rosterStatement.parse(statement.envelope.signed));
  for (let attempt = 1; ; attempt++) {
    for (const part of parts(statement.entries, maxBytes)) await link.call('eras.stage', { room, root, ...part });
    try {
      return await link.call('rooms.append', { room, statement: { ...statement, entries: [] } });
    } catch (cause) {
      const isGone = cause instanceof Fault && cause.code === 'era-parts-missing';
      if (!isGone || attempt === MAX_ATTEMPTS) throw cause;
    }
  }
}

interface Part {
  readonly from: number;
  readonly entries: readonly Uint8Array[];
}

/** The entries in portions that fit a frame. */
function parts(entries: readonly Uint8Array[], maxBytes: number): readonly Part[] {
  const made: Part[] = [];
  let from = 0;
  let bytes = 0;
  for (const [index, { length }] of entries.entries()) {
    if (index > from && bytes + length > maxBytes) {
      made.push({ from, entries: entries.slice(from, index) });
      [from, bytes] = [index, 0];
    }
    bytes += length + ITEM_BYTES;
  }
  return [...made, { from, entries: entries.slice(from) }];
}

function sizeOf({ envelope, rows, entries }: StatementSubmission): number {
  const items = [envelope.signed, ...envelope.signatures, ...entries];
  return items.reduce((sum, { length }) => sum + length + ITEM_BYTES, rows.length * ROW_BYTES);
}

/** Only an era brings many entries. */
function rootOf({ body }: RosterStatement): Uint8Array {
  if ('era' in body && typeof body.era === 'object' && body.era !== null) return body.era.entries;
  throw new TypeError('a statement without an era is small');
}

const MAX_ATTEMPTS = 3;
/** A frame has 256 KiB. */
const MAX_REQUEST_BYTES = 200 * 1024;
const ITEM_BYTES = 5;
/** Of a row of an era's table, encoded. */
const ROW_BYTES = 120;
