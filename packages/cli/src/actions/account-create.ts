import { checkPassphrase, KeyBox, type OpenSession, resolveAddress, createAccount as signUp } from '@sotto/keybox';
import { nodePlatform, openProfile } from '@sotto/keybox-node';
import { parseDeviceName } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { passphraseFile, profileDirectory, suiteModules, vaultPassphraseFile } from '../profile.ts';
import type { CreateFlags } from '../routes/account.ts';
import { readPassphrase } from '../secrets.ts';
import { accountText } from './views.ts';

/** Signs up and makes the new account the profile's current one. */
export async function createAccount(run: Run, flags: CreateFlags, name: string): Promise<void> {
  const { common, output, world } = run;
  const { invitation, suite, vault } = flags;
  const deviceName = parseDeviceName(flags.device);
  const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
  platform.suites.byName(suite);
  const address = await resolveAddress(platform, { name, invitation });
  output.note(`Signing up ${address}. Nobody can reset the passphrase: keep it where you will find it.`);
  const passphrases = await choosePassphrases(run, vault);
  const profile = openProfile(profileDirectory(world.env));
  using _ = await profile.lock(address);
  const session = await signUp(platform, profile.storage(address), {
    address,
    invitation,
    suite,
    roaming: flags.roaming === 'on',
    vault,
    deviceName,
    ...passphrases,
    progress: (step) => output.note(`  ${steps[step] ?? step}`),
  });
  profile.setCurrent(address);
  await show(run, session);
}

async function choosePassphrases(
  run: Run,
  vault: CreateFlags['vault'],
): Promise<{ readonly passphrase: string; readonly vaultPassphrase?: string }> {
  const { common, world } = run;
  const file = passphraseFile(common, world.env);
  const passphrase = await readPassphrase({ name: 'New passphrase', file, ...choice }, run);
  if (vault === 'normal') return { passphrase };
  const second = { name: 'Second passphrase, for this device', file: vaultPassphraseFile(common, world.env) };
  return { passphrase, vaultPassphrase: await readPassphrase({ ...second, ...choice }, run) };
}

async function show(run: Run, session: OpenSession): Promise<void> {
  try {
    const view = await new KeyBox(session).showAccount();
    run.output.value(view, () => accountText(view, run.output.style));
  } finally {
    await session.close();
  }
}

const steps: Readonly<Record<string, string>> = {
  invitation: 'Looking at the invitation',
  registration: 'Registering the passphrase, which stays here',
  'sign-in': 'Signing in',
  vault: 'Generating keys and the encrypted vault',
  certificate: 'Ordering the certificate',
  genesis: 'Signing the first statement of the account',
  'account-room': 'Making the account’s own room',
  done: 'Done',
};

const choice = { isNew: true, check: checkPassphrase } as const;
