import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type WirePiece, WireReader } from './wire-frames.ts';

export type Direction = 'to-server' | 'to-client';

/** What a relay does with one piece: forwards these, in this order; null cuts the connection. */
type Judgement = readonly Buffer[] | null;

/**
 * Judges the pieces of one connection. Made anew for each one; `head` pieces and control frames are judged too.
 */
export type Judge = (piece: WirePiece, direction: Direction, index: number) => Judgement;

export interface RelayOptions {
  /** `http://HOST:PORT` of the web listener. */
  readonly target: string;
  /** By default everything goes through. */
  readonly judge?: () => Judge;
}

/**
 * Stands on this machine between clients and a home server's web listener. It sees whole WebSocket frames, and the bytes of
 * files, and lets a judge alter what it forwards; `judge` may be changed at any time and counts for new connections.
 */
export class Relay implements AsyncDisposable {
  judge: () => Judge;
  /** Connections so far. */
  connections = 0;
  /** Pieces that were not forwarded exactly as they came. */
  tampered = 0;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor({ target, judge = honest }: RelayOptions) {
    this.#target = new URL(target);
    this.judge = judge;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An invitation whose link leads through this relay. */
  through(invitation: string): string {
    return invitation.replace(new URL(invitation).origin, this.origin);
  }

  /** Ends all connections: what comes next is judged as it is said now. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket): void {
    this.connections += 1;
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const judge = this.judge();
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // A connection that breaks is what a relay is there for.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    this.#pump(client, server, { judge, direction: 'to-server' });
    this.#pump(server, client, { judge, direction: 'to-client' });
  }

  #pump(
    from: Socket,
    to: Socket,
    { judge, direction }: { readonly judge: Judge; readonly direction: Direction },
  ): void {
    const reader = new WireReader();
    let index = 0;
    from.on('data', (bytes: Buffer) => {
      for (const piece of reader.take(bytes)) {
        const forwarded = judge(piece, direction, index++);
        if (forwarded?.length !== 1 || forwarded[0] !== piece.raw) this.tampered += 1;
        if (forwarded === null) return void from.destroy();
        for (const raw of forwarded) to.write(raw);
      }
    });
  }
}

/** Forwards everything as it comes. */
export function honest(): Judge {
  return ({ raw }) => [raw];
}
