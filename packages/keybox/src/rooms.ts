import { equal, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  type Address,
  type Chain,
  chainExtent,
  type Keying,
  MAX_KEYED_MEMBERS,
  type MemberIdentity,
  ProtocolPolicyFault,
  type Role,
  type RoomPolicy,
  type RoomState,
  type RoomType,
} from '@sotto/protocol';
import { KeyboxUsageFault } from './fault.ts';
import { logKey } from './key-log.ts';
import { policyInForce } from './policy/in-force.ts';
import { appendStatement, besideEra, submission } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import { sealTitle } from './title.ts';

export interface NewRoom {
  readonly type: RoomType;
  readonly keying: Keying;
  readonly history: RoomPolicy['history'];
}

/** Creates a room: `create` and era 0 in one batch, then reads it back as everybody else would. */
export async function createRoomAt(reader: RoomReader, { type, keying, history }: NewRoom): Promise<KeptRoom> {
  const { identity, link, primitives } = reader.session;
  const own = (await reader.chains.known(identity.fingerprint)) as Chain;
  const owner = memberIdentity(own);
  const policy: RoomPolicy = {
    history: keying === 'per-message' ? 'from-join' : history,
    guests: false,
    maxMembers: await maxMembers(reader, { type, keying }),
  };
  const nonce = primitives.randomBytes(32);
  const body = { nonce, roomType: type, mode: 'archive', keying, minimumSuite: 1, policy, owner } as const;
  const create = await submission(reader, { type: 'create', body }, { room: null, prevStatement: null, logHead: null });
  const room = sha256(create.envelope.signed);
  const { eras, people } = { eras: [], people: { [hex(own.fingerprint)]: own.address } } as Pick<
    RoomState,
    'eras' | 'people'
  >;
  const prepared = await reader.eraKeys.prepare({ id: room, eras, people } as unknown as RoomState, room, [owner]);
  const era = await submission(
    reader,
    { type: 'era', body: { era: prepared.era }, ...besideEra(prepared) },
    { room, prevStatement: room, logHead: { length: 1, hash: room } },
  );
  await link.call('rooms.create', { statements: [create, era] });
  return syncRoom(reader, room);
}

/** The organisation's policy and the way of keying leave room for so many. */
async function maxMembers(
  { session }: RoomReader,
  { type, keying }: Pick<NewRoom, 'type' | 'keying'>,
): Promise<number> {
  if (type === 'account') return 1;
  if (type === 'direct') return 2;
  const { maxMembers: allowed } = await policyInForce(session);
  return keying === 'per-message' ? Math.min(MAX_KEYED_MEMBERS, allowed) : allowed;
}

/** Adds a contact. Doing it twice is doing it once. */
export async function addMember(
  reader: RoomReader,
  id: Uint8Array,
  { chain, role, name }: { readonly chain: Chain; readonly role: Role; readonly name: string | null },
): Promise<KeptRoom> {
  const { session, eraKeys } = reader;
  const room = await appendStatement(reader, id, async ({ state }) => {
    const present = state.members[hex(chain.fingerprint)];
    if (present !== undefined) return null;
    const { maxMembers } = await policyInForce(session);
    if (Object.keys(state.members).length >= maxMembers) {
      throw new ProtocolPolicyFault('member-limit', `rooms of your organisation have at most ${maxMembers} members`);
    }
    const newest = (await reader.chains.refresh(chain.fingerprint, chain.address)) ?? chain;
    const member = memberIdentity(newest);
    const era = state.eras.at(-1);
    if (state.policy.history === 'all' && era?.valid === true && !state.rekeyDue) {
      const { row, sealed } = await eraKeys.sealToNewcomer(state, newest);
      const secret = await eraKeys.secret(id, era.era);
      const title = await sealTitle(session, secret, { room: id, era: era.era, name });
      return { type: 'member.add', body: { member, role, title, row, era: null }, entries: [sealed] };
    }
    const prepared = await eraKeys.prepare(state, id, [...Object.values(state.members), member]);
    const title = await sealTitle(session, prepared.secret, { room: id, era: prepared.era.era, name });
    const body = { member, role, title, row: null, era: prepared.era };
    return { type: 'member.add', body, ...besideEra(prepared) };
  });
  const entry = { event: 'era/keys-given', room: hex(id), who: chain.address } as const;
  await session.keys.apply([logKey(session.clock, entry)]);
  return room;
}

/** Removes a member; the same statement starts the era that shuts them out. */
export async function removeMember(reader: RoomReader, id: Uint8Array, fingerprint: Uint8Array): Promise<KeptRoom> {
  return appendStatement(reader, id, async ({ state }) => {
    const rest = Object.values(state.members).filter((member) => !equal(member.fingerprint, fingerprint));
    if (rest.length === Object.keys(state.members).length) return null;
    const prepared = await reader.eraKeys.prepare(state, id, rest);
    return { type: 'member.remove', body: { fingerprint, era: prepared.era }, ...besideEra(prepared) };
  });
}

export async function setRole(
  reader: RoomReader,
  id: Uint8Array,
  { fingerprint, role }: { readonly fingerprint: Uint8Array; readonly role: Role },
): Promise<KeptRoom> {
  return appendStatement(reader, id, async ({ state }) =>
    state.members[hex(fingerprint)]?.role === role ? null : { type: 'role.set', body: { fingerprint, role } },
  );
}

/** Changes who reads the past; a new era keeps the promise of the one before. */
export async function setHistory(
  reader: RoomReader,
  id: Uint8Array,
  history: RoomPolicy['history'],
): Promise<KeptRoom> {
  return appendStatement(reader, id, async ({ state }) => {
    if (state.policy.history === history) return null;
    const prepared = await reader.eraKeys.prepare(state, id, Object.values(state.members));
    return {
      type: 'policy.set',
      body: { policy: { ...state.policy, history }, era: prepared.era },
      ...besideEra(prepared),
    };
  });
}

export async function leaveRoom(reader: RoomReader, id: Uint8Array, successor: Uint8Array | null): Promise<void> {
  const { identity } = reader.session;
  await appendStatement(reader, id, async ({ state }) =>
    state.members[hex(identity.fingerprint)] === undefined ? null : { type: 'leave', body: { successor } },
  );
}

export async function closeRoom(reader: RoomReader, id: Uint8Array): Promise<void> {
  await appendStatement(reader, id, async ({ state }) => (state.closed ? null : { type: 'close', body: {} }));
}

/** The member under an address. Throws `member-unknown`. */
export function memberAt(state: RoomState, address: Address): RoomState['members'][string] {
  const member = Object.values(state.members).find((each) => each.address === address);
  if (member === undefined) throw new ProtocolPolicyFault('member-unknown', `${address} is not a member of the room`);
  return member;
}

export function memberIdentity(chain: Chain): MemberIdentity {
  const { length, hash } = chainExtent(chain);
  return { address: chain.address, fingerprint: chain.fingerprint, length, head: hash };
}

export function roomNotFound(text: string): KeyboxUsageFault {
  return new KeyboxUsageFault('not-found', `no room is called ${text}`);
}
