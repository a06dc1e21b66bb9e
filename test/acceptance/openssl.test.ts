import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { Person, type Ran, signUp } from '../support/person.ts';
import { type Ended, runProgram } from '../support/program.ts';

/** Without openssl these fail, unless whoever runs them accepts that. */
const withOpenssl = describe.skipIf(process.env['SOTTO_WITHOUT_PEERS'] === '1');

let folder: TemporaryFolder;
let server: HomeServer;
/** Classic. */
let ada: Person;
/** Hybrid. */
let bea: Person;

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await HomeServer.start({ data: folder.at('server') });
  ada = new Person({ folder: folder.at('ada'), name: 'ada' });
  bea = new Person({ folder: folder.at('bea'), name: 'bea' });
  await signUp(ada, server.invitation, '--suite', 'classic');
  await signUp(bea, (await ada.line('invitation', 'create')).url);
  for (const use of ['encryption', 'signature'] as const) {
    const { code, bytes } = await ada.run(['key', 'certificate', '--use', use]);
    assert.strictEqual(code, 0);
    writeFileSync(folder.at(`${use}.pem`), bytes);
  }
  writeFileSync(folder.at('export-passphrase'), 'a passphrase for other programs\n', { mode: 0o600 });
  writeFileSync(folder.at('text'), TEXT);
  await openssl(
    'req -x509 -newkey rsa:3072 -nodes -keyout outside.key -out outside.pem -days 30 -subj /CN=outside -addext keyUsage=critical,keyEncipherment,digitalSignature',
  );
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const TEXT = 'What leaves the house.\n'.repeat(100);
const OAEP = '-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256';

withOpenssl('container seal --certificate', () => {
  test('openssl decrypts and verifies', async () => {
    const sealed = await ada.run(
      ['container', 'seal', '--certificate', folder.at('outside.pem'), '--out', folder.at('out.p7m')],
      TEXT,
    );
    assert.strictEqual(sealed.code, 0, sealed.stderr);
    await openssl('cms -decrypt -binary -inform DER -in out.p7m -inkey outside.key -recip outside.pem -out signed.der');
    await openssl(
      `cms -verify -binary -inform DER -in signed.der -CAfile ${server.options.data}/keys/ca.pem -purpose any -out opened`,
    );
    assert.strictEqual(readFileSync(folder.at('opened'), 'utf8'), TEXT);
  });

  test('the sealer opens it, too, and knows who signed', async () => {
    const opened = await ada.run(['container', 'open', folder.at('out.p7m')]);
    assert.strictEqual(opened.code, 0, opened.stderr);
    assert.strictEqual(Buffer.from(opened.bytes).toString(), TEXT);
    assert.deepEqual(statusOf(opened), { signature: 'valid', sender: 'ada@localhost' });
  });

  test('who is no recipient does not open it', async () => {
    const refused = await bea.run(['container', 'open', folder.at('out.p7m')]);
    assert.strictEqual(refused.code, 1);
    assert.strictEqual(refused.bytes.length, 0);
    assert.match(refused.stderr, /\[container-not-recipient\]/);
  });
});

withOpenssl('container open', () => {
  test.each([
    ['in.p7m', OAEP],
    ['sha1.p7m', '-keyopt rsa_padding_mode:oaep'],
  ])('opens what openssl encrypted for the certificate, as unsigned (%s)', async (name, oaep) => {
    await openssl(`cms -encrypt -binary -aes-256-gcm -in text -outform DER -out ${name} -recip encryption.pem ${oaep}`);
    const opened = await ada.run(['container', 'open', folder.at(name)]);
    assert.strictEqual(opened.code, 0, opened.stderr);
    assert.strictEqual(Buffer.from(opened.bytes).toString(), TEXT);
    assert.deepEqual(statusOf(opened), { signature: 'unsigned', sender: null });
  });

  test('takes what a stranger signed for what it is: bound to nobody', async () => {
    await openssl(
      'cms -sign -binary -nodetach -md sha256 -in text -signer outside.pem -inkey outside.key -outform DER -out by.der -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32',
    );
    await openssl(
      `cms -encrypt -binary -aes-256-gcm -in by.der -outform DER -out by.p7m -recip encryption.pem ${OAEP}`,
    );
    const opened = await ada.run(['container', 'open', folder.at('by.p7m')]);
    assert.strictEqual(opened.code, 0, opened.stderr);
    assert.strictEqual(statusOf(opened)['signature'], 'unbound');
    assert.match(String(statusOf(opened)['sender']), /^certificate:[0-9a-f]{64}$/);
  });

  test('refuses tampered ones, from inside and from outside, wherever a bit is turned', async () => {
    for (const name of ['out.p7m', 'in.p7m']) {
      const whole = readFileSync(folder.at(name));
      for (const at of [0.01, 0.25, 0.5, 0.75, 0.99]) {
        const bent = Buffer.from(whole);
        const position = Math.floor(whole.length * at);
        bent.writeUInt8(bent.readUInt8(position) ^ 1, position);
        await refused(name, bent);
      }
      await refused(name, whole.subarray(0, -1));
      await refused(name, Buffer.concat([whole, Buffer.of(0)]));
    }
  });

  test('refuses what has weaker encryption than ours', async () => {
    await openssl(`cms -encrypt -binary -aes-256-cbc -in text -outform DER -out cbc.p7m -recip encryption.pem ${OAEP}`);
    await refused('cbc', readFileSync(folder.at('cbc.p7m')));
    await openssl('cms -encrypt -binary -aes-256-gcm -in text -outform DER -out v15.p7m -recip encryption.pem');
    await refused('v15', readFileSync(folder.at('v15.p7m')));
  });
});

