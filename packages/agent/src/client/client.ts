import { connect, type Socket } from 'node:net';
import type { Address } from '@sotto/protocol';
import type { AgentInterface } from '../agent-interface.ts';
import { Conversation } from '../conversation.ts';
import { AgentUsageFault } from '../fault.ts';
import { AGENT_PROTOCOL } from '../limits.ts';
import { checkPeer } from '../peer.ts';
import { checkSocket, readPointer } from '../place.ts';
import { programVersion } from '../program-version.ts';
import { type RemoteAccount, remoteAccount } from './remote-box.ts';

/** A connection to the agent of a profile. */
export interface AgentClient {
  readonly pid: number;
  readonly agent: AgentInterface;
  account(address: Address): RemoteAccount;
  close(): void;
}

/**
 * Connects to the agent that holds a profile; null if none does. Throws `agent-untrusted` for a socket that another
 * user made or could have made, `agent-outdated` for an agent of another version.
 */
export async function connectAgent(profileDirectory: string): Promise<AgentClient | null> {
  const path = readPointer(profileDirectory);
  if (path === null || !checkSocket(path)) return null;
  const socket = await open(path);
  if (socket === null) return null;
  try {
    checkPeer(socket);
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
  return greet(socket);
}

/** Null if nobody listens: the agent was killed. */
function open(path: string): Promise<Socket | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | null>();
  const socket = connect(path);
  socket.once('connect', () => resolve(socket));
  socket.once('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ECONNREFUSED' || cause.code === 'ENOENT') resolve(null);
    else reject(cause);
  });
  return promise;
}

async function greet(socket: Socket): Promise<AgentClient> {
  const greeted = Promise.withResolvers<number>();
  const conversation = new Conversation(socket, {
    onHello: ({ v, version, pid }) => {
      if (v === AGENT_PROTOCOL && version === programVersion()) return greeted.resolve(pid);
      const message = `the agent runs version ${version}, this is ${programVersion()}`;
      greeted.reject(new AgentUsageFault('agent-outdated', message));
    },
    onClose: (fault) => greeted.reject(fault ?? new AgentUsageFault('agent-lost', 'the agent ended at once')),
  });
  try {
    const pid = await greeted.promise;
    return {
      pid,
      agent: agentOf(conversation),
      account: (address) => remoteAccount(conversation, address),
      close: () => conversation.close(),
    };
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
}

function agentOf(conversation: Conversation): AgentInterface {
  const call = (method: string, ...input: readonly unknown[]): Promise<never> =>
    conversation.call({ account: null, area: 'agent', method, input }) as Promise<never>;
  return {
    find: (name) => call('find', name),
    unlock: (request) => call('unlock', request),
    lock: (address) => call('lock', address),
    forget: (address) => call('forget', address),
    status: () => call('status'),
    stop: () => call('stop'),
  };
}
