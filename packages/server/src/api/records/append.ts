import { hex } from '@sotto/bytes';
import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { openRoom } from '../../restored/room.ts';
import { type Audience, advanced, storeAdvance } from '../../rooms/advance.ts';
import { headOf } from '../../rooms/read.ts';
import { type JudgedRecords, judgeRecords } from '../../rooms/records.ts';
import { changeRoom } from '../../rooms/room.ts';
import { announce } from '../rooms/append.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for rooms of others, `restored-unconfirmed`, `disk-full`; why a record is refused stands in the answer. */
export const append: Handler<'records.append'> = async ({ room: id, records }, context) => {
  const { store, now, cluster } = context;
  const session = deviceSession(context);
  const { judged, audience } = await changeRoom<Appended>(store, id, async (kept) => {
    if (!(hex(session.fingerprint) in kept.state.people)) throw notFound();
    const room = await openRoom(store, kept, { incarnation: cluster.incarnation, now: now() });
    const judged = await judgeRecords({ ...context, session }, room, records);
    if (judged.entries.length === 0) return { room, result: { judged, audience: null } };
    const advance = { state: judged.state, entries: judged.entries, at: now(), startsEra: false };
    const audience = await store.transact((database) => storeAdvance(database, room, advance));
    return { room: advanced(room, advance), result: { judged, audience } };
  });
  const { positions, refused, state } = judged;
  if (judged.entries.some(({ drops }) => drops.length > 0)) await context.blobs.collect();
  if (audience !== null) announce(context, audience, { room: id, length: state.length });
  return { positions, refused, head: await headOf(context, session, state) };
};

interface Appended {
  readonly judged: JudgedRecords;
  /** Null if nothing was new. */
  readonly audience: Audience | null;
}
