import { concat, Fault, parseUtf8, utf8 } from '@sotto/bytes';
import { argon2Floor, opaque, Secret } from '@sotto/crypto';
import { assert, describe, test } from 'vitest';
import {
  alpha,
  cheapPrimitives,
  makeWorld,
  passphrase,
  type Relay,
  socketPair,
  type World,
} from './channel.fixture.ts';
import type { Channel } from './channel.ts';
import type { ClientLogin } from './client-login.ts';
import { ChannelRefusedFault } from './fault.ts';
import { type AcceptOptions, acceptChannel, type ConnectOptions, connectChannel } from './open.ts';

/** Every so many-th byte of the handshakes, from another first one in each message. */
const STRIDE = process.env['SOTTO_EVERY_STEP'] === '1' ? 1 : 5;

describe('an altered byte of the handshake is refused', () => {
  for (const [mode, loginOf] of Object.entries({
    anonymous: (): ClientLogin => ({ mode: 'anonymous' }),
    device: (world: World) => world.asDevice(),
  })) {
    for (const [kem, stride] of [
      ['p-384', mode === 'anonymous' ? STRIDE : 7 * STRIDE],
      ['x-wing', 61],
    ] as const) {
      test(`${mode} over ${kem}`, async () => {
        const world = await makeWorld('hybrid', cheapPrimitives());
        const client = world.client(loginOf(world), kem);
        const { toServer, toClient } = await attempt(world.server, client);
        for (const [number, message] of toServer.entries()) {
          for (let position = number % stride; position < message.length; position += stride) {
            const { server } = await attempt(world.server, client, { toServer: flip(number, position) });
            assertRefused(server, `message ${number} to the server, byte ${position}`);
          }
        }
        for (const [number, message] of toClient.entries()) {
          for (let position = number % stride; position < message.length; position += stride) {
            const { client: ended } = await attempt(world.server, client, { toClient: flip(number, position) });
            assertRefused(ended, `message ${number} to the client, byte ${position}`);
          }
        }
      });
    }
  }
});

describe('a handshake message that is dropped, doubled, cut or grown is refused', () => {
  const alterations: Record<string, (message: Uint8Array) => readonly Uint8Array[]> = {
    doubled: (message) => [message, message],
    cut: (message) => [message.slice(0, -1)],
    grown: (message) => [concat(message, Uint8Array.of(0))],
    emptied: () => [new Uint8Array()],
  };
  for (const [name, alter] of Object.entries(alterations)) {
    test(name, async () => {
      const world = await makeWorld('hybrid', cheapPrimitives());
      const client = world.client(world.asDevice());
      for (let number = 0; number < 3; number++) {
        const relay: Relay = (message, n) => (n === number ? alter(message) : [message]);
        const first = await attempt(world.server, client, { toServer: relay });
        // The doubled Finished comes when the handshake is over: it breaks the channel.
        if (name === 'doubled' && number === 2) assert.strictEqual(first.server.end?.code, 'channel-broken');
        else assertRefused(first.server, `${name} message ${number} to the server`);
        const second = await attempt(world.server, client, { toClient: relay });
        if (name === 'doubled' && number === 2) assert.strictEqual(second.client.end?.code, 'channel-broken');
        else assertRefused(second.client, `${name} message ${number} to the client`);
      }
    });
  }

  test('dropped: the wait ends by the timer that was handed in', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    for (let number = 0; number < 3; number++) {
      const drop: Relay = (message, n) => (n === number ? [] : [message]);
      const { server } = await attempt(expiring(world.server), world.client(world.asDevice()), { toServer: drop });
      assert.strictEqual(server.refused?.code, 'channel-timeout');
      const { client } = await attempt(world.server, expiring(world.client(world.asDevice())), { toClient: drop });
      // Without the Answer the Finished behind it stands where it does not belong.
      assert.strictEqual(client.refused?.code, number === 1 ? 'channel-broken' : 'channel-timeout');
    }
  });
});

