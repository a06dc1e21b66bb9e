import { compare, equal, hex, unreachable } from '@sotto/bytes';
import { type Suites, sha256 } from '@sotto/crypto';
import { activeDevice, type Chain, currentUserKey } from './chain.ts';
import type { Envelope } from './envelope.ts';
import { entriesRoot, sortRows, tableHash } from './era.ts';
import { ProtocolPeerFault, ProtocolPolicyFault } from './fault.ts';
import type { Extent } from './format.ts';
import { logHash } from './log.ts';
import { isAdmin, mayActOn, mayGive, mayRotate } from './rights.ts';
import {
  checkClaimedExtent,
  currentEra,
  type RoomEra,
  type RoomMember,
  type RoomState,
  roleInsufficient,
  rosterInvalid,
  type Witness,
} from './room-state.ts';
import { type Era, type RosterBody, type RosterStatement, rosterStatement, type TableRow } from './roster.ts';

export interface StatementInput {
  readonly envelope: Envelope;
  /** The rows of the era that the statement starts, as they lie beside it: all, or those that are new. */
  readonly rows: readonly TableRow[] | null;
  readonly witness: Witness;
}

/** Verifies a `create` and opens the room's state with it. Throws `roster-invalid`, `suite-too-weak`, `bad-signature`. */
export async function createRoom(suites: Suites, { envelope, witness }: StatementInput): Promise<RoomState> {
  const statement = rosterStatement.parse(envelope.signed);
  if (statement.type !== 'create') throw rosterInvalid('a log that does not begin with create');
  if (statement.room !== null || statement.prevStatement !== null || statement.logHead !== null) {
    throw rosterInvalid('a create that follows something');
  }
  const { body, author } = statement;
  await verifyAuthor(suites, statement, { envelope, witness });
  if (!equal(body.owner.fingerprint, author)) throw rosterInvalid('the owner of a new room is its author');
  if (body.owner.length !== statement.chain.length || !equal(body.owner.head, statement.chain.hash)) {
    throw rosterInvalid('an owner with another chain than the author');
  }
  if (body.roomType === 'account' && statement.chain.length !== 1) {
    throw rosterInvalid('an account room is created while the chain is the genesis alone');
  }
  checkSuite(suites, statement.suite, body.minimumSuite);
  if (body.keying === 'per-message' && body.policy.history === 'all')
    throw rosterInvalid('per-message keying has no history');
  const chain = await witness.chain(author);
  if (chain?.address !== body.owner.address) throw rosterInvalid('an owner under another address');
  const id = sha256(envelope.signed);
  const owner: RoomMember = {
    address: body.owner.address,
    fingerprint: author,
    role: 'owner',
    named: statement.chain,
    since: 0,
  };
  return {
    id,
    type: body.roomType,
    keying: body.keying,
    minimumSuite: body.minimumSuite,
    policy: body.policy,
    closed: false,
    length: 1,
    hash: id,
    statementHash: id,
    members: { [hex(author)]: owner },
    people: { [hex(author)]: owner.address },
    eras: [],
    devices: {},
    rekeyDue: true,
    complaints: [],
  };
}

/**
 * Judges the roster statement at position `state.length` by the state before it, and returns the state after it.
 * Throws a typed fault and changes nothing if it is refused; the caller then takes `skipEntry`, except for
 * `pending-chain`, where it waits.
 */
export async function applyRosterStatement(
  suites: Suites,
  state: RoomState,
  input: StatementInput,
): Promise<RoomState> {
  const statement = rosterStatement.parse(input.envelope.signed);
  await checkFrame(suites, state, { statement, witness: input.witness });
  await verifyAuthor(suites, statement, input);
  const actor = state.members[hex(statement.author)] as RoomMember;
  const signedHash = sha256(input.envelope.signed);
  const named = nameExtent(state, statement.author, statement.chain);
  const changed = await applyBody(named, statement, { actor, input, suites });
  return {
    ...changed,
    statementHash: signedHash,
    length: state.length + 1,
    hash: logHash(state.hash, state.length, signedHash),
  };
}

