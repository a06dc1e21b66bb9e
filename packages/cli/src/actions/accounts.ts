import { connectAgent } from '@sotto/agent/client';
import { Fault } from '@sotto/bytes';
import { summarizeAccount } from '@sotto/keybox';
import { openProfile, type Profile } from '@sotto/keybox-node';
import type { Address } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { profileDirectory } from '../profile.ts';
import { table } from '../terminal.ts';
import { addressOf } from './words.ts';

/** An account of this installation; server and device are null until its sign-up is finished. */
interface InstalledAccount {
  readonly address: Address;
  readonly server: string | null;
  readonly device: string | null;
  /** `unlocked` in the agent; `locked` means that a command must unlock it. */
  readonly state: 'locked' | 'unlocked' | 'incomplete';
  readonly current: boolean;
}

/** Needs no passphrase and no server. */
export async function listAccounts({ output, world }: Run): Promise<void> {
  const profile = openProfile(profileDirectory(world.env));
  const unlocked = await unlockedAccounts(profile);
  const current = profile.current();
  const accounts: InstalledAccount[] = [];
  for (const address of profile.accounts()) {
    accounts.push({ ...(await describe(profile, { address, unlocked })), current: address === current });
  }
  if (accounts.length === 0) output.note('No accounts yet: `sotto account create NAME --invitation URL` makes one.');
  if (accounts.length === 0 && !output.json) return;
  const rows = accounts.map(({ address, server, device, state, current: isCurrent }) => [
    isCurrent ? '*' : '',
    address,
    server ?? '-',
    device ?? '-',
    state,
  ]);
  output.list(accounts, () => table(['', 'ADDRESS', 'SERVER', 'DEVICE', 'STATE'], rows, output.style));
}

/** Throws `no-account` for one that is not here. */
export async function switchAccount(
  { output, world }: Run,
  _: Readonly<Record<never, never>>,
  word: string,
): Promise<void> {
  const address = addressOf(word);
  const profile = openProfile(profileDirectory(world.env));
  await summarizeAccount(profile.storage(address));
  profile.setCurrent(address);
  output.done({ address, current: true }, () => `Commands without --account mean ${address} now.`);
}

async function describe(
  profile: Profile,
  { address, unlocked }: { readonly address: Address; readonly unlocked: ReadonlySet<Address> },
): Promise<Omit<InstalledAccount, 'current'>> {
  try {
    const { server, device } = await summarizeAccount(profile.storage(address));
    return { address, server, device, state: unlocked.has(address) ? 'unlocked' : 'locked' };
  } catch (cause) {
    if (!(cause instanceof Fault) || !INCOMPLETE.has(cause.code)) throw cause;
    return { address, server: null, device: null, state: 'incomplete' };
  }
}

async function unlockedAccounts(profile: Profile): Promise<ReadonlySet<Address>> {
  const client = await connectAgent(profile.directory);
  if (client === null) return new Set();
  try {
    const { accounts } = await client.agent.status();
    return new Set(accounts.filter(({ locked }) => !locked).map(({ address }) => address));
  } finally {
    client.close();
  }
}

const INCOMPLETE: ReadonlySet<string> = new Set(['no-account', 'vault-damaged']);
