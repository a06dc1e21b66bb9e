import { Fault, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { KeyboxPolicyFault, type KitProof, openRoamingDevice } from '@sotto/keybox';
import { formatRecoveryKey, parseRecoveryKey } from '@sotto/protocol';
import type { RecoveryKeyChange } from '../vault.ts';
import type { HeldVaults } from './held-vaults.ts';

export function newRecoveryKey({ platform }: HeldVaults): string {
  using key = new Secret(platform.primitives.randomBytes(16));
  return formatRecoveryKey(key);
}

export async function setRecoveryKey(vaults: HeldVaults, { key, ...known }: RecoveryKeyChange): Promise<void> {
  const { enrolments } = vaults.open.box;
  using secret = parseRecoveryKey(key);
  const proof = (await enrolments.hasRecoveryKey()) ? await proofOf(vaults, known) : {};
  await enrolments.setRecoveryKey(secret.unsafeExpose('put in force as the recovery key'), proof);
}

/** The old key if it is at hand, else the roaming device, which takes the passphrase once more. */
async function proofOf(
  { platform, open }: HeldVaults,
  { oldKey, passphrase }: Omit<RecoveryKeyChange, 'key'>,
): Promise<KitProof> {
  if (oldKey !== undefined) {
    using old = parseRecoveryKey(oldKey);
    return { oldKey: old.unsafeExpose('opens the kit that ends') };
  }
  if (passphrase === undefined) return {};
  const { address, server, caFingerprint } = await open.box.card();
  try {
    const place = { address, server, caFingerprint: parseHex(caFingerprint), passphrase };
    return { roaming: await openRoamingDevice(platform, place) };
  } catch (cause) {
    if (!(cause instanceof Fault) || (cause.code !== 'roaming-off' && cause.code !== 'kit-needed')) throw cause;
    throw new KeyboxPolicyFault('second-signer-needed', 'replacing a key takes the old one, or roaming', { cause });
  }
}
