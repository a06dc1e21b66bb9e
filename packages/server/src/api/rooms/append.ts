import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { memberOf, ProtocolPolicyFault, type RosterStatement, rosterStatement } from '@sotto/protocol';
import { accountAt, accountOf, notAuthorised, notFound } from '../../accounts/accounts.ts';
import { policyInForce } from '../../admin/policy.ts';
import { areMutual } from '../../contacts/contacts.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { openRoom } from '../../restored/room.ts';
import { type Audience, advanced, storeAdvance } from '../../rooms/advance.ts';
import { dropParts, stagedParts } from '../../rooms/parts.ts';
import { readableHead } from '../../rooms/read.ts';
import { changeRoom, type Room } from '../../rooms/room.ts';
import { eraOf, judgeStatement } from '../../rooms/statement.ts';
import { roomWitness } from '../../rooms/witness.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/**
 * Appends a roster statement. Throws the faults of the state machine, `not-contact` for a newcomer who is no mutual
 * contact of the adder, `not-found` for rooms of others, `restored-unconfirmed`.
 */
export const append: Handler<'rooms.append'> = async ({ room: id, statement: submission }, context) => {
  const { store, suites, now, cluster } = context;
  const session = deviceSession(context);
  const statement = rosterStatement.parse(submission.envelope.signed);
  if (!equal(statement.author, session.fingerprint) || !equal(statement.device, session.deviceId)) {
    throw notAuthorised('a statement of another device');
  }
  const { n, announced } = await changeRoom<Appended>(store, id, async (kept) => {
    const known = await positionOf(context, kept, sha256(submission.envelope.signed));
    if (known !== null) return { room: kept, result: { n: known, announced: null } };
    if (memberOf(kept.state, session.fingerprint) === null) throw notFound();
    const room = await openRoom(store, kept, { incarnation: cluster.incarnation, now: now() });
    await store.read((database) => checkNewcomer(database, session.accountId, statement));
    const witness = roomWitness(store, room.rowId, []);
    const { deviceId: device } = session;
    const staged = (root: Uint8Array): Promise<readonly Uint8Array[]> =>
      store.read((database) => stagedParts(database, { roomId: room.rowId, device, root }));
    const { state, entry } = await judgeStatement(suites, room.state, { submission, witness, staged });
    const advance = { state, entries: [entry], at: now(), startsEra: eraOf(statement) !== null };
    const audience = await store.transact(async (database) => {
      await checkNewcomer(database, session.accountId, statement);
      await checkSize(database, { statement, members: Object.keys(state.members).length });
      if (advance.startsEra) await dropParts(database, device);
      return storeAdvance(database, room, advance);
    });
    return { room: advanced(room, advance), result: { n: entry.n, announced: { audience, length: state.length } } };
  });
  if (announced !== null) announce(context, announced.audience, { room: id, length: announced.length });
  return { n, head: await readableHead(context, session.accountId, id) };
};

interface Appended {
  readonly n: number;
  /** Null for a repetition. */
  readonly announced: { readonly audience: Audience; readonly length: number } | null;
}

/** Tells everybody who may read on that there is more. */
export function announce(
  { notify }: Pick<HandlerContext, 'notify'>,
  { members, left }: Audience,
  { room, length }: { readonly room: Uint8Array; readonly length: number },
): void {
  for (const accountId of new Set([...members, ...left])) notify(accountId, { event: 'room', room, length });
}

/** Where a statement that is repeated stands. */
async function positionOf({ store }: HandlerContext, { rowId }: Room, hash: Uint8Array): Promise<number | null> {
  const row = await store.read((database) =>
    database
      .selectFrom('room_entries')
      .select('n')
      .where('room_id', '=', rowId)
      .where('signed_hash', '=', hash)
      .where('seq', 'is', null)
      .executeTakeFirst(),
  );
  return row?.n ?? null;
}

/** A room grows no further than the policy of the organisation says, whatever its own says. */
async function checkSize(
  database: Database,
  { statement, members }: { readonly statement: RosterStatement; readonly members: number },
): Promise<void> {
  if (statement.type !== 'member.add') return;
  const { maxMembers } = await policyInForce(database);
  if (members > maxMembers) throw new ProtocolPolicyFault('member-limit', `rooms have at most ${maxMembers} members`);
}

/** Only a mutual contact is added, so nobody finds themselves in a stranger's room. */
async function checkNewcomer(database: Database, ownId: number, statement: RosterStatement): Promise<void> {
  if (statement.type !== 'member.add') return;
  const { address, fingerprint } = statement.body.member;
  const own = await accountOf(database, ownId);
  const newcomer = await accountAt(database, address);
  const isContact = newcomer !== null && (await areMutual(database, own, newcomer));
  if (isContact && equal(newcomer.fingerprint as Uint8Array, fingerprint)) return;
  throw new ProtocolPolicyFault('not-contact', 'only a mutual contact can be added');
}
