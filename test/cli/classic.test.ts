import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;
const file = (name: string): string => join(city.folder, name);

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice', '--suite', 'classic');
  bob = await city.person('bob');
  await alice.befriend(bob);
  writeFileSync(file('alice.pem'), (await alice.run(['key', 'certificate'])).stdout);
  writeFileSync(file('alice-signature.pem'), (await alice.run(['key', 'certificate', '--use', 'signature'])).stdout);
  writeFileSync(file('export-passphrase'), 'Zwölf Boxkämpfer 12!\n', { mode: 0o600 });
  await alice.json('key', 'export', '--p12', file('alice.p12'), '--export-passphrase-file', file('export-passphrase'));
});

afterAll(() => city[Symbol.asyncDispose]());

describe('openssl', () => {
  test('opens the exported key file and verifies both certificates', () => {
    const pass = ['-passin', `file:${file('export-passphrase')}`];
    const all = openssl(['pkcs12', '-in', file('alice.p12'), '-nodes', ...pass]).toString();
    assert.lengthOf(all.match(/BEGIN PRIVATE KEY/g) ?? [], 2);
    writeFileSync(file('alice-keys.pem'), all);
    writeFileSync(file('ca.pem'), openssl(['pkcs12', '-in', file('alice.p12'), '-nokeys', '-cacerts', ...pass]));
    for (const certificate of ['alice.pem', 'alice-signature.pem']) {
      assert.match(openssl(['verify', '-CAfile', file('ca.pem'), file(certificate)]).toString(), /: OK/);
    }
  });

  test('opens what the keybox sealed for a certificate', async () => {
    const words = ['container', 'seal', '--certificate', file('alice.pem'), '--out', file('to-alice.p7m')];
    assert.strictEqual((await bob.run(words, { stdin: CONTENT })).exit, 0);
    const key = file('alice-user.key');
    writeFileSync(key, keyOf(file('alice.pem')));
    const signed = openssl([
      ...['cms', '-decrypt', '-inform', 'DER', '-in', file('to-alice.p7m'), '-inkey', key, '-recip', file('alice.pem')],
      ...['-binary', '-outform', 'DER'],
    ]);
    assert.include(Buffer.from(signed).toString('latin1'), CONTENT);
  });

  test('seals what the keybox opens, as unsigned', async () => {
    writeFileSync(file('plain'), CONTENT);
    seal(
      'from-openssl.p7m',
      ['-aes-256-gcm'],
      ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256', '-keyopt', 'rsa_mgf1_md:sha256'],
    );
    const opened = await alice.run(['container', 'open', file('from-openssl.p7m')]);
    assert.strictEqual(opened.exit, 0, opened.stderr);
    assert.strictEqual(opened.stdout, CONTENT);
    assert.deepEqual(JSON.parse(opened.stderr), { signature: 'unsigned', sender: null });
  });

  test('seals in old ways, which are refused', async () => {
    seal('cbc.p7m', ['-aes-256-cbc'], ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256']);
    seal('pkcs1.p7m', ['-aes-256-gcm'], []);
    for (const name of ['cbc.p7m', 'pkcs1.p7m']) {
      assert.strictEqual((await alice.refused(1, 'container', 'open', file(name))).code, 'container-profile', name);
    }
  });
});

describe('containers between accounts', () => {
  test('say who sealed them, to both', async () => {
    const words = ['container', 'seal', '--to', alice.address, '--out', file('to-contact.p7m')];
    assert.strictEqual((await bob.run(words, { stdin: CONTENT })).exit, 0);
    for (const reader of [alice, bob]) {
      const opened = await reader.run(['container', 'open', file('to-contact.p7m')]);
      assert.strictEqual(opened.stdout, CONTENT);
      assert.deepEqual(JSON.parse(opened.stderr), { signature: 'valid', sender: bob.address });
    }
  });

  test('are refused when a bit of them is another', async () => {
    const bytes = readFileSync(file('to-contact.p7m'));
    const last = bytes.length - 1;
    bytes[last] = (bytes[last] ?? 0) ^ 1;
    writeFileSync(file('tampered.p7m'), bytes);
    const ran = await alice.run(['container', 'open', file('tampered.p7m'), '--json']);
    assert.strictEqual(ran.exit, 1);
    assert.strictEqual(ran.stdout, '');
  });

  test('carry a message of a room', async () => {
    const { id } = await bob.json('message', 'send', alice.address, 'For the file.');
    const ran = await bob.run(['message', 'show', alice.address, id, '--container']);
    writeFileSync(file('message.p7m'), ran.bytes);
    const opened = await alice.run(['container', 'open', file('message.p7m')]);
    assert.strictEqual(opened.stdout, 'For the file.');
  });

  test('a hybrid account has no certificate to encrypt to', async () => {
    assert.strictEqual((await bob.refused(2, 'key', 'certificate', '--use', 'encryption')).code, 'not-classic');
    assert.match((await bob.run(['key', 'certificate', '--use', 'signature'])).stdout, /BEGIN CERTIFICATE/);
  });
});

function openssl(words: readonly string[]): Buffer {
  return execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] });
}

function seal(name: string, cipher: readonly string[], options: readonly string[]): void {
  openssl([
    ...['cms', '-encrypt', '-binary', ...cipher, '-in', file('plain'), '-outform', 'DER', '-out', file(name)],
    ...['-recip', file('alice.pem'), ...options],
  ]);
}

/** The private key in the exported file that belongs to a certificate. */
function keyOf(certificate: string): string {
  const wanted = openssl(['x509', '-in', certificate, '-noout', '-pubkey']).toString();
  const keys = readFileSync(file('alice-keys.pem'), 'utf8').match(
    /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----/g,
  );
  const key = (keys ?? []).find((each) => {
    writeFileSync(file('candidate.key'), each);
    return openssl(['pkey', '-in', file('candidate.key'), '-pubout']).toString() === wanted;
  });
  return key ?? assert.fail('no key of that certificate');
}

const CONTENT = 'Findings of bed 12:\nnothing unusual.\n';
