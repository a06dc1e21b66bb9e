import { hex, parseHex } from '@sotto/bytes';
import { passphraseBytes, Secret } from '@sotto/crypto';
import { vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { parseCertificate } from './certificate.ts';
import { primitives } from './cluster.fixture.ts';
import { openContainer } from './cms/container.ts';
import { openKeyFile } from './pkcs12/key-file.ts';
import { keyIdentifier } from './public-key.ts';
import { refuses } from './refuses.fixture.ts';
import { verifyRequest } from './request.ts';
import { verifyRevocationList } from './revocation.ts';
import { type CertificateVectors, type ContainerVectors, makeCertificates, makeContainers } from './vectors.fixture.ts';
import { verifyAuthority, verifyCertificate } from './verify.ts';

const certificates = await vectorFile<CertificateVectors>('certificate.json', makeCertificates);
const containers = await vectorFile<ContainerVectors>('container.json', makeContainers);

describe('certificate.json', async () => {
  const { atMs, authority, request, revocationList, keyFile } = certificates;
  const ca = await verifyAuthority(parseHex(authority.certificate), {
    primitives,
    fingerprint: parseHex(authority.fingerprint),
  });

  test('the CA is of its domain', () => {
    assert.strictEqual(ca.domain, authority.domain);
  });

  test.each(certificates.leaves)('$profile by $key', async ({ profile, names, spkiHash, certificate }) => {
    const parsed = parseCertificate(parseHex(certificate));
    const verified = await verifyCertificate(parsed, { primitives, ca, profile, atMs });
    assert.deepEqual(namesOf(verified.subjectNames), names);
    assert.strictEqual(hex(keyIdentifier(verified.publicKey)), spkiHash);
  });

  test.each(certificates.refused)('refused: $reason', async ({ profile, code, certificate }) => {
    const act = async () =>
      verifyCertificate(parseCertificate(parseHex(certificate)), { primitives, ca, profile, atMs });
    await refuses(code, act);
  });

  test('request, revocation list and key file', async () => {
    assert.strictEqual(hex((await verifyRequest(primitives, parseHex(request.request))).der), request.publicKey);
    const list = await verifyRevocationList(parseHex(revocationList.list), { primitives, ca, atMs });
    assert.strictEqual(list.number, revocationList.number);
    assert.deepEqual([...list.serials.keys()], revocationList.serials);
    const opened = await openKeyFile(primitives, passphraseBytes(keyFile.password), parseHex(keyFile.file));
    assert.deepEqual(
      opened.entries.map(({ name, secretKey }) => ({ name, secretKey: secretKey.use(hex) })),
      keyFile.keys,
    );
  });
});

describe('container.json', () => {
  const keys = containers.keys.map(({ publicKey, secretKey, certificates }) => ({
    publicKey: parseHex(publicKey),
    secretKey: new Secret(parseHex(secretKey)),
    certificates: certificates.map(parseHex),
  }));
  const open = (container: string, reader: number) => {
    const key = keys[reader];
    if (key === undefined) assert.fail('no such reader');
    return openContainer({ primitives, container: parseHex(container), keys: [key], purposes: ['mail'] });
  };

  test.each(containers.opened)('$status: $description', async (vector) => {
    for (const reader of vector.readers) {
      const opened = await open(vector.container, reader);
      assert.strictEqual(opened.status, vector.status);
      assert.strictEqual(hex(opened.content), vector.content);
      if (opened.status !== 'valid') continue;
      assert.strictEqual(hex(opened.sender.fingerprint), vector.fingerprint);
      assert.strictEqual(hex(opened.sender.deviceId), vector.deviceId);
      assert.strictEqual(opened.signedMs, vector.signedMs);
    }
  });

  test.each(containers.refused)('refused: $reason', async ({ reader, code, container }) => {
    await refuses(code, () => open(container, reader));
  });
});

function namesOf(subject: object): object {
  return JSON.parse(JSON.stringify(subject, (_, value) => (value instanceof Uint8Array ? hex(value) : value)));
}
