import { createSocket, type Socket } from 'node:dgram';
import { Secret } from '@sotto/crypto';
import { type AudioProfile, audioProfiles } from './audio-profile.ts';
import type { Caller } from './call.fixture.ts';

/** What becomes of a datagram: after how many milliseconds it is passed on; null for never. */
export type Fate = () => number | null;

/** Stands between two ends, sees what passes, and loses or delays it. */
export class Middle implements AsyncDisposable {
  readonly seen: Uint8Array[] = [];
  readonly #ends: readonly [Caller, Caller];
  readonly #fate: Fate;
  readonly #copies: number;
  #sockets: readonly [Socket, Socket];

  private constructor(
    ends: readonly [Caller, Caller],
    sockets: readonly [Socket, Socket],
    way: { readonly fate: Fate; readonly copies: number },
  ) {
    this.#ends = ends;
    this.#sockets = sockets;
    this.#fate = way.fate;
    this.#copies = way.copies;
    this.#relay();
  }

  /** Passes each datagram on so many times. */
  static async between(left: Caller, right: Caller, fate: Fate = () => 0, copies = 1): Promise<Middle> {
    return new Middle([left, right], await bothSockets(), { fate, copies });
  }

  /** Lets the two ends know of each other at this one's addresses. */
  introduce(secret: Uint8Array | null = null, profile: AudioProfile = audioProfiles.standard): void {
    const [left, right] = this.#ends;
    for (const [own, other, socket] of [
      [left, right, this.#sockets[0]],
      [right, left, this.#sockets[1]],
    ] as const) {
      own.session.connect({
        candidates: [{ address: '127.0.0.1', port: socket.address().port }],
        zrtpHash: other.session.helloHash,
        auxiliary: secret === null ? null : new Secret(secret),
        profile,
      });
    }
  }

  /** From now on from other ports, as behind a router that forgot. */
  async move(): Promise<void> {
    const old = this.#sockets;
    this.#sockets = await bothSockets();
    this.#relay();
    // What still comes to the old ones is lost, what leaves comes from the new ones.
    for (const [i, socket] of old.entries()) {
      socket.removeAllListeners('message');
      socket.on('message', (datagram) => this.#pass(datagram, i === 0 ? 1 : 0));
      setTimeout(() => socket.close(), MOVE_MILLISECONDS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.close();
  }

  /** What comes from the left end to socket 0 leaves by socket 1 to the right one, and the other way. */
  #relay(): void {
    for (const [i, socket] of this.#sockets.entries())
      socket.on('message', (datagram) => this.#pass(datagram, i === 0 ? 1 : 0));
  }

  #pass(datagram: Uint8Array, to: 0 | 1): void {
    this.seen.push(Uint8Array.from(datagram));
    const after = this.#fate();
    if (after === null) return;
    const port = this.#ends[to].session.candidates[0]?.port;
    const send = (): void => {
      try {
        this.#sockets[to].send(datagram, port, '127.0.0.1', () => undefined);
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_SOCKET_DGRAM_NOT_RUNNING')) throw cause;
      }
    };
    for (let i = 0; i < this.#copies; i++) {
      if (after === 0) send();
      else setTimeout(send, after);
    }
  }
}

async function bothSockets(): Promise<readonly [Socket, Socket]> {
  const open = async (): Promise<Socket> => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket;
  };
  return Promise.all([open(), open()]);
}

const MOVE_MILLISECONDS = 3000;
