import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import type { Hop } from '@sotto/sip';
import { checkAddress, familyName } from '../candidate.ts';
import { CallUsageFault } from '../fault.ts';
import { SipStreams, type TakeMessage } from './sip-streams.ts';

/** One address and port for SIP, over UDP and TCP. */
export class SipSockets {
  readonly address: string;
  readonly port: number;
  readonly #datagrams: Socket;
  readonly #streams: SipStreams;

  private constructor(datagrams: Socket, server: Server, take: TakeMessage) {
    const { address, port } = datagrams.address();
    this.address = address;
    this.port = port;
    this.#datagrams = datagrams;
    this.#streams = new SipStreams(server, take);
    datagrams.on('message', (datagram, source) => {
      if (source.port !== 0) take(datagram, { transport: 'UDP', address: source.address, port: source.port });
    });
    // What the network says of single datagrams ends nothing: the other end is asked again.
    datagrams.on('error', () => undefined);
    server.on('error', () => undefined);
  }

  /** `port`: 0 for one that is free. Throws `address-malformed`, `address-unavailable`. */
  static async open(address: string, port: number, take: TakeMessage): Promise<SipSockets> {
    checkAddress(address);
    for (let attempt = 1; ; attempt++) {
      const server = createServer();
      try {
        const free = await listen(server, address, port);
        return new SipSockets(await bind(address, free), server, take);
      } catch (cause) {
        server.close();
        // A port that is free for TCP need not be free for UDP.
        if (port !== 0 || attempt === ATTEMPTS)
          throw new CallUsageFault('address-unavailable', 'no socket can be opened on that address', { cause });
      }
    }
  }

  /** Makes sure that messages can go there. Throws `unreachable`. */
  async reach(hop: Hop): Promise<void> {
    if (familyName(hop.address) !== familyName(this.address))
      throw new CallUsageFault('address-unavailable', 'the other end has an address of another kind');
    if (hop.transport === 'UDP') return;
    try {
      await this.#streams.connect(hop);
    } catch (cause) {
      throw new CallUsageFault('unreachable', 'nobody takes connections there', { cause });
    }
  }

  send(message: Uint8Array, hop: Hop): void {
    if (hop.transport === 'TCP') this.#streams.send(message, hop);
    // An address that cannot be reached is as one that does not answer.
    else this.#datagrams.send(message, hop.port, hop.address, () => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([new Promise<void>((resolve) => this.#datagrams.close(() => resolve())), this.#streams.close()]);
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

async function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket(familyName(address) === 'ipv6' ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(cause);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

const ATTEMPTS = 10;
