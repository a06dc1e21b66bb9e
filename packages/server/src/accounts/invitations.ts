import { crockford32, utf8 } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Selectable } from 'kysely';
import type { Cluster } from '../cluster.ts';
import type { Database, Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type Invitation = Selectable<Tables['invitations']>;

export interface Minting {
  readonly primitives: Pick<Primitives, 'randomBytes'>;
  now(): number;
}

/** Invitations whose codes are known and whose hashes are not stored yet. */
export interface NewInvitations {
  readonly codes: readonly string[];
  readonly expiresAt: number;
}

export function newInvitations(
  { primitives, now }: Minting,
  { count, days = INVITATION_DAYS }: { readonly count: number; readonly days?: number },
): NewInvitations {
  const codes = Array.from({ length: count }, () => crockford32(primitives.randomBytes(16)));
  return { codes, expiresAt: now() + days * DAY_MILLISECONDS };
}

/** Stores invitations, one use each: hashes of their codes alone. */
export async function insertInvitations(
  database: Database,
  { codes, expiresAt }: NewInvitations,
  { kind, createdBy }: { readonly kind: Invitation['kind']; readonly createdBy: number | null },
): Promise<void> {
  const values = codes.map((code) => ({
    code_hash: hashOf(code),
    kind,
    created_by: createdBy,
    expires_at: expiresAt,
    account_id: null,
    used_at: null,
  }));
  await database.insertInto('invitations').values(values).execute();
}

/** Makes and stores invitations of the server itself. */
export async function mintInvitations(
  store: Store,
  minting: Minting,
  order: { readonly kind: Invitation['kind']; readonly createdBy: number | null; readonly count: number },
): Promise<NewInvitations> {
  const made = newInvitations(minting, order);
  await store.transact((database) => insertInvitations(database, made, order));
  return made;
}

/**
 * The code by which the owner signs up, the same at every start until it is used; null once there is an owner. It is
 * kept in a key file so that it can be printed again, and renewed when its week is over.
 */
export async function ownerInvitation(store: Store, cluster: Cluster, minting: Minting): Promise<string | null> {
  const owner = await store.read((database) =>
    database
      .selectFrom('accounts')
      .select('id')
      .where('role', '=', 'owner')
      .where('step', '<>', 'registered')
      .executeTakeFirst(),
  );
  if (owner !== undefined) {
    cluster.files.remove(OWNER_FILE);
    return null;
  }
  const stored = cluster.files.read(OWNER_FILE);
  const known = stored === null ? null : new TextDecoder().decode(stored);
  if (known !== null && (await isCurrent(store, known, minting.now()))) return known;
  const { codes } = await mintInvitations(store, minting, { kind: 'owner', createdBy: null, count: 1 });
  const [code] = codes as [string];
  cluster.files.write(OWNER_FILE, utf8(code));
  return code;
}

/**
 * The invitation of a code. Throws `invitation-unknown`, `invitation-expired`, and `invitation-used` also while
 * somebody's sign-up holds it.
 */
export async function checkInvitation(database: Database, code: string, now: number): Promise<Invitation> {
  const invitation = await database
    .selectFrom('invitations')
    .selectAll()
    .where('code_hash', '=', hashOf(code))
    .executeTakeFirst();
  if (invitation === undefined) throw new ProtocolPolicyFault('invitation-unknown', 'no such invitation');
  const { account_id, used_at } = invitation;
  if (used_at !== null || (account_id !== null && !(await isAbandoned(database, account_id, now)))) {
    throw new ProtocolPolicyFault('invitation-used', 'the invitation was used before');
  }
  if (invitation.expires_at <= now) throw new ProtocolPolicyFault('invitation-expired', 'the invitation has expired');
  return invitation;
}

async function isAbandoned(database: Database, accountId: number, now: number): Promise<boolean> {
  const account = await database
    .selectFrom('accounts')
    .select(['step', 'reserved_until'])
    .where('id', '=', accountId)
    .executeTakeFirst();
  return account === undefined || (account.step === 'registered' && (account.reserved_until ?? 0) <= now);
}

async function isCurrent(store: Store, code: string, now: number): Promise<boolean> {
  const row = await store.read((database) =>
    database
      .selectFrom('invitations')
      .select('id')
      .where('code_hash', '=', hashOf(code))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst(),
  );
  return row !== undefined;
}

function hashOf(code: string): Uint8Array {
  return sha256(utf8(code));
}

const INVITATION_DAYS = 7;
const DAY_MILLISECONDS = 24 * 3600 * 1000;
const OWNER_FILE = 'owner-invitation';
