import type { Database } from '../store/store.ts';

/** An era of whose entries a device stages some. */
export interface StagedEra {
  readonly roomId: number;
  readonly device: Uint8Array;
  /** Over all its entries, as its statement will sign it. */
  readonly root: Uint8Array;
}

/** Keeps entries from a position on; what the device staged for another era goes. */
export async function stageParts(
  database: Database,
  { roomId, device, root }: StagedEra,
  { from, entries, at }: { readonly from: number; readonly entries: readonly Uint8Array[]; readonly at: number },
): Promise<void> {
  await database
    .deleteFrom('era_parts')
    .where('device', '=', device)
    .where(({ or, eb }) => or([eb('room_id', '!=', roomId), eb('root', '!=', root)]))
    .execute();
  for (const [index, sealed] of entries.entries()) {
    await database
      .insertInto('era_parts')
      .values({ device, position: from + index, room_id: roomId, root, sealed, at })
      .onConflict((conflict) => conflict.columns(['device', 'position']).doUpdateSet({ sealed, at }))
      .execute();
  }
}

/** The entries from position 0 on, without a gap. */
export async function stagedParts(
  database: Database,
  { roomId, device, root }: StagedEra,
): Promise<readonly Uint8Array[]> {
  const parts = await database
    .selectFrom('era_parts')
    .select(['position', 'sealed'])
    .where('device', '=', device)
    .where('room_id', '=', roomId)
    .where('root', '=', root)
    .orderBy('position')
    .execute();
  return parts.filter(({ position }, index) => position === index).map(({ sealed }) => sealed);
}

/** Forgets what a device staged: it has become an era. */
export async function dropParts(database: Database, device: Uint8Array): Promise<void> {
  await database.deleteFrom('era_parts').where('device', '=', device).execute();
}

/** Forgets what waited too long for its statement. */
export async function expireParts(database: Database, now: number): Promise<void> {
  await database
    .deleteFrom('era_parts')
    .where('at', '<=', now - PART_MILLISECONDS)
    .execute();
}

const PART_MILLISECONDS = 3600 * 1000;
