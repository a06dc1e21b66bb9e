import { encodeCbor } from '@sotto/bytes';
import { accountFile, parseVaultFile } from '../../../packages/keybox/src/account-file.ts';
import { parseKeystore } from '../../../packages/keybox/src/keystore.ts';
import { bytes } from '../../../packages/protocol/src/samples.fixture.ts';
import { encodeManifest, parseManifest } from '../../../packages/server/src/backup/manifest.ts';
import { encodeIndex, parseIndex } from '../../../packages/server/src/replica/replica-index.ts';
import type { Target } from '../target.ts';

const hash = bytes(32);
const hex = '0123456789abcdef'.repeat(4);
const facts = {
  format: 1,
  program: '0.1.0',
  schema: 3,
  domain: 'example.org',
  ca: hex,
  incarnation: 1,
  at: 5,
} as const;
const account = {
  ...{ v: 1, address: 'ann@example.org', suite: 2, deviceName: 'laptop', origin: 'https://example.org' },
  ...{ domain: 'example.org', caFingerprint: hash, fingerprint: hash, deviceId: hash, vaultId: bytes(16) },
  ...{ vaultMode: 'normal', exemption: hash, parameters: { memoryKib: 65_536, passes: 3, parallelism: 1 } },
};
const keystore = {
  ...{ v: 1, suite: 2, vaultId: bytes(16), generation: 0, local: null, kemPublicKey: bytes(32), kemKey: bytes(60) },
  ...{ masterKey: bytes(90), signingPublicKey: bytes(32), signingKey: bytes(60), mac: hash },
  partKeys: { keys: bytes(60), contacts: bytes(60), history: bytes(60) },
};

/** Files of a vault, of backups and of replicas: a disk or a bucket may be in other hands. */
export const stored: Target = {
  name: 'stored',
  sources: [
    ...['keybox/src/keystore', 'keybox/src/account-file', 'keybox/src/passphrase-wrap'],
    ...['server/src/backup/manifest', 'server/src/replica/replica-index'],
  ].map((path) => `packages/${path}.ts`),
  parsers: [
    {
      name: 'account-file',
      shape: 'cbor',
      seeds: [encodeCbor(account)],
      parse: (input) => accountFile.encode(parseVaultFile(accountFile, input)),
    },
    {
      name: 'keystore',
      shape: 'cbor',
      seeds: [encodeCbor(keystore)],
      parse: (input) => encodeCbor(parseKeystore(input) as never),
    },
    {
      name: 'manifest',
      shape: 'json',
      seeds: [encodeManifest({ ...facts, files: [{ path: 'blobs/a', bytes: 3, sha256: hex }] })],
      parse: (input) => encodeManifest(parseManifest(input)),
    },
    {
      name: 'replica',
      shape: 'json',
      seeds: [
        encodeIndex({
          ...{ ...facts, firstStart: '{}', database: { bytes: 3, sha256: hex, chunks: [hex] }, blobs: [hex] },
          retired: [`chunks/01/${hex}`],
        }),
      ],
      parse: (input) => encodeIndex(parseIndex(input)),
    },
  ],
};
