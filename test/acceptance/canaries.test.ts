import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { Canaries, filesBelow, writingsOf } from '../support/canaries.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, Person, signUp } from '../support/person.ts';
import { SeededNumbers } from '../support/random.ts';
import { Recorder } from '../support/recorder.ts';

const numbers = new SeededNumbers(`canaries ${process.pid}`);
const canaries = new Canaries((length) => numbers.bytes(length));

let folder: TemporaryFolder;
let server: HomeServer;
/** Ada's way to the server: the web listener, plain on this machine. */
let plain: Recorder;
/** Bea's: the native listener; the recorder holds the server's TLS key. */
let insideTls: Recorder;
/** Hybrid, with an advanced vault. */
let ada: Person;
/** Classic, with roaming keys at the server. */
let bea: Person;

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await HomeServer.start({ data: folder.at('server'), logLevel: 'trace' });
  plain = await Recorder.plain(server.line.url);
  insideTls = await Recorder.insideTls(server.line.nativeUrl, folder.at('server'));
  const vaultPassphrase = folder.at('vault-passphrase');
  writeFileSync(vaultPassphrase, canaries.plant('vault passphrase'), { mode: 0o600 });
  ada = new Person({
    folder: folder.at('ada'),
    name: 'ada',
    passphrase: canaries.plant('passphrase of a hybrid account'),
    env: { SOTTO_VAULT_PASSPHRASE_FILE: vaultPassphrase },
  });
  bea = new Person({
    folder: folder.at('bea'),
    name: 'bea',
    passphrase: canaries.plant('passphrase of a classic account'),
  });
  await signUp(ada, plain.through(server.invitation), '--vault', 'advanced');
  const { url } = await ada.line('invitation', 'create');
  await signUp(bea, insideTls.through(url), '--suite', 'classic', '--roaming', 'on');
  await befriend(ada, bea);
});

afterAll(async () => {
  await insideTls[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

test('everything that people say arrives', async () => {
  await ada.lines('contact', 'note', bea.address, canaries.plant('contact note'));
  await bea.lines('contact', 'note', ada.address, canaries.plant('contact note of a classic account'));
  const name = canaries.plant('room name');
  const { id: ward } = await ada.line('room', 'create', name);
  await ada.lines('room', 'add', ward, bea.address, '--role', 'admin');
  assert.strictEqual((await bea.line('room', 'show', ward)).name, name);
  const renamed = canaries.plant('room name of a classic account');
  await bea.lines('room', 'rename', ward, renamed);
  assert.strictEqual((await ada.line('room', 'show', ward)).name, renamed);

  await checkTalk(ward, [ada, bea]);
  await checkTalk(ward, [bea, ada]);
  const { id: sealed } = await ada.line(
    'room',
    'create',
    canaries.plant('name of a per-message room'),
    '--keying',
    'per-message',
  );
  await ada.lines('room', 'add', sealed, bea.address);
  await checkTalk(sealed, [ada, bea]);
  const direct = canaries.plant('direct text');
  await bea.lines('message', 'send', ada.address, direct);
  assert.deepEqual(await ada.texts(bea.address), [direct]);
}, 240_000);

test('containers and key files are made and opened', async () => {
  const content = canaries.plant('content of a container');
  for (const [sealer, opener] of [
    [ada, bea],
    [bea, ada],
  ] as const) {
    const container = folder.at(`${sealer.name}.p7m`);
    const ran = await sealer.run(['container', 'seal', '--to', opener.address, '--out', container], content);
    assert.strictEqual(ran.code, 0, ran.stderr);
    const opened = await opener.run(['container', 'open', container]);
    assert.strictEqual(Buffer.from(opened.bytes).toString(), content);
    const p12 = folder.at(`${sealer.name}.p12`);
    const passphrase = folder.at(`${sealer.name}-export-passphrase`);
    writeFileSync(passphrase, canaries.plant(`export passphrase of ${sealer.name}`), { mode: 0o600 });
    await sealer.lines('key', 'export', '--p12', p12, '--export-passphrase-file', passphrase);
    for (const file of [container, p12]) assert.deepEqual(canaries.search(file, readFileSync(file)), []);
  }
});

test('what was said offline, and while somebody watches, arrives', async () => {
  const queued = canaries.plant('text queued offline');
  await server.stop();
  assert.strictEqual((await ada.json('message', 'send', bea.address, queued)).code, 6);
  assert.deepEqual(canaries.searchFolder(ada.home), []);
  await server.start();
  const watch = bea.start('message', 'watch');
  const lines = createInterface({ input: watch.child.stdout as NodeJS.ReadableStream });
  const watched = canaries.plant('text that is watched');
  // Listens before the text is sent: lines that come while nobody iterates are lost.
  const seen = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (JSON.parse(line).text === watched) resolve();
    });
  });
  await ada.lines('message', 'send', bea.address, watched);
  await seen;
  // The vault is open now, and its journals are there.
  assert.isTrue(filesBelow(bea.home).some((path) => path.endsWith('-wal')));
  assert.deepEqual(canaries.searchFolder(bea.home), []);
  watch.child.kill('SIGTERM');
  assert.strictEqual((await watch.ended).code, 0);
  assert.includeMembers([...(await bea.texts(ada.address))], [queued, watched]);
});