interface Judged {
  readonly actor: RoomMember;
  readonly input: StatementInput;
  readonly suites: Suites;
}

async function applyBody(state: RoomState, statement: RosterStatement, judged: Judged): Promise<RoomState> {
  const { actor, input } = judged;
  if (state.eras.length === 0 && statement.type !== 'era') throw rosterInvalid('era 0 comes right after create');
  if (state.type === 'account' && !ACCOUNT_ROOM_TYPES.has(statement.type)) {
    throw rosterInvalid('an account room has one member, and as long as the account');
  }
  switch (statement.type) {
    case 'create':
      throw rosterInvalid('a second create');
    case 'member.add':
      return addMember(state, statement, judged);
    case 'member.remove':
      return startEra(removeMember(state, statement.body.fingerprint, actor), statement.body.era, { statement, input });
    case 'leave':
      return leave(state, statement.body, actor);
    case 'role.set':
      return setRole(state, statement.body, actor);
    case 'policy.set':
      return setPolicy(state, statement, judged);
    case 'era':
      if (!mayRotate(actor.role)) throw roleInsufficient('start an era');
      return startEra(state, statement.body.era, { statement, input });
    case 'close':
      if (actor.role !== 'owner') throw roleInsufficient('close the room');
      return { ...state, closed: true };
    case 'continue-from':
      if (actor.role !== 'owner') throw roleInsufficient('decide a fork');
      await checkOnLog(state, statement.body, input.witness);
      return state;
    case 'complaint':
      return complain(state, statement);
    default:
      return unreachable(statement);
  }
}

/**
 * Of the era in force, and once: every statement makes others that are under way start again, so nobody may add them at
 * will.
 */
function complain(state: RoomState, { author, body }: RosterStatement & { type: 'complaint' }): RoomState {
  const key = hex(author);
  if (body.era !== state.eras.length - 1) throw rosterInvalid('a complaint of an era that is not in force');
  if (state.complaints.includes(key)) throw rosterInvalid('a second complaint of the same era');
  return { ...state, complaints: [...state.complaints, key] };
}

async function addMember(
  state: RoomState,
  statement: RosterStatement & { type: 'member.add' },
  judged: Judged,
): Promise<RoomState> {
  const { body } = statement;
  const { actor, input, suites } = judged;
  if (!isAdmin(actor.role) || !mayGive(actor, body.role)) throw roleInsufficient('add a member with that role');
  checkRoomTakes(state, body);
  const chain = await input.witness.chain(body.member.fingerprint);
  const extent: Extent = { length: body.member.length, hash: body.member.head };
  checkClaimedExtent(chain, extent);
  if (chain.address !== body.member.address) throw rosterInvalid('a member under another address');
  checkSuite(suites, chain.suite, state.minimumSuite);
  const key = hex(body.member.fingerprint);
  const member: RoomMember = {
    address: body.member.address,
    fingerprint: body.member.fingerprint,
    role: body.role,
    named: extent,
    since: state.length,
  };
  const joined: RoomState = {
    ...state,
    members: { ...state.members, [key]: member },
    people: { ...state.people, [key]: member.address },
  };
  if ((body.era === null) === (body.row === null)) throw rosterInvalid('an add has a new era or a row, never both');
  if (body.era !== null) return startEra(joined, body.era, { statement, input });
  if (body.row === null || state.policy.history !== 'all') {
    throw rosterInvalid('an add without a new era needs history `all`');
  }
  return addRow(joined, body.row, chain);
}

