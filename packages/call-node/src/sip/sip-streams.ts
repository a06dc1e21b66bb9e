import { connect, type Server, type Socket } from 'node:net';
import { Fault } from '@sotto/bytes';
import { type Hop, MessageFramer } from '@sotto/sip';

export type TakeMessage = (message: Uint8Array, source: Hop) => void;

/** SIP over TCP: a connection carries messages both ways and is known by the address at its other end. */
export class SipStreams {
  readonly #take: TakeMessage;
  readonly #server: Server;
  /** By their other ends; who has been silent for longest comes first. */
  readonly #connections = new Map<string, Socket>();

  constructor(server: Server, take: TakeMessage) {
    this.#take = take;
    this.#server = server;
    server.on('connection', (socket) => this.#adopt(socket));
  }

  /** Opens a connection unless there is one. Rejects with what connecting throws. */
  async connect(hop: Hop): Promise<void> {
    if (this.#connections.has(keyOf(hop))) return;
    const socket = connect({ host: hop.address, port: hop.port, timeout: CONNECT_MILLISECONDS });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
      socket.once('timeout', () => socket.destroy(new Error('no connection in time')));
    });
    socket.setTimeout(0);
    this.#adopt(socket);
  }

  /** Where no connection is left the message is lost, as a datagram would be. */
  send(message: Uint8Array, hop: Hop): void {
    this.#connections.get(keyOf(hop))?.write(message);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#connections.values()) socket.destroySoon();
    await closed;
  }

  #adopt(socket: Socket): void {
    const source: Hop = { transport: 'TCP', address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const key = keyOf(source);
    const framer = new MessageFramer();
    this.#makeRoom();
    this.#connections.set(key, socket);
    // A stranger who says nothing shall not stay.
    socket.setTimeout(FIRST_MESSAGE_MILLISECONDS, () => socket.destroy());
    socket.on('error', () => socket.destroy()).on('close', () => this.#forget(key, socket));
    socket.on('data', (chunk: Buffer) => {
      for (const message of messagesOf(framer, chunk, socket)) {
        socket.setTimeout(0);
        this.#refresh(key, socket);
        this.#take(message, source);
      }
    });
  }

  #makeRoom(): void {
    const [oldest] = this.#connections;
    if (this.#connections.size >= MAX_CONNECTIONS && oldest !== undefined) oldest[1].destroy();
  }

  #refresh(key: string, socket: Socket): void {
    this.#forget(key, socket);
    this.#connections.set(key, socket);
  }

  #forget(key: string, socket: Socket): void {
    if (this.#connections.get(key) === socket) this.#connections.delete(key);
  }
}

/** A stream in which no message can be found is cut. */
function messagesOf(framer: MessageFramer, chunk: Uint8Array, socket: Socket): readonly Uint8Array[] {
  try {
    return framer.push(chunk);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    socket.destroy();
    return [];
  }
}

function keyOf({ address, port }: Hop): string {
  return `${address} ${port}`;
}

const CONNECT_MILLISECONDS = 10_000;
const FIRST_MESSAGE_MILLISECONDS = 10_000;
const MAX_CONNECTIONS = 16;
