import { EventEmitter } from 'node:events';
import { type FrameSocket, KeyboxUsageFault, type Transport } from '@sotto/keybox';
import type { Chance } from './chance.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';

/** What becomes of one frame. */
type Fate = 'arrives' | 'cut-before' | 'cut-after' | 'twice' | 'altered';

/** A direction between a device and a server. */
interface Way {
  readonly device: string;
  readonly server: string;
  readonly to: 'device' | 'server';
}

export interface NetworkRules {
  /** Milliseconds that a frame is on its way. */
  delay(way: Way): number;
  fate(way: Way): Fate;
  /** True while nothing gets through. */
  isBlocked(way: Way): boolean;
  /** Sees every frame as it is sent. */
  observe(frame: Uint8Array): void;
}

/** A server that takes connections. */
export interface Listener {
  readonly name: string;
  readonly process: Process;
  enter(socket: ServerEnd, source: string): void;
}

/** The network of a city. Connections are ordered and reliable until they end, as WebSockets over TCP are. */
export class Network {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly rules: NetworkRules;
  readonly #listeners = new Map<string, Listener>();
  readonly #connections = new Set<Connection>();

  constructor(timeline: Timeline, chance: Chance, rules: NetworkRules) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.rules = rules;
  }

  listen(origin: string, listener: Listener): void {
    this.#listeners.set(origin, listener);
    listener.process.onKill(() => {
      if (this.#listeners.get(origin) === listener) this.#listeners.delete(origin);
    });
  }

  /** How the program of a device reaches servers. */
  transport(device: string, process: Process): Transport {
    return {
      connect: ({ origin }) => process.guard(() => this.#connect(device, process, origin)).then((made) => made),
    };
  }

  /** Lets go what a partition held back. */
  release(): void {
    for (const connection of this.#connections) connection.release();
  }

  /** Ends connections that stand: all of them, or those of one device. */
  cut(device: string | null = null): void {
    for (const connection of [...this.#connections]) {
      if (device === null || connection.device === device) connection.cut();
    }
  }

  async #connect(device: string, process: Process, origin: string): Promise<FrameSocket> {
    const listener = this.#listeners.get(origin);
    const server = listener?.name ?? origin;
    const there: Way = { device, server, to: 'server' };
    const back: Way = { device, server, to: 'device' };
    await process.wait(this.rules.delay(there) + this.rules.delay(back));
    const isThere = listener?.process.alive === true;
    if (!isThere || this.rules.isBlocked(there) || this.rules.isBlocked(back)) {
      throw new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later');
    }
    const connection = new Connection({ device, server, process, listener, chance: this.#chance }, this.#timeline, {
      rules: this.rules,
      ended: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection.client;
  }
}

interface Ends {
  readonly device: string;
  readonly server: string;
  readonly process: Process;
  readonly listener: Listener;
  readonly chance: Chance;
}

class Connection {
  readonly device: string;
  readonly client: FrameSocket;
  readonly #timeline: Timeline;
  readonly #rules: NetworkRules;
  readonly #chance: Chance;
  readonly #ended: () => void;
  readonly #toDevice: Direction;
  readonly #toServer: Direction;
  readonly #server: ServerEnd;
  readonly #early: Uint8Array[] = [];
  readonly #process: Process;
  readonly #closeListeners: (() => void)[] = [];
  #onMessage: ((frame: Uint8Array) => void) | null = null;
  #open = true;

  constructor(
    { device, server, process, listener, chance }: Ends,
    timeline: Timeline,
    { rules, ended }: { readonly rules: NetworkRules; readonly ended: () => void },
  ) {
    this.device = device;
    this.#timeline = timeline;
    this.#rules = rules;
    this.#chance = chance;
    this.#ended = ended;
    this.#process = process;
    this.#toDevice = { way: { device, server, to: 'device' }, lastAt: 0, held: [] };
    this.#toServer = { way: { device, server, to: 'server' }, lastAt: 0, held: [] };
    this.client = {
      send: (frame) => this.#send(this.#toServer, Uint8Array.from(frame), (bytes) => this.#server.receive(bytes)),
      onMessage: (listen) => {
        this.#onMessage = listen;
        for (const frame of this.#early.splice(0)) listen(frame);
      },
      onClose: (listen) => {
        if (this.#open) this.#closeListeners.push(listen);
        else listen();
      },
      close: () => this.#closeAfter(this.#toServer),
    };
    this.#server = new ServerEnd({
      send: (frame) => this.#send(this.#toDevice, Uint8Array.from(frame), (bytes) => this.#deliver(bytes)),
      close: () => this.#closeAfter(this.#toDevice),
      terminate: () => this.cut(),
      ping: (pong) => this.#send(this.#toServer, new Uint8Array(), pong),
    });
    process.onKill(() => this.cut());
    listener.process.onKill(() => this.cut());
    listener.enter(this.#server, device);
  }

  /** Ends it for both, whatever is on its way. */
  cut(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended();
    for (const listen of this.#closeListeners.splice(0)) if (this.#process.alive) listen();
    this.#server.end();
  }

  release(): void {
    for (const direction of [this.#toDevice, this.#toServer]) {
      for (const { run } of direction.held.splice(0)) this.#carry(direction, run);
    }
  }

  #send(direction: Direction, frame: Uint8Array, arrive: (frame: Uint8Array) => void): void {
    if (!this.#open) return;
    this.#rules.observe(frame);
    const fate = frame.length === 0 ? 'arrives' : this.#rules.fate(direction.way);
    this.#carry(direction, () => {
      if (fate === 'cut-before') return this.cut();
      arrive(fate === 'altered' ? this.#altered(frame) : frame);
      if (fate === 'twice') arrive(Uint8Array.from(frame));
      if (fate === 'cut-after') this.cut();
    });
  }

  /** In order, after the delay; held back while the way is blocked. */
  #carry(direction: Direction, run: () => void): void {
    direction.lastAt = Math.max(direction.lastAt, this.#timeline.now + this.#rules.delay(direction.way));
    this.#timeline.after(direction.lastAt - this.#timeline.now, () => {
      if (!this.#open) return;
      if (direction.held.length > 0 || this.#rules.isBlocked(direction.way)) direction.held.push({ run });
      else run();
    });
  }

  #closeAfter(direction: Direction): void {
    if (this.#open) this.#carry(direction, () => this.cut());
  }

  #deliver(frame: Uint8Array): void {
    if (!this.#process.alive) return;
    if (this.#onMessage === null) this.#early.push(frame);
    else this.#onMessage(frame);
  }

  #altered(frame: Uint8Array): Uint8Array {
    const at = this.#chance.below(frame.length);
    return frame.with(at, (frame[at] as number) ^ (1 << this.#chance.below(8)));
  }
}

interface Direction {
  readonly way: Way;
  lastAt: number;
  readonly held: { readonly run: () => void }[];
}

interface ServerEndActions {
  send(frame: Uint8Array): void;
  close(): void;
  terminate(): void;
  ping(pong: () => void): void;
}

/** A connection as the server has it: what the gate uses of a WebSocket. */
export class ServerEnd extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readonly bufferedAmount = 0;
  readyState = 1;
  readonly #actions: ServerEndActions;
  readonly #waiting: Uint8Array[] = [];
  #paused = false;

  constructor(actions: ServerEndActions) {
    super();
    this.#actions = actions;
  }

  send(frame: Uint8Array, sent: () => void): void {
    this.#actions.send(frame);
    sent();
  }

  close(): void {
    this.#actions.close();
  }

  terminate(): void {
    this.#actions.terminate();
  }

  ping(): void {
    this.#actions.ping(() => this.emit('pong'));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    while (!this.#paused && this.#waiting.length > 0) this.#tell(this.#waiting.shift() as Uint8Array);
  }

  receive(frame: Uint8Array): void {
    if (this.#paused) this.#waiting.push(frame);
    else this.#tell(frame);
  }

  end(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.emit('close');
  }

  #tell(frame: Uint8Array): void {
    this.emit('message', Buffer.from(frame), true);
  }
}
