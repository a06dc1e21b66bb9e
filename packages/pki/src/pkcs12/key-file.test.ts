import { equal } from '@sotto/bytes';
import { passphraseBytes } from '@sotto/crypto';
import { assert, describe, test } from 'vitest';
import { createCluster, issue, issueDevice, primitives } from '../cluster.fixture.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import { integer, oid, sequence } from '../der/writer.ts';
import { MAX_KDF_ITERATIONS } from '../limits.ts';
import { oids } from '../oids.ts';
import { hasOpenssl, Openssl } from '../openssl.fixture.ts';
import { encodePem } from '../pem.ts';
import { refuses } from '../refuses.fixture.ts';
import { type KeyFile, openKeyFile, type SealedKeyFile, sealKeyFile } from './key-file.ts';

const PASSWORD = 'correct hörse 🐎';
const password = passphraseBytes(PASSWORD);
const cluster = await createCluster();
const device = await issueDevice(cluster, 'alpha@example.org', 'classic');
const userKey = await primitives.rsaOaep.generate(3072);
const userCertificate = await issue(cluster, { profile: 'user-key', address: 'alpha@example.org' }, userKey.publicKey);
const contents: SealedKeyFile = {
  entries: [
    { name: 'device', secretKey: device.pair.secretKey, certificate: device.certificate.der },
    { name: 'user-key', secretKey: userKey.secretKey, certificate: userCertificate.der },
  ],
  authorities: [cluster.certificate.der],
};
const file = await sealKeyFile(primitives, password, contents);

describe('our files', () => {
  test('round trip', async () => {
    assertHolds(await openKeyFile(primitives, password, file));
  });

  test('a hybrid device', async () => {
    const { pair, certificate } = await issueDevice(cluster, 'bravo@example.org');
    const entries = [{ name: 'device', secretKey: pair.secretKey, certificate: certificate.der }];
    const sealed = await sealKeyFile(primitives, password, { entries, authorities: [] });
    const opened = await openKeyFile(primitives, password, sealed);
    assert.isTrue(opened.entries[0]?.secretKey.use((key) => pair.secretKey.use((same) => equal(key, same))));
  });

  test.skipIf(!hasOpenssl)('openssl opens them', () => {
    using openssl = new Openssl();
    openssl.write('keys.p12', file);
    openssl.write('password', `${PASSWORD}\n`);
    const shown = openssl.run('pkcs12 -in keys.p12 -passin file:password -nodes -info');
    assert.match(shown, /MAC: sha256, Iteration 600000/);
    assert.strictEqual(shown.match(/PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256/g)?.length, 3);
    assert.strictEqual(shown.match(/BEGIN CERTIFICATE/g)?.length, 3);
    assert.strictEqual(shown.match(/BEGIN PRIVATE KEY/g)?.length, 2);
    assert.match(shown, /friendlyName: user-key/);
  });

  test('a wrong password, and any changed byte of the contents, open nothing', async () => {
    await refuses('open-failed', () => openKeyFile(primitives, passphraseBytes('wrong'), file));
    const changed = Uint8Array.from(file);
    changed[file.length >> 1] = (changed[file.length >> 1] as number) ^ 1;
    await refuses('open-failed', () => openKeyFile(primitives, password, changed));
  });

  test('truncation at every byte and a trailing byte are malformed', async () => {
    for (let length = 0; length < file.length; length++) {
      await refuses('der-malformed', () => openKeyFile(primitives, password, file.subarray(0, length)));
    }
    await refuses('der-malformed', () => openKeyFile(primitives, password, Uint8Array.of(...file, 0)));
  });
});

