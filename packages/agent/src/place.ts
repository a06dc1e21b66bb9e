import { once } from 'node:events';
import { lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { AgentPeerFault } from './fault.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the agent of a profile listens: below XDG_RUNTIME_DIR, else in the profile; one socket a profile. */
export function socketPathFor(profileDirectory: string, env: Env): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (!runtime?.startsWith('/')) return join(profileDirectory, 'agent', 'socket');
  // Not of the path: one profile may be reached by several.
  const { dev, ino } = statSync(profileDirectory, { bigint: true });
  return join(runtime, 'sotto', `agent-${dev.toString(16)}-${ino.toString(16)}`);
}

/** The file in the profile that names the socket of the agent that holds it. */
export function pointerPath(profileDirectory: string): string {
  return join(profileDirectory, 'agent.socket');
}

/** Makes the socket's directory for its owner alone. Throws `agent-untrusted` if it is another's or open to others. */
export function prepareDirectory(socketPath: string): void {
  const directory = dirname(socketPath);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  checkDirectory(directory);
}

/** The path in the profile's pointer; null if no agent left one. Throws `agent-untrusted` if others may have written it. */
export function readPointer(profileDirectory: string): string | null {
  const path = pointerPath(profileDirectory);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) {
    throw untrusted(`${path} is of somebody else or can be written by others`);
  }
  const target = readFileSync(path, 'utf8').trim();
  return target.startsWith('/') ? target : null;
}

/** False if there is no socket. Throws `agent-untrusted` if it or its directory is another's or open to others. */
export function checkSocket(socketPath: string): boolean {
  const directory = dirname(socketPath);
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return false;
  checkDirectory(directory);
  const stat = lstatSync(socketPath, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (!stat.isSocket() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {
    throw untrusted(`${socketPath} is not a socket that only this user can reach`);
  }
  return true;
}

/**
 * Listens at a socket for its owner alone, whatever the umask says. It is never there with other rights, not for a
 * moment: clients would take it for somebody else's, and an agent that is killed in that moment would leave it so.
 */
export async function listenForOwner(server: Server, socketPath: string): Promise<void> {
  const listening = once(server, 'listening');
  const umask = process.umask(0o177);
  try {
    server.listen(socketPath);
  } finally {
    process.umask(umask);
  }
  await listening;
}

function checkDirectory(directory: string): void {
  const stat = lstatSync(directory);
  if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0) return;
  throw untrusted(`${directory} is not a directory of this user alone (mode 0700)`);
}

function untrusted(message: string): AgentPeerFault {
  return new AgentPeerFault('agent-untrusted', message);
}
