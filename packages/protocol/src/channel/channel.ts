import { BugFault, Fault } from '@sotto/bytes';
import { ChannelPeerFault, ChannelUsageFault } from './fault.ts';
import type { Established } from './handshake.ts';
import type { Inbox } from './inbox.ts';
import { MAX_DATA_BYTES } from './limits.ts';
import type { ChannelClock, FrameSocket } from './ports.ts';

/** An established channel: messages of at most `MAX_DATA_BYTES`, whole, in order, both ways. */
export interface Channel {
  /** Queues a message; a copy is taken. Throws `message-too-long` or `channel-closed`. */
  send(data: Uint8Array): void;
  /** Called once. What came before waits for it, also beyond the end. */
  onMessage(receive: (data: Uint8Array<ArrayBuffer>) => void): void;
  /** Called once. The callback comes once, at once if it is over: `null` for an orderly end, else why it broke. */
  onClose(closed: (fault: Fault | null) => void): void;
  /** Ends the channel behind what was queued. */
  close(): void;
}

export interface ChannelParts {
  readonly socket: FrameSocket;
  readonly inbox: Inbox;
  readonly clock: ChannelClock;
}

export class EstablishedChannel implements Channel {
  readonly #parts: ChannelParts;
  readonly #traffic: Established;
  #outgoing: Promise<void> = Promise.resolve();
  #undelivered: Uint8Array<ArrayBuffer>[] = [];
  #receive: ((data: Uint8Array<ArrayBuffer>) => void) | null = null;
  #closed: ((fault: Fault | null) => void) | null = null;
  #closing = false;
  #end: { readonly fault: Fault | null } | null = null;

  constructor(parts: ChannelParts, traffic: Established) {
    this.#parts = parts;
    this.#traffic = traffic;
    void this.#readAll();
  }

  send(data: Uint8Array): void {
    if (this.#closing) throw new ChannelUsageFault('channel-closed', 'the channel has ended');
    if (data.length > MAX_DATA_BYTES) {
      throw new ChannelUsageFault('message-too-long', `a message has at most ${MAX_DATA_BYTES} bytes`);
    }
    const copy = Uint8Array.from(data);
    this.#enqueue(() => this.#traffic.sender.seal(copy, this.#parts.clock.now()));
  }

  onMessage(receive: (data: Uint8Array<ArrayBuffer>) => void): void {
    this.#receive = receive;
    const waiting = this.#undelivered;
    this.#undelivered = [];
    for (const data of waiting) this.#deliver(data);
  }

  onClose(closed: (fault: Fault | null) => void): void {
    this.#closed = closed;
    if (this.#end !== null) closed(this.#end.fault);
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#enqueue(() => this.#traffic.sender.close(this.#parts.clock.now()));
    this.#outgoing = this.#outgoing.then(() => this.#finish(null));
  }

  #enqueue(seal: () => Promise<Uint8Array[]>): void {
    const sendAll = async () => {
      for (const frame of await seal()) this.#parts.socket.send(frame);
    };
    this.#outgoing = this.#outgoing.then(sendAll).catch((cause) => this.#finish(faultOf(cause)));
  }

  async #readAll(): Promise<void> {
    try {
      while (!this.#closing) {
        const event = await this.#traffic.receiver.open(await this.#parts.inbox.read());
        if (this.#closing) return;
        if (event.kind === 'data') this.#deliver(event.data);
        else if (event.kind === 'close') this.close();
      }
    } catch (cause) {
      this.#finish(faultOf(cause));
    }
  }

  #deliver(data: Uint8Array<ArrayBuffer>): void {
    if (this.#receive === null) this.#undelivered.push(data);
    else this.#receive(data);
  }

  #finish(fault: Fault | null): void {
    if (this.#end !== null) return;
    this.#end = { fault };
    this.#closing = true;
    this.#traffic.sender.dispose();
    this.#traffic.receiver.dispose();
    this.#parts.inbox.fail(new ChannelPeerFault('channel-interrupted', 'the channel has ended'));
    this.#parts.socket.close();
    this.#closed?.(fault);
  }
}

function faultOf(cause: unknown): Fault {
  return cause instanceof Fault ? cause : new BugFault('a channel met an error that is no fault', { cause });
}
