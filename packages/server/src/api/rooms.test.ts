import { hex } from '@sotto/bytes';
import {
  currentEra,
  ERA_MILLISECONDS,
  entryHash,
  type LogEntry,
  rowOf,
  type SignedHead,
  verifyHead,
  verifyMerklePath,
} from '@sotto/protocol';
import { addDevice, Replica, type TestEntry, TestRoom } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { recordOf, refusal, submission, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let alpha: TestMember;
let beta: TestMember;
let gamma: TestMember;
beforeEach(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  beta = await home.signUp('beta', { suite: 'p384' });
  gamma = await home.signUp('gamma');
  await home.befriend(alpha, beta);
  home.events.length = 0;
});
afterEach(() => home.close());

describe('a room', () => {
  test('is created once, and read back as it was written', async () => {
    const room = await home.createRoom(alpha);
    const again = await home.call(alpha.session, 'rooms.create', { statements: room.log.map(submission) });
    assert.deepEqual(extent(again.head), room.extent());
    await home.write(alpha, room);
    const { entries, head } = await read(alpha, room);
    assert.deepEqual(extent(head), room.extent());
    await verifyHead(home.world.primitives, home.cluster.headPublicKeys, {
      subject: { kind: 'room', id: room.state.id },
      head,
    });
    await follows(room, entries);
  });

  test('of an account, of another author or another beginning is not created', async () => {
    const account = await TestRoom.create(home.world, (await genesisOf('delta')).account);
    const foreign = await TestRoom.create(home.world, beta.account);
    const own = await TestRoom.create(home.world, alpha.account);
    const other = await TestRoom.create(home.world, alpha.account);
    const [create, era] = own.log.map(submission);
    for (const [statements, code] of [
      [account.log.map(submission), 'pending-chain'],
      [foreign.log.map(submission), 'roster-invalid'],
      [[create, create], 'wrong-room'],
      [[create, submission(other.log[1] as TestEntry)], 'wrong-room'],
      [[create, { ...era, entries: [new Uint8Array(10)] }], 'roster-invalid'],
      [[create, { ...era, rows: [], entries: [] }], 'log-broken'],
    ] as const) {
      const refused = refusal(home.call(alpha.session, 'rooms.create', { statements: statements as never }));
      assert.strictEqual(await refused, code);
    }
    assert.strictEqual((await home.call(alpha.session, 'rooms.list', { after: null })).rooms.length, 1);
  });

  test('is nobody else’s business', async () => {
    const room = await home.createRoom(alpha);
    const { id } = room.state;
    const statement = submission(
      await room.sealStatement(beta.account, room.draft(beta.account, 'complaint', { era: 0 })),
    );
    assert.strictEqual(await refusal(read(beta, room)), 'not-found');
    assert.strictEqual(await refusal(home.call(beta.session, 'rooms.append', { room: id, statement })), 'not-found');
    const records = [recordOf(await recordBy(room, beta))];
    assert.strictEqual(await refusal(home.call(beta.session, 'records.append', { room: id, records })), 'not-found');
    const nowhere = new Uint8Array(32);
    assert.strictEqual(
      await refusal(home.call(beta.session, 'rooms.read', { room: nowhere, from: 0, limit: 10 })),
      'not-found',
    );
  });

  test('is listed in the order in which one came to it', async () => {
    const rooms = [await home.createRoom(alpha), await home.createRoom(alpha), await home.createRoom(alpha)];
    const ids = rooms.map(({ state }) => hex(state.id));
    const listed = await home.call(alpha.session, 'rooms.list', { after: null });
    assert.deepEqual(
      listed.rooms.map(({ room }) => hex(room)),
      [hex(alpha.accountRoom.state.id), ...ids],
    );
    const rest = await home.call(alpha.session, 'rooms.list', { after: rooms[0]?.state.id as Uint8Array });
    assert.deepEqual(
      rest.rooms.map(({ room }) => hex(room)),
      ids.slice(1),
    );
  });
});

