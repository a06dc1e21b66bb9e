import { parseUtf8, utf8 } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { createCluster, issue, primitives } from '../cluster.fixture.ts';
import { hasOpenssl, Openssl } from '../openssl.fixture.ts';
import { encodePem, parsePem } from '../pem.ts';
import { refuses } from '../refuses.fixture.ts';
import { openContainer, sealContainer } from './container.ts';
import { parseContainerFile } from './file.ts';
import { createPerson, orderOf, type Person } from './people.fixture.ts';

const cluster = await createCluster();
const alpha = await createPerson(cluster, 'alpha@example.org', 'classic');
const bravo = await createPerson(cluster, 'bravo@example.org', 'classic');
const hotel = await createPerson(cluster, 'hotel@example.org', 'hybrid');
const TEXT = 'for your eyes';
const OAEP = '-keyopt rsa_padding_mode:oaep';
const OAEP_SHA256 = `${OAEP} -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256`;

describe.skipIf(!hasOpenssl)('openssl opens and verifies ours', () => {
  test.each([
    ['classic readers alone', [bravo]],
    ['a hybrid reader among them', [bravo, hotel]],
  ])('%s', async (_, readers) => {
    using openssl = withPeople();
    openssl.write('c.der', await sealContainer(orderOf(alpha, readers, utf8(TEXT))));
    openssl.run('cms -decrypt -inform DER -in c.der -recip bravo.pem -inkey bravo.key -out s.der');
    openssl.run('cms -verify -inform DER -in s.der -CAfile ca.pem -out content');
    assert.strictEqual(openssl.readText('content'), TEXT);
    assert.match(openssl.run('cms -verify -cades -inform DER -in s.der -CAfile ca.pem -out content'), /successful/);
  });

  test.each([
    ['for encryption', '-addext keyUsage=keyEncipherment'],
    ['without limits', ''],
  ])('sealed to certificates of other authorities, %s', async (_, usage) => {
    using openssl = withPeople();
    openssl.run(`req -x509 -newkey rsa:3072 -nodes -keyout x.key -out x.pem -subj /CN=outsider ${usage}`.trim());
    const [certificate] = parsePem('CERTIFICATE', openssl.readText('x.pem'));
    if (certificate === undefined) assert.fail('no certificate');
    const container = await sealContainer({ ...orderOf(alpha, [bravo], utf8(TEXT)), recipients: [{ certificate }] });
    openssl.write('c.der', container);
    openssl.run('cms -decrypt -inform DER -in c.der -recip x.pem -inkey x.key -out s.der');
    openssl.run('cms -verify -inform DER -in s.der -CAfile ca.pem -out content');
    assert.strictEqual(openssl.readText('content'), TEXT);
    assert.strictEqual((await open(alpha, container)).status, 'valid');
  });

  test('an outsider whose certificate is weak or for signing is refused', async () => {
    using openssl = withPeople();
    for (const [size, usage] of [
      ['2048', 'keyEncipherment'],
      ['3072', 'digitalSignature'],
    ]) {
      openssl.run(
        `req -x509 -newkey rsa:${size} -nodes -keyout x.key -out x.pem -subj /CN=x -addext keyUsage=${usage}`,
      );
      const [certificate = new Uint8Array()] = parsePem('CERTIFICATE', openssl.readText('x.pem'));
      const order = { ...orderOf(alpha, [], utf8(TEXT)), recipients: [{ certificate }] };
      await refuses('recipient-unsuitable', () => sealContainer(order));
    }
  });
});

