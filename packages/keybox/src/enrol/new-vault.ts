import { equal } from '@sotto/bytes';
import { type KeyPair, Secret, sha256 } from '@sotto/crypto';
import type { DeviceDescription } from '@sotto/protocol';
import { META } from '../enrolment.ts';
import { KeyboxPeerFault, KeyboxPolicyFault } from '../fault.ts';
import { type Keystore, keystore, parseKeystore, sealKeystore, type VaultKeys } from '../keystore.ts';
import { readMeta, writeMeta } from '../meta.ts';
import { openOfflineWrap, writeOfflineWrap } from '../offline-wrap.ts';
import { unwrapVaultSecret, wrapVaultSecret } from '../passphrase-wrap.ts';
import type { Platform, VaultStorage } from '../ports.ts';
import { createParts, openedVault, openVault, randomPartKeys, type Vault } from '../vault.ts';
import type { Enrolment } from './enrolment-file.ts';

/** What opens the vault of a device that is being made. */
export interface VaultPassphrases {
  readonly passphrase: string;
  /** For an `advanced` vault. */
  readonly vaultPassphrase?: string | undefined;
}

export interface NewDeviceVault {
  readonly vault: Vault;
  readonly vaultSecret: Secret;
  /** The device's public half, under its wanted name. */
  readonly device: DeviceDescription;
}

/**
 * Opens the vault that an enrolment has begun, or makes it with the device's keys in the place of what was left behind.
 * Nobody else has heard of these keys before it resolves. Throws `wrong-passphrase` for another passphrase than the one
 * the enrolment was begun with.
 */
export async function openNewVault(
  platform: Platform,
  storage: VaultStorage,
  input: { readonly enrolment: Enrolment; readonly passphrases: VaultPassphrases },
): Promise<NewDeviceVault> {
  const { enrolment, passphrases } = input;
  const kept = await keystoreOf(storage, enrolment.vaultId);
  const vaultSecret =
    kept === null
      ? await createNewVault(platform, storage, input)
      : await keptSecret(platform, storage, { kept, passphrases });
  const vault = await openVault(platform, storage, vaultSecret);
  const { signing, kem } = vault.keys;
  const spki = await readMeta(vault.parts.keys, SPKI);
  if (spki === null) throw new KeyboxPeerFault('vault-damaged', 'the vault of the new device is incomplete');
  const { deviceName: name } = enrolment;
  const device = { kind: 'keybox', name, signing: signing.publicKey, kem: kem.publicKey, spki } as const;
  return { vault, vaultSecret, device };
}

/** The wrap is durable before the keystore that it opens; writing the keystore makes it a vault. */
async function createNewVault(
  platform: Platform,
  storage: VaultStorage,
  { enrolment, passphrases }: { readonly enrolment: Enrolment; readonly passphrases: VaultPassphrases },
): Promise<Secret> {
  const { primitives, suites } = platform;
  const { vaultId, vaultMode, facts } = enrolment;
  const suite = suites.byId(facts.suite);
  const vaultSecret = new Secret(primitives.randomBytes(32));
  await storage.remove('keystore');
  const { passphrase, vaultPassphrase = '' } = passphrases;
  if (vaultMode === 'normal') await writeOfflineWrap(platform, storage, { passphrase, vaultId, vaultSecret });
  const local =
    vaultMode === 'normal'
      ? null
      : await wrapVaultSecret(platform, vaultPassphrase, { binding: advanced(vaultId), vaultSecret });
  const keys: VaultKeys = {
    kem: await suite.kem.generate(),
    signing: await suite.signature.generate(),
    masterKey: new Secret(primitives.randomBytes(32)),
    partKeys: randomPartKeys(platform),
  };
  const created = openedVault({ keys, secret: vaultSecret }, await createParts(platform, storage, keys.partKeys));
  await created.parts.keys.apply(certificateKeyRows(await suite.certificateKey.generate()));
  const file = await sealKeystore(platform, { suite, vaultId, local, vaultSecret, keys });
  await created.close();
  await storage.replace('keystore', keystore.encode(file));
  return vaultSecret;
}

function certificateKeyRows({ publicKey, secretKey }: KeyPair) {
  return [
    writeMeta(SPKI, sha256(publicKey)),
    writeMeta(META.certificateKey, secretKey.unsafeExpose('kept in the encrypted vault')),
  ];
}

async function keptSecret(
  platform: Platform,
  storage: VaultStorage,
  { kept, passphrases }: { readonly kept: Keystore; readonly passphrases: VaultPassphrases },
): Promise<Secret> {
  const { passphrase, vaultPassphrase = '' } = passphrases;
  const { vaultId, local } = kept;
  if (local !== null) {
    const secret = await unwrapVaultSecret(platform, vaultPassphrase, { binding: advanced(vaultId), wrap: local });
    if (secret !== null) return secret;
  } else {
    const opened = await openOfflineWrap(platform, storage, { passphrase, vaultId });
    if (opened.kind === 'opened') return opened.vaultSecret;
  }
  throw new KeyboxPolicyFault('wrong-passphrase', 'not the passphrase that making this device was begun with');
}

/** Null also for the keystore of an attempt that was given up. */
async function keystoreOf(storage: VaultStorage, vaultId: Uint8Array): Promise<Keystore | null> {
  const content = await storage.read('keystore');
  if (content === null) return null;
  const file = parseKeystore(content);
  return equal(file.vaultId, vaultId) ? file : null;
}

function advanced(vaultId: Uint8Array) {
  return { label: 'sotto/vault/advanced/v1', vaultId, expiresAt: null } as const;
}

/** Name in `meta` of the part `keys`: SHA-256 of the certificate key's SPKI. */
const SPKI = 'enrolment/spki';
