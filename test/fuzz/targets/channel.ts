import { type CborValue, concat, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { acceptChannel, connectChannel, type FrameSocket } from '@sotto/protocol';
import { seededRandom } from '@sotto/testing';
import { makeWorld } from '../../../packages/protocol/src/channel/channel.fixture.ts';
import { frameTypes } from '../../../packages/protocol/src/channel/frames.ts';
import {
  authenticate,
  clientHello,
  deviceAnswer,
  refusal,
  serverHello,
} from '../../../packages/protocol/src/channel/messages.ts';
import { type Parser, type Target, Violation } from '../target.ts';

/** Whoever speaks has all keys: frames are not encrypted and signatures are good, so that inputs reach what is inside. */
const real = nodePrimitives({ randomBytes: seededRandom('channel') });
const open: Primitives = {
  ...real,
  ed25519: { ...real.ed25519, verify: async () => true },
  aes256Gcm: {
    seal: async (_, plaintext) => concat(plaintext, new Uint8Array(16)),
    open: async (_, sealed) => Uint8Array.from(sealed.subarray(0, -16)),
  },
};
const world = await makeWorld('classic', open);
const { publicKey: point } = await real.ecdhP384.generate();
const nonce = new Uint8Array(32).fill(1);
const handshake = (plaintext: Uint8Array) => concat(Uint8Array.of(frameTypes.handshake), plaintext, new Uint8Array(16));
const finished = concat(Uint8Array.of(frameTypes.finished), new Uint8Array(48));

const hello = clientHello.encode({ v: 1, nonce, kem: 'p-384', key: point });
const logins = [
  { mode: 'anonymous' },
  { mode: 'device', account: nonce, device: nonce },
  { mode: 'account', address: 'alpha@example.org', ke1: new Uint8Array(96), exemption: null, altcha: null },
] as const;
const answer = serverHello.encode({
  ...{ v: 1, nonce, ciphertext: point, signature: new Uint8Array(64) },
  certificates: [nonce, nonce],
});
const answers = [
  deviceAnswer.encode({ mode: 'device', sealed: new Uint8Array(500) }),
  refusal.encode({ error: 'device-unknown', retryAfterSeconds: null, challenge: null }),
];

/** Both sides of the handshake, each given whole conversations: an array of messages. */
export const channel: Target = {
  name: 'channel',
  sources: ['messages', 'frames', 'server-handshake', 'server-login', 'client-handshake', 'client-login'].map(
    (name) => `packages/protocol/src/channel/${name}.ts`,
  ),
  parsers: [
    side(
      'server',
      logins.map((login) => [hello, handshake(authenticate.encode(login as never)), finished]),
      (socket) => acceptChannel(socket, world.server),
    ),
    side(
      'client',
      answers.map((content) => [answer, handshake(content), finished]),
      (socket) => connectChannel(socket, world.client(world.asDevice(), 'p-384')),
    ),
  ],
};

function side(
  name: string,
  conversations: readonly (readonly Uint8Array[])[],
  shake: (socket: FrameSocket) => Promise<unknown>,
): Parser {
  return {
    name,
    shape: 'cbor',
    seeds: conversations.map((messages) => encodeCbor(messages)),
    // Curves and OPAQUE, under the interpreter.
    patience: 40,
    parse: async (input) => {
      const given = decodeCbor(input);
      await shake(new ScriptedSocket(Array.isArray(given) ? given.filter(isBytes).slice(0, 8) : []));
      throw new Violation('a handshake that nobody could finish');
    },
  };
}

function isBytes(value: CborValue): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Says its messages, one in answer to nothing at all, and hangs up. */
class ScriptedSocket implements FrameSocket {
  readonly #messages: readonly Uint8Array[];
  #closed: () => void = () => undefined;

  constructor(messages: readonly Uint8Array[]) {
    this.#messages = messages;
  }

  send(): void {
    // Nobody listens.
  }

  onMessage(receive: (bytes: Uint8Array) => void): void {
    for (const message of this.#messages) queueMicrotask(() => receive(message));
    queueMicrotask(() => this.#closed());
  }

  onClose(closed: () => void): void {
    this.#closed = closed;
  }

  close(): void {
    this.#closed();
  }
}
