import { decodeCbor, encodeCbor, hex, parseHex } from '@sotto/bytes';
import { type City, type Person, startCity, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { flipped, updated } from '../talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.sendMessage(room, 'one');
  await alice.box.rotateRoom(room);
  await alice.box.sendMessage(room, 'two');
  await updated(bob);
});

afterAll(() => city[Symbol.asyncDispose]());

afterEach(() => bob.link.repent());

/** What an audit finds wrong, as `subject: code`. */
async function findings(): Promise<string[]> {
  return (await bob.box.audit()).filter(({ ok }) => !ok).map(({ subject, code }) => `${subject}: ${code}`);
}

/** Changes a row of Bob's vault for the time of an audit. */
async function withVault(
  { table, column, where }: { readonly table: string; readonly column: string; readonly where: string },
  change: (value: Uint8Array) => Uint8Array,
): Promise<string[]> {
  const { keys } = bob.session;
  const [row] = await keys.query<{ value: Uint8Array }>(`SELECT ${column} AS value FROM ${table} WHERE ${where}`);
  if (row === undefined) throw new Error('no such row');
  const write = (value: Uint8Array) =>
    keys.apply([{ sql: `UPDATE ${table} SET ${column} = ? WHERE ${where}`, parameters: [value] }]);
  await write(change(row.value));
  bob.restart();
  try {
    return await findings();
  } finally {
    await write(row.value);
    bob.restart();
  }
}

test('of a vault and a server that are honest finds every subject right', async () => {
  const views = await bob.box.audit();
  assert.deepEqual(await findings(), []);
  assert.includeMembers(
    views.map(({ subject }) => subject),
    [`chain ${alice.address}`, `chain ${bob.address}`, `room ${room}`, `head room ${room}`],
  );
});

describe('an audit finds', () => {
  test('a statement of a chain that was altered in the vault', async () => {
    const place = { table: 'chain', column: 'envelope', where: `address = '${alice.address}' AND seq = 1` };
    const found = await withVault(place, (bytes) => flipped(bytes));
    assert.deepEqual(found, [`chain ${alice.address}: bad-signature`]);
  });

  test('a head that was altered in the vault', async () => {
    const place = { table: 'head', column: 'signature', where: `kind = 'room' AND hex(id) = '${room.toUpperCase()}'` };
    assert.deepEqual(await withVault(place, (bytes) => flipped(bytes)), [`head room ${room}: head-invalid`]);
  });

  test('a room whose kept state is not that of its log', async () => {
    const place = { table: 'room', column: 'state', where: `hex(id) = '${room.toUpperCase()}'` };
    const found = await withVault(place, (bytes) => {
      const state = decodeCbor(bytes) as Record<string, never>;
      return encodeCbor({ ...state, closed: true });
    });
    assert.deepEqual(found, [`room ${room}: log-broken`]);
  });

  test('a server that gives another log than it gave, or none', async () => {
    const story = (await Tale.of(city, bob, parseHex(room))).tell();
    story.entries.splice(-2, 1);
    assert.include((await findings()).join(), `room ${room}: `);
    story.end();
    bob.link.lie('rooms.read', async (honest) => ({ ...(await honest()), entries: [] }));
    assert.include((await findings()).join(), `room ${room}: log-broken`);
    bob.link.repent();
    assert.deepEqual(await findings(), []);
    assert.strictEqual(hex(parseHex(room)), room);
  });
});

test('goes on where it was, and verifies only what is new', async () => {
  await bob.box.audit();
  const { entries, entriesDone } = await bob.box.auditor.coverage();
  assert.strictEqual(entriesDone, entries);
  await alice.box.sendMessage(room, 'three');
  await updated(bob);
  bob.link.asked.length = 0;
  const before = await bob.box.auditor.coverage();
  assert.isBelow(before.entriesDone, before.entries);
  bob.restart();
  await bob.box.auditor.run();
  const read = bob.link.asked.filter(({ name }) => name === 'rooms.read').map(({ input }) => input);
  assert.isNotEmpty(read);
  assert.isTrue(read.every((input) => (input as { readonly from: number }).from > 0));
  const after = await bob.box.auditor.coverage();
  assert.deepInclude(after, { entriesDone: after.entries, roomsDone: after.rooms, failed: [] });
});
