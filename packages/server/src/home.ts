import { hex, utf8 } from '@sotto/bytes';
import { createSuites, hmacSha256, type Primitives, Secret, type SuiteFactory } from '@sotto/crypto';
import type { ChannelClock, ChannelTimer } from '@sotto/protocol';
import { SignInFailures } from './admin/sign-in-failures.ts';
import { handlers } from './api/index.ts';
import { BlobFiles } from './blobs/blob-files.ts';
import { Blobs } from './blobs/blobs.ts';
import type { Cluster } from './cluster.ts';
import type { Handlers } from './handler.ts';
import { defaultLimits, type ServerLimits } from './limits.ts';
import { errorFacts, type Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openPresence } from './presence/open.ts';
import { expireParts } from './rooms/parts.ts';
import { SessionGate } from './sessions/gate.ts';
import { SessionRegistry } from './sessions/registry.ts';
import type { Store } from './store/store.ts';
import { SignInThrottle } from './throttle/throttle.ts';
import { TransparencyLog } from './transparency/log.ts';

export interface HomeOptions {
  /** Suites beyond the built-in ones. */
  readonly suiteFactories?: readonly SuiteFactory[] | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Answers some operations otherwise: for tests of clients against a server that lies. */
  readonly disguise?: ((honest: Handlers) => Handlers) | undefined;
}

/** What a home server stands on. */
export interface HomeGround extends HomeOptions {
  readonly store: Store;
  readonly cluster: Cluster;
  /** Made when the first blob comes. */
  readonly blobDirectory: string;
  readonly primitives: Primitives;
  readonly logger: Logger;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  readonly replicaLagSeconds?: (() => number) | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A home server without its doors: whoever has a socket hands it to `gate`. */
export interface Home extends AsyncDisposable {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly blobs: Blobs;
  readonly registry: SessionRegistry;
  readonly gate: SessionGate;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  now(): number;
}

/** Sets a home server up on its store and keys. */
export function openHome(ground: HomeGround): Home {
  const { store, cluster, primitives, logger, clock, timer, now, disguise = (honest) => honest } = ground;
  const opened = new AsyncDisposableStack();
  const limits = { ...defaultLimits, ...ground.limits };
  const blobs = new Blobs({ store, files: new BlobFiles(ground.blobDirectory), primitives, limits: limits.blobs, now });
  opened.defer(() => blobs.close());
  const registry = new SessionRegistry();
  const metrics = createMetrics(() => registry.connections, ground.replicaLagSeconds);
  const throttle = new SignInThrottle(store, throttleKey(cluster, primitives));
  const sweeping = { timer, logger };
  opened.defer(repeat(SWEEP_MILLISECONDS, () => throttle.sweep(now()), sweeping));
  opened.defer(repeat(SWEEP_MILLISECONDS, () => blobs.sweep(), sweeping));
  const sweepParts = (): Promise<void> => store.transact((database) => expireParts(database, now()));
  opened.defer(repeat(SWEEP_MILLISECONDS, sweepParts, sweeping));
  const presence = openPresence({ store, cluster, registry, limits, logger, clock, timer, now });
  opened.defer(() => presence.close());
  const { epochMilliseconds } = limits;
  const transparency = new TransparencyLog({ store, cluster, primitives, epochMilliseconds, now });
  opened.defer(repeat(Math.max(epochMilliseconds, 1000), () => transparency.advanceIfAvailable(), sweeping));
  const home = { store, cluster, blobs, registry, limits, logger, metrics, clock, timer, now };
  const gate = new SessionGate({
    ...home,
    suites: createSuites(primitives, ground.suiteFactories),
    primitives,
    handlers: disguise(handlers),
    throttle,
    presence,
    transparency,
    signInFailures: new SignInFailures({ store, logger, now }),
    labelOf: sourceLabels(primitives),
  });
  return { ...home, gate, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** 32 bytes beside the other keys: with the database alone nobody learns who tried to sign in where. */
function throttleKey({ files }: Cluster, { randomBytes }: Primitives): Secret {
  const stored = files.read(THROTTLE_KEY);
  if (stored?.length === 32) return new Secret(stored);
  const made = randomBytes(32);
  files.write(THROTTLE_KEY, made);
  return new Secret(made);
}

/** Names for sources in logs: one run's lines can be told apart, and nothing leads back. */
function sourceLabels({ randomBytes }: Primitives): (source: string) => string {
  const key = randomBytes(32);
  return (source) => hex(hmacSha256(key, utf8(source)).subarray(0, 6));
}

function repeat(
  milliseconds: number,
  job: () => Promise<void>,
  { timer, logger }: { readonly timer: ChannelTimer; readonly logger: Logger },
): () => void {
  let cancel: () => void = () => undefined;
  const schedule = () => {
    cancel = timer.after(milliseconds, () => {
      job().catch((error: unknown) => logger.error('sweep-failed', errorFacts(error)));
      schedule();
    });
  };
  schedule();
  return () => cancel();
}

const THROTTLE_KEY = 'throttle.key';
const SWEEP_MILLISECONDS = 3_600_000;
