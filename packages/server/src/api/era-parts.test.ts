import { encodeCbor, equal, hex } from '@sotto/bytes';
import {
  currentEra,
  entriesRoot,
  entryHash,
  type LogEntry,
  type StatementSubmission,
  verifyMerklePath,
} from '@sotto/protocol';
import type { TestAccount, TestEra, TestRoom } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { refusal, submission, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let ann: TestMember;
let ben: TestMember;
let room: TestRoom;
let era: TestEra;
/** The statement of the era, and its entries apart. */
let whole: StatementSubmission;
let bare: StatementSubmission;

beforeEach(async () => {
  home = await TestHome.open();
  ann = await home.signUp('ann');
  ben = await home.signUp('ben');
  await home.befriend(ann, ben);
  room = await home.createRoom(ann, { policy: { maxMembers: 1000 } });
  await home.append(ann, room, await room.sealAdd(ann.account, ben.account, { role: 'member' }));
  await nextEra();
});
afterEach(() => home.close());

describe('an era whose entries came before its statement', () => {
  test('is the same as one that came whole, and its parts are used up', async () => {
    for (const [from, entry] of whole.entries.entries()) await stage(ann, from, [entry]);
    await append(ann, bare);
    await room.append(await room.sealStatement(ann.account, room.draft(ann.account, 'era', { era: era.era }), { era }));
    const { entry, rows } = await newest(ben);
    assert.deepEqual(rows, []);
    const index = era.rows.findIndex(({ fingerprint }) => equal(fingerprint, ben.account.chain.fingerprint));
    assert.deepEqual(entry?.sealed, whole.entries[index]);
    assert.strictEqual(await parts(), 0);
  });

  test('is taken in any order, again after an answer was lost, and once', async () => {
    const [first, second] = whole.entries as [Uint8Array, Uint8Array];
    await stage(ann, 1, [second]);
    assert.strictEqual(await refusal(append(ann, bare)), 'era-parts-missing');
    await stage(ann, 0, [first]);
    await stage(ann, 0, [first]);
    const { n } = await append(ann, bare);
    assert.strictEqual((await append(ann, bare)).n, n);
  });

  test('nobody completes what another device stages, and of one device the newest era counts', async () => {
    await stage(ben, 0, whole.entries);
    assert.strictEqual(await refusal(append(ann, bare)), 'era-parts-missing');
    await stage(ann, 0, whole.entries);
    await stage(ann, 0, whole.entries, new Uint8Array(32));
    assert.strictEqual(await refusal(append(ann, bare)), 'era-parts-missing');
    assert.strictEqual(await parts(), 4);
  });

  test('is forgotten after an hour', async () => {
    await stage(ann, 0, whole.entries);
    home.advance(3600_000);
    await stage(ben, 0, whole.entries.slice(0, 1));
    assert.strictEqual(await refusal(append(ann, bare)), 'era-parts-missing');
    assert.strictEqual(await parts(), 1);
  });

  test('is for who starts eras in the room, and no larger than the room', async () => {
    const cem = await home.signUp('cem');
    assert.strictEqual(await refusal(stage(cem, 0, whole.entries)), 'not-found');
    const reading = room.draft(ann.account, 'role.set', { fingerprint: ben.account.chain.fingerprint, role: 'reader' });
    await home.append(ann, room, await room.sealStatement(ann.account, reading));
    assert.strictEqual(await refusal(stage(ben, 0, whole.entries)), 'role-insufficient');
    assert.strictEqual(await refusal(stage(ann, 2, whole.entries)), 'member-limit');
    assert.strictEqual(await parts(), 0);
  });
});

describe('Kx9: entries of an era other than those that its statement signs', () => {
  const parts: readonly [string, (entries: readonly Uint8Array[]) => readonly Uint8Array[], string][] = [
    ['control: whole', (entries) => entries, 'none'],
    ['attack: one is missing', (entries) => entries.slice(0, 1), 'era-parts-missing'],
    ['attack: one too many', (entries) => [...entries, entries[0] as Uint8Array], 'roster-invalid'],
    ['attack: two change places', (entries) => entries.toReversed(), 'roster-invalid'],
    ['attack: one is another', ([first, second]) => [first as Uint8Array, altered(second)], 'roster-invalid'],
  ];
  test.each(parts)('%s', async (_name, lie, code) => {
    const { length } = (await read(ann)).head;
    await stage(ann, 0, lie(whole.entries));
    assert.strictEqual((await refusal(append(ann, bare))) ?? 'none', code);
    assert.strictEqual((await read(ann)).head.length, code === 'none' ? length + 1 : length);
    if (code === 'none') return;
    // What was brought wrongly is brought again.
    await stage(ann, 0, whole.entries);
    const isTooMany = code === 'roster-invalid' && lie(whole.entries).length > whole.entries.length;
    if (isTooMany) await stage(ann, 0, whole.entries.slice(0, 1), new Uint8Array(32));
    if (isTooMany) await stage(ann, 0, whole.entries);
    await append(ann, bare);
  });
});

test('a large room gets a new era, of which each reads little more than its own entry', async () => {
  const crowd = await home.admitCrowd(ann, MEMBERS - 2);
  for (const member of crowd) await home.append(ann, room, await room.sealAdd(ann.account, member, { role: 'member' }));
  const removal = await room.sealRemove(ann.account, crowd[0] as TestAccount);
  const { rows, entries, envelope } = submission(removal);
  const { root } = rootOf(removal);
  for (let from = 0; from < entries.length; from += 125) await stage(ann, from, entries.slice(from, from + 125), root);
  await append(ann, { envelope, rows: [], entries: [] });
  await room.append(removal);
  assert.strictEqual(rows.length, MEMBERS - 1);
  assert.isTrue(currentEra(room.state).valid);
  const { entry, ...statement } = await newest(ben);
  assert(entry !== null);
  assert.deepEqual(statement.rows, []);
  const { sealed, path, index, size } = entry;
  const leaf = entryHash(ben.account.chain.fingerprint, sealed);
  assert.isTrue(verifyMerklePath(leaf, path, { root, index, size }));
  assert.isBelow(encodeCbor(entry as never).length, 2048);
});

async function nextEra(): Promise<void> {
  era = await room.makeEra(ann.account);
  const draft = room.draft(ann.account, 'era', { era: era.era });
  whole = submission(await room.sealStatement(ann.account, draft, { era }));
  bare = { ...whole, entries: [] };
}

function rootOf({ rows, sealed }: Awaited<ReturnType<TestRoom['sealRemove']>>): { readonly root: Uint8Array } {
  const leaves = (rows ?? []).map(({ fingerprint }) =>
    entryHash(fingerprint, sealed.get(hex(fingerprint)) as Uint8Array),
  );
  return { root: entriesRoot(leaves) };
}

function stage(member: TestMember, from: number, entries: readonly Uint8Array[], root = era.era.entries) {
  return home.call(member.session, 'eras.stage', { room: room.state.id, root, from, entries });
}

function append(member: TestMember, statement: StatementSubmission) {
  return home.call(member.session, 'rooms.append', { room: room.state.id, statement });
}

function read(member: TestMember) {
  return home.call(member.session, 'rooms.read', { room: room.state.id, from: 0, limit: 500 });
}

async function newest(member: TestMember): Promise<LogEntry & { kind: 'statement' }> {
  const { head } = await read(member);
  const input = { room: room.state.id, from: head.length - 1, limit: 1 };
  const [entry] = (await home.call(member.session, 'rooms.read', input)).entries;
  if (entry?.kind !== 'statement') throw new Error('a statement');
  return entry;
}

async function parts(): Promise<number> {
  return (await home.store.read((database) => database.selectFrom('era_parts').select('position').execute())).length;
}

function altered(bytes: Uint8Array | undefined): Uint8Array {
  return (bytes ?? new Uint8Array()).map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}

/** Every addition is durable; PostgreSQL takes its time for that. */
const MEMBERS = process.env['SOTTO_TEST_DATABASE'] === 'postgres' ? 200 : 500;
