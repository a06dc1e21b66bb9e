import { hex } from '@sotto/bytes';
import { ProtocolPolicyFault, type RoomMember, type RoomState } from '@sotto/protocol';
import type { Database } from '../store/store.ts';

/** Brings the membership table from one state of a room to the next. Returns the accounts that left. */
export async function updateMembers(
  database: Database,
  rowId: number,
  { before, after }: { readonly before: RoomState; readonly after: RoomState },
): Promise<number[]> {
  const added = Object.values(after.members).filter(({ fingerprint }) => !(hex(fingerprint) in before.members));
  const removed = Object.values(before.members).filter(({ fingerprint }) => !(hex(fingerprint) in after.members));
  await admitMembers(database, rowId, added);
  const left: number[] = [];
  for (const { fingerprint } of removed) {
    const row = await database
      .updateTable('room_members')
      .set({ until: after.length })
      .where('room_id', '=', rowId)
      .where('fingerprint', '=', fingerprint)
      .returning('account_id')
      .executeTakeFirstOrThrow();
    left.push(row.account_id);
  }
  return left;
}

/** Lists the room for its new members, each at the end of its own list; who was a member before keeps the place. */
export async function admitMembers(database: Database, rowId: number, members: readonly RoomMember[]): Promise<void> {
  for (const { fingerprint, since } of members) {
    const returned = await database
      .updateTable('room_members')
      .set({ until: null })
      .where('room_id', '=', rowId)
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    if (returned.numUpdatedRows > 0n) continue;
    const account = await database
      .updateTable('accounts')
      .set((row) => ({ next_room: row('next_room', '+', 1) }))
      .where('fingerprint', '=', fingerprint)
      .returning(['id', 'next_room'])
      .executeTakeFirst();
    if (account === undefined) throw new ProtocolPolicyFault('member-unknown', 'a member without an account here');
    await database
      .insertInto('room_members')
      .values({
        room_id: rowId,
        account_id: account.id,
        fingerprint,
        since,
        until: null,
        position: account.next_room - 1,
      })
      .execute();
  }
}

/** The accounts that are members now. */
export async function currentMembers(database: Database, rowId: number): Promise<number[]> {
  const rows = await database
    .selectFrom('room_members')
    .select('account_id')
    .where('room_id', '=', rowId)
    .where('until', 'is', null)
    .execute();
  return rows.map((row) => row.account_id);
}
