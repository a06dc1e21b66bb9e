import { passphraseBytes } from '@sotto/crypto';
import { sealKeyFile } from '@sotto/pki';
import { KeyboxPolicyFault } from './fault.ts';
import { checkAllowed } from './policy/in-force.ts';
import type { OwnIdentity, Session } from './session.ts';

/**
 * A PKCS#12 copy of the account's certificates with their keys, the device's and for classic accounts the user key's,
 * under a passphrase of the user's choice: what leaves Sotto is the user's to protect. Throws `passphrase-too-weak` for an
 * empty one, `policy-forbids`.
 */
export async function exportKeyFile(session: Session, passphrase: string): Promise<Uint8Array> {
  const { identity, primitives } = session;
  await checkAllowed(session, 'export');
  if (passphrase === '') throw new KeyboxPolicyFault('passphrase-too-weak', 'a key file without a passphrase');
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
