import { Fault } from '@sotto/bytes';
import {
  ChannelRefusedFault,
  type DeviceLogin,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Operations,
  ProtocolPeerFault,
  type ServerEvent,
} from '@sotto/protocol';
import { type Cluster, openChannel } from './cluster.ts';
import { KeyboxUsageFault } from './fault.ts';
import type { Platform } from './ports.ts';
import type { RequestChannel } from './request-channel.ts';
import type { Link } from './session.ts';

/** The device channel of one account: opened by the first call, opened again when it breaks. */
export class ServerLink implements Link {
  readonly origin: string;
  readonly #platform: Platform;
  readonly #cluster: Cluster;
  readonly #login: DeviceLogin;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #endListeners = new Set<() => void>();
  #opening: Promise<RequestChannel> | null = null;
  #connected = false;
  /** False again once nobody was there for a whole call. */
  #isReachable = false;
  #onConnected: () => void = () => {};
  #onRevoked: () => Promise<void> = async () => {};
  #closed = false;

  constructor(platform: Platform, cluster: Cluster, login: DeviceLogin) {
    this.origin = cluster.origin;
    this.#platform = platform;
    this.#cluster = cluster;
    this.#login = login;
  }

  get connected(): boolean {
    return this.#connected;
  }

  async call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>> {
    const interruptions: Fault[] = [];
    for (const backoff of BACKOFF_MILLISECONDS) {
      if (backoff > 0) await this.#platform.clock.sleep(backoff);
      const opening = this.#open();
      try {
        const channel = await opening;
        this.#isReachable = true;
        this.#greet();
        return await channel.call(name, input);
      } catch (cause) {
        if (cause instanceof Fault && cause.code === 'device-revoked') await this.#onRevoked();
        if (!isInterruption(cause) || this.#closed) throw cause;
        this.#drop(opening);
        interruptions.push(cause);
        // Nobody there at the first knock: the machine is offline, and waiting would only hold the person up.
        if (cause.code === 'unreachable' && !this.#isReachable) throw cause;
      }
    }
    this.#isReachable = false;
    throw verdict(interruptions);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onEnd(listener: () => void): () => void {
    this.#endListeners.add(listener);
    return () => void this.#endListeners.delete(listener);
  }

  /** Called once, when the first channel of this run stands. */
  onConnected(listener: () => void): void {
    this.#onConnected = listener;
  }

  /** Called when the server refuses a call because this device was revoked; what it throws takes the refusal's place. */
  onRevoked(listener: () => Promise<void>): void {
    this.#onRevoked = listener;
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#endListeners.clear();
    const opening = this.#opening;
    if (opening !== null) this.#drop(opening);
  }

  #greet(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#onConnected();
  }

  #open(): Promise<RequestChannel> {
    if (this.#closed) return Promise.reject(new KeyboxUsageFault('cancelled', 'the connection was closed'));
    if (this.#opening !== null) return this.#opening;
    const opening = this.#connect();
    this.#opening = opening;
    // A refusal is for now: whoever asks later asks anew.
    opening.catch(() => this.#drop(opening));
    return opening;
  }

  async #connect(): Promise<RequestChannel> {
    const channel = await openChannel(this.#platform, this.#cluster, this.#login);
    channel.onEvent((event) => {
      for (const listener of [...this.#listeners]) listener(event);
    });
    channel.onEnd(() => {
      for (const listener of [...this.#endListeners]) listener();
    });
    return channel;
  }

  #drop(opening: Promise<RequestChannel>): void {
    if (this.#opening === opening) this.#opening = null;
    opening.then(
      (channel) => channel.close(),
      () => {
        // Told to whoever waited for it.
      },
    );
  }
}

/** True for what another attempt may mend: a broken or silent connection, or bytes that were altered under way. */
export function isInterruption(cause: unknown): cause is Fault {
  if (!(cause instanceof Fault) || cause instanceof ChannelRefusedFault) return false;
  return LOST.has(cause.code) || TAMPERED.has(cause.code) || cause.code.startsWith('certificate-');
}

/**
 * Does the work again, three times at most, if a connection broke under it. Only for work that may be done twice; who
 * is not there at all and wrong certificates are told at once.
 */
export async function repeatInterrupted<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let left = MAX_REPETITIONS; ; left--) {
    try {
      return await work();
    } catch (cause) {
      if (left === 0 || !isInterruption(cause)) throw cause;
      if (cause.code === 'unreachable' || cause.code.startsWith('certificate-')) throw cause;
    }
  }
}

/** What is said after the last attempt: the server is gone, its certificates are wrong, or somebody is in between. */
function verdict(interruptions: readonly Fault[]): Fault {
  const last = interruptions.at(-1) as Fault;
  if (last.code.startsWith('certificate-')) return last;
  if (interruptions.every(({ code }) => TAMPERED.has(code))) {
    const message = 'somebody or something between here and the home server alters the connection; nothing was lost';
    return new ProtocolPeerFault('channel-broken', message, { cause: last });
  }
  return new KeyboxUsageFault('unreachable', 'the connection to the home server keeps breaking: try again later', {
    cause: last,
  });
}

const LOST: ReadonlySet<string> = new Set(['unreachable', 'channel-interrupted', 'channel-timeout', 'channel-closed']);
const TAMPERED: ReadonlySet<string> = new Set([
  'channel-broken',
  'channel-unauthenticated',
  'frame-malformed',
  'der-malformed',
  'sealed-malformed',
  'open-failed',
  'bad-share',
]);
const MAX_REPETITIONS = 3;
/** Before each of the four attempts. */
const BACKOFF_MILLISECONDS = [0, 200, 800, 2000];