describe.skipIf(!hasOpenssl)("we open openssl's", () => {
  test.each([
    ['OAEP with SHA-256', `${OAEP_SHA256} -outform DER`],
    ['OAEP with its default, SHA-1', `${OAEP} -outform DER`],
    ['in PEM', `${OAEP_SHA256} -outform PEM`],
    ['in S/MIME', OAEP_SHA256],
    ['named by key identifier', `${OAEP_SHA256} -keyid -outform DER`],
  ])('unsigned: %s', async (_, options) => {
    using openssl = withPeople();
    openssl.write('m', TEXT);
    openssl.run(`cms -encrypt -binary -aes-256-gcm -in m -out c -recip bravo.pem ${options}`);
    const opened = await open(bravo, parseContainerFile(openssl.read('c')));
    assert.deepEqual(opened, { status: 'unsigned', content: utf8(TEXT) });
    await refuses('container-not-recipient', () => open(alpha, parseContainerFile(openssl.read('c'))));
  });

  test.each([
    ['PSS', '-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32'],
    ['PKCS#1 v1.5', ''],
  ])('unbound: signed with %s', async (_, options) => {
    using openssl = withPeople();
    openssl.write('m', TEXT);
    openssl.run(
      `cms -sign -binary -nodetach -md sha256 -in m -signer alpha.pem -inkey alpha.key -outform DER -out s ${options}`,
    );
    openssl.run(`cms -encrypt -binary -aes-256-gcm -in s -outform DER -out c -recip bravo.pem ${OAEP_SHA256}`);
    const opened = await open(bravo, openssl.read('c'));
    if (opened.status !== 'unbound') assert.fail(opened.status);
    assert.strictEqual(parseUtf8(opened.content), TEXT);
    assert.deepEqual(opened.certificate.der, alpha.sender.certificate);
  });

  test.each([
    ['AES-128', `-aes-128-gcm ${OAEP_SHA256}`],
    ['OAEP with SHA-512', `-aes-256-gcm ${OAEP} -keyopt rsa_oaep_md:sha512`],
  ])('refused: %s', async (_, options) => {
    await refuses('container-profile', () => openEncrypted(options));
  });

  test('refused: indefinite lengths', async () => {
    using openssl = withPeople();
    openssl.write('m', TEXT);
    openssl.run(`cms -encrypt -stream -binary -aes-256-gcm -in m -outform DER -out c -recip bravo.pem ${OAEP_SHA256}`);
    await refuses('der-malformed', () => open(bravo, openssl.read('c')));
  });
});

describe.skipIf(!hasOpenssl)('B1: content without authentication', () => {
  test('attack: CBC is refused', async () => {
    await refuses('container-profile', () => openEncrypted(`-aes-256-cbc ${OAEP_SHA256}`));
  });

  test('control: GCM opens', async () => {
    assert.strictEqual((await openEncrypted(`-aes-256-gcm ${OAEP_SHA256}`)).status, 'unsigned');
  });
});

describe.skipIf(!hasOpenssl)('B4: key transport by PKCS#1 v1.5', () => {
  test('attack: is refused before the key is used, however it is malformed', async () => {
    using openssl = withPeople();
    openssl.write('m', TEXT);
    openssl.run('cms -encrypt -binary -in m -outform DER -out c -recip bravo.pem -aes-256-gcm');
    const container = openssl.read('c');
    let decrypted = 0;
    const rsaOaep: typeof primitives.rsaOaep = {
      ...primitives.rsaOaep,
      decrypt(...input) {
        decrypted += 1;
        return primitives.rsaOaep.decrypt(...input);
      },
    };
    const counting = { ...primitives, rsaOaep };
    // The encrypted key, 384 bytes, stands before the content, which is short.
    const end = container.length - 100;
    for (let i = 0; i < 64; i++) {
      const malformed = container.with(end - 3 * i, (container[end - 3 * i] as number) ^ (i + 1));
      const opening = { primitives: counting, container: malformed, keys: [bravo.key], purposes: ['mail'] as const };
      await refuses('container-profile', () => openContainer(opening));
    }
    assert.strictEqual(decrypted, 0);
  });

  test('control: OAEP opens', async () => {
    assert.strictEqual((await openEncrypted(`-aes-256-gcm ${OAEP_SHA256}`)).status, 'unsigned');
  });
});

