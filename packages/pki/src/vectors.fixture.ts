import { hex, utf8 } from '@sotto/bytes';
import { passphraseBytes, sha256 } from '@sotto/crypto';
import type { CertificateAuthority } from './authority.ts';
import { encodeSigned, encodeTbsCertificate, type TbsCertificate } from './certificate.ts';
import { createCluster, DAY_MS, issue, issueDevice, NOW_MS, primitives } from './cluster.fixture.ts';
import { sealContainer } from './cms/container.ts';
import { createPerson, orderOf } from './cms/people.fixture.ts';
import { Openssl } from './openssl.fixture.ts';
import { encodePem } from './pem.ts';
import { sealKeyFile } from './pkcs12/key-file.ts';
import type { CertificateProfile, Subject } from './profile.ts';
import { createRequest } from './request.ts';
import { issueRevocationList } from './revocation.ts';
import { signatureAlgorithm, signDer } from './signer.ts';

/** Byte strings are hexadecimal, times milliseconds since the epoch. */
export interface CertificateVectors {
  readonly description: string;
  readonly specification: string;
  readonly atMs: number;
  readonly authority: { readonly domain: string; readonly fingerprint: string; readonly certificate: string };
  readonly leaves: readonly {
    readonly profile: CertificateProfile;
    readonly key: string;
    readonly names: object;
    readonly spkiHash: string;
    readonly certificate: string;
  }[];
  readonly refused: readonly {
    readonly reason: string;
    readonly profile: CertificateProfile;
    readonly code: string;
    readonly certificate: string;
  }[];
  readonly request: { readonly publicKey: string; readonly request: string };
  readonly revocationList: { readonly number: number; readonly serials: readonly string[]; readonly list: string };
  readonly keyFile: {
    readonly password: string;
    readonly keys: readonly { readonly name: string; readonly secretKey: string }[];
    readonly file: string;
  };
}

export interface ContainerVectors {
  readonly description: string;
  readonly specification: string;
  readonly keys: readonly {
    readonly suite: string;
    readonly publicKey: string;
    readonly secretKey: string;
    readonly certificates: readonly string[];
  }[];
  readonly opened: readonly {
    readonly description: string;
    readonly status: 'valid' | 'unbound' | 'unsigned';
    /** Positions in `keys`. */
    readonly readers: readonly number[];
    readonly content: string;
    readonly fingerprint?: string;
    readonly deviceId?: string;
    readonly signedMs?: number;
    readonly container: string;
  }[];
  readonly refused: readonly {
    readonly reason: string;
    readonly reader: number;
    readonly code: string;
    readonly container: string;
  }[];
}

export async function makeCertificates(): Promise<CertificateVectors> {
  const cluster = await createCluster();
  const { certificate: ca } = cluster;
  const device = await issueDevice(cluster, 'alpha@example.org');
  const revoked = new Map([[hex(device.certificate.serial), NOW_MS]]);
  const order = { serials: revoked, number: 3, atMs: NOW_MS, nextUpdateMs: NOW_MS + DAY_MS };
  const password = 'correct horse battery staple';
  const entries = [{ name: 'device', secretKey: device.pair.secretKey, certificate: device.certificate.der }];
  const file = await sealKeyFile(primitives, passphraseBytes(password), { entries, authorities: [ca.der] });
  return {
    description: 'A CA, its leaves, and what it never issued. Byte strings are hexadecimal.',
    specification: 'docs/spec/certificates.md',
    atMs: NOW_MS,
    authority: { domain: ca.domain, fingerprint: hex(ca.fingerprint), certificate: hex(ca.der) },
    leaves: await makeLeaves(cluster),
    refused: await makeForgeries(cluster, device.certificate),
    request: { publicKey: hex(device.signer.publicKey), request: hex(await createRequest(device.signer)) },
    revocationList: {
      number: 3,
      serials: [...revoked.keys()],
      list: hex(await issueRevocationList(cluster, order)),
    },
    keyFile: { password, keys: [{ name: 'device', secretKey: device.pair.secretKey.use(hex) }], file: hex(file) },
  };
}

async function makeLeaves(cluster: CertificateAuthority): Promise<CertificateVectors['leaves']> {
  const address = 'alpha@example.org';
  const ed25519 = (await issueDevice(cluster, address)).signer.publicKey;
  const rsa = (await primitives.rsaOaep.generate(3072)).publicKey;
  const p384 = (await primitives.ecdsaP384.generate(null)).publicKey;
  const ipAddresses = [Uint8Array.of(127, 0, 0, 1)];
  const leaves: [Subject, string, Uint8Array][] = [
    [{ profile: 'device', address, device: 'laptop' }, 'Ed25519', ed25519],
    [{ profile: 'device', address, device: 'laptop' }, 'RSA-3072', rsa],
    [{ profile: 'user-key', address }, 'RSA-3072', rsa],
    [{ profile: 'channel' }, 'Ed25519', ed25519],
    [{ profile: 'head' }, 'Ed25519', ed25519],
    [{ profile: 'tls-server', dnsNames: ['example.org'], ipAddresses }, 'ECDSA P-384', p384],
  ];
  return Promise.all(
    leaves.map(async ([subject, key, publicKey]) => ({
      profile: subject.profile,
      key,
      names: JSON.parse(JSON.stringify(subject, (_, value) => (value instanceof Uint8Array ? hex(value) : value))),
      spkiHash: hex(sha256(publicKey)),
      certificate: hex((await issue(cluster, subject, publicKey)).der),
    })),
  );
}

