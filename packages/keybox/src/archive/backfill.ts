import { equal, type Fault, hex } from '@sotto/bytes';
import { type LogEntry, logHash } from '@sotto/protocol';
import { evidence } from '../heads.ts';
import { settle } from '../inbox.ts';
import type { SqlStatement } from '../ports.ts';
import { reopenRecords } from '../reopen.ts';
import { RoomBatch, type RoomReader } from '../room-batch.ts';
import { broken } from '../room-judge.ts';
import { type Ahead, type KeptRoom, readRoom } from '../room-store.ts';
import { limitsOf } from './limits.ts';
import { forgetAhead, forgetBelow, readStretches, type Stretch, voidAhead } from './store.ts';

/**
 * Judges and keeps the next page of a room whose skeleton is known, in one transaction; null when nothing is left. The
 * page's entries must be those of the skeleton, which leads to a signed head: so each page stands on its own. Throws why
 * judging halts, after what stands before it is kept; `log-broken`.
 */
export async function fetchPage(reader: RoomReader, id: Uint8Array): Promise<KeptRoom | null> {
  const { heads } = reader;
  const { keys, clock } = reader.session;
  const kept = await readRoom(keys, id);
  if (kept === null || kept.ahead === null) return null;
  const { ahead, judged } = kept;
  const batch = new RoomBatch(reader, id, kept);
  const entries = await readPage(reader, kept);
  for (const entry of entries) await batch.take(entry);
  const to = judged.length + entries.length;
  const stretches = await readStretches(keys, id, { from: judged.length, to });
  if (!equal(batch.extent.hash, expectedHash(kept, stretches, to))) {
    throw broken('entries that are not those of the skeleton');
  }
  const judgedTo = batch.state?.length ?? 0;
  const isDone = judgedTo >= ahead.length;
  const lied = liedAbout(batch, stretches);
  if (lied !== null) batch.tell({ event: 'refused/skeleton', room: hex(id), reason: lied.message }, lied);
  await batch.commit({
    before: takesBack(id, ahead, { from: judged.length, to, batch, lied: lied !== null }),
    after: [
      ...(isDone ? forgetAhead(id) : [forgetBelow(id, judgedTo)]),
      ...(!isDone && (lied !== null || batch.halt !== null) ? [voidAhead(id)] : []),
    ],
  });
  const { halt } = batch;
  if (halt?.seen != null) {
    const head = await heads.newest({ kind: 'room', id });
    const both = head === null ? [halt.seen] : [halt.seen, head];
    await keys.apply([evidence(clock.now(), { kind: 'room', id }, { code: halt.fault.code, heads: both })]);
  }
  if (halt !== null) throw halt.fault;
  if (isDone) await reopenRecords(reader, id);
  return readRoom(keys, id);
}

async function readPage(reader: RoomReader, { judged, ahead }: KeptRoom): Promise<readonly LogEntry[]> {
  const from = judged.length;
  const { first, page } = limitsOf(reader);
  const limit = Math.min(from === 0 ? first : page, (ahead as Ahead).length - from);
  const { entries } = await reader.session.link.call('rooms.read', { room: judged.id, from, limit });
  const due = entries.filter(({ n }) => n < from + limit);
  if (due.length === 0) throw broken('the server withholds entries of a skeleton that it gave');
  return due;
}

function expectedHash({ judged }: KeptRoom, stretches: readonly Stretch[], to: number): Uint8Array {
  let { hash, length } = judged;
  for (const { n, hashes } of stretches) {
    for (; length < Math.min(to, n + hashes.length / 32); length++) {
      hash = logHash(hash, length, hashes.slice(32 * (length - n), 32 * (length - n) + 32));
    }
  }
  if (length < to) throw broken('a skeleton with a hole');
  return hash;
}

/** A statement that the skeleton passed off as a record: what it was shown by was another room. */
function liedAbout({ statements }: RoomBatch, stretches: readonly Stretch[]): Fault | null {
  const known = new Set(stretches.flatMap((stretch) => stretch.statements));
  const withheld = statements.find((n) => !known.has(n));
  return withheld === undefined ? null : broken(`position ${withheld}: the server withheld a statement of the room`);
}

/** What was shown above the floor makes room for what is judged there, or goes for good. */
function takesBack(
  id: Uint8Array,
  { floor, length, isVoid }: Ahead,
  page: { readonly from: number; readonly to: number; readonly batch: RoomBatch; readonly lied: boolean },
): readonly SqlStatement[] {
  const reaches = page.from <= floor && page.to > floor && floor < length;
  const fails = page.from <= floor && !isVoid && (page.lied || page.batch.halt !== null);
  return reaches || fails ? [settle(id, floor)] : [];
}