withOpenssl('keys and certificates', () => {
  test('openssl opens the exported key file with its passphrase and no other', async () => {
    const { code, stderr } = await ada.json(
      'key',
      'export',
      '--p12',
      folder.at('ada.p12'),
      '--export-passphrase-file',
      folder.at('export-passphrase'),
    );
    assert.strictEqual(code, 0, stderr);
    await openssl('pkcs12 -in ada.p12 -passin file:export-passphrase -nodes -out everything.pem');
    const everything = readFileSync(folder.at('everything.pem'), 'utf8');
    assert.strictEqual(everything.match(/BEGIN PRIVATE KEY/g)?.length, 2);
    assert.isAtLeast(everything.match(/BEGIN CERTIFICATE/g)?.length ?? 0, 2);
    assert.notStrictEqual((await tryOpenssl('pkcs12 -in ada.p12 -passin pass:another -nodes')).code, 0);
  });

  test('the exported key decrypts what was sealed for the certificate', async () => {
    const keys = readFileSync(folder.at('everything.pem'), 'utf8').match(
      /-----BEGIN PRIVATE KEY-[\s\S]+?-----END PRIVATE KEY-----\n/g,
    );
    const opening: string[] = [];
    for (const [i, key] of (keys ?? []).entries()) {
      writeFileSync(folder.at(`${i}.key`), key);
      const line = `cms -decrypt -binary -inform DER -in in.p7m -inkey ${i}.key -recip encryption.pem`;
      const { code, stdout } = await tryOpenssl(line);
      if (code === 0) opening.push(stdout.toString());
    }
    assert.deepEqual(opening, [TEXT]);
  });

  test('openssl verifies both certificates under the authority', async () => {
    for (const use of ['encryption', 'signature']) {
      const verified = await openssl(`verify -x509_strict -CAfile ${server.options.data}/keys/ca.pem ${use}.pem`);
      assert.match(verified.stdout.toString(), /: OK/);
    }
  });

  test('a hybrid account has no certificate to encrypt to', async () => {
    const refusal = await bea.json('key', 'certificate', '--use', 'encryption');
    assert.deepEqual([refusal.code, refusal.fault], [2, 'not-classic']);
    assert.strictEqual((await bea.json('key', 'certificate', '--use', 'signature')).code, 0);
  });
});

async function refused(name: string, container: Uint8Array): Promise<void> {
  writeFileSync(folder.at('bent.p7m'), container);
  const { code, fault, bytes, stderr } = await ada.json('container', 'open', folder.at('bent.p7m'));
  assert.strictEqual(code, 1, `${name}: ${stderr}`);
  assert.match(fault ?? '', /^(?:container|der|open|certificate|key|bad)-/, stderr);
  assert.strictEqual(bytes.length, 0);
}

/** The status that goes before anything else on standard error. */
function statusOf({ stderr }: Ran): Readonly<Record<string, unknown>> {
  return JSON.parse(stderr.split('\n').find((line) => line.startsWith('{')) ?? '{}');
}

/** Blank-separated arguments, in the folder of this test. */
function tryOpenssl(line: string): Promise<Ended> {
  return runProgram('openssl', line.split(' '), { cwd: folder.path });
}

async function openssl(line: string): Promise<Ended> {
  const ended = await tryOpenssl(line);
  assert.strictEqual(ended.code, 0, `openssl ${line}\n${ended.stderr}`);
  return ended;
}