async function makeForgeries(
  cluster: CertificateAuthority,
  tbs: TbsCertificate,
): Promise<CertificateVectors['refused']> {
  const other = await createCluster();
  const foreign = await issueDevice(await createCluster('example.com'), 'alpha@example.com');
  const forge = async (change: Partial<TbsCertificate>, signer = cluster.signer) => {
    const encoded = encodeTbsCertificate({ ...tbs, ...change });
    return hex(encodeSigned(encoded, signatureAlgorithm('ecdsa-p384'), await signDer(signer, encoded)));
  };
  const unknown = { id: '1.2.3.4', critical: false, value: Uint8Array.of(5, 0) };
  const refused = (reason: string, code: string, certificate: string) =>
    ({ reason, profile: 'device', code, certificate }) as const;
  return [
    refused('signed by another key', 'certificate-signature', await forge({}, other.signer)),
    refused('of another CA', 'certificate-issuer', hex(foreign.certificate.der)),
    refused('valid a day longer', 'certificate-profile', await forge({ notAfterMs: tbs.notAfterMs + DAY_MS })),
    refused('an unknown extension', 'certificate-profile', await forge({ extensions: [...tbs.extensions, unknown] })),
    refused('an extension less', 'certificate-profile', await forge({ extensions: tbs.extensions.slice(1) })),
    refused('a trailing byte', 'der-malformed', `${await forge({})}00`),
  ];
}

export async function makeContainers(): Promise<ContainerVectors> {
  const cluster = await createCluster();
  const people = [
    await createPerson(cluster, 'alpha@example.org', 'classic'),
    await createPerson(cluster, 'bravo@example.org', 'hybrid'),
    await createPerson(cluster, 'mike@example.org', 'hybrid'),
  ] as const;
  const [classic, hybrid] = people;
  const content = utf8('for your eyes');
  const byClassic = await sealContainer(orderOf(classic, [hybrid], content));
  const byHybrid = await sealContainer(orderOf(hybrid, [classic], content));
  const foreign = makeForeign(classic.certificate ?? new Uint8Array(), content);
  const valid = ({ sender }: (typeof people)[number], description: string, container: Uint8Array) => ({
    ...({ description, status: 'valid', readers: [0, 1], content: hex(content), signedMs: NOW_MS } as const),
    fingerprint: hex(sender.fingerprint),
    deviceId: hex(sender.deviceId),
    container: hex(container),
  });
  const changed = Uint8Array.from(byHybrid);
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  return {
    description: 'Containers under fixed keys, for purpose mail. Readers are positions in keys.',
    specification: 'docs/spec/container.md',
    keys: people.map(({ key, certificate }) => ({
      suite: certificate === null ? 'hybrid' : 'classic',
      publicKey: hex(key.publicKey),
      secretKey: key.secretKey.use(hex),
      certificates: (key.certificates ?? []).map(hex),
    })),
    opened: [
      valid(classic, 'by a classic account for both suites', byClassic),
      valid(hybrid, 'by a hybrid account for both suites', byHybrid),
      ...foreign.opened.map((item) => ({ ...item, readers: [0], content: hex(content) })),
    ],
    refused: [
      { reason: 'sealed for others', reader: 2, code: 'container-not-recipient', container: hex(byClassic) },
      { reason: 'a changed tag', reader: 1, code: 'open-failed', container: hex(changed) },
      { reason: 'a trailing byte', reader: 1, code: 'der-malformed', container: `${hex(byHybrid)}00` },
      ...foreign.refused.map((item) => ({ ...item, reader: 0, code: 'container-profile' })),
    ],
  };
}

/** What openssl makes for one classic reader. */
function makeForeign(certificate: Uint8Array, content: Uint8Array) {
  using openssl = new Openssl();
  openssl.write('reader.pem', encodePem('CERTIFICATE', certificate));
  openssl.write('m', content);
  const encrypt = (options: string) => {
    openssl.run(`cms -encrypt -binary -in m -outform DER -out c -recip reader.pem ${options}`);
    return hex(openssl.read('c'));
  };
  const oaep = '-keyopt rsa_padding_mode:oaep';
  const oaepSha256 = `${oaep} -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256`;
  const unsigned = (description: string, container: string) =>
    ({ description, status: 'unsigned', container }) as const;
  return {
    opened: [
      unsigned('by openssl, OAEP with SHA-256', encrypt(`-aes-256-gcm ${oaepSha256}`)),
      unsigned('by openssl, OAEP with SHA-1', encrypt(`-aes-256-gcm ${oaep}`)),
    ],
    refused: [
      { reason: 'PKCS#1 v1.5 key transport', container: encrypt('-aes-256-gcm') },
      { reason: 'CBC', container: encrypt(`-aes-256-cbc ${oaepSha256}`) },
    ],
  };
}
