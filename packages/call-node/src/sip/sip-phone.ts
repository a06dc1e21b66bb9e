import { lookup } from 'node:dns/promises';
import { Fault } from '@sotto/bytes';
import { nodePrimitives } from '@sotto/crypto/node';
import { type Hop, isSipUri, type LocalMedia, parseUri, type SipEvent, type SipUri, UserAgent } from '@sotto/sip';
import { familyName } from '../candidate.ts';
import { CallUsageFault } from '../fault.ts';
import { SipSockets } from './sip-sockets.ts';

/** What the signalling of calls with softphones has to tell; what it sends is sent already. */
export type SipNews = Exclude<SipEvent, { readonly kind: 'send' }>;

export interface SipPhoneOptions {
  /** What we answer to, before the @. */
  readonly user: string;
  /** An IP address of this machine; 127.0.0.1 if absent. */
  readonly address?: string;
  /** For UDP and TCP; a free one if absent. */
  readonly port?: number;
  notify(news: SipNews): void;
}

/** Calls with softphones that are reached directly: an agent of SIP with sockets and a clock. */
export class SipPhone {
  readonly #sockets: SipSockets;
  readonly #agent: UserAgent;
  readonly #notify: (news: SipNews) => void;
  readonly user: string;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  /** Throws `address-malformed`, `address-unavailable`. */
  static async open(options: SipPhoneOptions): Promise<SipPhone> {
    let phone: SipPhone | null = null;
    const take = (message: Uint8Array, source: Hop): void => phone?.receive(message, source);
    phone = new SipPhone(options, await SipSockets.open(options.address ?? '127.0.0.1', options.port ?? 0, take));
    return phone;
  }

  private constructor({ user, notify }: SipPhoneOptions, sockets: SipSockets) {
    const { address, port } = sockets;
    this.#sockets = sockets;
    this.user = user;
    this.#notify = notify;
    this.#agent = new UserAgent({ randomBytes: nodePrimitives().randomBytes, user, address, port });
  }

  /** Where others reach us: host and port of a SIP URI. */
  get address(): string {
    const { address, port } = this.#sockets;
    return `${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  /**
   * Calls a softphone; the number of the call is in the news. Throws `unreachable`, `address-unavailable`,
   * `too-many-calls`.
   */
  async place(target: SipUri, media: LocalMedia): Promise<number> {
    const hop = await hopOf(target, this.#sockets.address);
    await this.#sockets.reach(hop);
    const { call, events } = this.#agent.invite({ target, hop, media, now: performance.now() });
    this.#deliver(events);
    return call;
  }

  /** Throws `no-such-call`. */
  accept(call: number, media: LocalMedia): void {
    this.#deliver(this.#agent.accept(call, media, performance.now()));
  }

  /** A call that nobody has answered yet, and that may be over. */
  refuseAsBusy(call: number): void {
    if (this.#agent.hasCall(call)) this.#deliver(this.#agent.refuseAsBusy(call, performance.now()));
  }

  /** Cancels, declines or hangs up. Throws `no-such-call`. */
  hangUp(call: number): void {
    this.#deliver(this.#agent.hangUp(call, performance.now()));
  }

  /** As `hangUp`, of a call that may be over. */
  end(call: number): void {
    if (this.#agent.hasCall(call)) this.hangUp(call);
  }

  receive(message: Uint8Array, source: Hop): void {
    if (!this.#isClosed) this.#deliver(this.#agent.receive(message, source, performance.now()));
  }

  /** After the other end has heard what it still has to hear, or a second. */
  async close(): Promise<void> {
    const end = performance.now() + FAREWELL_MILLISECONDS;
    while (this.#agent.isAsking && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#sockets.close();
  }

  #deliver(events: readonly SipEvent[]): void {
    for (const event of events) {
      if (event.kind === 'send') this.#sockets.send(event.bytes, event.hop);
      else this.#notify(event);
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { nextTickAt } = this.#agent;
    if (nextTickAt === null || this.#isClosed) return;
    const wait = Math.max(1, Math.ceil(nextTickAt - performance.now()));
    this.#timer = setTimeout(() => this.#deliver(this.#agent.tick(performance.now())), wait);
    this.#timer.unref();
  }
}

/** The URI of a softphone as a person types it. Throws `sip-uri-malformed`. */
export function parseSipUri(text: string): SipUri {
  const uri = sipUri(text);
  if (uri?.scheme !== 'sip' || uri.headers !== null)
    throw new CallUsageFault('sip-uri-malformed', 'this is no address of the form sip:NAME@HOST');
  return uri;
}

function sipUri(text: string): SipUri | null {
  try {
    const uri = parseUri(text);
    return isSipUri(uri) ? uri : null;
  } catch (cause) {
    if (cause instanceof Fault) return null;
    throw cause;
  }
}

/** RFC 3263 without its records of the DNS: an address, or a name that has one. */
async function hopOf({ host, port, parameters }: SipUri, own: string): Promise<Hop> {
  const transport = parameters.find(({ name }) => name === 'transport')?.value?.toUpperCase() ?? 'UDP';
  if (transport !== 'UDP' && transport !== 'TCP')
    throw new CallUsageFault('unreachable', 'only UDP and TCP are spoken');
  const name = host.replace(/^\[|\]$/g, '');
  try {
    const { address } = await lookup(name, { family: familyName(own) === 'ipv6' ? 6 : 4 });
    return { transport, address, port: port ?? 5060 };
  } catch (cause) {
    throw new CallUsageFault('unreachable', 'this name has no address', { cause });
  }
}

const FAREWELL_MILLISECONDS = 1000;