function checkRoomTakes(state: RoomState, body: RosterBody<'member.add'>): void {
  const members = Object.keys(state.members);
  if (
    state.type === 'direct' &&
    (members.length !== 1 || body.role !== 'owner' || Object.keys(state.people).length !== 1)
  ) {
    throw rosterInvalid('a direct room takes the peer and nothing else');
  }
  if (Object.values(state.members).some(({ address }) => address === body.member.address)) {
    throw new ProtocolPolicyFault('member-exists', 'that address is a member, in this identity or another');
  }
  if (members.length >= state.policy.maxMembers) throw new ProtocolPolicyFault('member-limit', 'the room is full');
  if (body.role === 'guest' && !state.policy.guests) throw roleInsufficient('admit guests here');
}

function addRow(state: RoomState, row: RosterBody<'member.add'>['row'] & object, chain: Chain): RoomState {
  const era = currentEra(state);
  if (!era.valid || state.rekeyDue) throw new ProtocolPolicyFault('rekey-due', 'a new era comes before a new member');
  const { fingerprint, length, head, generation } = row;
  const member = state.members[hex(fingerprint)];
  if (member === undefined || !equal(fingerprint, chain.fingerprint)) throw rosterInvalid('a row of somebody else');
  if (length !== member.named.length || !equal(head, member.named.hash)) throw rosterInvalid('a row of another extent');
  if (generation !== currentUserKey(chain, length).generation) throw rosterInvalid('a row of another generation');
  const rows = sortRows([...era.rows, { fingerprint, length, head, generation }]);
  return { ...state, eras: [...state.eras.slice(0, -1), { ...era, rows }] };
}

function removeMember(state: RoomState, fingerprint: Uint8Array, actor: RoomMember): RoomState {
  const key = hex(fingerprint);
  const target = state.members[key];
  if (target === undefined) throw new ProtocolPolicyFault('member-unknown', 'not a member');
  if (state.type !== 'chat' || !mayActOn(actor, target)) throw roleInsufficient('remove that member');
  const { [key]: _removed, ...members } = state.members;
  return { ...state, members };
}

function leave(state: RoomState, { successor }: RosterBody<'leave'>, actor: RoomMember): RoomState {
  const { [hex(actor.fingerprint)]: _left, ...others } = state.members;
  const members = successor === null ? others : promote(others, successor, actor);
  const orphaned = Object.keys(members).length > 0 && !Object.values(members).some(({ role }) => role === 'owner');
  if (orphaned) throw new ProtocolPolicyFault('successor-needed', 'the last owner names a successor');
  return { ...state, members, rekeyDue: true };
}

function promote(members: RoomState['members'], successor: Uint8Array, actor: RoomMember): RoomState['members'] {
  const key = hex(successor);
  const member = members[key];
  if (actor.role !== 'owner' || member === undefined)
    throw rosterInvalid('a successor is named by an owner among the members');
  return { ...members, [key]: { ...member, role: 'owner' } };
}

function setRole(state: RoomState, { fingerprint, role }: RosterBody<'role.set'>, actor: RoomMember): RoomState {
  const key = hex(fingerprint);
  const target = state.members[key];
  if (target === undefined) throw new ProtocolPolicyFault('member-unknown', 'not a member');
  if (state.type !== 'chat' || !mayActOn(actor, target) || !mayGive(actor, role))
    throw roleInsufficient('give that role');
  if (role === 'guest' && !state.policy.guests) throw roleInsufficient('have guests here');
  return { ...state, members: { ...state.members, [key]: { ...target, role } } };
}

async function setPolicy(
  state: RoomState,
  statement: RosterStatement & { type: 'policy.set' },
  { actor, input }: Judged,
): Promise<RoomState> {
  if (state.type !== 'chat' || !isAdmin(actor.role)) throw roleInsufficient('change the policy');
  const { policy, era } = statement.body;
  if (state.keying === 'per-message' && policy.history === 'all')
    throw rosterInvalid('per-message keying has no history');
  if (policy.history !== state.policy.history && era === null)
    throw rosterInvalid('a change of visibility starts an era');
  const changed: RoomState = { ...state, policy };
  return era === null ? changed : startEra(changed, era, { statement, input });
}

