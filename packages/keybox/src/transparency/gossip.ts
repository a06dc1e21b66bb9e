import { Fault } from '@sotto/bytes';
import { type Checkpoint, compareCheckpoints } from '@sotto/transparency';
import { logKeyOnce } from '../key-log.ts';
import { readCounter, writeCounter } from '../meta.ts';
import { enqueue } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import { logContradicted } from './evidence.ts';
import { followServer, type LogReader, verifyNote } from './follow.ts';
import { forgetHeard, type HeardCheckpoint, markCompared, newestNote, readHeard } from './store.ts';

/**
 * Compares every checkpoint that others passed on with the log that the server shows here. Throws `split-view` for one
 * that the server cannot connect with it, and `rollback` for one of which the server shows less here.
 */
export async function compareHeard(reader: LogReader, newest: Checkpoint): Promise<void> {
  const { keys, clock } = reader.session;
  let own = newest;
  for (const heard of (await readHeard(keys)).filter(({ comparedAt }) => comparedAt === null)) {
    const other = await verifyHeard(reader, heard);
    if (other === null) continue;
    // It may have grown since it was asked.
    if (isNewer(other, own)) own = (await followServer(reader)).checkpoint;
    await compare(reader, heard, { own, other });
    await keys.apply([markCompared(heard, clock.now())]);
  }
}

/** Queues into the account room what this device has seen, so that the account's others compare it with theirs. */
export async function queueCheckpoint(reader: RoomReader): Promise<void> {
  const { session } = reader;
  const note = await newestNote(session.keys);
  const now = session.clock.now();
  const last = await readCounter(session.keys, TOLD_AT);
  if (note === null || (last > 0 && Math.abs(now - last) < TELL_MILLISECONDS)) return;
  const { accountRoom } = session.identity;
  await enqueue(reader, accountRoom, { kind: 'checkpoint', content: { note }, class: 'quiet' });
  await session.keys.apply([writeCounter(TOLD_AT, now)]);
}

/** Null for what no head key signed, or is of another domain: it says nothing of the server. */
async function verifyHeard(reader: LogReader, heard: HeardCheckpoint): Promise<Checkpoint | null> {
  try {
    return await verifyNote(reader, heard.note);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'checkpoint-invalid') throw cause;
    const { keys, clock } = reader.session;
    const entry = { event: 'refused/checkpoint-unsigned', who: heard.who } as const;
    await keys.apply([forgetHeard(heard), logKeyOnce(clock, entry, cause)]);
    return null;
  }
}

async function compare(
  reader: LogReader,
  { who }: HeardCheckpoint,
  { own, other }: { readonly own: Checkpoint; readonly other: Checkpoint },
): Promise<void> {
  // A log of an earlier life ended with a restore, which every one of its readers is told.
  if (other.incarnation < own.incarnation) return;
  const evidence = [own.note, other.note];
  const sizes = { who, here: own.size, there: other.size };
  if (isNewer(other, own)) {
    const text = `the server shows a transparency log of ${own.size} epochs here, and one of ${other.size} to ${who}`;
    await logContradicted(reader.session, {
      code: 'rollback',
      text,
      entry: { event: 'log/rollback', ...sizes },
      evidence,
    });
  }
  try {
    compareCheckpoints(own, other, await consistency(reader, { from: other.size, to: own.size }));
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'split-view') throw cause;
    const text = `the server showed ${who} another transparency log of ${other.size} epochs than the one of ${own.size} here`;
    await logContradicted(reader.session, {
      code: 'split-view',
      text,
      entry: { event: 'log/split', ...sizes },
      evidence,
      cause,
    });
  }
}

/** What the server has to say for itself; nothing if it refuses. */
async function consistency(
  { session }: LogReader,
  sizes: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[]> {
  if (sizes.from === sizes.to) return [];
  try {
    return (await session.link.call('transparency.consistency', sizes)).consistency;
  } catch (cause) {
    if (cause instanceof Fault && REFUSALS.has(cause.code)) return [];
    throw cause;
  }
}

function isNewer(one: Checkpoint, other: Checkpoint): boolean {
  return one.incarnation > other.incarnation || (one.incarnation === other.incarnation && one.size > other.size);
}

const REFUSALS: ReadonlySet<string> = new Set(['not-found', 'not-authorised', 'operation-unknown']);
const TOLD_AT = 'checkpoint-told-at';
const TELL_MILLISECONDS = 6 * 3600 * 1000;
