import type { VaultTools } from '@sotto/agent';
import type { RemoteAccount, RemoteUpkeep } from '@sotto/agent/client';
import { Fault } from '@sotto/bytes';
import type { KeyBox, MessageView } from '@sotto/keybox';
import { openThroughAgent } from './agent-account.ts';
import type { Run } from './command.ts';
import { CliFault } from './fault.ts';

/**
 * What a command wants of the server. `needed`: fails if it is out of reach. `wanted`: goes on with what is here, says
 * so, and ends with the fault if the server was refused. `tried`: the same, for what can wait in the outbox. `unused`:
 * does not ask it.
 */
export type ServerUse = 'needed' | 'wanted' | 'tried' | 'unused';

/**
 * Opens the account, brings it up to date (which sends what is queued), works, and closes it. Work that shows one room
 * gives its id; then the command ends with what that room is not read on for, if anything.
 */
export async function withAccount(
  run: Run,
  server: ServerUse,
  work: (box: KeyBox, tools: VaultTools) => Promise<unknown>,
): Promise<void> {
  const account = await openAccount(run);
  try {
    const { refused, faults } = server === 'unused' ? UNASKED : await bringUpToDate(run, account, server);
    try {
      const shown = await work(account.box, account.tools);
      const fault = faults.find(({ detail }) => typeof shown === 'string' && detail['room'] === shown);
      if (fault !== undefined) throw fault;
    } catch (cause) {
      // What keeps the server out of reach says more than that it is.
      throw refused !== null && cause instanceof Fault && cause.code === 'unreachable' ? refused : cause;
    }
    if (refused !== null) throw refused;
  } finally {
    await account.close();
  }
}

/** An unlocked account: in this process, whose lock on it is held until it is closed, or in the agent. */
export interface OpenAccount extends Omit<RemoteAccount, 'upkeep'> {
  /** As far as it is possible and wanted. Throws what concerns the whole account. */
  freshen: RemoteUpkeep['freshen'];
  /** What comes or changes from now on, until the signal aborts. Other commands can use the account meanwhile. */
  watch(signal: AbortSignal): AsyncIterable<readonly MessageView[]>;
  close(): Promise<void>;
}

/**
 * Opens the account in the agent if one runs, else in this process, which loads all that it takes. Throws `no-account`,
 * `locked`, `wrong-passphrase`, `vault-busy`, `vault-in-use`, `vault-needs-server`, and what connecting to an agent
 * throws.
 */
export async function openAccount(run: Run): Promise<OpenAccount> {
  return (await openThroughAgent(run)) ?? (await import('./direct-account.ts')).openDirectly(run);
}

async function bringUpToDate(
  { output }: Run,
  account: OpenAccount,
  server: Exclude<ServerUse, 'unused'>,
): Promise<{ readonly refused: Fault | null; readonly faults: readonly Fault[] }> {
  const { online, faults, refused } = await account.freshen(server);
  for (const { code, message } of faults) output.note(`Not up to date: ${message} [${code}]`);
  if (online) return { refused: null, faults };
  if (server === 'needed') throw refused ?? new CliFault('unreachable', 'the server is out of reach');
  if (refused !== null && refused.code !== 'unreachable') return { refused, faults };
  if (server === 'wanted') output.note('The server is out of reach: this is what was known before.');
  return { refused: null, faults };
}

const UNASKED = { refused: null, faults: [] };