describe('members', () => {
  test('are mutual contacts of who adds them', async () => {
    const room = await home.createRoom(alpha);
    assert.strictEqual(await refusal(add(room, gamma)), 'not-contact');
    await home.call(alpha.session, 'contacts.request', {
      envelope: await home.requestOf(alpha, gamma.account.address),
    });
    assert.strictEqual(await refusal(add(room, gamma)), 'not-contact');
    await add(room, beta);
    const { rooms } = await home.call(beta.session, 'rooms.list', { after: null });
    assert.deepEqual(
      rooms.map(({ room: id }) => hex(id)),
      [hex(beta.accountRoom.state.id), hex(room.state.id)],
    );
    assert.deepEqual(told(beta), ['room']);
  });

  test('see the chains of each other, also when they are not contacts', async () => {
    await home.befriend(alpha, gamma);
    const room = await home.createRoom(alpha);
    await add(room, beta);
    await add(room, gamma);
    const input = { account: gamma.account.chain.fingerprint, from: 0 };
    assert.deepEqual((await home.call(beta.session, 'chains.read', input)).statements, gamma.account.statements);
  });

  for (const history of ['all', 'from-join'] as const) {
    test(`get what is sealed to them with a path that verifies (history ${history})`, async () => {
      const room = await home.createRoom(alpha, { policy: { history } });
      await add(room, beta);
      const { entries } = await read(beta, room);
      const added = entries.at(-1);
      assert(added?.kind === 'statement' && added.entry !== null);
      const { sealed, index, size, path } = added.entry;
      const leaf = entryHash(beta.account.chain.fingerprint, sealed);
      if (history === 'all') assert.deepEqual({ index, size, path }, { index: 0, size: 1, path: [] });
      else {
        const root = currentEra(room.state).entries;
        assert.isTrue(verifyMerklePath(leaf, path, { root, index, size }));
        // The other row is in the table of the era before.
        assert.deepEqual(added.rows, [rowOf(beta.account.chain)]);
      }
      // Nothing else in the log is sealed to the newcomer.
      assert.isTrue(entries.slice(0, -1).every((entry) => entry.kind === 'statement' && entry.entry === null));
    });
  }

  test('who are removed read up to what removed them, with a head of that time', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    await home.write(beta, room);
    const removal = await home.append(alpha, room, await room.sealRemove(alpha.account, beta.account));
    const end = room.extent();
    home.advance(5000);
    await home.write(alpha, room);
    const { entries, head } = await read(beta, room);
    assert.strictEqual(entries.at(-1)?.n, removal);
    assert.deepEqual(extent(head), end);
    assert.isBelow(head.at, home.now());
    const listed = (await home.call(beta.session, 'rooms.list', { after: null })).rooms.at(-1);
    assert.strictEqual(listed?.length, removal + 1);
    const late = await home.call(beta.session, 'records.append', {
      room: room.state.id,
      records: [recordOf(await recordBy(room, beta))],
    });
    assert.deepEqual([late.refused, extent(late.head)], ['record-author-unknown', end]);
    // And back again: everything is there, the place in the list is the old one.
    await add(room, beta);
    await follows(room, (await read(beta, room)).entries);
  });

  test('are told what happens, and those who were removed that they were', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    home.events.length = 0;
    await home.write(alpha, room);
    const { id, length } = room.state;
    for (const { accountId } of [alpha, beta]) {
      assert.deepInclude(home.events, { accountId, event: { event: 'room', room: id, length } });
    }
    await home.append(alpha, room, await room.sealRemove(alpha.account, beta.account));
    home.events.length = 0;
    await home.write(alpha, room);
    assert.deepEqual(told(beta), []);
  });
});

