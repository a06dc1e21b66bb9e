import { connectAgent } from '@sotto/agent/client';
import type { Run } from '../command.ts';
import { profileDirectory } from '../profile.ts';

/** Needs no passphrase: it only forgets. The agent forgets, too. */
export async function lockAccount(run: Run): Promise<void> {
  const address = (await lockInAgent(run)) ?? (await lockHere(run));
  run.output.done({ address, locked: true }, () => `${address} is locked; the next command needs the server.`);
}

async function lockInAgent({ common, world }: Run): Promise<string | null> {
  const client = await connectAgent(profileDirectory(world.env));
  if (client === null) return null;
  try {
    const { address } = await client.agent.find(common.account ?? (world.env['SOTTO_ACCOUNT'] || null));
    await client.agent.forget(address);
    return address;
  } finally {
    client.close();
  }
}

async function lockHere(run: Run): Promise<string> {
  const { lockAccount: lock } = await import('@sotto/keybox');
  const { openProfile } = await import('@sotto/keybox-node');
  const { chosenAccount } = await import('../chosen-account.ts');
  const profile = openProfile(profileDirectory(run.world.env));
  const address = chosenAccount(run, profile);
  using _ = await profile.lock(address);
  await lock(profile.storage(address));
  return address;
}
