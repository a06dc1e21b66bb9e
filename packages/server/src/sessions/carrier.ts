import type { ChannelTimer, FrameSocket } from '@sotto/protocol';
import type { RawData, WebSocket } from 'ws';
import { MAX_HANDSHAKE_MESSAGE_BYTES, MAX_HANDSHAKE_MESSAGES, MAX_UNREAD_BYTES } from '../limits.ts';

/** A WebSocket as the carrier of a channel: whole binary messages, bounded both ways, watched for silence. */
export class WebSocketCarrier implements FrameSocket {
  readonly #socket: WebSocket;
  readonly #ahead: Uint8Array[] = [];
  #receive: (bytes: Uint8Array) => void = () => undefined;
  #taken = 0;
  #handshaking = true;
  #refused = false;
  #writable: PromiseWithResolvers<void> | null = null;
  #stopWatching: () => void;

  constructor(socket: WebSocket, { timer, idleMilliseconds }: CarrierOptions) {
    this.#socket = socket;
    // Without a listener an error of the peer's making would end the process; `close` follows and says enough.
    socket.on('error', () => socket.terminate());
    this.#stopWatching = watch(socket, timer, idleMilliseconds);
    socket.on('close', () => {
      this.#stopWatching();
      this.#writable?.resolve();
    });
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(bytes, () => {
      if (this.#socket.bufferedAmount < MAX_UNREAD_BYTES) this.#writable?.resolve();
    });
  }

  onMessage(receive: (bytes: Uint8Array) => void): void {
    this.#receive = receive;
    this.#socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = data as Buffer;
      if (!isBinary) this.#refuse(1003);
      else if (this.#handshaking && bytes.length > MAX_HANDSHAKE_MESSAGE_BYTES && !this.#isAhead()) this.#refuse(1009);
      else this.#take(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    });
  }

  onClose(closed: () => void): void {
    this.#socket.once('close', closed);
    if (this.#socket.readyState === this.#socket.CLOSED) closed();
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** At once, whatever was still to be sent. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Hands over what a client sent ahead while its handshake was still being checked. */
  endHandshake(): void {
    this.#handshaking = false;
    for (const bytes of this.#ahead.splice(0)) this.#receive(bytes);
    this.#socket.resume();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Resolves once the peer has read enough of what was sent, or is gone. */
  async writable(): Promise<void> {
    if (this.#socket.bufferedAmount < MAX_UNREAD_BYTES || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#writable ??= Promise.withResolvers();
    await this.#writable.promise;
    this.#writable = null;
  }

  #take(bytes: Uint8Array): void {
    if (this.#refused) return;
    if (this.#handshaking) this.#taken++;
    if (this.#handshaking && this.#isAhead()) {
      this.#ahead.push(bytes);
      this.#socket.pause();
    } else this.#receive(bytes);
  }

  /** Beyond the messages of a handshake, so by a client that has its part of it behind it. */
  #isAhead(): boolean {
    return this.#taken > MAX_HANDSHAKE_MESSAGES;
  }

  #refuse(code: number): void {
    this.#refused = true;
    this.#socket.close(code);
  }
}

export interface CarrierOptions {
  readonly timer: ChannelTimer;
  readonly idleMilliseconds: number;
}

/** Pings after silence, and cuts a peer that stays silent. Gives what ends it. */
function watch(socket: WebSocket, timer: ChannelTimer, idleMilliseconds: number): () => void {
  let isAlive = true;
  let cancel: () => void = () => undefined;
  const hear = () => {
    isAlive = true;
  };
  socket.on('pong', hear);
  socket.on('message', hear);
  const look = () => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
    cancel = timer.after(idleMilliseconds, look);
  };
  cancel = timer.after(idleMilliseconds, look);
  return () => cancel();
}
