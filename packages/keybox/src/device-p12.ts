import { base64url, utf8 } from '@sotto/bytes';
import { deriveKey, type KeyPair, type Primitives, Secret } from '@sotto/crypto';
import { openKeyFile, sealKeyFile } from '@sotto/pki';
import { KeyboxPeerFault } from './fault.ts';
import type { VaultStorage } from './ports.ts';

export interface DeviceCertificate {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly authority: Uint8Array;
  /** PKCS#8. */
  readonly secretKey: Secret;
}

/** The password of `device.p12`, never typed: base64url of 32 bytes that follow from the master key. */
export function keyFilePassword(masterKey: Secret, vaultId: Uint8Array): Secret {
  using derived = deriveKey(masterKey, 'sotto/vault/p12/v1', { vault: vaultId });
  return derived.use((bytes) => new Secret(utf8(base64url(bytes))));
}

export async function writeDeviceKeyFile(
  { primitives, storage }: { readonly primitives: Primitives; readonly storage: VaultStorage },
  password: Secret,
  { certificate, authority, secretKey }: DeviceCertificate,
): Promise<void> {
  const entries = [{ name: 'device', secretKey, certificate }];
  await storage.replace('device.p12', await sealKeyFile(primitives, password, { entries, authorities: [authority] }));
}

/** The certificate key. Throws `vault-damaged` for a file that is missing, changed or of another vault. */
export async function readDeviceKeyFile(
  { primitives, storage }: { readonly primitives: Primitives; readonly storage: VaultStorage },
  password: Secret,
): Promise<KeyPair> {
  const file = await storage.read('device.p12');
  if (file === null) throw damaged();
  const { entries } = await openKeyFile(primitives, password, file).catch((cause) => {
    throw damaged(cause);
  });
  const [entry] = entries;
  if (entry === undefined) throw damaged();
  return { secretKey: entry.secretKey, publicKey: Uint8Array.from(entry.certificate.publicKey) };
}

function damaged(cause?: unknown): KeyboxPeerFault {
  return new KeyboxPeerFault('vault-damaged', 'device.p12 does not open: restore it from a backup', { cause });
}
