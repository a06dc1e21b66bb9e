import { utf8 } from '@sotto/bytes';
import {
  type Argon2Parameters,
  argon2Floor,
  classic,
  hybrid,
  type KeyPair,
  opaque,
  type Primitives,
  passphraseBytes,
  Secret,
  type Suite,
  sha256,
} from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { parseAddress } from '../address.ts';
import type { ClientLogin } from './client-login.ts';
import type { KemName } from './kem.ts';
import type { AcceptOptions, ConnectOptions } from './open.ts';
import type { FrameSocket } from './ports.ts';
import type { Directory } from './server-login.ts';

export const alpha = parseAddress('alpha@example.org');
export const domain = 'example.org';
export const passphrase = 'open sesame';
export const fingerprint: Uint8Array = sha256(utf8('account'));
export const deviceId: Uint8Array = sha256(utf8('device'));
const certificates = [utf8('channel certificate'), utf8('CA certificate')] as const;

/** One home server with one account and one device, and a client that knows it. */
export interface World {
  readonly primitives: Primitives;
  readonly suite: Suite;
  readonly device: KeyPair;
  readonly record: Uint8Array;
  readonly parameters: Argon2Parameters;
  readonly server: AcceptOptions;
  client(login: ClientLogin, kem?: KemName): ConnectOptions;
  asDevice(): ClientLogin;
  asAccount(words?: string): ClientLogin;
}

export async function makeWorld(
  suiteName: 'classic' | 'hybrid' = 'hybrid',
  primitives: Primitives = nodePrimitives(),
): Promise<World> {
  const suite = (suiteName === 'classic' ? classic : hybrid)(primitives);
  const device = await suite.kem.generate();
  const channelKey = new Secret(primitives.randomBytes(32));
  const channelPublicKey = await primitives.ed25519.publicKey(channelKey);
  const opaqueSetup = opaque.createSetup(primitives);
  const record = await register(primitives, opaqueSetup);
  const directory: Directory = {
    admit: async () => null,
    findDevice: async (_account, id) =>
      Buffer.from(id).equals(deviceId) ? { kem: suite.kem, publicKey: device.publicKey } : 'device-unknown',
    findAccount: async (address) => ({ record: address === alpha ? record : null, parameters: argon2Floor }),
  };
  const shared = { primitives, domain, clock: { now: () => 0 }, timer: { after: () => () => undefined } };
  return {
    primitives,
    suite,
    device,
    record,
    parameters: argon2Floor,
    server: { ...shared, channelKey, certificates, opaqueSetup, directory },
    client: (login, kem = 'x-wing') => ({
      ...shared,
      kem,
      login,
      verifyCertificates: async () => channelPublicKey,
    }),
    asDevice: () => ({
      mode: 'device',
      account: fingerprint,
      device: deviceId,
      kem: suite.kem,
      secretKey: device.secretKey,
    }),
    asAccount: (words = passphrase) => ({
      mode: 'account',
      address: alpha,
      passphrase: passphraseBytes(words),
      pinned: null,
      exemption: null,
      altcha: null,
    }),
  };
}

async function register(primitives: Primitives, setup: opaque.ServerSetup): Promise<Uint8Array> {
  using words = passphraseBytes(passphrase);
  const binding = opaque.opaqueBinding(alpha, domain);
  const { state, request } = opaque.registrationStart(primitives, words);
  const response = opaque.registrationResponse(setup, request, binding);
  const stretching = opaque.argon2Stretching(primitives, argon2Floor);
  return (await opaque.registrationFinish(primitives, state, { response, binding, stretching })).record;
}

/** Node's primitives with a stretching that costs nothing: what it is made of is tested elsewhere. */
export function cheapPrimitives(): Primitives {
  const argon2id: Primitives['argon2id'] = async (password, _salt, _parameters, length) =>
    new Secret(Uint8Array.from({ length }, (_, i) => (sha256(password)[i % 32] as number) ^ i));
  return { ...nodePrimitives(), argon2id };
}

/** What becomes of the message with this number, from 0, in one direction. */
export type Relay = (message: Uint8Array, number: number) => readonly Uint8Array[];

export interface SocketPair {
  readonly client: FrameSocket;
  readonly server: FrameSocket;
  /** Everything that the relay was handed, in order. */
  readonly toServer: readonly Uint8Array[];
  readonly toClient: readonly Uint8Array[];
}

/** Two ends in memory with a relay between them; messages arrive in later turns, in order. */
export function socketPair(relayToServer: Relay = passOn, relayToClient: Relay = passOn): SocketPair {
  const client = new MemorySocket(relayToServer);
  const server = new MemorySocket(relayToClient);
  client.peer = server;
  server.peer = client;
  return { client, server, toServer: client.sent, toClient: server.sent };
}

class MemorySocket implements FrameSocket {
  readonly sent: Uint8Array[] = [];
  peer: MemorySocket | null = null;
  #open = true;
  #receive: (bytes: Uint8Array) => void = () => undefined;
  #closed: () => void = () => undefined;
  readonly #relay: Relay;

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  send(bytes: Uint8Array): void {
    if (!this.#open) return;
    const messages = this.#relay(Uint8Array.from(bytes), this.sent.length);
    this.sent.push(Uint8Array.from(bytes));
    for (const message of messages) queueMicrotask(() => this.peer?.receive(message));
  }

  onMessage(receive: (bytes: Uint8Array) => void): void {
    this.#receive = receive;
  }

  onClose(closed: () => void): void {
    this.#closed = closed;
  }

  close(): void {
    this.closedByPeer();
    queueMicrotask(() => this.peer?.closedByPeer());
  }

  receive(message: Uint8Array): void {
    if (this.#open) this.#receive(message);
  }

  closedByPeer(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed();
  }
}

function passOn(message: Uint8Array): readonly Uint8Array[] {
  return [message];
}
