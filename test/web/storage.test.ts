import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sotto/crypto';
import { DirectoryStorage } from '@sotto/keybox-node';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { browsers, checkInstalled } from '../browsers/browser.ts';
import { PersonalBrowser, type Tab } from './support/browser.ts';
import { type BuiltPage, servePage } from './support/built-page.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers).each(browsers)('a vault in the storage of $name', (kind) => {
  let page: BuiltPage;
  let browser: PersonalBrowser;
  let tab: Tab;

  beforeAll(async () => {
    checkInstalled(kind);
    page = await servePage('test/web/pages/storage.entry.ts');
    browser = new PersonalBrowser(kind);
    await open();
    await tab.run('lab.create("keys")');
    await tab.run('lab.note("first", 10)');
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await page?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<void> {
    tab = await browser.open(page.origin);
  }

  test('gives back what was put in', async () => {
    assert.deepEqual(await tab.run('lab.roundTrip()'), []);
    assert.strictEqual(await tab.run('lab.noteAndFail()'), '1');
    await tab.run('lab.close("keys")');
    assert.strictEqual(await tab.run('lab.open("keys", 1)'), 'done');
    assert.deepEqual(await tab.run('lab.notes()'), ['first']);
  });

  test('is SQLCipher 4 to every other program', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-copied-'));
    try {
      await tab.run('lab.close("keys")');
      writeFileSync(join(directory, 'keys.db'), Buffer.from(await tab.run<string>('lab.bytes("keys")'), 'base64url'));
      await tab.run('lab.open("keys", 1)');
      const part = await new DirectoryStorage(directory).openPart('keys', new Secret(new Uint8Array(32).fill(1)));
      assert.deepEqual(await part.query('SELECT text FROM note'), [{ text: 'first' }]);
      await part.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('opens under its key alone', async () => {
    assert.deepEqual(await tab.run('lab.inspect("keys")'), { withoutKey: false, withWrongKey: false });
    await tab.run('lab.close("keys")');
    assert.strictEqual(await tab.run('lab.open("keys", 2)'), 'vault-damaged');
    assert.strictEqual(await tab.run('lab.open("contacts", 1)'), 'vault-damaged');
    assert.strictEqual(await tab.run('lab.open("keys", 1)'), 'done');
  });

  test('a changed bit is found', async () => {
    await tab.run('lab.close("keys")');
    const size = await tab.run<number>('lab.sizeOf("keys.db")');
    for (let at = 20; at < size; at += 1000) {
      await tab.run(`lab.damage("keys.db", ${at})`);
      const isOpen = (await tab.run('lab.open("keys", 1)')) === 'done';
      if (isOpen) {
        assert.strictEqual(await tab.run('lab.reading()'), 'vault-damaged', `at ${at}`);
        await tab.run('lab.close("keys")');
      }
      await tab.run(`lab.damage("keys.db", ${at})`);
    }
    await tab.run('lab.open("keys", 1)');
  });

  test('a small file whose replacing broke off is what it was', async () => {
    await tab.run('lab.replace("offline", "one")');
    await tab.run('lab.replace("offline", "two")');
    assert.strictEqual(await tab.run('lab.read("offline")'), 'two');
    await tab.run('lab.damage("offline.1", 41)');
    assert.strictEqual(await tab.run('lab.read("offline")'), 'one');
    await tab.run('lab.replace("offline", "three")');
    assert.strictEqual(await tab.run('lab.read("offline")'), 'three');
    await tab.run('lab.remove("offline")');
    assert.isNull(await tab.run('lab.read("offline")'));
  });

  test.skipIf(kind.name !== 'Chromium')('want of space is told, and loses nothing', async () => {
    const session = await tab.page.createCDPSession();
    const before = await tab.run('lab.notes()');
    await session.send('Storage.overrideQuotaForOrigin', { origin: page.origin, quotaSize: 2_000_000 });
    assert.strictEqual(await tab.run('lab.note("too large", 20000000)'), 'disk-full');
    assert.deepEqual(await tab.run('lab.notes()'), before);
    await session.send('Storage.overrideQuotaForOrigin', { origin: page.origin });
    assert.strictEqual(await tab.run('lab.note("fits", 10)'), 'done');
    await session.detach();
  });

  test('nothing acknowledged is lost when the browser is killed', async () => {
    await tab.run('void lab.writeOn()');
    await tab.run(
      'new Promise((go) => { const timer = setInterval(() => acknowledged() > 20 && (clearInterval(timer), go()), 10); })',
    );
    const acknowledged = await tab.run<number>('acknowledged()');
    await browser.kill();
    await open();
    assert.strictEqual(await tab.run('lab.open("keys", 1)'), 'done');
    const notes = await tab.run<string[]>('lab.notes()');
    assert.include(notes, `n${acknowledged}`);
    assert.strictEqual(notes.at(-1)?.replace('m', 'n'), notes.at(-2), 'half of a transaction');
    assert.isAtLeast(Number(await tab.run('lab.read("account")')), acknowledged);
  });

  test('an account that is revoked is erased, also while it is open', async () => {
    await tab.run('lab.replace("keystore", "keys")');
    await tab.run('lab.erase()');
    assert.isNull(await tab.run('lab.read("keystore")'));
    assert.isNotNull(await tab.run('lab.read("revoked")'));
    assert.isAbove((await tab.run<string[]>('lab.notes()')).length, 1);
    await tab.run('lab.close("keys")');
    assert.deepEqual(await tab.run('lab.files()'), ['revoked.0']);
  });
});