describe.skipIf(!hasOpenssl)('B6: signatures of other programs that seem to cover what they do not', () => {
  test.each([
    ['two signers', '-nodetach -signer alpha.pem -inkey alpha.key -signer bravo-device.pem -inkey bravo-device.key'],
    ['content that is elsewhere', '-signer alpha.pem -inkey alpha.key'],
    ['no signed attributes', '-nodetach -noattr -signer alpha.pem -inkey alpha.key'],
    ['a weak key', '-nodetach -signer w.pem -inkey w.key'],
    ['no certificate', '-nodetach -nocerts -signer alpha.pem -inkey alpha.key'],
  ])('attack: %s', async (_, options) => {
    await refuses('container-profile', () => openSigned(options));
  });

  test('control: one signer over content and attributes is shown as a certificate, bound to nobody', async () => {
    assert.strictEqual((await openSigned('-nodetach -signer alpha.pem -inkey alpha.key')).status, 'unbound');
  });
});

test.skipIf(!hasOpenssl)('a renewed certificate leaves old containers open', async () => {
  using openssl = withPeople();
  const subject = { profile: 'user-key', address: 'bravo@example.org' } as const;
  const renewed = await issue(cluster, subject, bravo.userKey.publicKey);
  openssl.write('m', TEXT);
  openssl.run(`cms -encrypt -binary -aes-256-gcm -in m -outform DER -out c -recip bravo.pem ${OAEP_SHA256}`);
  const container = openssl.read('c');
  const open = (certificates: Uint8Array[]) =>
    openContainer({ primitives, container, keys: [{ ...bravo.key, certificates }], purposes: ['data'] });
  assert.strictEqual((await open([renewed.der, bravo.certificate ?? new Uint8Array()])).status, 'unsigned');
  await refuses('container-not-recipient', () => open([renewed.der]));
});

test('files that are no container are refused', async () => {
  for (const text of [
    '',
    'hello',
    'Content-Type: text/plain\n\nhello',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  ]) {
    await refuses('pem-malformed', async () => parseContainerFile(utf8(text)));
  }
  await refuses('der-malformed', () => open(bravo, utf8('0nonsense')));
});

function open(reader: Person, container: Uint8Array) {
  return openContainer({ primitives, container, keys: [reader.key], purposes: ['mail'] });
}

/** What openssl encrypts for Bravo with these options. */
async function openEncrypted(options: string) {
  using openssl = withPeople();
  openssl.write('m', TEXT);
  openssl.run(`cms -encrypt -binary -in m -outform DER -out c -recip bravo.pem ${options}`);
  return await open(bravo, openssl.read('c'));
}

/** What openssl signs with these options and encrypts for Bravo. */
async function openSigned(options: string) {
  using openssl = withPeople();
  openssl.write('m', TEXT);
  openssl.run('req -x509 -newkey rsa:2048 -nodes -keyout w.key -out w.pem -subj /CN=weak');
  openssl.run(`cms -sign -binary -md sha256 -in m -outform DER -out s ${options}`);
  openssl.run(`cms -encrypt -binary -aes-256-gcm -in s -outform DER -out c -recip bravo.pem ${OAEP_SHA256}`);
  return await open(bravo, openssl.read('c'));
}

function withPeople(): Openssl {
  const openssl = new Openssl();
  openssl.write('ca.pem', encodePem('CERTIFICATE', cluster.certificate.der));
  openssl.write('alpha.pem', encodePem('CERTIFICATE', alpha.sender.certificate));
  openssl.write('alpha.key', encodePem('PRIVATE KEY', alpha.device.pair.secretKey.unsafeExpose('a peer in a test')));
  openssl.write('bravo-device.pem', encodePem('CERTIFICATE', bravo.sender.certificate));
  openssl.write(
    'bravo-device.key',
    encodePem('PRIVATE KEY', bravo.device.pair.secretKey.unsafeExpose('a peer in a test')),
  );
  openssl.write('bravo.pem', encodePem('CERTIFICATE', bravo.certificate ?? new Uint8Array()));
  openssl.write('bravo.key', encodePem('PRIVATE KEY', bravo.userKey.secretKey.unsafeExpose('a peer in a test')));
  return openssl;
}