describe('D11: key files from elsewhere', () => {
  test.skipIf(!hasOpenssl).each([
    ['kdf-downgrade', '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 2048'],
    ['kdf-downgrade', '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 600000 -nomaciter'],
    ['pkcs12-profile', '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha1 -iter 600000'],
    ['pkcs12-profile', '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 600000 -nomac'],
  ])('attack, %s: %s', async (code, options) => {
    using openssl = new Openssl();
    const sealed = opensslFile(openssl, options);
    await refuses(code, () => openKeyFile(primitives, password, sealed));
  });

  test('attack with too many iterations: refused before any of them runs', async () => {
    const greedy = readSequence(DerReader.open(file), (pfx) => {
      const [version, authSafe] = [pfx.raw(), pfx.raw()];
      const [mac, salt] = readSequence(pfx, (macData) => [macData.raw(), macData.raw(), macData.raw()] as const);
      return sequence(version, authSafe, sequence(mac, salt, integer(MAX_KDF_ITERATIONS + 1)));
    });
    await refuses('kdf-too-costly', () => openKeyFile(primitives, password, greedy));
  });

  test('attack with contents under another MAC', async () => {
    const other = await sealKeyFile(primitives, passphraseBytes('another'), { entries: [], authorities: [] });
    const mixed = readSequence(DerReader.open(file), (ours) =>
      readSequence(DerReader.open(other), (theirs) => {
        const head = [ours.raw(), ours.raw()];
        theirs.raw();
        theirs.raw();
        ours.raw();
        return sequence(...head, theirs.raw());
      }),
    );
    await refuses('open-failed', () => openKeyFile(primitives, password, mixed));
  });

  test.skipIf(!hasOpenssl)("control: openssl's file with our parameters opens", async () => {
    using openssl = new Openssl();
    const opened = await openKeyFile(primitives, password, opensslFile(openssl, OURS));
    assert.strictEqual(opened.entries.length, 1);
    assert.deepEqual(opened.entries[0]?.certificate.der, device.certificate.der);
    assert.deepEqual(
      opened.authorities.map(({ der }) => der),
      [cluster.certificate.der],
    );
  });
});

describe.skipIf(!hasOpenssl)('other ciphers', () => {
  test.each([
    '-keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha256 -iter 600000',
    '-keypbe NONE -certpbe AES-256-CBC -macalg sha256 -iter 600000',
    '-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha256 -iter 600000',
  ])('%s are off profile', async (options) => {
    using openssl = new Openssl();
    const sealed = opensslFile(openssl, options);
    await refuses('pkcs12-profile', () => openKeyFile(primitives, password, sealed));
  });
});

test('fields that are missing, such as contents without a value, are malformed', async () => {
  for (const authSafe of [sequence(oid(oids.data)), sequence(), sequence(oid(oids.data), sequence())]) {
    const emptied = readSequence(DerReader.open(file), (pfx) => {
      const version = pfx.raw();
      pfx.raw();
      return sequence(version, authSafe, pfx.raw());
    });
    await refuses('der-malformed', () => openKeyFile(primitives, password, emptied));
  }
});

const OURS = '-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -iter 600000';

function opensslFile(openssl: Openssl, options: string): Uint8Array {
  const pkcs8 = device.pair.secretKey.unsafeExpose('a peer in a test');
  openssl.write('key.pem', encodePem('PRIVATE KEY', pkcs8));
  openssl.write('device.pem', encodePem('CERTIFICATE', device.certificate.der));
  openssl.write('ca.pem', encodePem('CERTIFICATE', cluster.certificate.der));
  openssl.write('password', `${PASSWORD}\n`);
  openssl.run(
    `pkcs12 -export -inkey key.pem -in device.pem -certfile ca.pem -passout file:password ${options} -out theirs.p12`,
  );
  return openssl.read('theirs.p12');
}

function assertHolds(opened: KeyFile): void {
  assert.deepEqual(
    opened.entries.map(({ name }) => name),
    ['device', 'user-key'],
  );
  opened.entries.forEach(({ secretKey, certificate }, i) => {
    const expected = contents.entries[i];
    assert.deepEqual(certificate.der, expected?.certificate);
    assert.isTrue(secretKey.use((key) => expected?.secretKey.use((same) => equal(key, same))));
  });
  assert.deepEqual(
    opened.authorities.map(({ der }) => der),
    contents.authorities,
  );
}
