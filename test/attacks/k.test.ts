import { equal } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import type { Chain, LogEntry, SignedHead } from '@sotto/protocol';
import { codeOf, type Person, readLog } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import {
  entryFor,
  forgeEra,
  forgeRecord,
  forgeStatement,
  insideOf,
  keptRoom,
  message,
} from '../../packages/keybox/src/forge.fixture.ts';
import { memberIdentity } from '../../packages/keybox/src/rooms.ts';
import { flipped, news, texts, updated } from '../../packages/keybox/src/talk.fixture.ts';
import { Scene } from './contract.ts';

let scene: Scene;
/** Of no room, and nobody's contact. */
let eve: Person;

beforeAll(async () => {
  scene = await Scene.open();
  eve = await scene.city.join('eve');
});

beforeEach(() => scene.newRoom());
afterEach(() => scene.endRoom());
afterAll(() => scene.close());

describe('K1: a member that nobody with the right admitted', () => {
  /** The add of Eve as `author` would make it, with the key sealed to her; Bob's server gives her chain to him. */
  async function add(author: Person): Promise<LogEntry & { kind: 'statement' }> {
    const { fingerprint } = eve.session.identity;
    scene.bob.link.lie('chains.read', async (honest, input) => {
      const isEve = input.account instanceof Uint8Array && equal(input.account, fingerprint);
      return isEve ? eve.session.link.call('chains.read', input) : honest();
    });
    const chain = (await insideOf(eve).chains.known(fingerprint)) as Chain;
    const { state } = await keptRoom(author, scene.room);
    const { row } = await insideOf(author).eraKeys.sealToNewcomer(state, chain);
    const body = { member: memberIdentity(chain), role: 'member', title: null, row, era: null } as const;
    return forgeStatement(author, scene.room, { draft: { type: 'member.add', body } });
  }

  test('attack: added by a member who may not', async () => {
    await scene.refuses('role-insufficient', async () => [await add(scene.mallory)]);
  });

  test('attack: added in the name of the owner, whose signature nobody has', async () => {
    await scene.halts('bad-signature', async () => {
      const { envelope, ...entry } = await add(scene.alice);
      const { suite, signing } = scene.mallory.session.identity;
      const signature = await suite.signature.sign(signing.secretKey, 'sotto/roster/v1', envelope.signed);
      return [{ ...entry, envelope: { ...envelope, signatures: [signature] } }];
    });
    await scene.heals();
  });

  test('control: added by the owner', async () => {
    await scene.takes([], async () => [await add(scene.alice)]);
    const members = (await scene.bob.box.roomMembers(scene.room)).map(({ address }) => address);
    assert.include(members, eve.address);
  });
});

describe('K5: a record keyed for the whole room where one is due for each member', () => {
  beforeEach(async () => {
    await scene.endRoom();
    await scene.newRoom({ history: 'from-join', keying: 'per-message' });
  });

  test('attack: keyed by the era alone', async () => {
    await scene.refuses('record-invalid', async () => [await forgeRecord(scene.mallory, scene.room)]);
  });

  test('control: keyed for each', async () => {
    const { alice, bob, mallory } = scene;
    const keyed = { body: message(mallory, 'to each'), recipients: [alice, bob, mallory], reader: bob };
    await scene.takes(['to each'], async () => [await forgeRecord(mallory, scene.room, keyed)]);
  });
});

