import { existsSync } from 'node:fs';
import {
  checkPassphrase,
  generatePassphrase,
  KeyBox,
  type OpenSession,
  type Platform,
  passphraseScore,
  resolveAddress,
  createAccount as signUp,
} from '@sotto/keybox';
import { nodePlatform, openProfile } from '@sotto/keybox-node';
import { parseDeviceName } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { writeOutput } from '../files.ts';
import { passphraseFile, profileDirectory, suiteModules, vaultPassphraseFile } from '../profile.ts';
import type { CreateFlags } from '../routes/account.ts';
import { readPassphrase } from '../secrets.ts';
import { bindKit } from './recovery-key.ts';
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
  const passphrases = await choosePassphrases(run, { platform, flags });
  const { passphrase, vaultPassphrase, isGenerated } = passphrases;
  const roaming = flags.roaming ?? (isGenerated ? 'on' : 'off');
  if (roaming === 'on' && !isGenerated) await warnOfWeakness(run, { passphrase, address });
  const profile = openProfile(profileDirectory(world.env));
  using _ = await profile.lock(address);
  const session = await signUp(platform, profile.storage(address), {
    address,
    invitation,
    suite,
    roaming: roaming === 'on',
    vault,
    deviceName,
    passphrase,
    vaultPassphrase,
    progress: (step) => output.note(`  ${steps[step] ?? step}`),
  });
  profile.setCurrent(address);
  await show(
    run,
    session,
    roaming === 'passphrase+kit' ? (box) => bindKit(run, box, { passphrase, out: flags.kit }) : null,
  );
}

interface Chosen {
  readonly passphrase: string;
  readonly vaultPassphrase?: string;
  readonly isGenerated: boolean;
}

async function choosePassphrases(
  run: Run,
  { platform, flags }: { readonly platform: Platform; readonly flags: CreateFlags },
): Promise<Chosen> {
  const { common, world } = run;
  const chosen = await choosePassphrase(run, platform, flags.generate);
  if (flags.vault === 'normal') return chosen;
  const second = { name: 'Second passphrase, for this device', file: vaultPassphraseFile(common, world.env) };
  return { ...chosen, vaultPassphrase: await readPassphrase({ ...second, ...choice }, run) };
}

/** At a terminal six words are proposed; who takes them types them, and so begins to know them. */
async function choosePassphrase(run: Run, platform: Platform, isWanted: boolean): Promise<Chosen> {
  const { common, output, world } = run;
  const file = passphraseFile(common, world.env);
  const isThere = file !== undefined && existsSync(file);
  if (isThere || (!isWanted && !run.dialogue.canAsk)) {
    const passphrase = await readPassphrase({ name: 'New passphrase', file, ...choice }, run);
    return { passphrase, isGenerated: isWanted };
  }
  const words = await generatePassphrase(platform.primitives);
  if (isWanted) {
    if (file !== undefined) await writeOutput(file, new TextEncoder().encode(`${words}\n`), { replace: false });
    else if (common.json) throw new CliFault('usage', '--generate with --json needs --passphrase-file for the words');
    else world.stderr.write(`Your passphrase, shown this once:\n\n  ${words}\n\n`);
    return { passphrase: words, isGenerated: true };
  }
  output.note(`Six words of chance are strong and can be learnt. Type these, or choose your own:\n\n  ${words}\n`);
  const passphrase = await readPassphrase({ name: 'New passphrase', file: undefined, ...choice }, run);
  return { passphrase, isGenerated: passphrase === words };
}

async function warnOfWeakness(
  { output }: Run,
  { passphrase, address }: { readonly passphrase: string; readonly address: string },
): Promise<void> {
  if ((await passphraseScore(passphrase, address.split(/[@.]/))) >= STRONG) return;
  output.note('This passphrase can be guessed. With roaming it is all that stands between your account and whoever');
  output.note('holds the server: take six generated words instead (--generate), or leave roaming off.');
}

async function show(run: Run, session: OpenSession, after: ((box: KeyBox) => Promise<void>) | null): Promise<void> {
  try {
    const box = new KeyBox(session);
    await after?.(box);
    const view = await box.showAccount();
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

/** On zxcvbn's scale from 0 to 4. */
const STRONG = 4;
const choice = { isNew: true, check: checkPassphrase } as const;
