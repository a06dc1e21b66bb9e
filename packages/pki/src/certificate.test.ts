import { assert, beforeAll, describe, test } from 'vitest';
import {
  authorityFingerprint,
  type CertificateAuthority,
  issueCertificate,
  openCertificateAuthority,
} from './authority.ts';
import { encodeSigned, encodeTbsCertificate, parseCertificate, type TbsCertificate } from './certificate.ts';
import { createCluster, DAY_MS, issue, issueDevice, NOW_MS, primitives } from './cluster.fixture.ts';
import { DerReader } from './der/reader.ts';
import { integer, sequence, tagged } from './der/writer.ts';
import { extendedKeyUsage, subjectAltName } from './extension.ts';
import { PkiWireFault } from './fault.ts';
import { oids } from './oids.ts';
import { hasOpenssl, Openssl } from './openssl.fixture.ts';
import { encodePem } from './pem.ts';
import type { CertificateProfile, Subject } from './profile.ts';
import { encodePublicKey } from './public-key.ts';
import { refuses } from './refuses.fixture.ts';
import { signatureAlgorithm, signDer } from './signer.ts';
import { verifyAuthority, verifyCertificate } from './verify.ts';

let cluster: CertificateAuthority;
let keys: { ed25519: Uint8Array; p384: Uint8Array; rsa: Uint8Array };

beforeAll(async () => {
  cluster = await createCluster();
  keys = {
    ed25519: encodePublicKey('ed25519', primitives.randomBytes(32)),
    p384: (await primitives.ecdsaP384.generate(null)).publicKey,
    rsa: (await primitives.rsaOaep.generate(3072)).publicKey,
  };
});

function subjects(): [Subject, Uint8Array][] {
  const address = 'alpha@example.org';
  return [
    [{ profile: 'device', address, device: 'laptop' }, keys.ed25519],
    [{ profile: 'device', address, device: 'laptop' }, keys.rsa],
    [{ profile: 'device', address, device: 'laptop' }, keys.p384],
    [{ profile: 'user-key', address }, keys.rsa],
    [{ profile: 'channel' }, keys.ed25519],
    [{ profile: 'head' }, keys.ed25519],
    [{ profile: 'tls-server', dnsNames: ['example.org'], ipAddresses: [Uint8Array.of(127, 0, 0, 1)] }, keys.p384],
  ];
}

describe('issue and verify', () => {
  test('every profile passes its own verification and no other', async () => {
    for (const [subject, publicKey] of subjects()) {
      const certificate = await issue(cluster, subject, publicKey);
      assert.deepEqual(certificate.subjectNames, subject);
      for (const profile of allProfiles.filter((other) => other !== subject.profile)) {
        await refuses('certificate-profile', () => verify(certificate.der, { profile }));
      }
    }
  });

  test.skipIf(!hasOpenssl)('openssl verifies all of them', async () => {
    using openssl = new Openssl();
    openssl.write('ca.pem', encodePem('CERTIFICATE', cluster.certificate.der));
    for (const [subject, publicKey] of subjects()) {
      const { der } = await issue(cluster, subject, publicKey);
      openssl.write('leaf.pem', encodePem('CERTIFICATE', der));
      assert.include(openssl.run('verify -x509_strict -CAfile ca.pem leaf.pem'), 'leaf.pem: OK');
    }
  });

  test.skipIf(!hasOpenssl)('openssl finds the purpose of each', async () => {
    using openssl = new Openssl();
    openssl.write('ca.pem', encodePem('CERTIFICATE', cluster.certificate.der));
    const device = await issueDevice(cluster, 'alpha@example.org');
    openssl.write('device.pem', encodePem('CERTIFICATE', device.certificate.der));
    assert.include(openssl.run('verify -purpose sslclient -CAfile ca.pem device.pem'), 'OK');
    assert.include(
      openssl.run('verify -purpose smimesign -verify_email alpha@example.org -CAfile ca.pem device.pem'),
      'OK',
    );
    assert.isTrue(openssl.refuses('verify -purpose sslserver -CAfile ca.pem device.pem'));
  });

  test('the fingerprint pins the CA', async () => {
    const { der } = cluster.certificate;
    await verifyAuthority(der, { primitives, fingerprint: authorityFingerprint(der) });
    const other = await createCluster();
    await refuses('certificate-issuer', () =>
      verifyAuthority(other.certificate.der, { primitives, fingerprint: authorityFingerprint(der) }),
    );
  });

  test('a CA is taken up from its certificate and key', async () => {
    const { signer, certificate } = cluster;
    const opened = await openCertificateAuthority({ primitives, signer, certificate: certificate.der });
    assert.strictEqual(opened.certificate.domain, 'example.org');
    const other = await createCluster();
    await refuses('key-unsuitable', () =>
      openCertificateAuthority({ primitives, signer: other.signer, certificate: certificate.der }),
    );
  });

  test.skipIf(!hasOpenssl)('localhost is a domain', async () => {
    using openssl = new Openssl();
    const local = await createCluster('localhost');
    const { certificate } = await issueDevice(local, 'alpha@localhost');
    openssl.write('ca.pem', encodePem('CERTIFICATE', local.certificate.der));
    openssl.write('leaf.pem', encodePem('CERTIFICATE', certificate.der));
    assert.include(openssl.run('verify -CAfile ca.pem leaf.pem'), 'OK');
  });
});

