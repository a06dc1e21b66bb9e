import { execFileSync } from 'node:child_process';
import { createDecipheriv, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Secret } from '@sotto/crypto';
import { afterAll, assert, beforeEach, describe, test } from 'vitest';
import { refuses } from './refuses.fixture.ts';
import { DirectoryStorage } from './storage.ts';

const directory = mkdtempSync(join(tmpdir(), 'sotto-part-'));
const path = join(directory, 'keys.db');
const storage = new DirectoryStorage(directory);
const rawKey = randomBytes(32);
const key = new Secret(rawKey);

afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(async () => {
  const part = await storage.createPart('keys', key);
  await part.apply([{ sql: 'CREATE TABLE note (text TEXT, blob BLOB)' }]);
  await part.apply([{ sql: 'INSERT INTO note VALUES (?, ?)', parameters: ['whispered', Uint8Array.of(1, 2)] }]);
  await part.close();
});

describe('a part', () => {
  test('gives back what was put in, as plain byte strings', async () => {
    const part = await storage.openPart('keys', key);
    const rows = await part.query<{ text: string; blob: Uint8Array }>('SELECT * FROM note WHERE text = ?', [
      'whispered',
    ]);
    assert.deepEqual(rows, [{ text: 'whispered', blob: Uint8Array.of(1, 2) }]);
    await part.close();
    assert.strictEqual(statSync(path).mode & 0o777, 0o600);
  });

  test('applies all statements or none', async () => {
    const part = await storage.openPart('keys', key);
    const sql = 'INSERT INTO note VALUES (?, NULL)';
    const failing = part.apply([{ sql, parameters: ['first'] }, { sql: 'INSERT INTO missing VALUES (1)' }]);
    assert.match(String(await failing.catch((cause) => cause)), /no such table/);
    assert.deepEqual(await part.query('SELECT count(*) AS n FROM note'), [{ n: 1 }]);
    await part.close();
  });

  test('opens under its key alone', async () => {
    await refuses(storage.openPart('keys', new Secret(randomBytes(32))), 'vault-damaged');
    await refuses(storage.openPart('history', key), 'vault-damaged');
    const { opensWithoutKey, opensWithWrongKey } = await storage.inspectPart('keys');
    assert.deepEqual({ opensWithoutKey, opensWithWrongKey }, { opensWithoutKey: false, opensWithWrongKey: false });
  });

  test('a changed byte in any page is found', async () => {
    const whole = readFileSync(path);
    for (let at = 20; at < whole.length; at += 1000) {
      writeFileSync(
        path,
        Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 1 : byte)),
      );
      const reading = storage.openPart('keys', key).then(async (part) => {
        await part.query('SELECT * FROM note').finally(() => part.close());
      });
      await refuses(reading, 'vault-damaged');
    }
    writeFileSync(path, whole);
  });

  test('a full disk is said and loses nothing', async () => {
    const part = await storage.openPart('keys', key);
    await part.query('PRAGMA max_page_count = 8');
    const sql = 'INSERT INTO note VALUES (NULL, ?)';
    await refuses(part.apply([{ sql, parameters: [new Uint8Array(100_000)] }]), 'disk-full');
    assert.deepEqual(await part.query('SELECT text FROM note'), [{ text: 'whispered' }]);
    await part.close();
  });
});

describe('the file', () => {
  test('is SQLCipher 4 by its own specification', () => {
    const plain = join(directory, 'plain.db');
    writeFileSync(plain, decryptDatabase(readFileSync(path), rawKey));
    const database = new DatabaseSync(plain);
    assert.strictEqual(database.prepare('SELECT text FROM note').get()?.['text'], 'whispered');
    database.close();
  });

  test.skipIf(sqlCipherMajor() < 4)('opens in sqlcipher under the raw key', () => {
    const script = `PRAGMA key = "x'${rawKey.toString('hex')}'";\nSELECT text FROM note;\n`;
    assert.include(execFileSync('sqlcipher', [path], { input: script, encoding: 'utf8' }), 'whispered');
  });
});

/** The pages of an SQLCipher-4 database under a raw key: AES-256-CBC, then HMAC-SHA-512 over ciphertext, IV and page number. */
function decryptDatabase(file: Uint8Array, encryptionKey: Uint8Array): Uint8Array {
  const salt = file.subarray(0, 16);
  const macSalt = salt.map((byte) => byte ^ 0x3a);
  const macKey = pbkdf2Sync(encryptionKey, macSalt, 2, 32, 'sha512');
  const pages: Uint8Array[] = [];
  for (let n = 1; (n - 1) * PAGE_BYTES < file.length; n++) {
    const page = file.subarray((n - 1) * PAGE_BYTES, n * PAGE_BYTES);
    const start = n === 1 ? 16 : 0;
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, n, true);
    const iv = page.subarray(PAGE_BYTES - RESERVED_BYTES, PAGE_BYTES - RESERVED_BYTES + 16);
    const mac = page.subarray(PAGE_BYTES - RESERVED_BYTES + 16);
    const covered = page.subarray(start, PAGE_BYTES - RESERVED_BYTES + 16);
    const computed = createHmac('sha512', macKey).update(covered).update(number).digest();
    assert.deepEqual(Uint8Array.from(computed), Uint8Array.from(mac), `page ${n}`);
    const decipher = createDecipheriv('aes-256-cbc', encryptionKey, iv).setAutoPadding(false);
    const content = decipher.update(page.subarray(start, PAGE_BYTES - RESERVED_BYTES));
    const head = n === 1 ? Buffer.from('SQLite format 3\0') : Buffer.alloc(0);
    pages.push(Buffer.concat([head, content, Buffer.alloc(RESERVED_BYTES)]));
  }
  return Buffer.concat(pages);
}

/** 0 where there is none. Older ones than 4 read another format. */
function sqlCipherMajor(): number {
  try {
    const answer = execFileSync('sqlcipher', [':memory:', 'PRAGMA cipher_version;'], { encoding: 'utf8' });
    const major = Number.parseInt(answer, 10);
    if (major < 4) console.warn(`skipped: sqlcipher ${answer.trim()} reads no database of version 4`);
    return major;
  } catch {
    console.warn('skipped: no sqlcipher on this machine');
    return 0;
  }
}

const PAGE_BYTES = 4096;
const RESERVED_BYTES = 80;
