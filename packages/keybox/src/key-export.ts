import { passphraseBytes } from '@sotto/crypto';
import { sealKeyFile } from '@sotto/pki';
import { checkPassphrase } from './passphrase.ts';
import type { OwnIdentity, Session } from './session.ts';

/**
 * A PKCS#12 copy of the account's certificates with their keys, the device's and for classic accounts the user key's,
 * under a passphrase of the user's choice. Throws `passphrase-too-weak`.
 */
export async function exportKeyFile({ identity, primitives }: Session, passphrase: string): Promise<Uint8Array> {
  checkPassphrase(passphrase);
  using password = passphraseBytes(passphrase);
  const { secretKey } = await identity.certificateKey();
  using deviceKey = secretKey;
  const device = { name: 'device', secretKey: deviceKey, certificate: identity.certificate };
  const entries = identity.userKeyCertificate === null ? [device] : [device, userKeyEntry(identity)];
  return await sealKeyFile(primitives, password, { entries, authorities: [identity.caCertificate] });
}

function userKeyEntry({ userKeys, userKeyCertificate }: OwnIdentity) {
  const { keys } = userKeys.at(-1) as OwnIdentity['userKeys'][number];
  return { name: 'user-key', secretKey: keys.container.secretKey, certificate: userKeyCertificate as Uint8Array };
}