describe('frames', () => {
  const lines = ['one', 'two', 'three', 'four'];
  const alterations: Record<string, Relay> = {
    'each byte': (message) => [message],
    dropped: (message, number) => (number === 4 ? [] : [message]),
    repeated: (message, number) => (number === 4 ? [message, message] : [message]),
    swapped: swap(4),
    'an unknown type': (message, number) => (number === 4 ? [concat(Uint8Array.of(9), message.slice(1))] : [message]),
    'too long': (message, number) => (number === 4 ? [new Uint8Array(256 * 1024 + 1)] : [message]),
    empty: (message, number) => (number === 4 ? [new Uint8Array()] : [message]),
  };
  for (const [name, relay] of Object.entries(alterations)) {
    test(`${name}: only what was sent before arrives, and the channel is broken`, async () => {
      const world = await makeWorld('hybrid', cheapPrimitives());
      const positions = name === 'each byte' ? Array.from({ length: 20 }, (_, i) => i) : [null];
      for (const position of positions) {
        const applied = position === null ? relay : flip(4, position);
        const { received, server } = await attempt(world.server, world.client({ mode: 'anonymous' }), {
          toServer: applied,
          lines,
        });
        const good = name === 'repeated' ? ['one', 'two'] : ['one'];
        assert.deepEqual(received, good, `${name} ${position}`);
        assert.strictEqual(server.end?.code, 'channel-broken');
      }
    });
  }

  test('of another channel are refused', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const client = world.client({ mode: 'anonymous' });
    const { toServer: earlier } = await attempt(world.server, client, { lines });
    const replay: Relay = (message, number) => [number === 4 ? (earlier[4] as Uint8Array) : message];
    const { received, server } = await attempt(world.server, client, { toServer: replay, lines });
    assert.deepEqual(received, ['one']);
    assert.strictEqual(server.end?.code, 'channel-broken');
  });

  test('left alone they all arrive', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const { received } = await attempt(world.server, world.client({ mode: 'anonymous' }), { lines });
    assert.deepEqual(received, lines);
  });
});

describe('another server', () => {
  test('with another channel key is not authenticated', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const impostor = { ...world.server, channelKey: new Secret(new Uint8Array(32).fill(1)) };
    const { client } = await attempt(impostor, world.client(world.asDevice()));
    assert.strictEqual(client.refused?.code, 'channel-unauthenticated');
  });

  test('for another domain is not authenticated', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const { client } = await attempt({ ...world.server, domain: 'example.net' }, world.client(world.asDevice()));
    assert.strictEqual(client.refused?.code, 'channel-unauthenticated');
  });

  test('under another CA ends with what the check of the certificates throws', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const options = {
      ...world.client(world.asDevice()),
      verifyCertificates: async () => {
        throw new ChannelRefusedFault({ error: 'not-authorised', retryAfterSeconds: null, challenge: null });
      },
    };
    const { client } = await attempt(world.server, options);
    assert.strictEqual(client.refused?.code, 'not-authorised');
  });

  test('that replays an earlier ServerHello is not authenticated', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const { toClient } = await attempt(world.server, world.client({ mode: 'anonymous' }));
    const replay: Relay = (message, number) => [number === 0 ? (toClient[0] as Uint8Array) : message];
    const { client } = await attempt(world.server, world.client({ mode: 'anonymous' }), { toClient: replay });
    assert.strictEqual(client.refused?.code, 'channel-unauthenticated');
  });

  test('without the account gives no export key', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const impostor = { ...world.server, opaqueSetup: opaque.createSetup(world.primitives) };
    const { client } = await attempt(impostor, world.client(world.asAccount()));
    assert.strictEqual(client.refused?.code, 'server-auth-failed');
  });
});

describe('a client that is not let in', () => {
  test('has a device that the server does not know', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const stranger = { ...world.asDevice(), device: new Uint8Array(32) } as ClientLogin;
    const { client, server } = await attempt(world.server, world.client(stranger));
    assert.instanceOf(client.refused, ChannelRefusedFault);
    assert.deepEqual([client.refused?.code, server.refused?.code], ['device-unknown', 'device-unknown']);
  });

  test('names a device and does not hold its key', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const other = await world.suite.kem.generate();
    const thief = { ...world.asDevice(), secretKey: other.secretKey } as ClientLogin;
    const { client, server } = await attempt(world.server, world.client(thief));
    assert.deepEqual([client.refused?.code, server.refused?.code], ['open-failed', 'channel-interrupted']);
  });

  test('has a wrong passphrase or an address without an account: one answer', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const wrong = await attempt(world.server, world.client(world.asAccount('open barley')));
    const empty = { ...world.server.directory, findAccount: async () => ({ record: null, parameters: argon2Floor }) };
    const unknown = await attempt({ ...world.server, directory: empty }, world.client(world.asAccount()));
    for (const { client, server } of [wrong, unknown]) {
      assert.deepEqual([client.refused?.code, server.refused?.code], ['server-auth-failed', 'channel-interrupted']);
    }
    const sizes = (messages: readonly Uint8Array[]) => messages.map(({ length }) => length);
    assert.deepEqual(sizes(wrong.toClient), sizes(unknown.toClient));
  });

  test('is throttled, and learns for how long and what to work on', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const reason = { error: 'proof-of-work-needed', retryAfterSeconds: 30, challenge: { salt: 'abc' } } as const;
    const directory = { ...world.server.directory, admit: async () => reason };
    const { client } = await attempt({ ...world.server, directory }, world.client(world.asAccount()));
    assert.instanceOf(client.refused, ChannelRefusedFault);
    assert.deepInclude(client.refused, {
      code: 'proof-of-work-needed',
      retryAfterSeconds: 30,
      challenge: { salt: 'abc' },
    });
    assert.deepEqual(client.refused?.detail, { retryAfterSeconds: 30 });
  });

  test('brings exemption and solution to the one who admits', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const seen: unknown[] = [];
    const directory: AcceptOptions['directory'] = {
      ...world.server.directory,
      admit: async (request, kem) => {
        if (request.mode === 'account') seen.push([request.address, request.exemption, request.altcha, kem]);
        return null;
      },
    };
    const exemption = new Uint8Array(32).fill(5);
    const login = { ...world.asAccount(), exemption, altcha: 'solved' } as ClientLogin;
    const { client } = await attempt({ ...world.server, directory }, world.client(login));
    assert.isNull(client.refused);
    assert.deepEqual(seen, [[alpha, exemption, 'solved', 'x-wing']]);
  });

  test('floods the server before it is known', async () => {
    const world = await makeWorld('hybrid', cheapPrimitives());
    const sockets = socketPair();
    const accepted = outcome(acceptChannel(sockets.server, world.server), () => undefined);
    for (let i = 0; i < 1000; i++) sockets.client.send(new Uint8Array(1000));
    assert.strictEqual((await accepted).refused?.code, 'frame-malformed');
  });
});

