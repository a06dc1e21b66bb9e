import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { WireReader } from './wire-frames.ts';

/** A relay that alters nothing and keeps what it saw: the bytes as they went, and WebSocket payloads without their masks. */
export class Recorder implements AsyncDisposable {
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  readonly #captured: Buffer[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, scheme: 'http' | 'https') {
    this.#server = server;
    this.#scheme = scheme;
  }

  /** In front of a web listener on this machine, which speaks plain http. */
  static async plain(url: string): Promise<Recorder> {
    const { hostname, port } = new URL(url);
    const server = createTcpServer();
    const recorder = new Recorder(server, 'http');
    server.on('connection', (socket: Socket) => recorder.#serve(socket, connectTcp(Number(port), hostname)));
    return recorder.#listen();
  }

  /** In front of a native listener: who holds the server's own TLS key, from its data directory, reads inside TLS. */
  static async insideTls(nativeUrl: string, dataDirectory: string): Promise<Recorder> {
    const { hostname, port } = new URL(nativeUrl);
    const file = (name: string) => readFileSync(join(dataDirectory, 'keys', name));
    const server = createTlsServer({
      key: pemOf(file('tls.pkcs8')),
      cert: Buffer.concat([file('tls.pem'), file('ca.pem')]),
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
    });
    const recorder = new Recorder(server, 'https');
    server.on('secureConnection', (socket) => {
      recorder.#serve(socket, connectTls({ port: Number(port), host: hostname, rejectUnauthorized: false }));
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return recorder.#listen();
  }

  get origin(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that went through so far. */
  get captured(): Buffer {
    return Buffer.concat(this.#captured);
  }

  through(invitation: string): string {
    return invitation.replace(new URL(invitation).origin, this.origin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  #serve(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // Either side may hang up at any time.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.end();
        server.end();
      });
    }
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      const reader = new WireReader();
      from.on('data', (bytes: Buffer) => {
        this.#captured.push(bytes, ...[...reader.take(bytes)].map(({ payload }) => payload));
        to.write(bytes);
      });
    }
  }
}

function pemOf(pkcs8: Buffer): string {
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