describe('no canary is', () => {
  test('in the data directory of the server', () => {
    assert.isAbove(filesBelow(folder.at('server')).length, 10);
    assert.deepEqual(canaries.searchFolder(folder.at('server')), []);
  });

  test('in the logs of the server, at the most talkative level', () => {
    assert.include(server.said, '"started"');
    assert.deepEqual(canaries.search('log', Buffer.from(server.said)), []);
    for (const { address } of [ada, bea]) assert.notInclude(server.said, address);
  });

  test('in the files of the clients', () => {
    for (const person of [ada, bea]) {
      assert.isAbove(filesBelow(person.home).length, 5);
      assert.deepEqual(canaries.searchFolder(person.home), []);
    }
  });

  test('in temporary files', () => {
    for (const person of [ada, bea]) assert.deepEqual(filesBelow(person.temporary), []);
  });

  test('on the wire, also for who reads inside TLS', () => {
    for (const { captured } of [plain, insideTls]) assert.deepEqual(canaries.search('capture', captured), []);
  });
});

describe('the search would find', () => {
  test.each([...writingsOf('ABCDEFGHJKMNPQRSTVWXYZ0123456789').keys()])('a canary written as %s', (writing) => {
    const own = new Canaries((length) => numbers.bytes(length));
    const needle = writingsOf(own.plant('control')).get(writing) as Buffer;
    const found = own.search('control', Buffer.concat([numbers.bytes(1000), needle, numbers.bytes(1000)]));
    assert.include(found, `control in control as ${writing}`);
  });

  test.each([0, 1, 2, 3, 4, 5])('a canary in base 64 between other words, %d bytes from the start', (offset) => {
    const own = new Canaries((length) => numbers.bytes(length));
    const text = Buffer.from(`${'x'.repeat(offset)}${own.plant('control')}and so on`);
    assert.isNotEmpty(own.search('base64', Buffer.from(text.toString('base64'))));
    assert.isNotEmpty(own.search('base64url', Buffer.from(text.toString('base64url'))));
  });

  test('a file that holds one', () => {
    using own = new TemporaryFolder();
    const [place = ''] = canaries.places;
    const text = new Canaries((length) => numbers.bytes(length));
    writeFileSync(own.at('notes'), `so ${text.plant(place)} it is`);
    assert.isNotEmpty(text.searchFolder(own.path));
  });

  test('what is not secret on the wire: the records are whole, and no mask hides anything', () => {
    const pem = readFileSync(folder.at('server', 'keys', 'ca.pem'), 'latin1');
    const certificate = Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    for (const { captured } of [plain, insideTls]) {
      assert.isTrue(captured.includes('GET /v1/channel HTTP/1.1'));
      assert.isTrue(captured.includes(certificate));
    }
    assert.isTrue(plain.captured.includes('x-wing'));
    assert.isTrue(insideTls.captured.includes('p-384'));
  });
});

/** One writes, edits, deletes and reacts; the other sees it all. */
async function checkTalk(room: string, [author, reader]: readonly [Person, Person]): Promise<void> {
  const plant = (what: string): string => canaries.plant(`${what} of ${author.name} in ${room.slice(0, 4)}`);
  const [text, answer, edited, reaction] = [plant('text'), plant('answer'), plant('edited text'), plant('reaction')];
  const { id } = await author.line('message', 'send', room, text, '--key', plant('key of sending'));
  const sent = await author.run(['message', 'send', room, '-', '--reply-to', id, '--json'], answer);
  assert.strictEqual(sent.code, 0, sent.stderr);
  const deleted = await author.line('message', 'send', room, plant('deleted text'));
  assert.includeMembers([...(await reader.texts(room))], [text, answer]);
  await author.lines('message', 'edit', room, id, edited);
  await author.lines('message', 'delete', room, deleted.id, '--yes');
  await reader.lines('message', 'react', room, id, reaction);
  await reader.lines('message', 'read', room);
  const seen = (await author.lines('message', 'list', room)).find((message) => message.id === id);
  assert.strictEqual(seen.text, edited);
  assert.strictEqual(seen.state, 'read');
  assert.deepEqual(seen.reactions, [{ author: reader.address, text: reaction }]);
  assert.includeMembers([...(await reader.texts(room))], [edited, answer]);
  const container = await reader.run(['message', 'show', room, id, '--container']);
  assert.strictEqual(container.code, 0, container.stderr);
  assert.deepEqual(canaries.search('container', container.bytes), []);
}
