import type { AgentStatus } from '@sotto/agent';
import { type AgentClient, AgentUsageFault, connectAgent } from '@sotto/agent/client';
import type { Run } from '../command.ts';
import { askSecrets } from '../passphrases.ts';
import { profileDirectory } from '../profile.ts';
import type { StartAgentFlags } from '../routes/agent.ts';
import { table, when } from '../terminal.ts';
import { isoTime } from './views.ts';

export async function startAgent(run: Run, flags: StartAgentFlags): Promise<void> {
  const { startInBackground, startInForeground } = await import('../agent-start.ts');
  const running = await connectAgent(profileDirectory(run.world.env));
  if (running !== null) {
    running.close();
    throw new AgentUsageFault('agent-running', `an agent runs already, as process ${running.pid}`);
  }
  const secrets = flags.locked ? null : await askSecrets(run);
  await (flags.foreground ? startInForeground(run, flags, secrets) : startInBackground(run, flags, secrets));
}

export async function stopAgent(run: Run): Promise<void> {
  await withAgent(run, async ({ agent, pid }) => {
    await agent.stop();
    run.output.done({ pid, stopped: true }, () => 'The agent has stopped; its accounts are locked.');
  });
}

export async function showAgent(run: Run): Promise<void> {
  await withAgent(run, async ({ agent }) => {
    const status = await agent.status();
    run.output.value(json(status), () => text(run, status));
  });
}

/** Throws `agent-not-running`. */
async function withAgent(run: Run, work: (client: AgentClient) => Promise<void>): Promise<void> {
  const client = await connectAgent(profileDirectory(run.world.env));
  if (client === null) throw new AgentUsageFault('agent-not-running', 'no agent runs for this profile');
  try {
    await work(client);
  } finally {
    client.close();
  }
}

function json({ accounts, ...rest }: AgentStatus): object {
  const shown = accounts.map((account) => ({
    ...account,
    lastSync: account.lastSync === null ? null : isoTime(account.lastSync),
  }));
  return { ...rest, accounts: shown };
}

function text({ output }: Run, { pid, accounts, autoLockMinutes }: AgentStatus): string {
  const rule =
    autoLockMinutes === null ? 'never locks by itself' : `locks after ${autoLockMinutes} min without a command`;
  const rows = accounts.map(({ address, locked, connected, unsent, lastSync }) => [
    address,
    locked ? 'locked' : connected ? 'connected' : 'offline',
    unsent === null ? '-' : String(unsent),
    lastSync === null ? '-' : when(lastSync),
  ]);
  const head = `The agent runs as process ${pid} and ${rule}.`;
  return `${head}\n${table(['ACCOUNT', 'STATE', 'UNSENT', 'LAST SYNC'], rows, output.style)}`;
}
