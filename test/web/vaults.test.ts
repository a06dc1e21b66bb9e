import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { browsers, checkInstalled } from '../browsers/browser.ts';
import { Client } from '../support/client.ts';
import { HomeServer } from '../support/home-server.ts';
import { PersonalBrowser, type Tab } from './support/browser.ts';
import { type BuiltPage, servePage } from './support/built-page.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';
const folder = mkdtempSync(join(tmpdir(), 'sotto-vaults-'));
let server: HomeServer;
let page: BuiltPage;
let node: Client;

beforeAll(async () => {
  if (withoutPeers) return;
  server = await HomeServer.start({ data: join(folder, 'server') });
  page = await servePage('test/web/pages/vaults.entry.ts', server.line.url);
  node = new Client({ folder: join(folder, 'node'), name: 'node' });
  await node.signUp(server.invitation);
});

afterAll(async () => {
  await node?.close();
  await page?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe.skipIf(withoutPeers).each(browsers)('the vaults of $name', (kind) => {
  const name = kind.name.toLowerCase();
  const address = `${name}@localhost`;
  const passphrase = 'Correct horse 1';
  let browser: PersonalBrowser;
  let tab: Tab;

  beforeAll(() => {
    checkInstalled(kind);
    browser = new PersonalBrowser(kind);
  });

  afterAll(() => browser?.[Symbol.asyncDispose]());

  async function invitation(): Promise<string> {
    const [link = ''] = await node.box.createInvitations(1);
    return link.replace(server.line.url, page.origin);
  }

  /** Of a device on a borrowed computer. */
  const place = (of: string) => ({
    ...{ address: of, server: page.origin, caFingerprint: null },
    ...{ deviceName: 'borrowed', vault: 'normal', temporary: true },
  });

  const state = (of: Tab, kind: string): Promise<void> => of.run(`until(() => vaults.state().kind === '${kind}')`);
  const unlock = (of: Tab): Promise<void> => of.run(`vaults.gate.unlock(${JSON.stringify({ address, passphrase })})`);

  test('an invitation is read, and leads to an account', async () => {
    tab = await browser.open(page.origin);
    await state(tab, 'locked');
    await tab.run('void (globalThis.nobody = downloadResponse(crypto.randomUUID()).then(({ status }) => status))');
    const link = await invitation();
    const view = await tab.run<object>(`vaults.gate.invitation(${JSON.stringify(link)})`);
    const { caFingerprint, domain } = server.line;
    assert.deepInclude(view, { server: page.origin, domain, caFingerprint, state: 'open' });
    const wrong = JSON.stringify(link.replace(caFingerprint, '0'.repeat(64)));
    assert.strictEqual(await tab.codeOf(`vaults.gate.invitation(${wrong})`), 'certificate-mismatch');
    const account = { address, invitation: link, suite: 'hybrid', roaming: true, vault: 'normal', passphrase };
    await tab.run(`vaults.gate.signUp(${JSON.stringify({ ...account, task: 'sign-up', deviceName: 'browser' })})`);
    assert.deepEqual(await tab.run('[vaults.state().kind, vaults.state().address]'), ['open', address]);
    const steps = await tab.run<string[]>(`events.filter(({ task }) => task === 'sign-up').map(({ step }) => step)`);
    assert.includeMembers(steps, ['invitation', 'vault', 'done']);
  });

  test('talks with a keybox elsewhere, and is told of what comes', async () => {
    await tab.run(`vaults.box.addContact('${node.address}')`);
    await node.box.sync();
    await node.box.acceptContact(address as never);
    await node.box.sendDirect(address as never, `To ${name}`);
    await tab.run(`until(async () => (await texts()).includes('To ${name}'))`);
    await tab.run(`vaults.box.sendDirect('${node.address}', 'From ${name}')`);
    await node.box.sync();
    const room = await node.box.directRoom(address as never);
    assert.include(
      (await node.box.listMessages(room.id)).map(({ text }) => text),
      `From ${name}`,
    );
    assert.strictEqual((await tab.run<{ hits: unknown[] }>(`vaults.box.search.find('${name}')`)).hits.length, 2);
    await tab.run('until(() => vaults.state().connection.online)');
  });

  test('what it stores is ciphertext', async () => {
    const { encrypted, parts } = await tab.run<{ encrypted: boolean; parts: unknown[] }>('vaults.tools.checkVault()');
    assert.isTrue(encrypted, JSON.stringify(parts));
    assert.isAbove((await tab.run<{ usedBytes: number }>('vaults.gate.storage()')).usedBytes, 10_000);
  });

  test.each(['box.constructor', 'box.close', 'box.toString', 'box.files.send', 'gate.__proto__', 'tools.call'])(
    '%s cannot be called',
    async (path) => {
      assert.strictEqual(await tab.codeOf(`vaults.${path}('x')`).catch(String), 'method-unknown');
    },
  );

  test('a file goes there and comes back, shown or streamed', async () => {
    const content = "new File(['content of a file '.repeat(10000)], 'note.txt', { lastModified: 1 })";
    const sent = `vaults.tools.sendFile({ task: 'up', room: (await direct()).id, content: ${content}, name: 'note.txt', mediaType: 'text/plain' })`;
    await tab.run(`(async () => { await ${sent}; })()`);
    await tab.run(`(async () => { await ${sent}; })()`);
    const shown = await tab.run<number[]>(
      `(async () => { const { id } = await direct(); const files = await vaults.box.files.list(id); const blob = await vaults.tools.readFile({ task: 'down', room: id, file: files[0].id }); return [files.length, blob.size, (await blob.text()).lastIndexOf('content')]; })()`,
    );
    assert.deepEqual(shown, [1, 180_000, 179_982], 'the same task sends once');
    const streamed = await tab.run<unknown[]>(
      `(async () => { const { id } = await direct(); const [file] = await vaults.box.files.list(id); const { path } = await vaults.tools.offerFile({ task: 'offer', room: id, file: file.id }); const answer = await downloadResponse(path.split('/').at(-1)); return [answer.status, answer.headers.get('content-disposition'), (await answer.text()).length]; })()`,
    );
    assert.deepEqual(streamed, [200, "attachment; filename*=UTF-8''note.txt", 180_000]);
    assert.strictEqual(await tab.run('nobody'), 404);
    assert.deepEqual(await tab.run('vaults.box.files.transfers()'), []);
  });

  test('an upload that was stopped goes on with the same file', async () => {
    const begun =
      "(async () => { const { id } = await direct(); globalThis.big = new File([new Uint8Array(16_000_000)], 'big', { lastModified: 2 }); return id; })()";
    const room = await tab.run<string>(begun);
    const send = (task: string): string =>
      `vaults.tools.sendFile({ task: '${task}', room: '${room}', content: big, name: 'big', mediaType: 'application/octet-stream' })`;
    await tab.run("void vaults.subscribe(({ task, done }) => task === 'one' && done > 0 && vaults.gate.cancel('one'))");
    await tab.run(`void (globalThis.stopped = ${send('one')})`);
    assert.strictEqual(await tab.codeOf('stopped'), 'cancelled');
    assert.lengthOf(await tab.run<unknown[]>('vaults.box.files.transfers()'), 1);
    await tab.run(`(async () => { await ${send('two')}; })()`);
    assert.deepEqual(await tab.run('vaults.box.files.transfers()'), []);
  });

  test('a second tab shares them, and goes on when the first is closed or crashes', async () => {
    const second = await browser.open(page.origin);
    await state(second, 'open');
    const texts = await second.run('texts()');
    assert.deepEqual(texts, await tab.run('texts()'));
    const third = await browser.open(page.origin);
    await state(third, 'open');
    await second.run(`void (globalThis.sending = vaults.box.sendDirect('${node.address}', 'in between'))`);
    const link = JSON.stringify({ ...place(node.address), passphrase: 'the passphrase of node is long' });
    await second.run(`void (globalThis.linking = vaults.gate.link({ ...${link}, task: 'linking' }))`);
    await second.run("until(() => events.some(({ kind }) => kind === 'link-code'))");
    if (kind.name === 'Chromium') await tab.crash();
    else await tab.close();
    await second.run('sending');
    assert.strictEqual(await second.codeOf('linking'), 'worker-lost', 'nobody knows how far it came');
    await state(second, 'open');
    assert.deepEqual(await second.run("texts().then((all) => all.filter((text) => text === 'in between'))"), [
      'in between',
    ]);
    await state(third, 'open');
    await third.run('vaults.gate.lock()');
    await state(second, 'locked');
    assert.strictEqual(await second.codeOf('vaults.box.listRooms()'), 'locked');
    await second.close();
    await state(third, 'locked');
    assert.strictEqual(await third.codeOf('vaults.box.listRooms()'), 'locked', 'what was locked is not inherited');
    tab = third;
  });

  test('a wrong passphrase is told as such', async () => {
    const wrong = JSON.stringify({ address, passphrase: 'Wrong horse 1' });
    assert.strictEqual(await tab.codeOf(`vaults.gate.unlock(${wrong})`), 'wrong-passphrase');
    await unlock(tab);
  });

  test('opens again after the browser was killed', async () => {
    const before = await tab.run('texts()');
    await tab.run(
      `(async () => { const { id } = await direct(); const [file] = await vaults.box.files.list(id); const { path } = await vaults.tools.offerFile({ task: 'left', room: id, file: file.id }); globalThis.left = await downloadResponse(path.split('/').at(-1)); })()`,
    );
    await tab.run('until(async () => (await vaults.box.files.transfers()).length === 1)');
    await browser.kill();
    tab = await browser.open(page.origin);
    await state(tab, 'locked');
    await unlock(tab);
    assert.deepEqual(await tab.run('texts()'), before);
    await tab.run('until(async () => (await vaults.box.files.transfers()).length === 0)');
  });

  test('breaks no rule of its policy', () => {
    assert.deepEqual(page.violations, []);
  });

  test('leaves nothing on the computer of somebody else', async () => {
    await tab.run('vaults.gate.lock()');
    await tab.run(`vaults.gate.forget('${address}')`);
    assert.deepEqual(await tab.run('vaults.state()'), { kind: 'locked', accounts: [], isNew: false });
    const entry = JSON.stringify({ ...place(address), passphrase, task: 'sign-in' });
    await tab.run(`vaults.gate.signIn(${entry})`);
    assert.isTrue(await tab.run('vaults.state().temporary'));
    await tab.run(`until(async () => (await texts()).includes('To ${name}'))`);
    assert.deepEqual(await tab.run('stored()'), []);
    await tab.close();
    tab = await browser.open(page.origin);
    await state(tab, 'locked');
    assert.deepEqual(await tab.run('vaults.state().accounts'), []);
  });
});
