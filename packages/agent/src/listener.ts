import { rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Fault } from '@sotto/bytes';
import { Conversation, type ConversationHandlers } from './conversation.ts';
import { AGENT_PROTOCOL, MAX_CLIENTS } from './limits.ts';
import type { AgentLog } from './log.ts';
import { checkPeer } from './peer.ts';
import { checkSocket, listenForOwner, pointerPath, prepareDirectory } from './place.ts';
import { programVersion } from './program-version.ts';

export interface ListenerOptions {
  readonly profileDirectory: string;
  readonly socketPath: string;
  readonly onCall: NonNullable<ConversationHandlers['onCall']>;
  readonly log: AgentLog;
}

/** The socket of an agent, for programs of its own user alone. */
export class AgentListener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #conversations = new Set<Conversation>();

  private constructor(server: Server, options: ListenerOptions) {
    this.#server = server;
    this.#options = options;
    server.on('connection', (socket) => this.#welcome(socket));
  }

  /**
   * Listens, in the place of the socket that a killed agent left: its caller holds the agent's lock, so nobody listens
   * there. Throws `agent-untrusted`.
   */
  static async open(options: ListenerOptions): Promise<AgentListener> {
    const { profileDirectory, socketPath } = options;
    prepareDirectory(socketPath);
    if (checkSocket(socketPath)) unlinkSync(socketPath);
    const server = createServer();
    const listener = new AgentListener(server, options);
    await listenForOwner(server, socketPath);
    writeFileSync(pointerPath(profileDirectory), `${socketPath}\n`, { mode: 0o600 });
    return listener;
  }

  /** Ends all conversations and takes the socket away. */
  async close(): Promise<void> {
    rmSync(pointerPath(this.#options.profileDirectory), { force: true });
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const conversation of [...this.#conversations]) conversation.finish();
    await closed;
  }

  #welcome(socket: Socket): void {
    try {
      checkPeer(socket);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.#options.log.write('refused a client', cause);
      socket.destroy();
      return;
    }
    if (this.#conversations.size >= MAX_CLIENTS) {
      socket.destroy();
      return;
    }
    const conversation = new Conversation(socket, {
      onCall: this.#options.onCall,
      onClose: (fault) => {
        this.#conversations.delete(conversation);
        if (fault !== null) this.#options.log.write('a client was cut off', fault);
      },
    });
    this.#conversations.add(conversation);
    conversation.hello({ v: AGENT_PROTOCOL, version: programVersion(), pid: process.pid });
  }
}
