import {
  KeyboxPolicyFault,
  KeyboxUsageFault,
  type OpenSession,
  type Platform,
  unlockAccount,
  type VaultStorage,
} from '@sotto/keybox';
import { nodePlatform, type Profile } from '@sotto/keybox-node';
import { type Address, parseAddress } from '@sotto/protocol';
import type { Run } from './command.ts';
import { CliFault } from './fault.ts';
import { passphraseFile, suiteModules, vaultPassphraseFile } from './profile.ts';
import { readPassphrase, readSecretFile } from './secrets.ts';

/** An unlocked account and where its vault lies. */
export interface Opened {
  readonly session: OpenSession;
  readonly platform: Platform;
  readonly storage: VaultStorage;
}

/**
 * Asks for what unlocking needs, and returns what does it: nobody keeps the profile locked while a person types.
 * Throws `no-account`, `locked`.
 */
export async function prepareUnlock(run: Run, profile: Profile): Promise<() => Promise<Opened>> {
  const storage = profile.storage(chosenAccount(run, profile));
  const { common, output, world } = run;
  const passphrase = await askPassphrase(run);
  const vaultFile = vaultPassphraseFile(common, world.env);
  const vaultPassphrase = vaultFile === undefined ? undefined : await readSecretFile(vaultFile, output);
  return async () => {
    const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
    return { session: await unlockAccount(platform, storage, { passphrase, vaultPassphrase }), platform, storage };
  };
}

/**
 * The account that is named, else the profile's current one, else the only one: a sign-up may be cut off before it says
 * which is current. Throws `no-account`, `address-malformed`.
 */
export function chosenAccount({ common, world }: Run, profile: Profile): Address {
  const named = common.account ?? world.env['SOTTO_ACCOUNT'];
  const address = named ? parseAddress(named) : (profile.current() ?? onlyAccount(profile));
  if (address === null) throw new KeyboxUsageFault('no-account', `there is no account in ${profile.directory}`);
  return address;
}

function onlyAccount(profile: Profile): Address | null {
  const [first, ...others] = profile.accounts();
  return first === undefined || others.length > 0 ? null : first;
}

async function askPassphrase(run: Run): Promise<string> {
  try {
    return await readPassphrase({ name: 'Passphrase', file: passphraseFile(run.common, run.world.env) }, run);
  } catch (cause) {
    if (!(cause instanceof CliFault) || cause.code !== 'input-needed') throw cause;
    throw new KeyboxPolicyFault('locked', 'the account is locked, and no passphrase was given', { cause });
  }
}
