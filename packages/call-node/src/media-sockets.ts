import { createSocket, type Socket } from 'node:dgram';
import { type Candidate, checkAddress, familyName } from './candidate.ts';
import { CallUsageFault } from './fault.ts';
import { MAX_DATAGRAM_BYTES } from './limits.ts';

/** Which of our sockets, and which address of the other end. */
export interface Path {
  readonly socket: number;
  readonly remote: Candidate;
}

export type TakeDatagram = (datagram: Uint8Array, path: Path) => void;

/** One UDP socket on each address that this end listens on. */
export class MediaSockets {
  readonly #sockets: readonly Socket[];
  readonly candidates: readonly Candidate[];
  #bytesSent = 0;
  #packetsSent = 0;

  private constructor(sockets: readonly Socket[], candidates: readonly Candidate[]) {
    this.#sockets = sockets;
    this.candidates = candidates;
  }

  /** Throws `address-malformed`, `address-unavailable`. `port`: 0 for one that is free. */
  static async open(addresses: readonly string[], port = 0): Promise<MediaSockets> {
    for (const address of addresses) checkAddress(address);
    const opened: Socket[] = [];
    try {
      for (const address of addresses) opened.push(await bind({ address, port }));
    } catch (cause) {
      for (const socket of opened) socket.close();
      throw new CallUsageFault('address-unavailable', 'no socket can be opened on that address', { cause });
    }
    return new MediaSockets(
      opened,
      opened.map((socket) => ({ address: socket.address().address, port: socket.address().port })),
    );
  }

  /** Hands over each datagram that is no longer than any of ours may be. */
  listen(take: TakeDatagram): void {
    for (const [index, socket] of this.#sockets.entries()) {
      socket.on('message', (datagram, { address, port }) => {
        if (datagram.length > MAX_DATAGRAM_BYTES || port === 0) return;
        take(Uint8Array.from(datagram), { socket: index, remote: { address, port } });
      });
    }
  }

  /** All ways from here to an address. */
  pathsTo(remote: Candidate): readonly Path[] {
    const family = familyName(remote.address);
    return this.candidates.flatMap((own, socket) => (familyName(own.address) === family ? [{ socket, remote }] : []));
  }

  send(packet: Uint8Array, { socket, remote }: Path): void {
    this.#packetsSent += 1;
    this.#bytesSent += packet.length + (familyName(remote.address) === 'ipv4' ? 28 : 48);
    // An address that cannot be reached is as one that does not answer.
    this.#sockets[socket]?.send(packet, remote.port, remote.address, () => undefined);
  }

  /** With the headers of IP and UDP. */
  get sent(): { readonly packets: number; readonly bytes: number } {
    return { packets: this.#packetsSent, bytes: this.#bytesSent };
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }
}

async function bind({ address, port }: Candidate): Promise<Socket> {
  const socket = createSocket(familyName(address) === 'ipv6' ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  // What the network says of single packets (port unreachable) ends no call.
  socket.on('error', () => undefined);
  return socket;
}