async function startEra(
  state: RoomState,
  era: Era,
  { statement, input }: { readonly statement: RosterStatement; readonly input: StatementInput },
): Promise<RoomState> {
  if (era.era !== state.eras.length) throw rosterInvalid('an era number out of order');
  checkPrevious(state, era);
  const rows = signedRows(state, era, input.rows ?? []);
  const started: RoomEra = {
    ...era,
    n: state.length,
    at: statement.at,
    author: statement.author,
    history: state.policy.history,
    valid: await isTableComplete(state, rows, input.witness),
    rows,
    records: 0,
  };
  const eras = [...state.eras, started];
  if (!started.valid) return { ...state, eras, rekeyDue: true, complaints: [] };
  const named = rows.reduce(
    (so, { fingerprint, length, head }) => nameExtent(so, fingerprint, { length, hash: head }),
    state,
  );
  return { ...named, eras, rekeyDue: false, complaints: [] };
}

/**
 * An era names the era before it. It may name an older one, whose secret its link then opens, so that an era which
 * did not open to its members never cuts off what lies before: only through eras whose history was `all`.
 */
function checkPrevious(state: RoomState, era: Era): void {
  const { previousCommitment, link } = era;
  const named = state.eras.findLastIndex(
    ({ commitment }) => previousCommitment !== null && equal(commitment, previousCommitment),
  );
  const newest = state.eras.length - 1;
  if ((previousCommitment === null) !== newest < 0 || (newest >= 0 && named < 0) || (named < newest && link === null))
    throw rosterInvalid('an era that follows another one');
  if (link !== null && (named < 0 || state.eras.slice(named).some(({ history }) => history !== 'all'))) {
    throw rosterInvalid('a link to an era that stays closed');
  }
}

/** The table as it was signed: what lies beside the log is the server's word until its hash agrees. */
function signedRows(state: RoomState, era: Era, rows: readonly TableRow[]): readonly TableRow[] {
  const ascending = rows.every(
    (row, i) => i === 0 || compare((rows[i - 1] as TableRow).fingerprint, row.fingerprint) <= 0,
  );
  if (ascending && equal(tableHash(rows), era.table)) return rows;
  const completed = withUnchanged(state, rows);
  if (ascending && equal(tableHash(completed), era.table)) return completed;
  throw new ProtocolPeerFault('log-broken', 'a table that is not the one that was signed');
}

/** Adds the rows that the table in force before has of members whom no given row names. */
function withUnchanged(state: RoomState, rows: readonly TableRow[]): readonly TableRow[] {
  const given = new Set(rows.map(({ fingerprint }) => hex(fingerprint)));
  const isUnchanged = (key: string): boolean => key in state.members && !given.has(key);
  const before = state.eras.at(-1)?.rows ?? [];
  return sortRows([...rows, ...before.filter(({ fingerprint }) => isUnchanged(hex(fingerprint)))]);
}

/** The era-table check: exactly the members, none of them stale, every row on its member's verified chain. */
async function isTableComplete(state: RoomState, rows: readonly TableRow[], witness: Witness): Promise<boolean> {
  if (rows.length !== Object.keys(state.members).length) return false;
  const seen = new Set(rows.map(({ fingerprint }) => hex(fingerprint)));
  if (seen.size !== rows.length) return false;
  for (const row of rows) {
    const member = state.members[hex(row.fingerprint)];
    if (member === undefined) return false;
    const chain = await witness.chain(row.fingerprint);
    const longest = Math.max(row.length, member.named.length);
    if (chain === null || chain.hashes.length < longest) {
      throw new ProtocolPeerFault('pending-chain', 'a chain that is not known as far as the table names it');
    }
    if (!equal(chain.hashes[row.length - 1] as Uint8Array, row.head)) return false;
    if (currentUserKey(chain, row.length).generation !== row.generation) return false;
    if (currentUserKey(chain, longest).generation !== row.generation) return false;
  }
  return true;
}