describe('statements', () => {
  test('are taken once; who loses a race learns so', async () => {
    const room = await home.createRoom(alpha);
    const [first, second] = [await sealEra(room), await sealEra(room)];
    const codes = await Promise.all([first, second].map((entry) => refusal(home.send(alpha, room, entry))));
    assert.deepEqual(codes, [null, 'roster-stale']);
    assert.strictEqual(await home.send(alpha, room, first), 2);
    await room.append(first);
    await home.append(alpha, room, await sealEra(room));
    assert.strictEqual(await home.send(alpha, room, first), 2);
  });

  test('are of the device that brings them', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const entry = await sealEra(room, beta);
    assert.strictEqual(await refusal(home.send(alpha, room, entry)), 'not-authorised');
  });

  test('with a void table or other entries than were signed are refused, unlike by readers', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const short = await room.makeEra(alpha.account, { members: [alpha.account] });
    const draft = room.draft(alpha.account, 'era', { era: short.era });
    const void_ = await room.sealStatement(alpha.account, draft, { era: short });
    assert.strictEqual(await refusal(home.send(alpha, room, void_)), 'era-table-invalid');
    const good = await sealEra(room);
    const swapped = submission(good);
    const statement = { ...swapped, entries: [...swapped.entries].reverse() };
    const input = { room: room.state.id, statement };
    assert.strictEqual(await refusal(home.call(alpha.session, 'rooms.append', input)), 'roster-invalid');
    await home.append(alpha, room, good);
  });

  test('of a leave make the next writer start an era', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const leave = await room.sealStatement(beta.account, room.draft(beta.account, 'leave', { successor: null }));
    const n = await home.append(beta, room, leave);
    assert.strictEqual(await home.send(beta, room, leave), n);
    assert.strictEqual(await refusal(home.write(alpha, room)), 'rekey-due');
    await home.append(alpha, room, await sealEra(room));
    await home.write(alpha, room);
  });
});

