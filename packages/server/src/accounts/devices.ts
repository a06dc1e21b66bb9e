import { type Chain, currentUserKey } from '@sotto/protocol';
import type { Database, Store } from '../store/store.ts';
import { endCapabilities } from './capabilities.ts';

/** What a longer chain did to an account's devices. */
export interface DeviceChange {
  /** Ids of those that it revoked. */
  readonly revoked: readonly Uint8Array[];
  /** Whether it brought a new user key: every room of the account is due a new era. */
  readonly rekeyed: boolean;
}

/** Notes that a device opened a session. */
export async function rememberDevice(
  store: Store,
  { accountId, deviceId }: { readonly accountId: number; readonly deviceId: Uint8Array },
  at: number,
): Promise<void> {
  await store.transact((database) =>
    database
      .updateTable('devices')
      .set({ last_seen_at: at })
      .where('account_id', '=', accountId)
      .where('device_id', '=', deviceId)
      .execute(),
  );
}

/** Brings the table of devices, and all that hangs on them, to a chain whose statements from `first` on are new. */
export async function updateDevices(
  database: Database,
  accountId: number,
  { chain, first, at }: { readonly chain: Chain; readonly first: number; readonly at: number },
): Promise<DeviceChange> {
  const revoked: Uint8Array[] = [];
  for (const device of chain.devices.values()) {
    const { id, kind, name, kem, spki } = device;
    if (device.addedAt >= first) {
      const values = { account_id: accountId, device_id: id, kind, name, kem, spki, last_seen_at: null };
      await database.insertInto('devices').values(values).execute();
    }
    if (device.revokedAt === null || device.revokedAt < first) continue;
    await retire(database, accountId, { id, name, at });
    revoked.push(id);
  }
  const { generation, since } = currentUserKey(chain);
  const rekeyed = since >= first && since > 0;
  if (rekeyed) await demandEras(database, accountId, generation);
  return { revoked, rekeyed };
}

/**
 * A device that is no more: its mailbox, its wrapped vault secret and its exemption go, its certificates are revoked,
 * and capabilities end, which do not say whose device has them.
 */
async function retire(
  database: Database,
  accountId: number,
  { id, name, at }: { readonly id: Uint8Array; readonly name: string; readonly at: number },
): Promise<void> {
  for (const table of ['mailbox_items', 'vaults', 'exemptions'] as const) {
    await database.deleteFrom(table).where('account_id', '=', accountId).where('device_id', '=', id).execute();
  }
  await endCapabilities(database, accountId);
  await database
    .updateTable('devices')
    .set({ revoked: 1 })
    .where('account_id', '=', accountId)
    .where('device_id', '=', id)
    .execute();
  await database
    .updateTable('certificates')
    .set({ revoked_at: at })
    .where('account_id', '=', accountId)
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .execute();
}

/** From now on every room of the account takes nothing before an era that names the new user key. */
async function demandEras(database: Database, accountId: number, generation: number): Promise<void> {
  await database.updateTable('accounts').set({ user_key_generation: generation }).where('id', '=', accountId).execute();
  const rooms = database
    .selectFrom('room_members')
    .select('room_id')
    .where('account_id', '=', accountId)
    .where('until', 'is', null);
  await database.updateTable('rooms').set({ rekey_due: 1 }).where('id', 'in', rooms).execute();
}
