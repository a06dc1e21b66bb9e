import type { Primitives } from '@sotto/crypto';
import { formatInvitation } from '@sotto/protocol';
import {
  type Cluster,
  claimStore,
  type Handlers,
  incarnationOf,
  type Logger,
  openCluster,
  openHome,
  ownerInvitation,
} from '@sotto/server';
import type { Network, ServerEnd } from './network.ts';
import { Process } from './process.ts';
import type { ServerDisk } from './server-disk.ts';
import type { Timeline } from './timeline.ts';

export interface HomeParts {
  readonly domain: string;
  readonly disk: ServerDisk;
  readonly primitives: Primitives;
  readonly network: Network;
  readonly timeline: Timeline;
  /** Milliseconds by which its clock is wrong. */
  skew(): number;
  disguise(honest: Handlers): Handlers;
}

/** A home server that runs, crashes and starts again. */
export class SimulatedHome {
  readonly domain: string;
  readonly origin: string;
  readonly disk: ServerDisk;
  /** What its log says of its own failures. */
  readonly errors: string[] = [];
  /** Link by which the owner signs up; null once there is one. */
  invitation: string | null = null;
  readonly #parts: HomeParts;
  #process: Process | null = null;
  #cluster: Cluster | null = null;

  constructor(parts: HomeParts) {
    this.#parts = parts;
    this.domain = parts.domain;
    this.origin = `https://${parts.domain}`;
    this.disk = parts.disk;
  }

  /** True from the beginning of a start on. */
  get isUp(): boolean {
    return this.#process?.alive === true;
  }

  /** The keys of the cluster, for a server that lies. */
  get cluster(): Cluster {
    if (this.#cluster === null) throw new Error('a server that never ran');
    return this.#cluster;
  }

  async start(): Promise<void> {
    const { domain, disk, primitives, network, timeline, skew, disguise } = this.#parts;
    this.crash();
    const process = new Process(timeline);
    this.#process = process;
    disk.recover();
    const store = disk.store(process);
    const now = (): number => timeline.now + skew();
    const incarnation = await incarnationOf(store);
    const cluster = await openCluster(disk.keyFiles(process), { domain, primitives, incarnation, now });
    await claimStore(store, cluster);
    const home = openHome({
      store,
      cluster,
      blobDirectory: '/nowhere',
      primitives,
      logger: this.#logger(),
      clock: process.monotonic,
      timer: process.timer,
      now,
      disguise,
      limits: { anonymousRequests: PLENTY, presenceAnnouncements: PLENTY },
    });
    const code = await ownerInvitation(store, cluster, { primitives, now });
    const { caFingerprint } = cluster;
    this.invitation = code === null ? null : formatInvitation({ origin: this.origin, code, caFingerprint });
    this.#cluster = cluster;
    if (!process.alive) return;
    network.listen(this.origin, {
      name: domain,
      process,
      enter: (socket, source) =>
        void home.gate.enter(socket as ServerEnd & Parameters<typeof home.gate.enter>[0], source),
    });
  }

  /** At once, whatever it is doing. */
  crash(): void {
    this.#process?.kill();
  }

  #logger(): Logger {
    const quiet = (): void => undefined;
    return {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (event, facts) => void this.errors.push(`${event} ${JSON.stringify(facts ?? {})}`),
    };
  }
}

const PLENTY = { burst: 1e9, perSecond: 1e9 };