describe('records', () => {
  test('of a batch are taken in order up to the first that is refused', async () => {
    const room = await home.createRoom(alpha);
    const first = await recordBy(room, alpha);
    const second = await recordBy(await ahead(room, first), alpha);
    const third = await recordBy(room, alpha);
    const answer = await home.call(alpha.session, 'records.append', {
      room: room.state.id,
      records: [first, second, third, first].map(recordOf),
    });
    assert.deepEqual([answer.positions, answer.refused], [[2, 3], 'seq-conflict']);
    assert.strictEqual(answer.head.length, 4);
  });

  test('that are repeated are answered with their first position', async () => {
    const room = await home.createRoom(alpha);
    const entry = await recordBy(room, alpha);
    const n = await home.append(alpha, room, entry);
    await home.append(alpha, room, await sealEra(room));
    for (let round = 0; round < 2; round++) {
      const input = { room: room.state.id, records: [recordOf(entry), recordOf(entry)] };
      const answer = await home.call(alpha.session, 'records.append', input);
      assert.deepEqual([answer.positions, answer.refused], [[n, n], null]);
      await home.restart();
    }
    assert.strictEqual((await read(alpha, room)).entries.length, 4);
  });

  test('with a used number and other bytes are a conflict, with a gap refused', async () => {
    const room = await home.createRoom(alpha);
    const [one, other] = [await recordBy(room, alpha), await recordBy(room, alpha)];
    await home.append(alpha, room, one);
    assert.strictEqual(await refusal(home.send(alpha, room, other)), 'seq-conflict');
    const header = { ...(await room.draftRecord(alpha.account)), seq: 7 };
    const skipping = await room.sealRecord(alpha.account, header);
    assert.strictEqual(await refusal(home.send(alpha, room, skipping)), 'seq-gap');
  });

  test('under an era that was superseded are refused, and replaced under the new one', async () => {
    const room = await home.createRoom(alpha);
    const late = await recordBy(room, alpha);
    await home.append(alpha, room, await sealEra(room));
    assert.strictEqual(await refusal(home.send(alpha, room, late)), 'era-superseded');
    await home.write(alpha, room);
  });

  test('are of the device that brings them, with the body that was signed', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const entry = await recordBy(room, beta);
    assert.strictEqual(await refusal(home.send(alpha, room, entry)), 'not-authorised');
    const { record } = recordOf(entry);
    const records = [{ record: { ...record, body: new Uint8Array(300) }, keys: null }];
    const answer = await home.call(beta.session, 'records.append', { room: room.state.id, records });
    assert.deepEqual([answer.positions, answer.refused], [[], 'log-broken']);
  });

  test('of two members at once all find their place', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const entries = await Promise.all(
      [alpha, beta].map(async (author) => [author, await recordBy(room, author)] as const),
    );
    const positions = await Promise.all(entries.map(([author, entry]) => home.send(author, room, entry)));
    assert.deepEqual([...positions].sort(), [3, 4]);
    for (const n of positions.toSorted()) await room.append((entries[positions.indexOf(n)] as (typeof entries)[0])[1]);
    await follows(room, (await read(beta, room)).entries);
  });

  test('wait for a new era after seven days', async () => {
    const room = await home.createRoom(alpha);
    home.advance(ERA_MILLISECONDS - 1);
    await home.write(alpha, room);
    home.advance(1);
    assert.strictEqual(await refusal(home.write(alpha, room)), 'rekey-due');
    await home.append(alpha, room, await sealEra(room));
    await home.write(alpha, room);
  });

  test('that drop others free their bodies and nothing else', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    const n = await home.write(beta, room);
    const header = { ...(await room.draftRecord(alpha.account)), drops: [n] };
    await home.append(alpha, room, await room.sealRecord(alpha.account, header));
    const { entries } = await read(beta, room);
    const dropped = entries[n] as LogEntry & { kind: 'record' };
    assert.isNull(dropped.record.body);
    assert.deepEqual(
      entries.filter((entry) => entry.kind === 'record' && entry.record.body === null).map((entry) => entry.n),
      [n],
    );
    const foreign = { ...(await room.draftRecord(beta.account)), drops: [n + 1] };
    const refused = home.send(beta, room, await room.sealRecord(beta.account, foreign));
    assert.strictEqual(await refusal(refused), 'record-invalid');
    await follows(room, entries);
  });

  test('keyed per message carry each reader’s own key and the hashes of all', async () => {
    const room = await home.createRoom(alpha, { keying: 'per-message', policy: { history: 'from-join' } });
    await add(room, beta);
    const entry = (await recordBy(room, alpha)) as TestEntry & { kind: 'record' };
    const n = await home.append(alpha, room, entry);
    for (const member of [alpha, beta]) {
      const stored = (await read(member, room)).entries[n] as LogEntry & { kind: 'record' };
      assert.strictEqual(stored.keyRows?.length, 2);
      const own = entry.keys?.find(({ fingerprint }) => hex(fingerprint) === hex(member.account.chain.fingerprint));
      assert.deepEqual(stored.sealedKey, own?.sealed);
    }
    const half = { ...recordOf(await recordBy(room, alpha)) };
    const records = [{ ...half, keys: (half.keys ?? []).slice(1) }];
    const answer = await home.call(alpha.session, 'records.append', { room: room.state.id, records });
    assert.strictEqual(answer.refused, 'log-broken');
  });

  test('of a device that the server’s chain does not list wait for it', async () => {
    const room = await home.createRoom(alpha);
    const account = await addDevice(home.world, alpha.account, { name: 'phone' });
    const phone = account.devices.at(-1);
    assert(phone !== undefined);
    const entry = await room.sealRecord(account, await room.draftRecord(account, phone), { device: phone });
    const input = { room: room.state.id, records: [recordOf(entry)] };
    const answer = await home.call({ ...alpha.session, deviceId: phone.id }, 'records.append', input);
    assert.strictEqual(answer.refused, 'pending-chain');
  });
});

