import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  type LogEntry,
  type OriginalEntry,
  rosterStatement,
  type SignedHead,
  sortRows,
  type TableRow,
} from '@sotto/protocol';
import { addDevice, type TestRoom } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { appendStatements } from '../accounts/chains.ts';
import { credentialsOf, deviceOf } from '../accounts/credentials.ts';
import { refusal, SETTLE, submission, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let ann: TestMember;
let ben: TestMember;
let room: TestRoom;
let id: Uint8Array;

beforeEach(async () => {
  home = await TestHome.open();
  ann = await home.signUp('ann');
  ben = await home.signUp('ben');
  await home.befriend(ann, ben);
  room = await home.createRoom(ann);
  await home.append(ann, room, await room.sealAdd(ann.account, ben.account, { role: 'member' }));
  await home.write(ann, room, 'before');
  id = room.state.id;
});
afterEach(() => home.close());

describe('a restored room', () => {
  test('takes nothing until its members have compared', async () => {
    const known = await read(ann);
    const restore = await home.snapshot();
    await restore();
    assert.isAbove((await read(ann)).head.incarnation, known.head.incarnation);
    assert.deepEqual((await read(ann)).entries, known.entries);
    assert.strictEqual(await refusal(home.write(ann, room)), 'restored-unconfirmed');
    const statement = submission(await room.sealRemove(ann.account, ben.account));
    assert.strictEqual(await refusal(append(ann, statement)), 'restored-unconfirmed');
    assert.deepEqual(await confirm(ann, known.head), { open: false, from: null });
    assert.strictEqual(await refusal(home.write(ann, room)), 'restored-unconfirmed');
    assert.deepEqual(await confirm(ben, known.head), { open: true, from: null });
    await home.write(ann, room, 'after');
  });

  test('waits for the silent ones no longer than they were given', async () => {
    const known = await read(ann);
    const restore = await home.snapshot();
    await restore();
    home.advance(SETTLE);
    assert.strictEqual(await refusal(home.write(ann, room)), 'restored-unconfirmed');
    assert.deepEqual(await confirm(ann, known.head), { open: true, from: null });
    await home.write(ben, room);
  });

  test('that a signed head says was longer waits for the rest, however long', async () => {
    const restore = await home.snapshot();
    await home.write(ann, room, 'lost');
    const longer = await read(ben);
    await restore();
    const shorter = await read(ann);
    await confirm(ann, shorter.head);
    assert.deepEqual(await confirm(ben, longer.head), { open: false, from: null });
    home.advance(SETTLE);
    await confirm(ann, shorter.head);
    assert.strictEqual(await refusal(home.write(ben, room)), 'restored-unconfirmed');
    await giveBack(ben, longer, shorter.head.length);
    assert.deepEqual(await confirm(ben, longer.head), { open: true, from: shorter.head.length });
    await home.write(ben, room);
  });

  test('a head that the cluster did not sign, of another room or another past confirms nothing', async () => {
    const known = await read(ann);
    const restore = await home.snapshot();
    await restore();
    const forged = { ...known.head, length: known.head.length + 1 };
    assert.strictEqual(await refusal(confirm(ann, forged)), 'head-invalid');
    const other = await home.createRoom(ann);
    const { head } = await read(ann, other.state.id);
    assert.strictEqual(await refusal(confirm(ann, head)), 'head-invalid');
    const cem = await home.signUp('cem');
    assert.strictEqual(await refusal(confirm(cem, known.head)), 'not-found');
  });

  test('rooms of the new life are open from the start', async () => {
    const restore = await home.snapshot();
    await restore();
    await home.write(ann, await home.createRoom(ann));
  });
});

describe('what members give back', () => {
  test('is there again, once, whoever brings it how often ever', async () => {
    const restore = await home.snapshot();
    await home.write(ann, room, 'lost');
    await home.append(ann, room, await room.sealRemove(ann.account, ben.account));
    await home.append(ann, room, await room.sealAdd(ann.account, ben.account, { role: 'member' }));
    await home.write(ben, room, 'lost, too');
    const [first, second] = [await read(ann), await read(ben)];
    await restore();
    const { length } = (await read(ann)).head;
    await Promise.all([giveBack(ann, first, length), giveBack(ben, second, length), giveBack(ben, second, length)]);
    assert.deepEqual((await read(ann)).entries, first.entries);
    assert.deepEqual((await read(ben)).entries, second.entries);
    for (const [member, { head }] of [
      [ann, first],
      [ben, second],
    ] as const)
      await confirm(member, head);
    await home.write(ben, room, 'after');
  });

  test('brings a room back that was lost whole', async () => {
    const restore = await home.snapshot();
    const fresh = await home.createRoom(ann, { policy: { history: 'all' } });
    await home.append(ann, fresh, await fresh.sealAdd(ann.account, ben.account, { role: 'member' }));
    await home.write(ben, fresh, 'in a new room');
    const lost = fresh.state.id;
    const [first, second] = [await read(ann, lost), await read(ben, lost)];
    await restore();
    assert.strictEqual(await refusal(read(ben, lost)), 'not-found');
    await giveBack(ben, second, 0, lost);
    assert.deepEqual((await read(ben, lost)).entries, second.entries);
    await giveBack(ann, first, 0, lost);
    assert.deepEqual((await read(ann, lost)).entries, first.entries);
    assert.strictEqual(await refusal(home.write(ann, fresh)), 'restored-unconfirmed');
    for (const member of [ann, ben]) await confirm(member, first.head, lost);
    await home.write(ann, fresh);
  });

  test('is what the cluster signed and nothing else', async () => {
    const restore = await home.snapshot();
    await home.write(ann, room, 'lost');
    const lost = await read(ann);
    const last = lost.entries.at(-1) as LogEntry;
    await restore();
    const { length } = (await read(ann)).head;
    const header = await room.draftRecord(ann.account);
    const invented = await room.sealRecord(ann.account, header, { body: room.message('invented') });
    if (invented.kind !== 'record') throw new Error('a record');
    const other = { ...last, record: invented.record } as LogEntry;
    const hashes = [sha256(invented.record.signed)];
    const give = (change: object) =>
      refusal(
        home.call(ann.session, 'rooms.restore', {
          room: id,
          head: lost.head,
          from: length,
          hashes: [hashOf(last)],
          entries: [{ entry: last, seals: null }],
          ...change,
        }),
      );
    assert.strictEqual(await give({ hashes, entries: [{ entry: other, seals: null }] }), 'room-forked');
    assert.strictEqual(await give({ entries: [{ entry: other, seals: null }] }), 'log-broken');
    assert.strictEqual(await give({ head: { ...lost.head, hash: sha256() } }), 'head-invalid');
    assert.strictEqual(await give({ from: length - 1 }), 'log-broken');
    assert.strictEqual(await give({ from: length + 1, hashes: [] }), 'log-broken');
    const body = new Uint8Array(256);
    const swapped = { ...last, record: { ...(last as LogEntry & { kind: 'record' }).record, body } };
    assert.strictEqual(await give({ entries: [{ entry: swapped, seals: null }] }), 'log-broken');
    assert.strictEqual((await read(ann)).head.length, length);
    assert.isNull(await give({}));
    assert.strictEqual((await read(ann)).head.length, length + 1);
  });

  test('a log that went on otherwise takes nothing back', async () => {
    const restore = await home.snapshot();
    await home.write(ann, room, 'lost');
    const lost = await read(ann);
    await restore();
    const { head } = await read(ben);
    home.advance(SETTLE);
    await confirm(ben, head);
    await append(ben, submission(await sealLeave()));
    assert.strictEqual(await refusal(giveBack(ann, lost, head.length)), 'room-forked');
    assert.strictEqual(await refusal(confirm(ann, lost.head)), 'room-forked');
  });

  test('is taken from nobody who does not stand in the room', async () => {
    const restore = await home.snapshot();
    await home.write(ann, room, 'lost');
    const lost = await read(ann);
    await restore();
    const dan = await home.signUp('dan');
    assert.strictEqual(await refusal(giveBack(dan, lost, lost.head.length - 1)), 'not-found');
  });

  /** Ben leaves, as the restored server alone knows the room. */
  async function sealLeave() {
    const shorter = (await home.call(ben.session, 'rooms.read', { room: id, from: 0, limit: 100 })).head;
    const draft = room.draft(ben.account, 'leave', { successor: null });
    const logHead = { length: shorter.length, hash: shorter.hash };
    return room.sealStatement(ben.account, { ...draft, logHead });
  }
});

describe('a restored sigchain', () => {
  test('gets its statements back from whoever knows them, and only those that were signed', async () => {
    const restore = await home.snapshot();
    const before = await chain(ann);
    const grown = await addDevice(home.world, ann.account, { name: 'phone' });
    const envelopes = grown.statements.slice(-1);
    await home.store.transact((database) =>
      appendStatements(database, ann.accountId, { envelopes, chain: grown.chain, at: home.now() }),
    );
    const after = await chain(ben);
    await restore();
    const add = (statements = after.statements, head = after.head) =>
      home.call(ben.session, 'chains.restore', { account: ann.account.chain.fingerprint, head, statements });
    const late = home.store.transact((database) =>
      appendStatements(database, ann.accountId, { envelopes, chain: grown.chain, at: home.now() }),
    );
    assert.strictEqual(await refusal(late), 'restored-unconfirmed');
    assert.strictEqual(await refusal(add(after.statements, { ...after.head, length: 9 })), 'head-invalid');
    assert.strictEqual(await refusal(add(before.statements)), 'chain-broken');
    assert.deepEqual(await home.call(ann.session, 'chains.confirm', { head: after.head }), { open: false });
    assert.strictEqual((await add()).length, after.head.length);
    assert.strictEqual((await add()).length, after.head.length);
    assert.deepEqual((await chain(ben)).statements, after.statements);
    home.advance(SETTLE);
    assert.deepEqual(await home.call(ann.session, 'chains.confirm', { head: after.head }), { open: true });
  });

  test('an account that was lost whole comes back with its name and devices, from what others know', async () => {
    const restore = await home.snapshot();
    const cem = await home.signUp('cem');
    await home.befriend(ann, cem);
    const known = await home.call(ann.session, 'chains.read', { account: cem.account.chain.fingerprint, from: 0 });
    const fresh = await home.createRoom(ann);
    await home.append(ann, fresh, await fresh.sealAdd(ann.account, cem.account, { role: 'member' }));
    const lost = await read(ann, fresh.state.id);
    await restore();
    assert.strictEqual(await refusal(giveBack(ann, lost, 0, fresh.state.id)), 'pending-chain');
    const { head, statements } = known;
    const account = cem.account.chain.fingerprint;
    assert.strictEqual(
      await refusal(home.call(ann.session, 'chains.restore', { account, head, statements: statements.slice(1) })),
      'chain-broken',
    );
    await home.call(ann.session, 'chains.restore', { account, head, statements });
    await giveBack(ann, lost, 0, fresh.state.id);
    assert.strictEqual(await refusal(home.signUp('cem')), 'address-taken');
    assert.isNull(await credentialsOf(home.store, cem.account.address, home.now()));
    assert.isNotNull(await deviceOf(home.store, account, cem.session.deviceId));
  });
});

interface Known {
  readonly entries: readonly LogEntry[];
  readonly head: SignedHead;
}

function read(member: TestMember, of = id): Promise<Known> {
  return home.call(member.session, 'rooms.read', { room: of, from: 0, limit: 500 });
}

function chain(member: TestMember) {
  return home.call(member.session, 'chains.read', { account: ann.account.chain.fingerprint, from: 0 });
}

function confirm(member: TestMember, head: SignedHead, of = id) {
  return home.call(member.session, 'rooms.confirm', { room: of, head });
}

function append(member: TestMember, statement: ReturnType<typeof submission>) {
  return home.call(member.session, 'rooms.append', { room: id, statement });
}

function giveBack(member: TestMember, { entries, head }: Known, from: number, of = id) {
  const tables = wholeTables(entries);
  const lost: OriginalEntry[] = tables.slice(from).map((entry) => ({ entry, seals: null }));
  const hashes = lost.map(({ entry }) => hashOf(entry));
  return home.call(member.session, 'rooms.restore', { room: of, head, from, hashes, entries: lost });
}

/** Entries with the whole table of each era, as clients keep them. */
function wholeTables(entries: readonly LogEntry[]): readonly LogEntry[] {
  let table: readonly TableRow[] = [];
  return entries.map((entry) => {
    if (entry.kind === 'record') return entry;
    const { type, body } = rosterStatement.parse(entry.envelope.signed);
    const removed = type === 'member.remove' ? body.fingerprint : null;
    const given = new Set(entry.rows.map(({ fingerprint }) => hex(fingerprint)));
    const rest = table.filter(
      ({ fingerprint }) => !given.has(hex(fingerprint)) && hex(fingerprint) !== hex(removed ?? id),
    );
    const row = type === 'member.add' ? body.row : null;
    if (row !== null) table = sortRows([...table, row]);
    else table = sortRows([...rest, ...entry.rows]);
    return 'era' in body && body.era !== null ? { ...entry, rows: table } : entry;
  });
}

function hashOf(entry: LogEntry): Uint8Array {
  return sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
}
