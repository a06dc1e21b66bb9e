import { parseHex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { insideOf } from '../forge.fixture.ts';
import { syncRoom } from '../room-sync.ts';
import { news, refusals, texts, updated } from '../talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeEach(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await updated(bob, alice, bob);
});

afterEach(() => city[Symbol.asyncDispose]());

describe('after a restore', () => {
  test.each(['era', 'per-message'] as const)(
    'a room made since the backup comes back whole, keyed by %s',
    async (keying) => {
      const restore = await city.backup();
      const fresh = (await alice.box.createRoom({ name: 'new', type: 'chat', history: 'from-join', keying })).id;
      await alice.box.addMember(fresh, bob.address, 'member');
      await bob.box.sync();
      await bob.box.sendMessage(fresh, 'in the new room');
      await alice.box.sync();
      await restore(600_000);
      await updated(bob, alice, bob, alice);
      for (const person of [alice, bob]) {
        await person.box.sendMessage(fresh, `after, by ${person.address}`);
      }
      await updated(alice, bob, alice);
      const said = ['in the new room', `after, by ${alice.address}`, `after, by ${bob.address}`];
      for (const person of [alice, bob]) assert.deepEqual(await texts(person, fresh), said);
    },
  );

  test('whoever comes first waits for the others, and sends what was queued then', async () => {
    const restore = await city.backup();
    await bob.box.sendMessage(room, 'known to bob alone');
    await restore(600_000);
    await updated(alice);
    const sent = await alice.box.sendMessage(room, 'too early');
    assert.strictEqual(sent.state, 'queued');
    await updated(bob, alice, bob);
    const all = ['known to bob alone', 'too early'];
    for (const person of [alice, bob]) assert.deepEqual(await texts(person, room), all);
  });

  test('what was acknowledged and never read back goes again', async () => {
    const restore = await city.backup();
    alice.link.lie('records.append', async (honest) => {
      const answer = await honest();
      alice.link.offline = true;
      return answer;
    });
    await alice.box.sendMessage(room, 'acknowledged');
    alice.link.repent();
    await restore(0);
    alice.link.offline = false;
    await alice.box.sendMessage(room, 'after');
    await updated(alice, bob);
    for (const person of [alice, bob]) assert.deepEqual(await texts(person, room), ['acknowledged', 'after']);
    assert.deepEqual(await alice.session.keys.query('SELECT * FROM sent'), []);
  });

  test('and when the others had their time, one is enough', async () => {
    const restore = await city.backup();
    await restore(0);
    const sent = await alice.box.sendMessage(room, 'alone');
    assert.strictEqual(sent.state, 'accepted');
  });

  test('contacts, requests and blocks that were lost are made again', async () => {
    const carol = await city.join('carol');
    const dave = await city.join('dave');
    const restore = await city.backup();
    await city.befriend(alice, carol);
    await alice.box.addContact(dave.address);
    await bob.box.blockContact(carol.address);
    await restore();
    await updated(alice, carol, dave, bob, alice, carol);
    const { contacts } = await carol.session.link.call('contacts.list', {});
    assert.deepEqual(contacts, [{ address: alice.address, state: 'mutual' }]);
    assert.strictEqual((await dave.box.showContact(alice.address)).state, 'incoming');
    const blocked = (await bob.session.link.call('contacts.list', {})).contacts;
    assert.deepInclude(blocked, { address: carol.address, state: 'blocked' });
    const direct = await alice.box.directRoom(carol.address);
    await alice.box.sendMessage(direct.id, 'hello again');
    await updated(carol);
    assert.deepEqual(await texts(carol, direct.id), ['hello again']);
  });

  test('a second restore is helped as well', async () => {
    const first = await city.backup();
    await alice.box.sendMessage(room, 'one');
    await updated(bob);
    await first();
    await updated(alice, bob);
    const second = await city.backup();
    await alice.box.sendMessage(room, 'two');
    await updated(bob);
    await second();
    await updated(bob, alice, bob);
    await bob.box.sendMessage(room, 'three');
    await updated(alice);
    for (const person of [alice, bob]) assert.deepEqual(await texts(person, room), ['one', 'two', 'three']);
  });

  test('deleted words are given back without their body', async () => {
    const restore = await city.backup();
    const { id } = await alice.box.sendMessage(room, 'a slip of the tongue');
    await updated(bob);
    await alice.box.deleteMessage(room, id);
    await updated(bob, alice);
    const kept = await bob.session.keys.query<{ n: number }>(
      'SELECT n FROM original WHERE room = ? AND body IS NULL AND n IN (SELECT n FROM log WHERE seq IS NOT NULL AND room = ?)',
      [parseHex(room), parseHex(room)],
    );
    assert.strictEqual(kept.length, 1);
    await restore();
    await updated(alice, bob);
    const { entries } = await bob.session.link.call('rooms.read', {
      room: parseHex(room),
      from: kept[0]?.n ?? 0,
      limit: 1,
    });
    const [entry] = entries;
    assert.isTrue(entry?.kind === 'record' && entry.record.body === null);
  });
});