async function checkFrame(
  suites: Suites,
  state: RoomState,
  { statement, witness }: { readonly statement: RosterStatement; readonly witness: Witness },
): Promise<void> {
  if (statement.room === null || !equal(statement.room, state.id)) {
    throw new ProtocolPeerFault('wrong-room', 'a statement of another room');
  }
  if (statement.prevStatement === null || !equal(statement.prevStatement, state.statementHash)) {
    throw new ProtocolPeerFault('roster-stale', 'a statement that does not follow the newest one');
  }
  if (state.closed) throw new ProtocolPolicyFault('room-closed', 'the room is closed');
  const member = state.members[hex(statement.author)];
  if (member === undefined) throw new ProtocolPolicyFault('not-a-member', 'not a member');
  // A device that its account has revoked would otherwise act for ever, under the chain as it once was.
  if (statement.chain.length < member.named.length) {
    throw new ProtocolPeerFault('roster-stale', 'a chain older than the room knows');
  }
  checkSuite(suites, statement.suite, state.minimumSuite);
  if (statement.logHead === null) throw rosterInvalid('no log head');
  await checkOnLog(state, statement.logHead, witness);
}

async function checkOnLog(state: RoomState, extent: Extent, witness: Witness): Promise<void> {
  if (extent.length > state.length) throw rosterInvalid('a log head from the future');
  const hash = extent.length === state.length ? state.hash : await witness.hashAt(extent.length);
  if (hash !== null && !equal(hash, extent.hash)) {
    throw new ProtocolPeerFault('room-forked', 'a statement that saw another past of this room');
  }
}

async function verifyAuthor(
  suites: Suites,
  statement: RosterStatement,
  { envelope, witness }: { readonly envelope: Envelope; readonly witness: Witness },
): Promise<void> {
  const chain = await witness.chain(statement.author);
  checkClaimedExtent(chain, statement.chain);
  const device = activeDevice(chain, statement.device, statement.chain.length);
  if (device === null || device.kind !== 'keybox') {
    throw new ProtocolPeerFault('device-unendorsed', 'signed by no active device of its author');
  }
  const [signature, ...more] = envelope.signatures;
  if (signature === undefined || more.length > 0) throw rosterInvalid('exactly one signature is due');
  if (chain.suite !== statement.suite) throw rosterInvalid('a statement in another suite than its author');
  await suites.byId(chain.suite).signature.verify(device.signing, 'sotto/roster/v1', envelope.signed, signature);
}

/** Keeps the longest extent of a member's chain that the log names. */
export function nameExtent(state: RoomState, fingerprint: Uint8Array, extent: Extent): RoomState {
  const key = hex(fingerprint);
  const member = state.members[key];
  if (member === undefined || member.named.length >= extent.length) return state;
  return {
    ...state,
    members: { ...state.members, [key]: { ...member, named: { length: extent.length, hash: extent.hash } } },
  };
}

/** A suite meets a minimum by its number, and never without being post-quantum where the minimum is. */
function checkSuite(suites: Suites, suite: number, minimum: number): void {
  if (suite === minimum) return;
  const above = suite > minimum && minimum < FIRST_THIRD_PARTY_SUITE;
  if (above && (suites.byId(suite).postQuantum || !suites.byId(minimum).postQuantum)) return;
  throw new ProtocolPolicyFault('suite-too-weak', 'weaker than the suite that the room demands');
}

/** What a server checks before it takes an era: the entries beside it are those that were signed. */
export function checkEntries(era: Pick<Era, 'entries'>, leaves: readonly Uint8Array[]): void {
  if (!equal(entriesRoot(leaves), era.entries)) throw rosterInvalid('entries that were not signed');
}

const ACCOUNT_ROOM_TYPES: ReadonlySet<RosterStatement['type']> = new Set([
  'create',
  'era',
  'continue-from',
  'complaint',
]);
const FIRST_THIRD_PARTY_SUITE = 0x8000;
