import type { ChannelClock, ChannelTimer } from '@sotto/protocol';
import type { Cluster } from '../cluster.ts';
import type { ServerLimits } from '../limits.ts';
import { errorFacts, type Logger } from '../log.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Store } from '../store/store.ts';
import { TokenBuckets } from '../throttle/token-bucket.ts';
import { announce } from './announce.ts';
import { PresenceBoard } from './board.ts';

/** The board of a running server, which tells connected contacts. */
export function openPresence(server: {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly registry: SessionRegistry;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  now(): number;
}): PresenceBoard {
  const { store, cluster, registry, limits, logger, clock, timer, now } = server;
  const board: PresenceBoard = new PresenceBoard({
    timer,
    announcements: new TokenBuckets(clock, limits.presenceAnnouncements),
    gatherMilliseconds: limits.presenceGatherMilliseconds,
    now,
    announce: (accountId) => announce({ store, cluster, presence: board, ...tellers(registry) }, accountId),
    failed: (error) => logger.error('presence-failed', errorFacts(error)),
  });
  return board;
}

function tellers(registry: SessionRegistry): Pick<SessionRegistry, 'notify' | 'isConnected'> {
  return {
    notify: (accountId, event) => registry.notify(accountId, event),
    isConnected: (accountId) => registry.isConnected(accountId),
  };
}
