import { keyLogEntry } from '../key-log.ts';
import type { Session, VaultCare } from '../session.ts';

/** Puts the vault under a new secret after a change of passphrase. What goes wrong is told: the next unlocking tries again. */
export async function renewVault(
  { care, keys, clock }: Pick<Session, 'care' | 'keys' | 'clock'>,
  renewal: Parameters<VaultCare['renew']>[0],
): Promise<void> {
  try {
    await care.renew(renewal);
    const text = 'the vault has a new secret under the new passphrase';
    await keys.apply([keyLogEntry(clock, { event: 'passphrase', text })]);
  } catch (cause) {
    const text = 'the vault could not be put under the new passphrase yet';
    await keys.apply([keyLogEntry(clock, { event: 'passphrase', text, cause })]);
  }
}
