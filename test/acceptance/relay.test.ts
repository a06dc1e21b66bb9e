import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FileSource, FileTarget } from '@sotto/keybox-node';
import { codeOf } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { befriendClients, Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { hastyClock } from '../support/hasty-clock.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, Person, signUp } from '../support/person.ts';
import { SeededNumbers } from '../support/random.ts';
import { honest, Relay } from '../support/relay.ts';
import { tamper } from '../support/tampering.ts';

const SEED = process.env['SOTTO_SEED'] ?? 'relay';

let folder: TemporaryFolder;
let server: HomeServer;
let relay: Relay;
let ada: Client;
let bea: Client;
let room: string;

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await HomeServer.start({ data: folder.at('server') });
  relay = await Relay.start({ target: server.line.url });
  ada = new Client({ folder: folder.at('ada'), name: 'ada', clock: hastyClock(16) });
  bea = new Client({ folder: folder.at('bea'), name: 'bea', clock: hastyClock(16) });
  await ada.signUp(relay.through(server.invitation));
  const [invitation] = await ada.box.createInvitations(1);
  await bea.signUp(invitation as string);
  await befriendClients(ada, bea);
  room = (await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' })).id;
  await ada.box.addMember(room, bea.address, 'member');
  await bea.box.sync();
});

afterAll(async () => {
  relay.judge = honest;
  await ada.close();
  await bea.close();
  await relay[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('a relay that tampers with every connection', () => {
  test.each([
    { direction: 'to-client', tampering: 'flip', code: 'channel-broken' },
    { direction: 'to-client', tampering: 'repeat', code: 'channel-broken' },
    { direction: 'to-client', tampering: 'truncate', code: 'channel-broken' },
    // The server noticed, and hung up without a word: it has nobody to tell it to.
    { direction: 'to-server', tampering: 'flip', code: 'unreachable' },
    { direction: 'to-server', tampering: 'repeat', code: 'unreachable' },
    { direction: 'to-server', tampering: 'truncate', code: 'unreachable' },
  ] as const)(
    '$tampering $direction: $code, and what is sent is queued; honest again, it arrives once',
    async ({ code, ...plan }) => {
      await reconnect(ada);
      const text = `${plan.tampering} ${plan.direction}`;
      relay.judge = tamper(new SeededNumbers(`${SEED} ${text}`), { ...plan, share: 1, first: 1 });
      const before = relay.tampered;
      assert.strictEqual(await codeOf(() => ada.session.link.call('rooms.list', { after: null })), code);
      const sent = await ada.box.sendMessage(room, text);
      assert.strictEqual(sent.state, 'queued');
      assert.isAbove(relay.tampered, before);
      relay.judge = honest;
      await delivered(text, sent.id);
    },
  );

  test.each(
    (['to-server', 'to-client'] as const).flatMap((direction) =>
      (['flip', 'drop', 'repeat', 'reorder', 'cut', 'foreign'] as const).map((tampering) => ({ direction, tampering })),
    ),
  )('behind the handshake, $tampering $direction: nothing is lost or doubled', async (plan) => {
    await reconnect(ada);
    const text = `${plan.tampering} ${plan.direction} behind the handshake`;
    relay.judge = tamper(new SeededNumbers(`${SEED} ${text}`), { ...plan, share: 1, first: HANDSHAKE_FRAMES });
    const before = relay.tampered;
    const sent = await ada.box.sendMessage(room, text);
    // A frame that comes twice has come; each new connection gets one answer further.
    if (plan.tampering !== 'repeat') assert.strictEqual(sent.state, 'queued');
    assert.isAbove(relay.tampered, before);
    relay.judge = honest;
    await delivered(text, sent.id);
  });
});

describe('a relay that tampers with the bytes of files', () => {
  test('on their way up: the server takes none of them under the hash of the true ones; honest again, it is sent', async () => {
    const path = folder.at('up.bin');
    writeFileSync(path, randomBytes(50_000));
    await using source = await FileSource.open(path);
    const send = () => ada.box.files.send(room, source, { name: 'up.bin', key: 'up' });
    relay.judge = tamper(new SeededNumbers(SEED), {
      tampering: 'flip',
      direction: 'to-server',
      pieces: 'body',
      share: 1,
    });
    const before = relay.tampered;
    relay.cut();
    assert.strictEqual(await codeOf(send), 'blob-mismatch');
    assert.isAbove(relay.tampered, before);
    relay.judge = honest;
    relay.cut();
    await send();
    await synced(bea);
    const { id } = await bea.box.files.find(room, 'up.bin');
    await using target = new FileTarget(folder.at('got-up.bin'));
    await bea.box.files.get(room, id, { target });
    assert.deepEqual(readFileSync(folder.at('got-up.bin')), readFileSync(path));
  });

  test('on their way down: file-damaged and no file; honest again, it is whole', async () => {
    const path = folder.at('down.bin');
    writeFileSync(path, randomBytes(50_000));
    await using source = await FileSource.open(path);
    await bea.box.files.send(room, source, { name: 'down.bin' });
    await synced(ada);
    const { id } = await ada.box.files.find(room, 'down.bin');
    await using target = new FileTarget(folder.at('got-down.bin'));
    relay.judge = tamper(new SeededNumbers(SEED), {
      tampering: 'flip',
      direction: 'to-client',
      pieces: 'body',
      share: 1,
    });
    relay.cut();
    assert.strictEqual(await codeOf(() => ada.box.files.get(room, id, { target })), 'file-damaged');
    assert.isFalse(existsSync(folder.at('got-down.bin')));
    relay.judge = honest;
    relay.cut();
    await ada.box.files.get(room, id, { target });
    assert.deepEqual(readFileSync(folder.at('got-down.bin')), readFileSync(path));
  });
});

test('a relay that tampers with every tenth frame in every way: commands get through by resuming', async () => {
  relay.judge = tamper(new SeededNumbers(SEED), { tampering: 'any', direction: 'both', share: 0.1 });
  const before = { tampered: relay.tampered, connections: relay.connections };
  const texts: string[] = [];
  for (const client of [ada, bea]) await reconnect(client);
  for (let i = 0; i < 20; i++) {
    const author = i % 3 === 2 ? bea : ada;
    const text = `${author.options.name} in the storm ${i}`;
    texts.push(text);
    await author.box.sendMessage(room, text);
  }
  assert.isAbove(relay.tampered, before.tampered + 5);
  assert.isAbove(relay.connections, before.connections + 5);
  relay.judge = honest;
  for (const client of [ada, bea, ada, bea]) await synced(client);
  const seen = await Promise.all(
    [ada, bea].map(async ({ box }) => (await box.listMessages(room)).map(({ text }) => text)),
  );
  assert.deepEqual(seen[0], seen[1]);
  for (const name of ['ada', 'bea']) {
    const isOwn = (text: string): boolean => text.startsWith(`${name} in the storm`);
    assert.deepEqual((seen[0] as string[]).filter(isOwn), texts.filter(isOwn));
  }
  for (const client of [ada, bea])
    assert.deepEqual(
      (await client.box.audit()).filter(({ ok }) => !ok),
      [],
    );
}, 180_000);

test('the command line: exit code 6 and queued while a relay tampers, delivered once when it no longer does', async () => {
  using own = new TemporaryFolder();
  await using home = await HomeServer.start({ data: own.at('server') });
  await using between = await Relay.start({ target: home.line.url });
  const [eva, fin] = ['eva', 'fin'].map((name) => new Person({ folder: own.at(name), name })) as [Person, Person];
  await signUp(eva, between.through(home.invitation));
  await signUp(fin, (await eva.line('invitation', 'create')).url);
  await befriend(eva, fin);
  assert.strictEqual((await eva.json('message', 'send', fin.address, 'before')).code, 0);

  between.judge = tamper(new SeededNumbers(SEED), { tampering: 'flip', direction: 'to-server', share: 1, first: 1 });
  const refused = await eva.json('message', 'send', fin.address, 'meanwhile', '--key', 'k');
  assert.strictEqual(refused.code, 6);
  assert.include(['channel-broken', 'unreachable'], refused.fault);
  assert.strictEqual(refused.lines[0].state, 'queued');
  assert.strictEqual((await eva.lines('outbox', 'list')).length, 1);
  assert.strictEqual((await eva.json('outbox', 'flush')).code, 6);

  between.judge = honest;
  assert.strictEqual((await eva.json('message', 'send', fin.address, 'meanwhile', '--key', 'k')).code, 0);
  assert.strictEqual((await eva.json('message', 'send', fin.address, 'after')).code, 0);
  await fin.lines('room', 'list');
  for (const [person, peer] of [
    [eva, fin],
    [fin, eva],
  ] as const) {
    assert.deepEqual(await person.texts(peer.address), ['before', 'meanwhile', 'after']);
    for (const { ok, subject } of await person.lines('audit', 'run')) assert.isTrue(ok, subject);
  }
}, 180_000);

/** Frames that the handshake of a device takes in each direction; what comes behind them is traffic. */
const HANDSHAKE_FRAMES = 3;

/** A new connection, which the relay judges by what it does now. */
async function reconnect(client: Client): Promise<void> {
  await client.close();
  await client.unlock();
}

/** The message is there once for both, under the id that it was given. */
async function delivered(text: string, id: string): Promise<void> {
  for (const client of [ada, bea]) {
    await synced(client);
    const found = (await client.box.listMessages(room)).filter((message) => message.text === text);
    assert.deepEqual(
      found.map((message) => message.id),
      [id],
    );
  }
}

async function synced({ box }: Client): Promise<void> {
  assert.deepEqual(await box.sync(), { online: true, faults: [] });
}