test('the passphrase is on no wire and in no fault', async () => {
  const world = await makeWorld('hybrid', cheapPrimitives());
  const canary = utf8(passphrase);
  for (const words of [passphrase, `${passphrase}?`]) {
    const { toServer, client } = await attempt(world.server, world.client(world.asAccount(words)));
    for (const message of toServer) assert.isFalse(Buffer.from(message).includes(canary));
    assert.notInclude(JSON.stringify([client.refused?.message, client.refused?.detail]), passphrase);
  }
});

interface Given {
  readonly toServer?: Relay;
  readonly toClient?: Relay;
  /** Sent by the client once its channel stands. */
  readonly lines?: readonly string[];
}

interface Side {
  /** Why no channel came about on this side. */
  readonly refused: Fault | null;
  /** Why the channel that stood ended. */
  readonly end: Fault | null;
}

/** One run through to the end; where a channel stands on both sides the connection is cut at last. */
async function attempt(serverOptions: AcceptOptions, clientOptions: ConnectOptions, given: Given = {}) {
  const { lines = [] } = given;
  const sockets = socketPair(given.toServer, given.toClient);
  const received: string[] = [];
  const allReceived = Promise.withResolvers<void>();
  const accepting = acceptChannel(sockets.server, serverOptions);
  const server = outcome(accepting, (line) => {
    received.push(line);
    if (received.length === lines.length) allReceived.resolve();
  });
  const connecting = connectChannel(sockets.client, clientOptions);
  const client = outcome(connecting, () => undefined);
  const both = Promise.all([accepting, connecting]).then(async ([, channel]) => {
    for (const line of lines) channel.send(utf8(line));
    await (lines.length === 0 ? settle() : Promise.race([allReceived.promise, server]));
  });
  await both.catch(() => Promise.race([client, server]));
  sockets.client.close();
  const sides = { server: await server, client: await client };
  return { ...sides, received, toServer: sockets.toServer, toClient: sockets.toClient };
}

async function outcome(opening: Promise<Channel>, receive: (line: string) => void): Promise<Side> {
  try {
    const channel = await opening;
    channel.onMessage((data) => receive(parseUtf8(data)));
    return { refused: null, end: await new Promise((resolve) => channel.onClose(resolve)) };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { refused: fault, end: null };
  }
}

function assertRefused({ refused }: Side, label: string): void {
  assert.isNotNull(refused, label);
  assert.include(REFUSALS, refused.code, label);
}

function flip(number: number, position: number): Relay {
  return (message, n) => {
    if (n === number) message[position] = (message[position] as number) ^ 1;
    return [message];
  };
}

function swap(number: number): Relay {
  let held: Uint8Array = new Uint8Array();
  return (message, n) => {
    if (n === number) held = message;
    if (n === number) return [];
    return n === number + 1 ? [message, held] : [message];
  };
}

/** A timer that fires once everything that can happen has happened. */
function expiring<Options extends ConnectOptions | AcceptOptions>(options: Options): Options {
  const after = (_milliseconds: number, expire: () => void) => {
    const timeout = setTimeout(expire, 200);
    return () => clearTimeout(timeout);
  };
  return { ...options, timer: { after } };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const REFUSALS = [
  'frame-malformed',
  'bad-share',
  'key-malformed',
  'channel-unauthenticated',
  'channel-broken',
  'channel-interrupted',
];