describe('D7: certificates that a CA would not issue', () => {
  test('attack in time: early, late, and late with leave for renewal', async () => {
    const { der } = await issue(cluster, { profile: 'channel' }, keys.ed25519);
    const late = NOW_MS + 366 * DAY_MS;
    await refuses('certificate-not-yet-valid', () => verify(der, { profile: 'channel', atMs: NOW_MS - DAY_MS }));
    await refuses('certificate-expired', () => verify(der, { profile: 'channel', atMs: late }));
    await verify(der, { profile: 'channel', atMs: late, acceptExpired: true });
  });

  test('attack by another CA of the same name', async () => {
    const { der } = await issue(await createCluster(), { profile: 'head' }, keys.ed25519);
    await refuses('certificate-profile', () => verify(der, { profile: 'head' }));
    const foreign = await issue(await createCluster('example.com'), { profile: 'head' }, keys.ed25519);
    await refuses('certificate-issuer', () => verify(foreign.der, { profile: 'head' }));
  });

  test('attack with a signature by another key', async () => {
    const other = await createCluster();
    const { der } = await forge(deviceTbs(), { signer: other.signer });
    await refuses('certificate-signature', () => verify(der, { profile: 'device' }));
  });

  test.each<[string, (tbs: TbsCertificate) => TbsCertificate]>([
    ['a leaf that is a CA', (tbs) => ({ ...tbs, extensions: [...tbs.extensions, ...caConstraints] })],
    ['an extension missing', (tbs) => ({ ...tbs, extensions: tbs.extensions.slice(1) })],
    ['an extension out of order', (tbs) => ({ ...tbs, extensions: tbs.extensions.toReversed() })],
    ['an unknown extension', (tbs) => ({ ...tbs, extensions: [...tbs.extensions, unknownExtension(false)] })],
    ['an unknown critical extension', (tbs) => ({ ...tbs, extensions: [...tbs.extensions, unknownExtension(true)] })],
    ['another purpose', (tbs) => ({ ...tbs, extensions: tbs.extensions.map(asServer) })],
    ['another subject', (tbs) => ({ ...tbs, subject: tbs.issuer })],
    ['a longer life', (tbs) => ({ ...tbs, notAfterMs: tbs.notAfterMs + DAY_MS })],
    ['a short serial number', (tbs) => ({ ...tbs, serial: Uint8Array.of(1) })],
    ['a key of another profile', (tbs) => ({ ...tbs, publicKey: encodePublicKey('x-wing', new Uint8Array(1216)) })],
  ])('attack with %s is off profile', async (_, change) => {
    const { der } = await forge(change(deviceTbs()));
    await refuses('certificate-profile', () => verify(der, { profile: 'device' }));
  });

  test('control: the certificate as the CA issued it', async () => {
    const { subjectNames } = await verify((await forge(deviceTbs())).der, { profile: 'device' });
    assert.deepEqual(subjectNames, { profile: 'device', address: 'alpha@example.org', device: 'laptop' });
  });
});