describe('L3: a server with an older or another state', () => {
  test('control: after an honest restore what was said since the backup is there again, once, in one order', async () => {
    await alice.box.sendMessage(room, 'before');
    const restore = await city.backup();
    await bob.box.sendMessage(room, 'lost one');
    await alice.box.sendMessage(room, 'lost two');
    await updated(bob, alice, bob);
    await restore(600_000);
    await updated(alice, bob, alice, bob);
    await bob.box.sendMessage(room, 'after');
    await updated(alice, bob);
    const all = ['before', 'lost one', 'lost two', 'after'];
    for (const person of [alice, bob]) assert.deepEqual(await texts(person, room), all);
    assert.match((await news(alice, 'head')).join('\n'), /head\/room-restored [0-9a-f]{64} ([0-9]+) \1$/m);
    assert.notInclude((await news(bob, 'head')).join('\n'), 'rollback');
  });

  test('attack: it shows an old state of the same life: rollback, and nothing is given back', async () => {
    const old = await alice.session.link.call('rooms.read', { room: parseHex(room), from: 0, limit: 100 });
    await alice.box.sendMessage(room, 'said');
    await updated(bob);
    bob.link.lie('rooms.read', async () => ({ entries: [], head: old.head }));
    assert.strictEqual(await codeOf(() => syncRoomOf(bob)), 'rollback');
    bob.link.repent();
    await updated(bob);
  });

  test('attack: it goes back to an earlier life: rollback, though the log is as long', async () => {
    const before = await alice.session.link.call('rooms.read', { room: parseHex(room), from: 0, limit: 100 });
    const restore = await city.backup();
    await restore();
    await updated(alice, bob);
    const { head } = before;
    bob.link.lie('rooms.read', async (honest, input) => {
      const answer = await honest(input);
      const at = city.clock.now();
      return {
        ...answer,
        head: await city.signHead({ kind: 'room', id: parseHex(room) }, head, { at, incarnation: 1 }),
      };
    });
    assert.strictEqual(await codeOf(() => syncRoomOf(bob)), 'rollback');
  });

  test('attack: it shows another past after its restore: room-forked, both heads are kept', async () => {
    const restore = await city.backup();
    await alice.box.sendMessage(room, 'said');
    await updated(bob);
    const inside = insideOf(bob);
    const subject = { kind: 'room', id: parseHex(room) } as const;
    const known = await inside.heads.newest(subject);
    assert.isNotNull(known);
    await restore();
    const extent = { length: known?.length ?? 0, hash: new Uint8Array(32).fill(9) };
    bob.link.lie('rooms.read', async () => ({
      entries: [],
      head: await city.signHead(subject, extent, { incarnation: city.clock.now() }),
    }));
    assert.include(await refusals(bob), 'room-forked');
    const kept = await bob.session.keys.query('SELECT DISTINCT code FROM evidence WHERE id = ?', [parseHex(room)]);
    assert.deepEqual(kept, [{ code: 'room-forked' }]);
  });

  test('attack: it claims a new life at every look: told, nothing forgotten, the words stay', async () => {
    await alice.box.sendMessage(room, 'said');
    await updated(bob);
    const old = await alice.session.link.call('rooms.read', { room: parseHex(room), from: 0, limit: 100 });
    const shorter = { length: old.head.length - 1, hash: new Uint8Array(32) };
    let life = city.clock.now();
    bob.link.lie('rooms.read', async () => ({
      entries: [],
      head: await city.signHead({ kind: 'room', id: parseHex(room) }, shorter, { incarnation: life++ }),
    }));
    assert.strictEqual(await codeOf(() => syncRoomOf(bob)), 'server-restored');
    assert.deepEqual(await texts(bob, room), ['said']);
    bob.link.repent();
    await updated(bob, alice);
    assert.isAtLeast(
      (await insideOf(bob).heads.newest({ kind: 'room', id: parseHex(room) }))?.length ?? 0,
      old.head.length,
    );
  });
});

async function syncRoomOf(person: Person): Promise<void> {
  await syncRoom(insideOf(person), parseHex(room));
}
