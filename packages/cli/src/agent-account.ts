import { type AgentClient, connectAgent } from '@sotto/agent/client';
import type { Address } from '@sotto/protocol';
import type { OpenAccount } from './account.ts';
import type { Run } from './command.ts';
import { profileDirectory } from './profile.ts';

/** The account in the agent, unlocked there if it is locked; null if no agent runs. */
export async function openThroughAgent(run: Run): Promise<OpenAccount | null> {
  const client = await connectAgent(profileDirectory(run.world.env));
  if (client === null) return null;
  try {
    const address = await unlockThere(run, client);
    const { upkeep, ...account } = client.account(address);
    return {
      ...account,
      freshen: (server) => upkeep.freshen(server),
      watch: (signal) => upkeep.watch(signal),
      close: async () => client.close(),
    };
  } catch (cause) {
    client.close();
    throw cause;
  }
}

/** The passphrase is asked for only if the agent has locked the account, and goes to the agent alone. */
async function unlockThere(run: Run, { agent }: AgentClient): Promise<Address> {
  const { common, world } = run;
  const { address, locked } = await agent.find(common.account ?? (world.env['SOTTO_ACCOUNT'] || null));
  if (!locked) return address;
  const { askSecrets } = await import('./passphrases.ts');
  await agent.unlock({ address, ...(await askSecrets(run)) });
  return address;
}
