import type { Primitives, Secret } from '@sotto/crypto';
import { type Channel, EstablishedChannel } from './channel.ts';
import { type ClientHandshakeOptions, clientHandshake } from './client-handshake.ts';
import type { SignIn } from './client-login.ts';
import { broken, ChannelPeerFault } from './fault.ts';
import type { Handshake } from './handshake.ts';
import { Inbox } from './inbox.ts';
import type { KemName } from './kem.ts';
import { HANDSHAKE_TIMEOUT_MILLISECONDS, MAX_HANDSHAKE_BACKLOG, type RekeyLimits, rekeyLimits } from './limits.ts';
import type { ChannelClock, ChannelTimer, FrameSocket } from './ports.ts';
import { type ServerHandshakeOptions, serverHandshake } from './server-handshake.ts';
import type { Peer } from './server-login.ts';

interface ChannelOptions {
  readonly primitives: Primitives;
  /** The home server's. */
  readonly domain: string;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  readonly handshakeTimeoutMilliseconds?: number;
  /** Both sides must hold the same; only tests say other than the spec. */
  readonly rekeyLimits?: RekeyLimits;
}

export interface ConnectOptions
  extends ChannelOptions,
    Pick<ClientHandshakeOptions, 'kem' | 'login' | 'verifyCertificates'> {}

export interface ClientChannel extends Channel {
  /** `null` but for a login by passphrase. */
  readonly signIn: SignIn | null;
  /** OPAQUE's export key, the same as `signIn.exportKey`. */
  readonly exportKey: Secret | null;
}

export interface AcceptOptions
  extends ChannelOptions,
    Pick<ServerHandshakeOptions, 'channelKey' | 'certificates' | 'opaqueSetup' | 'directory'> {}

export interface ServerChannel extends Channel {
  readonly peer: Peer;
  /** What the client chose: `p-384` is for accounts of the classic suite. */
  readonly kem: KemName;
}

/**
 * Opens a channel to a home server. Closing the socket aborts it. Throws what docs/spec/channel.md lists under
 * Errors; the socket is closed then.
 */
export async function connectChannel(socket: FrameSocket, options: ConnectOptions): Promise<ClientChannel> {
  const machine = clientHandshake({ ...options, ...handshakeDefaults(options) });
  const { result, inbox } = await shakeHands(socket, machine, options);
  const channel = new EstablishedChannel({ socket, inbox, clock: options.clock }, result);
  return Object.assign(channel, { signIn: result.signIn, exportKey: result.signIn?.exportKey ?? null });
}

/**
 * Takes a client in. Resolves once the client's Finished verified; throws a `ChannelRefusedFault` for one that was
 * refused and what docs/spec/channel.md lists under Errors; the socket is closed then.
 */
export async function acceptChannel(socket: FrameSocket, options: AcceptOptions): Promise<ServerChannel> {
  const machine = serverHandshake({ ...options, ...handshakeDefaults(options) });
  const { result, inbox } = await shakeHands(socket, machine, options);
  if ('fault' in result) {
    socket.send(result.message);
    socket.close();
    throw result.fault;
  }
  const channel = new EstablishedChannel({ socket, inbox, clock: options.clock }, result);
  return Object.assign(channel, { peer: result.peer, kem: result.kem });
}

function handshakeDefaults(options: ChannelOptions): { readonly rekeyLimits: RekeyLimits; now(): number } {
  return { rekeyLimits: options.rekeyLimits ?? rekeyLimits, now: () => options.clock.now() };
}

/** Runs a handshake over a socket; what comes behind it stays in the inbox. */
async function shakeHands<Result>(
  socket: FrameSocket,
  machine: Handshake<Result>,
  { timer, handshakeTimeoutMilliseconds = HANDSHAKE_TIMEOUT_MILLISECONDS }: ChannelOptions,
): Promise<{ readonly result: Result; readonly inbox: Inbox }> {
  const inbox = new Inbox();
  let shaking = true;
  socket.onMessage((message) => {
    inbox.push(message);
    if (shaking && inbox.backlog > MAX_HANDSHAKE_BACKLOG) inbox.fail(broken('too much before the handshake'));
  });
  socket.onClose(() => inbox.fail(new ChannelPeerFault('channel-interrupted', 'the connection closed')));
  const expiry = Promise.withResolvers<never>();
  const cancelTimeout = timer.after(handshakeTimeoutMilliseconds, () => {
    expiry.reject(new ChannelPeerFault('channel-timeout', 'the handshake took too long'));
  });
  try {
    const result = await Promise.race([drive(socket, machine, inbox), expiry.promise]);
    return { result, inbox };
  } catch (cause) {
    // Wipes what the machine holds, as soon as the step that may still run is over.
    void machine.return(undefined as never);
    inbox.fail(new ChannelPeerFault('channel-interrupted', 'the handshake has failed'));
    socket.close();
    throw cause;
  } finally {
    shaking = false;
    cancelTimeout();
  }
}

async function drive<Result>(socket: FrameSocket, machine: Handshake<Result>, inbox: Inbox): Promise<Result> {
  let step = await machine.next(NOTHING);
  while (!step.done) {
    for (const message of step.value) socket.send(message);
    step = await machine.next(await inbox.read());
  }
  return step.value;
}

/** What a generator is started with is never read. */
const NOTHING = new Uint8Array();
