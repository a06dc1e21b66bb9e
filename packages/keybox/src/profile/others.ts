import { Fault, hex } from '@sotto/bytes';
import {
  activeDevice,
  type Chain,
  openProfile,
  openProfileKey,
  type ProfileContent,
  ProtocolPeerFault,
  profileStatement,
  verifyProfile,
} from '@sotto/protocol';
import { logKeyOnce } from '../key-log.ts';
import type { RoomReader } from '../room-batch.ts';
import type { Session } from '../session.ts';

/** What is known here of somebody's profile. */
export async function knownProfile({ session }: RoomReader, fingerprint: Uint8Array): Promise<ProfileContent | null> {
  const [row] = await session.contacts.query<ProfileContent>(
    'SELECT name, title, phone, picture FROM profile WHERE fingerprint = ? AND version > 0',
    [fingerprint],
  );
  return row ?? null;
}

/** What people call themselves, by fingerprint; in a room as they do there. Empty names are left out. */
export async function knownNames(
  { contacts, history }: Session,
  room: Uint8Array | null = null,
): Promise<ReadonlyMap<string, string>> {
  const everywhere = await contacts.query<NamedRow>("SELECT fingerprint, name FROM profile WHERE name <> ''");
  const here =
    room === null
      ? []
      : await history.query<NamedRow>(
          'SELECT author AS fingerprint, name FROM room_profile WHERE room = ? AND name IS NOT NULL',
          [room],
        );
  return new Map([...everywhere, ...here].map(({ fingerprint, name }) => [hex(fingerprint), name]));
}

interface NamedRow {
  readonly fingerprint: Uint8Array;
  readonly name: string;
}

/**
 * Asks the server for somebody's profile, verifies, opens and keeps it. What the server withholds changes nothing.
 * Throws `profile-invalid` for an older version than is known, and what `verifyProfile` and `openProfile` throw.
 */
export async function refreshProfile(reader: RoomReader, chain: Chain): Promise<void> {
  const { session } = reader;
  const { profile } = await session.link
    .call('profiles.read', { account: chain.fingerprint })
    .catch((cause: unknown) => {
      if (cause instanceof Fault && cause.code === 'not-found') return { profile: null };
      throw cause;
    });
  await markChecked(reader, chain.fingerprint);
  if (profile === null || profile.key === null) return;
  try {
    await keep(reader, chain, { ...profile, key: profile.key });
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    const entry = { event: 'refused/profile', who: chain.address, reason: cause.message } as const;
    await session.keys.apply([logKeyOnce(session.clock, entry, cause)]);
    throw cause;
  }
}

/** Whether the profile was asked for within the last hour. */
export async function isChecked({ session }: RoomReader, fingerprint: Uint8Array): Promise<boolean> {
  const [row] = await session.contacts.query<{ checked_at: number }>(
    'SELECT checked_at FROM profile WHERE fingerprint = ?',
    [fingerprint],
  );
  return row !== undefined && Math.abs(session.clock.now() - row.checked_at) < CHECK_MILLISECONDS;
}

interface ReadProfile {
  readonly envelope: { readonly signed: Uint8Array; readonly signatures: readonly Uint8Array[] };
  readonly sealed: Uint8Array;
  readonly key: { readonly generation: number; readonly sealed: Uint8Array };
}

async function keep(reader: RoomReader, known: Chain, { envelope, sealed, key }: ReadProfile): Promise<void> {
  const { session, chains } = reader;
  const { primitives, suites, identity } = session;
  const { chain: extent } = profileStatement.parse(envelope.signed);
  const { fingerprint, address } = known;
  const chain = (await chains.reaching(fingerprint, { address, length: extent.length })) ?? known;
  const statement = await verifyProfile(suites, chain, { envelope, sealed });
  const [row] = await session.contacts.query<{ version: number }>('SELECT version FROM profile WHERE fingerprint = ?', [
    fingerprint,
  ]);
  const seen = row?.version ?? 0;
  if (statement.version < seen) {
    throw new ProtocolPeerFault('profile-invalid', 'profile: an older version than one that was seen');
  }
  // A device says itself how long the chain was: one that was revoked says so of what it makes up afterwards, too.
  if (statement.version > seen && activeDevice(chain, statement.device) === null) {
    throw new ProtocolPeerFault('device-unendorsed', 'profile: signed by a device that was revoked since');
  }
  const own = identity.userKeys.find(({ generation }) => generation === key.generation);
  if (own === undefined) throw new ProtocolPeerFault('profile-invalid', 'profile: its key is sealed to no key of ours');
  using opened = await openProfileKey(identity.suite, own.keys.room.secretKey, {
    statement,
    reader: identity.fingerprint,
    ...key,
  });
  const { name, title, phone, picture } = await openProfile(primitives, opened, { statement, sealed });
  await session.contacts.apply([
    {
      sql: 'UPDATE profile SET version = ?, name = ?, title = ?, phone = ?, picture = ? WHERE fingerprint = ?',
      parameters: [statement.version, name, title, phone, picture, fingerprint],
    },
  ]);
}

async function markChecked({ session }: RoomReader, fingerprint: Uint8Array): Promise<void> {
  await session.contacts.apply([
    {
      sql: `INSERT INTO profile (fingerprint, checked_at) VALUES (?, ?)
        ON CONFLICT (fingerprint) DO UPDATE SET checked_at = excluded.checked_at`,
      parameters: [fingerprint, session.clock.now()],
    },
  ]);
}

const CHECK_MILLISECONDS = 3600 * 1000;
