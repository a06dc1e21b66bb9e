import { hex } from '@sotto/bytes';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Database } from '../store/store.ts';

/** The moment in which a restored room or sigchain is looked at. */
export interface Moment {
  /** Of the cluster. */
  readonly incarnation: number;
  readonly now: number;
}

/** A room or sigchain of an earlier life, with what is known of it. */
export interface Unsettled {
  /** Room id or fingerprint. */
  readonly subject: Uint8Array;
  readonly length: number;
  /** The longest length that the cluster is known to have signed. */
  readonly claimed: number;
  /** Devices that may know more. */
  readonly devices: readonly Uint8Array[];
}

/** Notes that a device found a restored room or sigchain to be all that it knows. */
export async function confirm(
  database: Database,
  { subject, device }: { readonly subject: Uint8Array; readonly device: Uint8Array },
  { incarnation }: Moment,
): Promise<void> {
  await database
    .insertInto('confirmations')
    .values({ subject, device_id: device, incarnation })
    .onConflict((conflict) => conflict.columns(['subject', 'device_id']).doUpdateSet({ incarnation }))
    .execute();
}

/**
 * Whether a restored room or sigchain is complete for all that anybody knows: no signed head says that it was longer,
 * and every device that may know more has compared, or one of them has and the others had their time.
 */
export async function isComplete(database: Database, unsettled: Unsettled, moment: Moment): Promise<boolean> {
  const { subject, length, claimed, devices } = unsettled;
  if (length < claimed) return false;
  const rows = await database
    .selectFrom('confirmations')
    .select('device_id')
    .where('subject', '=', subject)
    .where('incarnation', '=', moment.incarnation)
    .execute();
  if (rows.length === 0) return false;
  const { settled_at } = await database.selectFrom('cluster').select('settled_at').executeTakeFirstOrThrow();
  if (moment.now >= settled_at) return true;
  const confirmed = new Set(rows.map(({ device_id }) => hex(device_id)));
  return devices.every((device) => confirmed.has(hex(device)));
}

/** Forgets who confirmed: the room or sigchain is open. */
export async function forgetConfirmations(database: Database, subject: Uint8Array): Promise<void> {
  await database.deleteFrom('confirmations').where('subject', '=', subject).execute();
}

/** Installations of accounts. */
export async function installationsOf(database: Database, accountIds: readonly number[]): Promise<Uint8Array[]> {
  if (accountIds.length === 0) return [];
  const rows = await database
    .selectFrom('devices')
    .select('device_id')
    .where('account_id', 'in', accountIds)
    .where('kind', '=', 'keybox')
    .where('revoked', '=', 0)
    .execute();
  return rows.map(({ device_id }) => device_id);
}

export function unconfirmed(what: string): ProtocolPolicyFault {
  const message = `the server was restored from a backup: ${what} waits until its members have compared what they know`;
  return new ProtocolPolicyFault('restored-unconfirmed', message);
}

/** The owner's decision: everything is as complete as it will be. */
export async function acceptRestored(database: Database, incarnation: number): Promise<void> {
  await database.updateTable('rooms').set({ incarnation }).where('incarnation', '<', incarnation).execute();
  await database.updateTable('accounts').set({ incarnation }).where('incarnation', '<', incarnation).execute();
  await database.deleteFrom('confirmations').execute();
}
