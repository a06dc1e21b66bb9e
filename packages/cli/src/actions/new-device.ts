import { hostname } from 'node:os';
import { KeyBox, type NewDevice, type OpenSession, type Platform, type VaultStorage } from '@sotto/keybox';
import { nodePlatform, openProfile } from '@sotto/keybox-node';
import { type Address, type DeviceName, isDeviceName, parseDeviceName } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { passphraseFile, profileDirectory, suiteModules, vaultPassphraseFile } from '../profile.ts';
import { readPassphrase } from '../secrets.ts';
import { checkpointText, logOf } from './transparency.ts';
import { accountText } from './views.ts';
import { fingerprintOf } from './words.ts';

/** What every command that makes a new device of an existing account is told. */
export type NewDeviceFlags = {
  readonly server: string;
  readonly caFingerprint?: string;
  readonly device?: string;
  readonly vault: 'normal' | 'advanced';
};

/** How the new device gets into the account. */
type Enrol = (
  platform: Platform,
  storage: VaultStorage,
  options: NewDevice & { readonly server: string; readonly caFingerprint: Uint8Array | null },
) => Promise<OpenSession>;

export interface NewDeviceInput {
  readonly address: Address;
  readonly flags: NewDeviceFlags;
  readonly enrol: Enrol;
  /** How the passphrase is asked for: that of the account, or one that is being chosen. */
  readonly passphrase?: Partial<Parameters<typeof readPassphrase>[0]>;
  /** What is to be told once the device works. */
  readonly after?: (session: OpenSession) => Promise<void>;
}

/** Makes this installation a device of an account, makes the account the profile's current one, and reads what is there. */
export async function makeDevice(
  run: Run,
  { address, flags, enrol, passphrase, after }: NewDeviceInput,
): Promise<void> {
  const { common, output, world } = run;
  const place = placeOf(flags);
  const deviceName = deviceNameOf(flags.device);
  const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
  const passphrases = await askPassphrases(run, flags.vault, passphrase ?? {});
  const profile = openProfile(profileDirectory(world.env));
  using _ = await profile.lock(address);
  const session = await enrol(platform, profile.storage(address), {
    ...place,
    deviceName,
    vault: flags.vault,
    ...passphrases,
    progress: (step) => output.note(`  ${steps[step] ?? step}`),
  });
  profile.setCurrent(address);
  await show(run, session, after);
}

/** The home server as it was typed. Throws `usage`. */
export function placeOf({ server, caFingerprint }: Pick<NewDeviceFlags, 'server' | 'caFingerprint'>) {
  return {
    server: originOf(server),
    caFingerprint: caFingerprint === undefined ? null : fingerprintOf(caFingerprint),
  };
}

/** A name that was given, else one that the machine's own name leads to. Throws `device-name-malformed`. */
function deviceNameOf(given: string | undefined): DeviceName {
  if (given !== undefined) return parseDeviceName(given);
  const [own = ''] = hostname().toLowerCase().split('.');
  const name = own
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, 28)
    .replaceAll(/-+$/g, '');
  return isDeviceName(name) ? name : parseDeviceName('device');
}

/** Throws `usage` for what is no origin of a server. */
function originOf(text: string): string {
  try {
    const { origin, protocol } = new URL(text.includes('://') ? text : `https://${text}`);
    if (protocol === 'https:' || protocol === 'http:') return origin;
  } catch {
    // Told below.
  }
  throw new CliFault('usage', 'a server is written as https://host or https://host:port');
}

async function askPassphrases(
  run: Run,
  vault: NewDeviceFlags['vault'],
  how: NonNullable<NewDeviceInput['passphrase']>,
): Promise<{ readonly passphrase: string; readonly vaultPassphrase?: string }> {
  const { common, world } = run;
  const file = passphraseFile(common, world.env);
  const passphrase = await readPassphrase({ name: 'Passphrase', file, ...how }, run);
  if (vault === 'normal') return { passphrase };
  const second = { name: 'Second passphrase, for this device', file: vaultPassphraseFile(common, world.env) };
  return { passphrase, vaultPassphrase: await readPassphrase({ ...second, isNew: true }, run) };
}

async function show(run: Run, session: OpenSession, after: NewDeviceInput['after']): Promise<void> {
  try {
    const box = new KeyBox(session);
    run.output.note('  Reading what was said so far');
    const { faults } = await box.sync();
    for (const { code, message } of faults) run.output.note(`Not up to date: ${message} [${code}]`);
    const view = await box.showAccount();
    const log = await logOf(box);
    run.output.value({ ...view, log }, () => accountText(view, run.output.style));
    if (log !== null) run.output.note(checkpointText(log));
    await after?.(session);
  } finally {
    await session.close();
  }
}

const steps: Readonly<Record<string, string>> = {
  'sign-in': 'Signing in; the passphrase stays here',
  recovery: 'Opening the recovery kit',
  vault: 'Generating keys and the encrypted vault',
  waiting: 'Waiting for another device of the account',
  device: 'Becoming a device of the account',
  certificate: 'Ordering the certificate',
  restore: 'Restoring contacts and decisions',
  passphrase: 'Setting the new passphrase',
  done: 'Done',
};
