import { logKey } from '../key-log.ts';
import type { Session, VaultCare } from '../session.ts';

/** Puts the vault under a new secret after a change of passphrase. What goes wrong is told: the next unlocking tries again. */
export async function renewVault(
  { care, keys, clock }: Pick<Session, 'care' | 'keys' | 'clock'>,
  renewal: Parameters<VaultCare['renew']>[0],
): Promise<void> {
  try {
    await care.renew(renewal);
    await keys.apply([logKey(clock, { event: 'passphrase/vault-renewed' })]);
  } catch (cause) {
    await keys.apply([logKey(clock, { event: 'passphrase/vault-not-renewed' }, cause)]);
  }
}
