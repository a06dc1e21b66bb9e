import { Fault, hex } from '@sotto/bytes';
import {
  type Channel,
  ProtocolWireFault,
  type Request,
  request,
  type ServerEvent,
  serverMessage,
} from '@sotto/protocol';
import type { Session } from '../handler.ts';
import { MAX_WAITING_EVENTS, MAX_WAITING_REQUESTS, MAX_WAITING_SIGNALS } from '../limits.ts';
import type { WebSocketCarrier } from './carrier.ts';
import { encodeFault } from './dispatch.ts';

export interface SessionOptions {
  readonly channel: Channel;
  readonly carrier: WebSocketCarrier;
  readonly identity: Session;
  /** The encoded answer; never throws. */
  answer(request: Request): Promise<Uint8Array>;
  /** Why the channel ended; null for an orderly end. */
  closed(fault: Fault | null): void;
}

/**
 * One channel at work: requests are answered one after the other in the order they came, events slip in between. Who
 * asks faster than it is answered, or reads slower than it is told, is read no further until it has caught up.
 */
export class ChannelSession {
  readonly identity: Session;
  readonly #options: SessionOptions;
  readonly #waiting: Uint8Array[] = [];
  readonly #events = new Map<string, ServerEvent>();
  #nextId: number | null = null;
  #nextSignal = 0;
  #working: Promise<void> | null = null;
  #telling: Promise<void> | null = null;
  #draining = false;
  #ended = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.identity = options.identity;
  }

  start(): void {
    const options = this.#options;
    options.channel.onMessage((data) => this.#receive(data));
    options.channel.onClose((fault) => {
      this.#ended = true;
      this.#waiting.length = 0;
      options.closed(fault);
    });
  }

  /** Sends a hint; of several about the same thing the newest is enough. */
  notify(event: ServerEvent): void {
    if (this.#ended) return;
    if (event.event === 'signal') this.#keepSignal(event);
    else this.#events.set(subjectOf(event), event);
    if (this.#events.size > MAX_WAITING_EVENTS) this.#options.carrier.terminate();
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null;
    });
  }

  /** Closes the channel; whatever waits is not answered any more. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.length = 0;
    this.#options.channel.close();
  }

  /** Takes nothing any more, answers what was asked, and closes. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#options.carrier.pause();
    await this.#working;
    this.#options.channel.close();
    // A paused socket would never see the peer's half of the closing.
    this.#options.carrier.resume();
    this.#ended = true;
  }

  /** None takes another's place; whoever does not read them loses the further ones, which their senders repeat. */
  #keepSignal(event: ServerEvent): void {
    const waiting = [...this.#events.keys()].filter((key) => key.startsWith(SIGNAL)).length;
    if (waiting < MAX_WAITING_SIGNALS) this.#events.set(`${SIGNAL}${this.#nextSignal++}`, event);
  }

  #receive(data: Uint8Array): void {
    if (this.#ended || this.#draining) return;
    this.#waiting.push(data);
    if (this.#waiting.length >= MAX_WAITING_REQUESTS) this.#options.carrier.pause();
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  async #work(): Promise<void> {
    for (let data = this.#waiting.shift(); data !== undefined; data = this.#waiting.shift()) {
      await this.#options.carrier.writable();
      const parsed = this.#parse(data);
      if (parsed instanceof Fault) return this.#refuse(parsed);
      this.#send(await this.#options.answer(parsed));
      if (this.#waiting.length === Math.floor(MAX_WAITING_REQUESTS / 4)) this.#options.carrier.resume();
    }
  }

  async #tell(): Promise<void> {
    // A turn later, so that the hints of one commit leave together.
    await Promise.resolve();
    for (const [key, event] of this.#events) {
      await this.#options.carrier.writable();
      this.#events.delete(key);
      this.#send(serverMessage.encode({ type: 'event', event }));
    }
  }

  #parse(data: Uint8Array): Request | Fault {
    try {
      const parsed = request.parse(data);
      if (this.#nextId !== null && parsed.id !== this.#nextId) return outOfOrder();
      this.#nextId = parsed.id + 1;
      return parsed;
    } catch (cause) {
      if (cause instanceof Fault && cause.blame === 'wire') return cause;
      throw cause;
    }
  }

  /** What cannot be read cannot be answered, and what follows it cannot be trusted to be in step. */
  #refuse(fault: Fault): void {
    this.#send(encodeFault(this.#nextId ?? 0, fault));
    this.#ended = true;
    this.#waiting.length = 0;
    this.#options.channel.close();
  }

  #send(message: Uint8Array): void {
    if (this.#ended) return;
    try {
      this.#options.channel.send(message);
    } catch (cause) {
      // The peer has closed and the channel is about to say so.
      if (!(cause instanceof Fault) || cause.code !== 'channel-closed') throw cause;
      this.#ended = true;
    }
  }
}

function outOfOrder(): ProtocolWireFault {
  return new ProtocolWireFault('format-malformed', 'a request whose id does not rise by one');
}

/** What an event is about: a newer one of the same subject takes its place. */
function subjectOf(event: ServerEvent): string {
  if (event.event === 'room') return `room ${hex(event.room)}`;
  return event.event === 'presence' ? `presence ${event.presence.address}` : event.event;
}

const SIGNAL = 'signal ';
