import { cpSync, renameSync } from 'node:fs';
import { openProfile, systemClock } from '@sotto/keybox-node';
import { parseAddress } from '@sotto/protocol';
import { codeOf } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { befriendClients, Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, Person, signUp } from '../support/person.ts';
import { SmallDisk } from '../support/small-disk.ts';

let folder: TemporaryFolder;

beforeAll(() => {
  folder = new TemporaryFolder();
});

afterAll(() => {
  folder[Symbol.dispose]();
});

describe('a server', () => {
  let server: HomeServer;
  let ada: Person;
  let bea: Person;
  let used: string;

  beforeAll(async () => {
    server = await HomeServer.start({ data: folder.at('server') });
    used = server.invitation;
    [ada, bea] = await meet(server, ['ada', 'bea']);
    await ada.lines('message', 'send', bea.address, 'before the copy');
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('that is swapped for an older copy: rollback, nothing lost, and back to the newest copy all goes on', async () => {
    assert.strictEqual(await server.stop(), 0);
    cpSync(folder.at('server'), folder.at('older'), { recursive: true });
    await server.start();
    await ada.lines('message', 'send', bea.address, 'after the copy');
    await bea.lines('message', 'send', ada.address, 'an answer');
    assert.deepEqual(await ada.texts(bea.address), ['before the copy', 'after the copy', 'an answer']);

    await swap(server, folder.at('older'), folder.at('newer'));
    const refused = await ada.json('message', 'list', bea.address);
    assert.deepEqual([refused.code, refused.fault], [1, 'rollback']);
    const texts = refused.lines.map(({ text }) => text);
    assert.deepEqual(texts, ['before the copy', 'after the copy', 'an answer']);
    const sending = await ada.json('message', 'send', bea.address, 'meanwhile', '--key', 'k');
    assert.deepEqual([sending.code, sending.fault], [1, 'rollback']);
    assert.isTrue((await ada.lines('log', 'list')).some(({ code }) => code === 'rollback'));
    assert.strictEqual((await ada.json('audit', 'run')).code, 1);

    await swap(server, folder.at('newer'), folder.at('older'));
    await ada.lines('message', 'send', bea.address, 'meanwhile', '--key', 'k');
    for (const [person, peer] of [
      [bea, ada],
      [ada, bea],
    ] as const) {
      assert.deepEqual(await person.texts(peer.address), [
        'before the copy',
        'after the copy',
        'an answer',
        'meanwhile',
      ]);
      for (const { ok, subject } of await person.lines('audit', 'run')) assert.isTrue(ok, subject);
    }
  });

  test('whose authority is not the one of the invitation is refused, and the invitation stays good', async () => {
    const { url } = await ada.line('invitation', 'create');
    const cem = new Person({ folder: folder.at('cem'), name: 'cem' });
    const wrong = url.replace(/[0-9a-f]{64}$/, (digits: string) =>
      digits.replaceAll(/./g, (digit) => (digit === '0' ? '1' : '0')),
    );
    const refused = await cem.json('account', 'create', 'cem', '--invitation', wrong);
    assert.deepEqual([refused.code, refused.fault], [1, 'certificate-issuer']);
    await signUp(cem, url);
  });

  test('refuses what is wrong with an invitation or a name by type', async () => {
    const { url } = await ada.line('invitation', 'create');
    const stranger = new Person({ folder: folder.at('stranger'), name: 'stranger' });
    const create = (name: string, invitation: string) =>
      stranger.json('account', 'create', name, '--invitation', invitation);
    const unknown = url.replace(/\/i\/[^#]+/, (path: string) => `/i/${[...path.slice(3)].toReversed().join('')}`);
    for (const [name, invitation, code, fault] of [
      ['stranger', unknown, 7, 'invitation-unknown'],
      ['stranger', used, 7, 'invitation-used'],
      ['stranger', url.replace('/i/', '/x/'), 2, 'invitation-malformed'],
      ['ada', url, 7, 'address-taken'],
      ['a.da', url, 7, 'address-look-alike'],
      ['Ada Lovelace', url, 2, 'address-malformed'],
    ] as const) {
      const refused = await create(name, invitation);
      assert.deepEqual([refused.code, refused.fault], [code, fault], name);
    }
  });

  test('that is down: exit code 6 and queued; up again, the next command sends', async () => {
    await server.kill();
    const queued = await ada.json('message', 'send', bea.address, 'while down');
    assert.deepEqual([queued.code, queued.fault, queued.lines[0].state], [6, 'unreachable', 'queued']);
    assert.strictEqual((await ada.json('room', 'create', 'needs a server')).code, 6);
    await server.start();
    await ada.lines('room', 'list');
    assert.include(await bea.texts(ada.address), 'while down');
    assert.deepEqual(await ada.lines('outbox', 'list'), []);
  });

  test('that is locked out of: an installation that is locked needs it', async () => {
    await server.kill();
    await ada.lines('account', 'lock');
    const locked = await ada.json('message', 'list', bea.address);
    assert.deepEqual([locked.code, locked.fault], [6, 'vault-needs-server']);
    await server.start();
    assert.include(await ada.texts(bea.address), 'while down');
  });
});

describe('a profile', () => {
  test('in use by another process: waits ten seconds, then vault-busy; free again, all goes on', async () => {
    await using server = await HomeServer.start({ data: folder.at('busy-server') });
    const eva = new Person({ folder: folder.at('eva'), name: 'eva' });
    await signUp(eva, server.invitation);
    const lock = await openProfile(eva.home).lock(parseAddress(eva.address), 0);
    const start = performance.now();
    const refused = await eva.json('room', 'list');
    assert.deepEqual([refused.code, refused.fault], [1, 'vault-busy']);
    assert.isAbove(performance.now() - start, 9_500);
    const patient = eva.json('room', 'list');
    lock[Symbol.dispose]();
    assert.strictEqual((await patient).code, 0);
  });

  test('several commands at once take turns, and each does its work once', async () => {
    await using server = await HomeServer.start({ data: folder.at('turns-server') });
    const [gil, hal] = await meet(server, ['gil', 'hal']);
    const texts = ['one', 'two', 'three', 'four'];
    const ran = await Promise.all(texts.map((text) => gil.json('message', 'send', hal.address, text)));
    assert.deepEqual(
      ran.map(({ code }) => code),
      [0, 0, 0, 0],
    );
    assert.deepEqual((await hal.texts(gil.address)).toSorted(), texts.toSorted());
  });
});

describe('a full disk', () => {
  test('of the server: disk-full and queued, reading goes on; with room again it is sent once', async (context) => {
    using disk = SmallDisk.mount(folder.at('server-disk'), 8);
    if (disk === null) return context.skip('a small disk cannot be mounted by this user');
    await using server = await HomeServer.start({ data: folder.at('server-disk', 'data') });
    const [ivy, joe] = await meet(server, ['ivy', 'joe']);
    await ivy.lines('message', 'send', joe.address, 'before');
    disk.fill();
    const refused = await untilRefused(ivy, joe);
    assert.deepEqual([refused.code, refused.fault], [1, 'disk-full']);
    assert.isAtLeast((await ivy.lines('outbox', 'list')).length, 1);
    assert.include(await joe.texts(ivy.address), 'before');
    disk.free();
    await ivy.lines('message', 'send', joe.address, 'after', '--key', 'after');
    await checkSame(ivy, joe);
    assert.deepEqual((await ivy.texts(joe.address)).at(-1), 'after');
    assert.deepEqual(await ivy.lines('outbox', 'list'), []);
  });

  test('of the client: disk-full and nothing lost; with room again all goes on', async (context) => {
    using disk = SmallDisk.mount(folder.at('client-disk'), 4);
    if (disk === null) return context.skip('a small disk cannot be mounted by this user');
    await using server = await HomeServer.start({ data: folder.at('client-disk-server') });
    const kim = new Person({ folder: folder.at('client-disk', 'kim'), name: 'kim' });
    await signUp(kim, server.invitation);
    const lea = await invite(kim, 'lea');
    await kim.lines('message', 'send', lea.address, 'before');
    const texts = ['before'];
    for (const kibibytes of ROOM_LEFT_KIBIBYTES) {
      const text = `with room for ${kibibytes}`;
      disk.fill({ leaving: kibibytes * 1024 });
      const ran = await kim.json('message', 'send', lea.address, text, '--key', text);
      if (ran.code !== 0) assert.deepEqual([ran.code, ran.fault], [1, 'disk-full'], ran.stderr);
      else assert.isAbove(kibibytes, 0);
      disk.free();
      await kim.lines('message', 'send', lea.address, text, '--key', text);
      texts.push(text);
    }
    assert.deepEqual(await lea.texts(kim.address), texts);
    await checkSame(kim, lea);
    for (const { ok, subject } of await kim.lines('audit', 'run')) assert.isTrue(ok, subject);
  }, 180_000);
});

test('a clock that jumps: clock-skew beyond a day in either direction, and all goes on when it is right again', async () => {
  await using server = await HomeServer.start({ data: folder.at('clock-server') });
  let aheadMilliseconds = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + aheadMilliseconds };
  await using mia = new Client({ folder: folder.at('mia'), name: 'mia', clock });
  await using ned = new Client({ folder: folder.at('ned'), name: 'ned' });
  await mia.signUp(server.invitation);
  const [invitation] = await mia.box.createInvitations(1);
  await ned.signUp(invitation as string);
  await befriendClients(mia, ned);
  const { id } = await mia.box.directRoom(ned.address);
  for (const hours of [25, -25]) {
    aheadMilliseconds = hours * 3_600_000;
    assert.strictEqual(await codeOf(() => mia.box.sync()), 'clock-skew', `${hours} hours`);
    assert.strictEqual(await codeOf(() => mia.box.sendMessage(id, `${hours} hours`)), 'clock-skew');
  }
  for (const hours of [23, -23, 0]) {
    aheadMilliseconds = hours * 3_600_000;
    assert.deepEqual(await mia.box.sync(), { online: true, faults: [] });
    assert.strictEqual((await mia.box.sendMessage(id, `${hours} hours`)).state, 'accepted');
  }
  await ned.box.sync();
  const texts = (await ned.box.listMessages(id)).map(({ text }) => text);
  assert.deepEqual(texts, ['25 hours', '-25 hours', '23 hours', '-23 hours', '0 hours']);
});

/** The first two people of a new server, who are contacts. */
async function meet(server: HomeServer, [first, second]: readonly [string, string]): Promise<[Person, Person]> {
  const owner = new Person({ folder: folder.at(first), name: first });
  await signUp(owner, server.invitation);
  return [owner, await invite(owner, second)];
}

/** A new account that is a contact of who invites it. */
async function invite(host: Person, name: string): Promise<Person> {
  const person = new Person({ folder: folder.at(name), name });
  await signUp(person, (await host.line('invitation', 'create')).url);
  await befriend(host, person);
  return person;
}

/** The server's directory becomes `next`; what it was is kept as `kept`. */
async function swap(server: HomeServer, next: string, kept: string): Promise<void> {
  assert.strictEqual(await server.stop(), 0);
  renameSync(server.options.data, kept);
  renameSync(next, server.options.data);
  await server.start();
}

/** A database has a little room inside: sends until it is used up. */
async function untilRefused(person: Person, peer: Person): Promise<Awaited<ReturnType<Person['json']>>> {
  for (let i = 0; i < 20; i++) {
    const ran = await person.json('message', 'send', peer.address, `${i} ${'x'.repeat(30_000)}`);
    if (ran.code !== 0) return ran;
  }
  throw new Error('the disk did not get full');
}

async function checkSame(one: Person, other: Person): Promise<void> {
  const [left, right] = [await one.texts(other.address), await other.texts(one.address)];
  assert.deepEqual(left, right);
  assert.strictEqual(new Set(left).size, left.length);
}

/** The disk fills up at another step of a command each time; `disk-full.test.ts` tries more of them on keyboxes. */
const ROOM_LEFT_KIBIBYTES = [0, 112, 160];
