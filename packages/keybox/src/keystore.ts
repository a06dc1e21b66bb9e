import { type CborValue, encodeCbor, equal } from '@sotto/bytes';
import {
  deriveKey,
  hmacSha256,
  type KeyPair,
  openCommitting,
  Secret,
  type Suite,
  sealCommitting,
  sha256,
} from '@sotto/crypto';
import { boundedBytes, count, type Format, fixedBytes, format, hash32 } from '@sotto/protocol';
import { z } from 'zod/mini';
import { parseVaultFile } from './account-file.ts';
import { KeyboxPeerFault } from './fault.ts';
import { type PassphraseWrap, passphraseWrap } from './passphrase-wrap.ts';
import { type PartName, type Platform, partNames } from './ports.ts';

/** The `keystore` file: every key of the device that is not inside a part, wrapped. docs/spec/vault.md. */
export interface Keystore {
  readonly v: 1;
  readonly suite: number;
  readonly vaultId: Uint8Array;
  /** Rises with every opening of the vault; each part keeps a copy. */
  readonly generation: number;
  /** The vault secret under the second passphrase; null where the server keeps it. */
  readonly local: PassphraseWrap | null;
  readonly kemPublicKey: Uint8Array;
  /** The KEM private key under the vault secret. */
  readonly kemKey: Uint8Array;
  /** The master key sealed to the KEM key. */
  readonly masterKey: Uint8Array;
  readonly signingPublicKey: Uint8Array;
  /** The signing key under the master key. */
  readonly signingKey: Uint8Array;
  /** The parts' keys under the master key. */
  readonly partKeys: Readonly<Record<PartName, Uint8Array>>;
  /** HMAC-SHA-256 under the master key over everything else. */
  readonly mac: Uint8Array;
}

export const keystore: Format<Keystore> = format<Keystore>(
  'keystore',
  z.strictObject({
    v: z.literal(1),
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    vaultId: fixedBytes(16),
    generation: count,
    local: z.nullable(passphraseWrap),
    kemPublicKey: boundedBytes(8192, 1),
    kemKey: boundedBytes(16_384, 1),
    masterKey: boundedBytes(16_384, 1),
    signingPublicKey: boundedBytes(8192, 1),
    signingKey: boundedBytes(16_384, 1),
    partKeys: z.strictObject({
      keys: boundedBytes(256, 1),
      contacts: boundedBytes(256, 1),
      history: boundedBytes(256, 1),
    }),
    mac: hash32,
  }),
);

/** What an open keystore holds. */
export interface VaultKeys {
  readonly kem: KeyPair;
  readonly signing: KeyPair;
  readonly masterKey: Secret;
  readonly partKeys: Readonly<Record<PartName, Secret>>;
}

export interface NewKeystore {
  readonly suite: Suite;
  readonly vaultId: Uint8Array;
  readonly local: PassphraseWrap | null;
  readonly vaultSecret: Secret;
  readonly keys: VaultKeys;
}

/** Makes the first keystore of a vault, generation 0. */
export async function sealKeystore(
  { primitives }: Pick<Platform, 'primitives'>,
  input: NewKeystore,
): Promise<Keystore> {
  const { suite, vaultId, local, vaultSecret, keys } = input;
  const { kem, signing, masterKey, partKeys } = keys;
  const wrap = (key: Secret, use: string, secret: Secret): Promise<Uint8Array> =>
    sealCommitting(primitives, key, bindingOf(use, vaultId), secret.unsafeExpose('wrapped in the keystore'));
  using kemWrapKey = deriveKey(vaultSecret, label('kem-key'), { vault: vaultId });
  using wrapKey = deriveKey(masterKey, label('wrap'), { vault: vaultId });
  const wrapped = { keys: NONE, contacts: NONE, history: NONE };
  for (const name of partNames) wrapped[name] = await wrap(wrapKey, `part/${name}`, partKeys[name]);
  const content = {
    v: 1,
    suite: suite.id,
    vaultId,
    generation: 0,
    local,
    kemPublicKey: kem.publicKey,
    kemKey: await wrap(kemWrapKey, 'kem-key', kem.secretKey),
    masterKey: await suite.kem.seal(
      kem.publicKey,
      masterKeyBinding(vaultId, kem.publicKey),
      masterKey.unsafeExpose('sealed to the device'),
    ),
    signingPublicKey: signing.publicKey,
    signingKey: await wrap(wrapKey, 'signing-key', signing.secretKey),
    partKeys: wrapped,
  } as const;
  return { ...content, mac: macOf(masterKey, content) };
}