describe('reading', () => {
  test('comes in pages that fit a frame', async () => {
    const room = await home.createRoom(alpha);
    const text = 'x'.repeat(60_000);
    for (let i = 0; i < 8; i++) await home.write(alpha, room, text);
    const pages: number[] = [];
    const entries: LogEntry[] = [];
    while (entries.length < room.log.length) {
      const input = { room: room.state.id, from: entries.length, limit: 500 };
      const page = await home.call(alpha.session, 'rooms.read', input);
      pages.push(page.entries.length);
      entries.push(...page.entries);
    }
    assert.isAbove(pages.length, 2);
    await follows(room, entries);
    const limited = await home.call(alpha.session, 'rooms.read', { room: room.state.id, from: 1, limit: 2 });
    assert.deepEqual(
      limited.entries.map(({ n }) => n),
      [1, 2],
    );
    const beyond = await home.call(alpha.session, 'rooms.read', { room: room.state.id, from: 99, limit: 2 });
    assert.deepEqual(beyond.entries, []);
  });

  test('is the same after a restart, and writing goes on', async () => {
    const room = await home.createRoom(alpha);
    await add(room, beta);
    await home.write(alpha, room);
    const before = await read(beta, room);
    await home.restart();
    assert.deepEqual((await read(beta, room)).entries, before.entries);
    await home.write(beta, room);
    await home.append(alpha, room, await room.sealRemove(alpha.account, beta.account));
    await follows(room, (await read(alpha, room)).entries);
  });
});

test('a record that cannot be stored is refused, and the room goes on from where it was', async () => {
  const room = await home.createRoom(alpha);
  const entry = await recordBy(room, alpha);
  const original = home.store;
  home.store = { ...original, transact: () => Promise.reject(new Error('on purpose')) };
  // The room is remembered beside the real store; a failing one shares nothing with it.
  await home.send(alpha, room, entry).then(
    () => assert.fail('was taken'),
    (cause: unknown) => assert.strictEqual((cause as Error).message, 'on purpose'),
  );
  home.store = original;
  assert.strictEqual(await home.append(alpha, room, entry), 2);
});

/** Judges entries as an independent reader does, and compares where it arrives. */
async function follows(room: TestRoom, entries: readonly LogEntry[]): Promise<void> {
  assert.strictEqual(entries.length, room.log.length);
  const reader = new Replica(home.world);
  for (const [n, entry] of entries.entries()) {
    assert.strictEqual(entry.n, n);
    assert.isNull(await reader.judge(received(entry, room.log[n] as TestEntry)));
  }
  assert.deepEqual(reader.state.hash, room.state.hash);
}

/** What a reader got, with the seals of others, which it does not get, from the author's side. */
function received(entry: LogEntry, sent: TestEntry): TestEntry {
  if (entry.kind === 'statement' && sent.kind === 'statement') {
    return { ...sent, envelope: entry.envelope, rows: entry.rows.length === 0 ? null : entry.rows };
  }
  if (entry.kind === 'record' && sent.kind === 'record') return { ...sent, record: entry.record };
  return assert.fail('an entry of another kind');
}

function read({ session }: TestMember, room: TestRoom) {
  return home.call(session, 'rooms.read', { room: room.state.id, from: 0, limit: 500 });
}

async function add(room: TestRoom, member: TestMember): Promise<number> {
  return home.append(alpha, room, await room.sealAdd(alpha.account, member.account, { role: 'member' }));
}

async function sealEra(room: TestRoom, author = alpha): Promise<TestEntry> {
  const era = await room.makeEra(author.account);
  return room.sealStatement(author.account, room.draft(author.account, 'era', { era: era.era }), { era });
}

async function recordBy(room: TestRoom, { account }: TestMember): Promise<TestEntry> {
  return room.sealRecord(account, await room.draftRecord(account));
}

/** The room as it will be when `entry` is taken. */
async function ahead(room: TestRoom, entry: TestEntry): Promise<TestRoom> {
  await room.append(entry);
  return room;
}

async function genesisOf(name: string): Promise<{ account: TestMember['account'] }> {
  return { account: await home.world.account(`${name}@example.org`) };
}

function told({ accountId }: TestMember): string[] {
  return home.events.filter((sent) => sent.accountId === accountId).map(({ event }) => event.event);
}

function extent({ length, hash }: SignedHead): { length: number; hash: Uint8Array } {
  return { length, hash };
}