describe('refusals', () => {
  test('names outside the domain are neither issued nor believed', async () => {
    const strangers: Subject[] = [
      { profile: 'device', address: 'alpha@example.com', device: 'laptop' },
      { profile: 'device', address: 'alpha@sub.example.org', device: 'laptop' },
      { profile: 'device', address: 'alpha@example.org', device: 'lap/top' },
      { profile: 'user-key', address: 'alpha\0@example.org' },
      { profile: 'tls-server', dnsNames: ['example.com'], ipAddresses: [] },
      { profile: 'tls-server', dnsNames: ['badexample.org'], ipAddresses: [] },
    ];
    for (const subject of strangers) {
      const publicKey = subject.profile === 'user-key' ? keys.rsa : keys.p384;
      await refuses('name-malformed', () => issueCertificate(cluster, { subject, publicKey, atMs: NOW_MS }));
    }
    const spoofed = withAltName(['bravo@example.com', 'sotto:bravo@example.com/laptop']);
    await refuses('certificate-profile', async () => verify((await forge(spoofed)).der, { profile: 'device' }));
    const split = withAltName(['alpha@example.org', 'sotto:bravo@example.org/laptop']);
    await refuses('certificate-profile', async () => verify((await forge(split)).der, { profile: 'device' }));
  });

  test('two versions are malformed', () => {
    const { tbs, signatureAlgorithm: algorithm, signature } = parseCertificate(cluster.certificate.der);
    const fields = DerReader.open(tbs).sequence();
    fields.raw();
    const rest = fields.all((field) => field.raw());
    const withVersions = (...versions: readonly number[]): Uint8Array =>
      encodeSigned(sequence(tagged(0, ...versions.map(integer)), ...rest), algorithm, signature);
    parseCertificate(withVersions(2));
    assert.throws(() => parseCertificate(withVersions(2, 2)), PkiWireFault);
  });

  test('an extension twice is malformed', async () => {
    const tbs = deviceTbs();
    await refuses('der-malformed', () =>
      forge({ ...tbs, extensions: [...tbs.extensions, ...tbs.extensions.slice(0, 1)] }),
    );
  });

  test.skipIf(!hasOpenssl)('weak and foreign keys get no certificate', async () => {
    using openssl = new Openssl();
    openssl.run('genrsa -out weak.pem 2048');
    openssl.run('pkey -in weak.pem -pubout -outform DER -out weak.der');
    const subject = { profile: 'user-key', address: 'alpha@example.org' } as const;
    const publicKey = openssl.read('weak.der');
    await refuses('key-unsuitable', () => issueCertificate(cluster, { subject, publicKey, atMs: NOW_MS }));
    await refuses('key-unsuitable', () => issueCertificate(cluster, { subject, publicKey: keys.p384, atMs: NOW_MS }));
  });

  test('flipped bits are refused, wherever they are', async () => {
    const { der } = await issue(cluster, { profile: 'head' }, keys.ed25519);
    for (let bit = 0; bit < der.length * 8; bit += 7) {
      const flipped = Uint8Array.from(der);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      await refuses(null, () => verify(flipped, { profile: 'head' }));
    }
  });

  test('truncation at every byte, and a trailing byte, are malformed', async () => {
    const { der } = await issue(cluster, { profile: 'head' }, keys.ed25519);
    for (let length = 0; length < der.length; length++) {
      await refuses('der-malformed', async () => parseCertificate(der.subarray(0, length)));
    }
    await refuses('der-malformed', async () => parseCertificate(Uint8Array.of(...der, 0)));
  });

  test.skipIf(!hasOpenssl)('a CA outside its profile', async () => {
    using openssl = new Openssl();
    openssl.run(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k.pem -subj /CN=x -outform DER -out ca.der',
    );
    await refuses('certificate-profile', () => verifyAuthority(openssl.read('ca.der'), { primitives }));
  });
});

const allProfiles: CertificateProfile[] = ['device', 'user-key', 'channel', 'head', 'tls-server'];
const caConstraints = [{ id: oids.basicConstraints, critical: true, value: Uint8Array.of(0x30, 3, 1, 1, 0xff) }];

async function verify(
  der: Uint8Array,
  options: { profile: CertificateProfile; atMs?: number; acceptExpired?: boolean },
) {
  return verifyCertificate(parseCertificate(der), { primitives, ca: cluster.certificate, atMs: NOW_MS, ...options });
}

let deviceTemplate: TbsCertificate;
beforeAll(async () => {
  deviceTemplate = await issue(
    cluster,
    { profile: 'device', address: 'alpha@example.org', device: 'laptop' },
    keys.ed25519,
  );
});

function deviceTbs(): TbsCertificate {
  return deviceTemplate;
}

/** What a CA that does not keep to the profile would sign. */
async function forge(tbs: TbsCertificate, { signer }: Pick<CertificateAuthority, 'signer'> = cluster) {
  const encoded = encodeTbsCertificate(tbs);
  return parseCertificate(encodeSigned(encoded, signatureAlgorithm('ecdsa-p384'), await signDer(signer, encoded)));
}

function withAltName([address, uri]: [string, string]): TbsCertificate {
  const names = subjectAltName([
    { type: 'rfc822Name', value: address },
    { type: 'uri', value: uri },
  ]);
  return { ...deviceTbs(), extensions: deviceTbs().extensions.map((item) => (item.id === names.id ? names : item)) };
}

function unknownExtension(critical: boolean) {
  return { id: '1.2.3.4', critical, value: Uint8Array.of(5, 0) };
}

function asServer(extension: TbsCertificate['extensions'][number]) {
  return extension.id === oids.extendedKeyUsage ? extendedKeyUsage([oids.serverAuth], false) : extension;
}
