import { Fault, utf8 } from '@sotto/bytes';
import { type Argon2Parameters, argon2Ceiling, argon2Floor, taggedMessage } from '@sotto/crypto';
import { assert, beforeEach, describe, test } from 'vitest';
import { z } from 'zod/mini';
import { format } from '../format.ts';
import { cheapPrimitives, makeWorld, passphrase, type World } from './channel.fixture.ts';
import { clientHandshake } from './client-handshake.ts';
import type { AccountLogin } from './client-login.ts';
import { HandshakeFrames } from './handshake.ts';
import { channelKem } from './kem.ts';
import { rekeyLimits } from './limits.ts';
import { authenticate, clientHello, parseMessage, serverHello, unsignedServerHello } from './messages.ts';
import { answerLogin } from './server-login.ts';
import { Transcript } from './transcript.ts';

let world: World;
/** How often the passphrase was stretched. */
let stretched: number;

beforeEach(async () => {
  const cheap = cheapPrimitives();
  const argon2id: typeof cheap.argon2id = (...input) => {
    stretched += 1;
    return cheap.argon2id(...input);
  };
  world = await makeWorld('hybrid', { ...cheap, argon2id });
  stretched = 0;
});

/** Asks for less or more than the table of the specification allows. */
const belowFloor = [
  { ...argon2Floor, memoryKib: 8, passes: 1 },
  { ...argon2Floor, memoryKib: argon2Floor.memoryKib - 1 },
  { ...argon2Floor, passes: 2 },
  { ...argon2Floor, parallelism: 0 },
];
const aboveCeiling = [
  { ...argon2Floor, memoryKib: 2 ** 30 },
  { ...argon2Floor, passes: 1e9 },
  { ...argon2Floor, parallelism: 255 },
  { ...argon2Ceiling, passes: argon2Ceiling.passes + 1 },
];

describe('R1: passphrase hashing that the server makes cheap', () => {
  test('attack with parameters under the floor: refused before anything follows from the passphrase', async () => {
    for (const parameters of belowFloor) {
      assert.strictEqual(await signIn({ parameters }), 'kdf-downgrade', JSON.stringify(parameters));
      assert.strictEqual(stretched, 0);
    }
  });

  test('attack with parameters under those of the last sign-in', async () => {
    for (const pinned of [
      { ...argon2Floor, passes: 4 },
      { ...argon2Floor, memoryKib: 128 * 1024 },
    ]) {
      assert.strictEqual(await signIn({ parameters: argon2Floor, pinned }), 'kdf-downgrade');
      assert.strictEqual(stretched, 0);
    }
  });

  test('control: the floor, and more than the last time, are taken', async () => {
    assert.isNull(await signIn({ parameters: argon2Floor, pinned: argon2Floor }));
    const more = { ...argon2Floor, passes: 4 };
    assert.isNull(await signIn({ parameters: more, pinned: argon2Floor }));
    assert.strictEqual(stretched, 2);
  });
});

describe('R2: passphrase hashing that never ends', () => {
  test('attack with parameters over the ceiling: refused before anything runs', async () => {
    for (const parameters of aboveCeiling) {
      assert.strictEqual(await signIn({ parameters }), 'kdf-too-costly', JSON.stringify(parameters));
      assert.strictEqual(stretched, 0);
    }
  });

  test('control: the floor is taken', async () => {
    assert.isNull(await signIn({ parameters: argon2Floor }));
    assert.strictEqual(stretched, 1);
  });
});

describe('R3: a server that wants the passphrase itself', () => {
  const { memoryKib, passes, parallelism } = argon2Floor;
  const parameters = { memoryKib, passes, parallelism };
  test.each<[string, object]>([
    ['a prompt', { mode: 'password' }],
    ['no login at all', { mode: 'anonymous' }],
    ['a prompt beside the honest answer', { mode: 'account', parameters, ke2: new Uint8Array(320), legacy: true }],
    ['a refusal that nobody knows', { error: 'passphrase-needed', retryAfterSeconds: null, challenge: null }],
    [
      'a salt of its own',
      { mode: 'account', parameters: { ...parameters, salt: utf8('salt') }, ke2: new Uint8Array(320) },
    ],
  ])('attack by %s: the client says nothing more', async (_name, lie) => {
    assert.strictEqual(await signIn({ lie }), 'frame-malformed');
  });

  test('control: the OPAQUE answer is taken', async () => {
    assert.isNull(await signIn({ parameters: argon2Floor }));
  });
});

interface Answered {
  readonly parameters?: Argon2Parameters;
  readonly pinned?: Argon2Parameters;
  /** Sent in place of the Answer. */
  readonly lie?: object;
}

/** The code with which a client ends a sign-in that a server answers like that; null if it sends its proof. */
async function signIn({ parameters = argon2Floor, pinned, lie }: Answered): Promise<string | null> {
  const { primitives, server } = world;
  const login = { ...(world.asAccount() as AccountLogin), pinned: pinned ?? null };
  const options = { ...world.client(login), now: () => 0, rekeyLimits };
  const client = clientHandshake(options);
  const [hello] = (await client.next(new Uint8Array())).value as [Uint8Array];
  const transcript = new Transcript(server.domain);
  transcript.add(hello);
  const kem = channelKem(primitives, 'x-wing');
  const { ciphertext, sharedSecret } = await kem.encapsulate(parseMessage(clientHello, hello).key);
  const unsigned = { v: 1, nonce: primitives.randomBytes(32), ciphertext, certificates: server.certificates } as const;
  transcript.add(unsignedServerHello.encode(unsigned));
  const message = taggedMessage('sotto/channel/v1', transcript.hash);
  const signature = await primitives.ed25519.sign(server.channelKey, message);
  transcript.add(signature);
  const frames = new HandshakeFrames(primitives.aes256Gcm, { kemSecret: sharedSecret, transcript, side: 'server' });
  const [asked] = (await client.next(serverHello.encode({ ...unsigned, signature }))).value as [Uint8Array];
  const request = await frames.read(authenticate, asked);
  const directory = { ...server.directory, findAccount: async () => ({ record: world.record, parameters }) };
  const honest = answerLogin({ ...server, directory }, frames, request);
  const answer =
    lie === undefined
      ? (((await honest.next(new Uint8Array())).value as Uint8Array[])[0] as Uint8Array)
      : await frames.write(format('lie', z.any()), lie);
  try {
    const { done } = await client.next(answer);
    assert.isFalse(done);
    await client.return(undefined as never);
    return null;
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    assert.notInclude(JSON.stringify([cause.message, cause.detail]), passphrase);
    return cause.code;
  }
}
