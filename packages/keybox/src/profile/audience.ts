import { equal, Fault, hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { type Address, currentUserKey, type GivenProfileKey, profileKeyId, sealProfileKey } from '@sotto/protocol';
import type { Contacts } from '../contacts.ts';
import type { SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import { readRooms } from '../room-store.ts';
import { newestUserKey } from '../user-keys.ts';
import type { OwnProfile } from './own.ts';

/** Who may read the own profile: mutual contacts, and members of the rooms that one is in; by fingerprint. */
export async function audienceOf({ session }: RoomReader, contacts: Contacts): Promise<ReadonlyMap<string, Address>> {
  const audience = new Map<string, Address>();
  const me = hex(session.identity.fingerprint);
  for (const { state, hidden } of await readRooms(session.keys)) {
    // A direct room alone makes nobody a reader: who is no contact any more is none.
    if (hidden || state.closed || state.type === 'direct' || state.members[me] === undefined) continue;
    for (const [fingerprint, { address }] of Object.entries(state.members)) audience.set(fingerprint, address);
  }
  const known = await contacts.list();
  for (const { address, fingerprint, state } of known) {
    if (state === 'mutual' && fingerprint !== null) audience.set(hex(fingerprint), address);
  }
  for (const { fingerprint, state } of known) {
    if (state === 'blocked' && fingerprint !== null) audience.delete(hex(fingerprint));
  }
  audience.delete(me);
  return audience;
}

/** Who was given the present key, by fingerprint, and to which generation of the user key it was sealed. */
async function holdersOf({ session }: RoomReader, own: OwnProfile): Promise<ReadonlyMap<string, number>> {
  const rows = await session.contacts.query<{ fingerprint: Uint8Array; generation: number }>(
    'SELECT fingerprint, generation FROM profile_holder WHERE key_id = ?',
    [keyIdOf(own)],
  );
  return new Map(rows.map(({ fingerprint, generation }) => [hex(fingerprint), generation]));
}

/**
 * Whether somebody has the present key who may not read what comes: who is not of the audience any more, and a device
 * that was revoked since, of a reader's account or of the own.
 */
export async function isKeySpent(
  reader: RoomReader,
  own: OwnProfile,
  audience: ReadonlyMap<string, Address>,
): Promise<boolean> {
  const me = hex(reader.session.identity.fingerprint);
  for (const [holder, generation] of await holdersOf(reader, own)) {
    if (holder !== me && !audience.has(holder)) return true;
    const chain = await reader.chains.known(parseHex(holder));
    if (chain !== null && currentUserKey(chain).generation > generation) return true;
  }
  return false;
}

/** Notes under which of our user keys the present key is kept, from the first time on that this device meets it. */
export async function noteOwnKey({ session }: RoomReader, own: OwnProfile): Promise<void> {
  const { identity, contacts } = session;
  const { generation } = newestUserKey(identity);
  const key = { reader: identity.fingerprint, generation };
  const known = await contacts.query('SELECT 1 FROM profile_holder WHERE fingerprint = ? AND key_id = ?', [
    identity.fingerprint,
    keyIdOf(own),
  ]);
  if (known.length === 0) await contacts.apply([holderRow(own, key)]);
}

/** Gives the key to those who may read the profile and do not have it. Whose keys cannot be had now is tried again later. */
export async function giveKey(
  reader: RoomReader,
  own: OwnProfile,
  audience: ReadonlyMap<string, Address>,
): Promise<void> {
  const holders = await holdersOf(reader, own);
  const missing = [...audience].filter(([fingerprint]) => !holders.has(fingerprint));
  for (let from = 0; from < missing.length; from += MAX_AT_ONCE) {
    const keys: GivenProfileKey[] = [];
    for (const [fingerprint, address] of missing.slice(from, from + MAX_AT_ONCE)) {
      const key = await sealedFor(reader, own, { fingerprint: parseHex(fingerprint), address });
      if (key !== null) keys.push(key);
    }
    if (keys.length === 0) continue;
    await reader.session.link.call('profiles.give', { keyId: keyIdOf(own), keys });
    await reader.session.contacts.apply(keys.map((key) => holderRow(own, key)));
  }
}

export function keyIdOf({ key }: OwnProfile): Uint8Array {
  using secret = new Secret(Uint8Array.from(key));
  return profileKeyId(secret);
}

async function sealedFor(
  { session, chains }: RoomReader,
  own: OwnProfile,
  { fingerprint, address }: { readonly fingerprint: Uint8Array; readonly address: Address },
): Promise<GivenProfileKey | null> {
  try {
    const chain = await chains.fresh(fingerprint, address);
    if (!equal(chain.fingerprint, fingerprint)) return null;
    using key = new Secret(Uint8Array.from(own.key));
    const sealed = await sealProfileKey(session.suites, chain, { account: session.identity.fingerprint, key });
    return { reader: fingerprint, generation: currentUserKey(chain).generation, sealed };
  } catch (cause) {
    // The key log has why the server's answer was refused.
    if (cause instanceof Fault && (cause.blame === 'peer' || cause.blame === 'policy') && !isOffline(cause))
      return null;
    throw cause;
  }
}

function holderRow(
  own: OwnProfile,
  { reader, generation }: Pick<GivenProfileKey, 'reader' | 'generation'>,
): SqlStatement {
  return {
    sql: 'INSERT OR REPLACE INTO profile_holder (fingerprint, key_id, generation) VALUES (?, ?, ?)',
    parameters: [reader, keyIdOf(own), generation],
  };
}

function isOffline({ code }: Fault): boolean {
  return code === 'channel-broken';
}

const MAX_AT_ONCE = 32;
