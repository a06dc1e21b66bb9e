import { sha256 } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import type { Store } from '../store/store.ts';

/** What a sign-in by passphrase is answered with. */
export interface Credentials {
  readonly accountId: number;
  /** OPAQUE registration record. */
  readonly record: Uint8Array;
}

/** The credentials of an address; null for an unknown one and for a sign-up that took too long. */
export async function credentialsOf(store: Store, address: Address, now: number): Promise<Credentials | null> {
  const row = await store.read((database) =>
    database
      .selectFrom('accounts')
      .select(['id', 'record'])
      .where('address', '=', address)
      .where('deleted_at', 'is', null)
      .where((where) => where.or([where('step', '<>', 'registered'), where('reserved_until', '>', now)]))
      .executeTakeFirst(),
  );
  // An account that came back with its sigchain alone has no passphrase here.
  return row === undefined || row.record.length === 0 ? null : { accountId: row.id, record: row.record };
}

/** True if the token says that this installation of the address is enrolled: it is exempt from the throttle. */
export async function isExempt(store: Store, address: Address, token: Uint8Array): Promise<boolean> {
  const row = await store.read((database) =>
    database
      .selectFrom('exemptions')
      .innerJoin('accounts', 'accounts.id', 'exemptions.account_id')
      .select('account_id')
      .where('accounts.address', '=', address)
      .where('token_hash', '=', sha256(token))
      .executeTakeFirst(),
  );
  return row !== undefined;
}

/** A device that may hold a session, and the key that a session key is sealed to. */
export interface DeviceCredentials {
  readonly accountId: number;
  readonly suite: number;
  readonly kem: Uint8Array;
  readonly suspended: boolean;
  readonly revoked: boolean;
}

/** An installation (no roaming or recovery device) that its account's chain lists, active or revoked; else null. */
export async function deviceOf(
  store: Store,
  fingerprint: Uint8Array,
  deviceId: Uint8Array,
): Promise<DeviceCredentials | null> {
  const row = await store.read((database) =>
    database
      .selectFrom('devices')
      .innerJoin('accounts', 'accounts.id', 'devices.account_id')
      .select(['accounts.id', 'accounts.suite', 'accounts.suspended_at', 'devices.kem', 'devices.revoked'])
      .where('accounts.fingerprint', '=', fingerprint)
      .where('accounts.deleted_at', 'is', null)
      .where('devices.device_id', '=', deviceId)
      .where('devices.kind', '=', 'keybox')
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  const { id, suite, kem, revoked, suspended_at } = row;
  return { accountId: id, suite, kem, revoked: revoked !== 0, suspended: suspended_at !== null };
}
