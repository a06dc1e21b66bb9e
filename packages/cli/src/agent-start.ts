import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runAgent, type UnlockRequest } from '@sotto/agent';
import { type AgentClient, AgentUsageFault, connectAgent } from '@sotto/agent/client';
import { openProfile, type Profile } from '@sotto/keybox-node';
import { chosenAccount } from './chosen-account.ts';
import type { Run } from './command.ts';
import type { AccountSecrets } from './passphrases.ts';
import { profileDirectory, suiteModules } from './profile.ts';
import type { StartAgentFlags } from './routes/agent.ts';

/** Is the agent until it is told to end. */
export async function startInForeground(
  run: Run,
  flags: StartAgentFlags,
  secrets: AccountSecrets | null,
): Promise<void> {
  const { common, output, world } = run;
  const profile = openProfile(profileDirectory(world.env));
  await runAgent({
    profile,
    env: world.env,
    suiteModules: suiteModules(common, world.env),
    autoLockMinutes: flags.autoLock === 0 ? null : flags.autoLock,
    unlock: requestOf(run, profile, secrets),
    onReady: () => output.note(`The agent runs as process ${process.pid}. Ctrl-C ends it.`),
  });
}

/**
 * Starts the agent in a process of its own and then unlocks it over its socket, so that no secret is in its arguments,
 * its environment or a file.
 */
export async function startInBackground(
  run: Run,
  flags: StartAgentFlags,
  secrets: AccountSecrets | null,
): Promise<void> {
  const profile = openProfile(profileDirectory(run.world.env));
  const request = requestOf(run, profile, secrets);
  const client = await spawnAgent(run, flags, profile);
  try {
    if (request !== null) await unlockOrStop(client, request);
    const address = request?.address ?? null;
    run.output.done({ pid: client.pid, address, locked: request === null }, () =>
      address === null ? 'The agent runs; the first command unlocks it.' : `The agent runs and holds ${address}.`,
    );
  } finally {
    client.close();
  }
}

function requestOf(run: Run, profile: Profile, secrets: AccountSecrets | null): UnlockRequest | null {
  return secrets === null ? null : { address: chosenAccount(run, profile), ...secrets };
}

async function unlockOrStop({ agent }: AgentClient, request: UnlockRequest): Promise<void> {
  try {
    await agent.unlock(request);
  } catch (cause) {
    await agent.stop();
    throw cause;
  }
}

/** Throws `agent-not-started`, `agent-untrusted`, `agent-outdated`; nothing of what it started is left then. */
async function spawnAgent(run: Run, flags: StartAgentFlags, profile: Profile): Promise<AgentClient> {
  const { common, world } = run;
  const modules = suiteModules(common, world.env).flatMap((path) => ['--suite-module', resolve(path)]);
  const words = ['agent', 'start', '--foreground', '--locked', '--auto-lock', String(flags.autoLock), ...modules];
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-sigusr1', main, ...words], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: agentEnvironment(world.env, profile.directory),
  });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.once('error', () => ended.abort());
  try {
    const client = await connectTo(profile, ended.signal);
    child.unref();
    return client;
  } catch (cause) {
    child.kill('SIGKILL');
    if (!ended.signal.aborted) await once(ended.signal, 'abort');
    throw cause;
  }
}

async function connectTo(profile: Profile, ended: AbortSignal): Promise<AgentClient> {
  for (let left = START_ATTEMPTS; left > 0 && !ended.aborted; left--) {
    const client = await connectAgent(profile.directory);
    if (client !== null) return client;
    await setTimeout(START_MILLISECONDS);
  }
  throw new AgentUsageFault('agent-not-started', 'the agent ended before it was ready');
}

/** Without what names files of secrets, and whatever else it has no use for. */
function agentEnvironment(env: Run['world']['env'], directory: string): Record<string, string> {
  const kept = KEPT.flatMap((name): [string, string][] => (env[name] ? [[name, env[name]]] : []));
  return { ...Object.fromEntries(kept), SOTTO_HOME: directory };
}

const KEPT = ['HOME', 'PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_RUNTIME_DIR', 'NODE_COMPILE_CACHE'];
const START_ATTEMPTS = 400;
const START_MILLISECONDS = 50;
