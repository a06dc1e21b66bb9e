import { Fault } from '@sotto/bytes';
import type { Primitives, Suites } from '@sotto/crypto';
import {
  acceptChannel,
  type ChannelClock,
  ChannelRefusedFault,
  type ChannelTimer,
  type Request,
  type ServerChannel,
  type ServerEvent,
} from '@sotto/protocol';
import type { WebSocket } from 'ws';
import { rememberDevice } from '../accounts/devices.ts';
import type { SignInFailures } from '../admin/sign-in-failures.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Cluster } from '../cluster.ts';
import type { HandlerContext, Handlers, Session } from '../handler.ts';
import type { ServerLimits } from '../limits.ts';
import { errorFacts, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { PresenceBoard } from '../presence/board.ts';
import type { Store } from '../store/store.ts';
import type { SignInThrottle } from '../throttle/throttle.ts';
import { TokenBuckets } from '../throttle/token-bucket.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import { WebSocketCarrier } from './carrier.ts';
import { ConnectionDirectory } from './directory.ts';
import { dispatch, encodeFault, slowDown } from './dispatch.ts';
import { identify } from './identity.ts';
import type { SessionRegistry } from './registry.ts';
import { ChannelSession } from './session.ts';

export interface GateOptions {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly blobs: Blobs;
  readonly suites: Suites;
  readonly primitives: Primitives;
  readonly handlers: Handlers;
  readonly throttle: SignInThrottle;
  readonly registry: SessionRegistry;
  readonly presence: PresenceBoard;
  readonly transparency: TransparencyLog;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  readonly signInFailures: SignInFailures;
  /** The name of a source in logs. */
  labelOf(source: string): string;
  now(): number;
}

/** Takes WebSockets in: handshake, then a session. */
export class SessionGate {
  readonly #options: GateOptions;
  readonly #anonymousRequests: TokenBuckets;
  readonly #carriers = new Set<WebSocketCarrier>();
  /** Those whose handshake is under way. */
  readonly #entering = new Set<WebSocketCarrier>();
  #gone: () => void = () => undefined;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#anonymousRequests = new TokenBuckets(options.clock, options.limits.anonymousRequests);
  }

  /** Resolves when the handshake is over, well or badly. */
  async enter(socket: WebSocket, source: string): Promise<void> {
    const { limits, timer, registry, metrics } = this.#options;
    const carrier = new WebSocketCarrier(socket, { timer, idleMilliseconds: limits.idleMilliseconds });
    this.#carriers.add(carrier);
    this.#entering.add(carrier);
    const disconnect = registry.connect(source);
    socket.once('close', () => {
      disconnect();
      this.#carriers.delete(carrier);
      if (this.#carriers.size === 0) this.#gone();
    });
    const cancelHello = timer.after(limits.helloMilliseconds, () => carrier.terminate());
    const sourceLabel = this.#options.labelOf(source);
    const directory = new ConnectionDirectory({ ...this.#options, source, sourceLabel, identified: cancelHello });
    try {
      const channel = await this.#shakeHands(carrier, directory);
      const identity = await identify(this.#options, channel);
      if (directory.charge !== null) await this.#welcome(directory.charge);
      metrics.handshake(identity.kind);
      if (identity.kind === 'device') await this.#remember(identity);
      this.#open({ channel, carrier, identity, source, sourceLabel });
    } catch (error) {
      carrier.close();
      this.#report(error, { sourceLabel, isSignIn: directory.charge !== null });
    } finally {
      cancelHello();
      this.#entering.delete(carrier);
    }
  }

  /** Lets every session finish what was asked and closes it; who has not gone in time is cut. */
  async drain(): Promise<void> {
    const { registry, timer, limits } = this.#options;
    const gone = Promise.withResolvers<void>();
    const cancel = timer.after(limits.stopMilliseconds, () => gone.resolve());
    this.#gone = () => gone.resolve();
    for (const carrier of this.#entering) carrier.terminate();
    await Promise.race([Promise.all([...registry.sessions].map((session) => session.drain())), gone.promise]);
    if (this.#carriers.size > 0) await gone.promise;
    cancel();
    for (const carrier of this.#carriers) carrier.terminate();
  }

  #shakeHands(carrier: WebSocketCarrier, directory: ConnectionDirectory): Promise<ServerChannel> {
    const { primitives, cluster, clock, timer, limits } = this.#options;
    return acceptChannel(carrier, {
      primitives,
      domain: cluster.domain,
      clock,
      timer,
      handshakeTimeoutMilliseconds: limits.handshakeMilliseconds,
      channelKey: cluster.channelKey,
      certificates: [cluster.channelCertificate, cluster.caCertificate],
      opaqueSetup: cluster.opaque,
      directory,
    });
  }

  /** A disk that is full keeps nobody from reading. */
  async #remember(identity: Session & { readonly kind: 'device' }): Promise<void> {
    const { store, now, logger } = this.#options;
    try {
      await rememberDevice(store, identity, now());
    } catch (error) {
      logger.warn('device-not-remembered', errorFacts(error));
    }
  }

  async #welcome(charge: NonNullable<ConnectionDirectory['charge']>): Promise<void> {
    this.#options.metrics.signIn('succeeded');
    await this.#options.throttle.forgive(charge, this.#options.now());
  }

  #open({ channel, carrier, identity, source, sourceLabel }: Entrance): void {
    const { registry, presence, logger, now } = this.#options;
    const context = this.#contextOf(identity);
    const session = new ChannelSession({
      channel,
      carrier,
      identity,
      answer: (request) => this.#answer(context, request, source),
      closed: (fault) => {
        registry.remove(session);
        presence.leave(identity);
        logger.debug('session-ended', { kind: identity.kind, code: fault?.code ?? 'closed' });
      },
    });
    registry.add(session, { since: now(), source: sourceLabel });
    session.start();
    carrier.endHandshake();
  }

  async #answer(context: HandlerContext, request: Request, source: string): Promise<Uint8Array> {
    const wait = context.session.kind === 'anonymous' ? this.#anonymousRequests.take(source) : 0;
    return wait > 0 ? encodeFault(request.id, slowDown(wait)) : dispatch(this.#options, context, request);
  }

  #contextOf(session: Session): HandlerContext {
    const { store, cluster, blobs, suites, primitives, presence, transparency, now, registry, metrics } = this.#options;
    const notify = (accountId: number, event: ServerEvent) => {
      metrics.event();
      registry.notify(accountId, event);
    };
    const parts = { store, cluster, blobs, suites, primitives, presence, transparency };
    return { ...parts, session, now, notify, sessions: registry };
  }

  #report(
    error: unknown,
    { sourceLabel, isSignIn }: { readonly sourceLabel: string; readonly isSignIn: boolean },
  ): void {
    const { metrics, logger } = this.#options;
    metrics.handshake(error instanceof ChannelRefusedFault ? 'refused' : 'failed');
    if (!(error instanceof Fault) || error.blame === 'bug') {
      logger.error('handshake-failed', errorFacts(error));
      return;
    }
    // A client whose passphrase is wrong learns it first and hangs up.
    if (isSignIn && error.code !== 'unavailable') {
      metrics.signIn('failed');
      this.#options.signInFailures.note(sourceLabel);
      logger.warn('sign-in-failed', { source: sourceLabel });
    } else logger.debug('handshake-refused', { source: sourceLabel, code: error.code });
  }
}

interface Entrance {
  readonly channel: ServerChannel;
  readonly carrier: WebSocketCarrier;
  readonly identity: Session;
  readonly source: string;
  readonly sourceLabel: string;
}
