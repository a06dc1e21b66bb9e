import type { Run } from './command.ts';
import { CliFault } from './fault.ts';
import { passphraseFile, vaultPassphraseFile } from './profile.ts';
import { readPassphrase, readSecretFile } from './secrets.ts';

/** What unlocks an account. */
export interface AccountSecrets {
  readonly passphrase: string;
  readonly vaultPassphrase?: string;
}

/** From files, else by asking. Throws `locked` if nobody can be asked, `file-unreadable`, `cancelled`. */
export async function askSecrets(run: Run): Promise<AccountSecrets> {
  const { common, output, world } = run;
  const passphrase = await askPassphrase(run);
  const vaultFile = vaultPassphraseFile(common, world.env);
  return vaultFile === undefined
    ? { passphrase }
    : { passphrase, vaultPassphrase: await readSecretFile(vaultFile, output) };
}

async function askPassphrase(run: Run): Promise<string> {
  try {
    return await readPassphrase({ name: 'Passphrase', file: passphraseFile(run.common, run.world.env) }, run);
  } catch (cause) {
    if (!(cause instanceof CliFault) || cause.code !== 'input-needed') throw cause;
    throw new CliFault('locked', 'the account is locked, and no passphrase was given', { cause });
  }
}