describe('K7: keys that differ from reader to reader', () => {
  /** An era whose statement commits to the secret of `committed`, and which gives Bob that of `given`. */
  async function era(isSame: boolean): Promise<LogEntry> {
    const { alice, bob, mallory, room } = scene;
    const committed = await forgeEra(mallory, room, [alice, bob, mallory]);
    const given = isSame ? committed : await forgeEra(mallory, room, [alice, bob, mallory]);
    const body = { era: { ...given.era, commitment: committed.era.commitment } };
    const entry = entryFor(bob, given);
    return forgeStatement(mallory, room, { draft: { type: 'era', body }, rows: given.rows, entry });
  }

  /** A record of which everybody gets the key, or another one than its header commits to. */
  async function keyed(isSame: boolean): Promise<LogEntry> {
    const { alice, bob, mallory, room } = scene;
    const options = { body: message(mallory, 'to you'), recipients: [alice, bob, mallory], reader: bob };
    const given = new Secret(new Uint8Array(32).fill(7));
    return forgeRecord(mallory, room, isSame ? options : { ...options, given });
  }

  test('attack: a secret of an era that its statement does not commit to', async () => {
    const { bob, room } = scene;
    const story = await scene.tell(async () => [await era(false)], { last: true });
    await bob.box.sync();
    assert.include(await scene.told(), 'era-commitment-mismatch');
    assert.include((await news(bob, 'era')).join(), scene.mallory.address);
    const { eras } = (await keptRoom(bob, room)).state;
    assert.strictEqual(await insideOf(bob).eraKeys.secret(scene.id, eras.length - 1), null);
    assert.deepEqual(await texts(bob, room), scene.good);
    story.end();
  });

  test('attack: a message key that its record does not commit to', async () => {
    await scene.endRoom();
    await scene.newRoom({ history: 'from-join', keying: 'per-message' });
    const { bob, room } = scene;
    await scene.tell(async () => [await keyed(false)]);
    await updated(bob);
    assert.include(await scene.told(), 'era-commitment-mismatch');
    assert.deepEqual(await texts(bob, room), [...scene.good.slice(0, -1), '', ...scene.good.slice(-1)]);
  });

  test('control: the secret and the key that were committed to', async () => {
    await scene.takes([], async () => [await era(true)], { last: true });
    await scene.endRoom();
    await scene.newRoom({ history: 'from-join', keying: 'per-message' });
    await scene.takes(['to you'], async () => [await keyed(true)]);
  });
});

describe('K8: somebody who was removed', () => {
  test('attack: writes under the era that was', async () => {
    const { alice, mallory, room } = scene;
    const forged = await forgeRecord(mallory, room, { body: message(mallory, 'still here') });
    await alice.box.removeMember(room, mallory.address);
    await updated(scene.bob);
    await scene.refuses('record-author-unknown', async () => [forged]);
    assert.strictEqual(await codeOf(() => mallory.box.sendMessage(room, 'and here')), 'not-a-member');
    for (const { id } of await mallory.box.listOutbox()) await mallory.box.dropOutbox(id);
  });

  test('attack: reads on with every key and all ciphertexts', async () => {
    const { alice, mallory, room } = scene;
    const { era } = await alice.box.findRoom(room);
    await alice.box.removeMember(room, mallory.address);
    await scene.say('without you');
    const thief = await mallory.copyVault();
    thief.link.lie('rooms.read', (_honest, input) => alice.session.link.call('rooms.read', input));
    const secret = (await insideOf(thief).eraKeys.secret(scene.id, era)) as Secret;
    await thief.session.keys.apply([insideOf(thief).eraKeys.keep(scene.id, era + 1, secret)]);
    await thief.box.sync();
    assert.notInclude(await texts(thief, room), scene.good.at(-1));
  });

  test('control: a member writes and reads', async () => {
    const { mallory, room } = scene;
    await scene.takes(['here'], async () => [await forgeRecord(mallory, room, { body: message(mallory, 'here') })]);
    await updated(mallory);
    assert.deepEqual(await texts(mallory, room), scene.good);
  });
});

describe('K9: two pasts of one room', () => {
  /** What Mallory saw last, or another past of the same length that the cluster signed as well. */
  async function seen(isTrue: boolean): Promise<SignedHead> {
    const subject = { kind: 'room', id: scene.id } as const;
    const head = (await insideOf(scene.mallory).heads.newest(subject)) as SignedHead;
    return isTrue ? head : scene.city.signHead(subject, { length: head.length, hash: flipped(head.hash) });
  }

  async function isStopped(): Promise<void> {
    const { bob, room } = scene;
    bob.link.repent();
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'on which side?')), 'room-forked');
  }

  test('attack: a record whose author saw another past halts the room, and both heads are kept', async () => {
    const header = { seen: await seen(false) };
    await scene.halts('room-forked', async () => [await forgeRecord(scene.mallory, scene.room, { header })]);
    const sql = "SELECT * FROM evidence WHERE code = 'room-forked' AND id = ?";
    assert.strictEqual((await scene.bob.session.keys.query(sql, [scene.id])).length, 1);
    await isStopped();
  });

  test('attack: a statement that was made on another past', async () => {
    const logHead = await seen(false);
    const draft = { type: 'complaint', body: { era: 0 } } as const;
    const place = { logHead: { length: logHead.length, hash: logHead.hash } };
    await scene.halts('room-forked', async () => [await forgeStatement(scene.mallory, scene.room, { draft, place })]);
    await isStopped();
  });

  test('control: a record and a statement of who saw this past', async () => {
    const { mallory, room } = scene;
    const header = { seen: await seen(true) };
    const draft = { type: 'complaint', body: { era: 0 } } as const;
    await scene.takes(['same'], async () => [
      await forgeStatement(mallory, room, { draft }),
      await forgeRecord(mallory, room, { header, body: message(mallory, 'same') }),
    ]);
  });
});

