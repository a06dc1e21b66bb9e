import { join } from 'node:path';
import { DATABASE } from '../backup/manifest.ts';
import { errorFacts, type Logger } from '../log.ts';
import { connect } from '../store/sqlite.ts';
import { Replica, type ReplicaSource } from './replica.ts';
import type { ReplicaTarget } from './target.ts';

export interface ReplicationOptions extends ReplicaSource {
  readonly target: ReplicaTarget;
  /** Between two looks; the next one waits at least ten times as long as shipping took. */
  readonly intervalMilliseconds: number;
  readonly timer: { after(milliseconds: number, expire: () => void): () => void };
  readonly logger: Logger;
}

export interface Replication {
  /** How old the state is that the replica holds, in seconds; 0 while it was found to be the present one at the last look. */
  lagSeconds(): number;
  /** Ships once more what has changed, unless the target was out of reach, and stops. */
  close(): Promise<void>;
}

/**
 * Keeps a replica up to date while the server runs. A target that is out of reach never stops the server: the lag grows,
 * is told, and the next attempts come further and further apart, up to five minutes.
 */
export function startReplication(options: ReplicationOptions): Replication {
  const { now, timer, logger, intervalMilliseconds } = options;
  const replica = new Replica(options.target, options);
  const watch = connect(join(options.dataDir, DATABASE), { readonly: true, maxBytes: null });
  const version = (): number => watch.pragma('data_version', { simple: true }) as number;
  let shipped: number | null = null;
  let currentAt = now();
  let failures = 0;
  let cancel = (): void => undefined;

  const look = async (): Promise<number> => {
    const startedAt = now();
    const present = version();
    try {
      if (present !== shipped) await replica.ship();
    } catch (cause) {
      failures += 1;
      logger.warn('replica-behind', { ...errorFacts(cause), lagSeconds: (now() - currentAt) / 1000 });
      return Math.min(intervalMilliseconds * 2 ** failures, MAX_PAUSE_MILLISECONDS);
    }
    if (failures > 0 || shipped === null) logger.info('replica-current');
    failures = 0;
    shipped = present;
    currentAt = startedAt;
    return Math.max(intervalMilliseconds, 10 * (now() - startedAt));
  };

  let running = Promise.resolve();
  let closed = false;
  const schedule = (milliseconds: number): void => {
    cancel = timer.after(milliseconds, () => {
      running = look().then((pause) => {
        if (!closed) schedule(pause);
      });
    });
  };
  schedule(0);
  return {
    lagSeconds: () => (version() === shipped ? 0 : Math.max(0, now() - currentAt) / 1000),
    async close() {
      if (closed) return;
      closed = true;
      cancel();
      await running;
      if (failures === 0) await look();
      watch.close();
    },
  };
}

const MAX_PAUSE_MILLISECONDS = 300_000;
