import { join } from 'node:path';
import { nodePlatform, type Profile } from '@sotto/keybox-node';
import { Agent } from './agent.ts';
import type { UnlockRequest } from './agent-interface.ts';
import { AgentUsageFault } from './fault.ts';
import { forbidDumps } from './hardening.ts';
import { AgentListener } from './listener.ts';
import { fileLog } from './log.ts';
import { socketPathFor } from './place.ts';

export interface RunAgentOptions {
  readonly profile: Profile;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly suiteModules: readonly string[];
  readonly autoLockMinutes: number | null;
  /** The account to open at once; null to wait for the first command. */
  readonly unlock: UnlockRequest | null;
  /** Called when clients can come. */
  readonly onReady: () => void;
}

/**
 * Runs the agent of a profile in this process until it is asked to stop or gets SIGTERM or SIGINT. SIGHUP and SIGUSR1
 * lock what is open. Throws `agent-running`, `agent-untrusted`, and what unlocking throws.
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { profile, autoLockMinutes } = options;
  forbidDumps();
  using lock = await profile.lockAgent();
  if (lock === null) throw new AgentUsageFault('agent-running', `an agent holds ${profile.directory} already`);
  const platform = await nodePlatform({ suiteModules: options.suiteModules });
  const log = fileLog(join(profile.directory, 'agent.log'), platform.clock);
  const stopped = Promise.withResolvers<void>();
  const agent = new Agent({ profile, platform, log, autoLockMinutes, onStop: () => stopped.resolve() });
  if (options.unlock !== null) await agent.unlock(options.unlock);
  const listener = await AgentListener.open({
    profileDirectory: profile.directory,
    socketPath: socketPathFor(profile.directory, options.env),
    onCall: (call) => agent.call(call),
    log,
  });
  const ignore = listenToSignals(agent);
  log.write('started');
  options.onReady();
  await stopped.promise;
  ignore();
  await listener.close();
  log.write('stopped');
}

/** A second SIGTERM while it stops changes nothing: it is under way. */
function listenToSignals(agent: Agent): () => void {
  const stop = (): void => void agent.stop();
  const lock = (): void => void agent.lock(null);
  const listeners = { SIGTERM: stop, SIGINT: stop, SIGHUP: lock, SIGUSR1: lock } as const;
  for (const [name, listener] of Object.entries(listeners)) process.on(name as NodeJS.Signals, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) process.off(name as NodeJS.Signals, listener);
  };
}
