import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '@sotto/testing';
import { assert, describe, onTestFinished, test } from 'vitest';
import { type AccessOptions, databaseAccess } from './access.ts';
import { findPassword } from './pass-file.ts';
import { parseDatabaseUrl } from './url.ts';

describe('the URL of a database', () => {
  test.each([
    ['postgres://sotto@db.example.org/home', ['db.example.org', 5432, 'sotto', 'home', false]],
    ['postgresql://so%40tto@10.0.0.1:6432/home', ['10.0.0.1', 6432, 'so@tto', 'home', false]],
    ['postgres://sotto@localhost:1/home', ['127.0.0.1', 1, 'sotto', 'home', true]],
    ['postgres://sotto@[::1]/home', ['::1', 5432, 'sotto', 'home', true]],
    ['postgres://sotto@%2Fvar%2Frun%2Fpostgresql/home', ['/var/run/postgresql', 5432, 'sotto', 'home', true]],
    ['postgres://sotto@127.0.0.1.example.org/home', ['127.0.0.1.example.org', 5432, 'sotto', 'home', false]],
  ])('%s', (text, expected) => {
    const { host, port, user, database, isLocal } = parseDatabaseUrl(text);
    assert.deepEqual([host, port, user, database, isLocal], expected);
  });

  test.each([
    ['postgres://sotto:secret@db.example.org/home', 'database-password-exposed'],
    ['postgres://sotto:@db.example.org/home', 'database-password-exposed'],
    ['postgres://sotto@db.example.org/home?password=secret', 'database-malformed'],
    ['postgres://sotto@db.example.org/home?sslmode=disable', 'database-malformed'],
    ['postgres://db.example.org/home', 'database-malformed'],
    ['postgres://sotto@db.example.org', 'database-malformed'],
    ['postgres://sotto@db.example.org/a/b', 'database-malformed'],
    ['postgres://sotto@db.example.org/%zz', 'database-malformed'],
    ['mysql://sotto@db.example.org/home', 'database-malformed'],
    ['sotto', 'database-malformed'],
  ])('%s is refused', async (text, code) => {
    assert.strictEqual(await codeOf(async () => parseDatabaseUrl(text)), code);
    assert.throws(() => parseDatabaseUrl(text), /^(?!.*secret)/);
  });
});

describe('the password', () => {
  const address = parseDatabaseUrl('postgres://sotto@db.example.org/home');

  test.each([
    ['db.example.org:5432:home:sotto:se:cret', 'se'],
    ['# db.example.org:5432:home:sotto:no\n*:*:*:sotto:yes', 'yes'],
    ['db.example.org:5432:home:other:no\ndb.example.org:*:home:sotto:a\\:b\\\\c', 'a:b\\c'],
    ['db.example.org:5433:home:sotto:no', null],
    ['', null],
  ])('in %o', (text, expected) => {
    assert.strictEqual(findPassword(text, address), expected);
  });

  test('is read anew each time, from a file that nobody else may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sotto-access-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const passwordFile = join(folder, 'password');
    const open = (options: Partial<AccessOptions>) =>
      databaseAccess({ url: 'postgres://sotto@db.example.org/home', ...options });
    assert.strictEqual(await codeOf(async () => open({ passwordFile })), 'database-unusable');
    writeFileSync(passwordFile, 'first\n', { mode: 0o600 });
    const access = open({ passwordFile });
    assert.strictEqual(access.password(), 'first');
    writeFileSync(passwordFile, 'second');
    assert.strictEqual(access.password(), 'second');
    assert.strictEqual(open({}).password(), '');
    chmodSync(passwordFile, 0o640);
    assert.strictEqual(await codeOf(async () => open({ passwordFile })), 'database-password-exposed');
    assert.strictEqual(await codeOf(async () => open({ passFile: passwordFile })), 'database-password-exposed');
  });

  test('beyond this machine travels under verified TLS alone', () => {
    const open = (host: string) => databaseAccess({ url: `postgres://sotto@${host}/home` }).tls;
    assert.isFalse(open('127.0.0.1'));
    assert.isFalse(open('%2Frun'));
    const tls = open('192.0.2.7');
    assert.ok(tls !== false && tls.rejectUnauthorized);
    const certificate = { subject: { CN: 'localhost' }, subjectaltname: 'DNS:localhost' } as never;
    assert.match(String(tls.checkServerIdentity?.('localhost', certificate)), /192\.0\.2\.7/);
  });
});