describe('K10: a key counter far ahead', () => {
  test('attack: a record of an era of the far future', async () => {
    const header = { era: 0x7fff_ffff };
    await scene.refuses('era-superseded', async () => [await forgeRecord(scene.mallory, scene.room, { header })]);
  });

  test('control: of the era in force', async () => {
    const { mallory, room } = scene;
    await scene.takes(['now'], async () => [await forgeRecord(mallory, room, { body: message(mallory, 'now') })]);
  });
});

describe('Kx1: message keys for one more, or one less, than the members', () => {
  beforeEach(async () => {
    await scene.endRoom();
    await scene.newRoom({ history: 'from-join', keying: 'per-message' });
  });

  const keyed = (recipients: readonly Person[]): Promise<LogEntry> =>
    forgeRecord(scene.mallory, scene.room, {
      body: message(scene.mallory, 'to some'),
      recipients,
      reader: scene.bob,
    });

  test('attack: one less', async () => {
    const { bob, mallory } = scene;
    await scene.refuses('era-table-invalid', async () => [await keyed([bob, mallory])]);
  });

  test('attack: one more', async () => {
    const { alice, bob, mallory } = scene;
    await scene.refuses('era-table-invalid', async () => [await keyed([alice, bob, mallory, eve])]);
  });

  test('control: the members', async () => {
    const { alice, bob, mallory } = scene;
    await scene.takes(['to some'], async () => [await keyed([alice, bob, mallory])]);
  });
});

describe('Kx2: a server that takes records where a new era is due', () => {
  /** What Alice's client asked to append when she wrote, in order. */
  async function appended(): Promise<string[]> {
    const { alice } = scene;
    await updated(alice);
    alice.link.asked.length = 0;
    await scene.say('next');
    return alice.link.asked.map(({ name }) => name).filter((name) => name.endsWith('.append'));
  }

  test('attack: the client of who writes makes the era that a leave is due, before anything is sent', async () => {
    const { alice, mallory, room } = scene;
    const { era } = await alice.box.findRoom(room);
    await mallory.box.leaveRoom(room);
    assert.deepEqual(await appended(), ['rooms.append', 'records.append']);
    assert.strictEqual((await alice.box.findRoom(room)).era, era + 1);
  });

  test('control: nobody left', async () => {
    assert.deepEqual(await appended(), ['records.append']);
  });
});

describe('Kx3: an era dated to the far future, so that its key serves for ever', () => {
  /** The era in which Alice writes for the second time after one that Mallory dated. */
  async function eraAfter(aheadMilliseconds: number): Promise<number> {
    const { alice, bob, mallory, room, id } = scene;
    const { era, rows, entries } = await forgeEra(mallory, room, [alice, bob, mallory]);
    mallory.clock.skip(aheadMilliseconds);
    const { envelope } = await forgeStatement(mallory, room, { draft: { type: 'era', body: { era } } });
    mallory.clock.skip(-aheadMilliseconds);
    await mallory.session.link.call('rooms.append', { room: id, statement: { envelope, rows, entries } });
    await scene.say('first');
    await scene.say('second');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), scene.good);
    return (await alice.box.findRoom(room)).era - era.era;
  }

  test('attack: it ends with the next record', async () => {
    assert.strictEqual(await eraAfter(10 * 365 * 24 * 3600 * 1000), 1);
  });

  test('control: dated as it is', async () => {
    assert.strictEqual(await eraAfter(0), 0);
  });
});

describe('Kx6: an old statement given again, to bring back who was removed', () => {
  /** The statement that once added Mallory. */
  async function oldAdd(): Promise<LogEntry> {
    const entries = await readLog(scene.bob, scene.id);
    return entries.filter(({ kind }) => kind === 'statement').at(-1) as LogEntry;
  }

  test('attack: it follows no statement that is the newest', async () => {
    const { alice, bob, mallory, room } = scene;
    const add = await oldAdd();
    await alice.box.removeMember(room, mallory.address);
    await updated(bob);
    await scene.refuses('roster-stale', async () => [add]);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 2);
  });

  test('control: added anew', async () => {
    const { alice, bob, mallory, room } = scene;
    await alice.box.removeMember(room, mallory.address);
    await alice.box.addMember(room, mallory.address, 'member');
    await updated(bob);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 3);
  });
});