/** Opens a keystore with the vault secret of its vault. Throws `vault-damaged`. */
export async function openKeystore(
  { primitives, suites }: Pick<Platform, 'primitives' | 'suites'>,
  file: Keystore,
  vaultSecret: Secret,
): Promise<VaultKeys> {
  const { vaultId, kemPublicKey, signingPublicKey } = file;
  const suite = suites.byId(file.suite);
  const unwrap = async (key: Secret, use: string, wrapped: Uint8Array): Promise<Secret> =>
    wiped(await openCommitting(primitives, key, bindingOf(use, vaultId), wrapped));
  try {
    using kemWrapKey = deriveKey(vaultSecret, label('kem-key'), { vault: vaultId });
    const kemKey = await unwrap(kemWrapKey, 'kem-key', file.kemKey);
    const masterKey = await suite.kem.open(kemKey, masterKeyBinding(vaultId, kemPublicKey), file.masterKey);
    if (!equal(macOf(masterKey, file), file.mac)) throw damaged();
    using wrapKey = deriveKey(masterKey, label('wrap'), { vault: vaultId });
    const part = (name: PartName): Promise<Secret> => unwrap(wrapKey, `part/${name}`, file.partKeys[name]);
    return {
      kem: { publicKey: Uint8Array.from(kemPublicKey), secretKey: kemKey },
      signing: {
        publicKey: Uint8Array.from(signingPublicKey),
        secretKey: await unwrap(wrapKey, 'signing-key', file.signingKey),
      },
      masterKey,
      partKeys: { keys: await part('keys'), contacts: await part('contacts'), history: await part('history') },
    };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** The keystore under another vault secret, which the server keeps; everything else stays what it is. */
export async function rewrapKeystore(
  { primitives }: Pick<Platform, 'primitives'>,
  file: Keystore,
  { keys, vaultSecret }: { readonly keys: VaultKeys; readonly vaultSecret: Secret },
): Promise<Keystore> {
  using wrapKey = deriveKey(vaultSecret, label('kem-key'), { vault: file.vaultId });
  const plaintext = keys.kem.secretKey.unsafeExpose('wrapped in the keystore');
  const kemKey = await sealCommitting(primitives, wrapKey, bindingOf('kem-key', file.vaultId), plaintext);
  const next = { ...file, local: null, kemKey };
  return { ...next, mac: macOf(keys.masterKey, next) };
}

/** The keystore in its next generation. */
export function advanceKeystore(file: Keystore, masterKey: Secret): Keystore {
  const next = { ...file, generation: file.generation + 1 };
  return { ...next, mac: macOf(masterKey, next) };
}

/** Throws `vault-damaged`. */
export function parseKeystore(content: Uint8Array): Keystore {
  return parseVaultFile(keystore, content);
}

export function disposeKeys({ kem, signing, masterKey, partKeys }: VaultKeys): void {
  for (const secret of [kem.secretKey, signing.secretKey, masterKey, ...Object.values(partKeys)]) secret.dispose();
}

function macOf(masterKey: Secret, file: Omit<Keystore, 'mac'>): Uint8Array {
  const { mac: _, ...content } = { mac: null, ...file };
  using key = deriveKey(masterKey, label('mac'), { vault: file.vaultId });
  return key.use((bytes) => hmacSha256(bytes, encodeCbor(content as unknown as CborValue)));
}

function masterKeyBinding(vaultId: Uint8Array, kemPublicKey: Uint8Array) {
  const context = { vault: vaultId, recipient: sha256(kemPublicKey) };
  return { purpose: 'sotto/seal/master-key/v1', context } as const;
}

function bindingOf(use: string, vaultId: Uint8Array) {
  return { label: label(use), context: { vault: vaultId } };
}

function label(use: string): string {
  return `sotto/vault/${use}/v1`;
}

function wiped(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

function damaged(cause?: unknown): KeyboxPeerFault {
  return new KeyboxPeerFault('vault-damaged', 'the keystore does not open: restore the vault from a backup', { cause });
}

const NONE: Uint8Array = new Uint8Array();
