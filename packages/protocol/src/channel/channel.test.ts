import { type Fault, hex, parseUtf8, utf8 } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { alpha, deviceId, fingerprint, makeWorld, socketPair } from './channel.fixture.ts';
import type { Channel } from './channel.ts';
import { MAX_DATA_BYTES } from './limits.ts';
import { acceptChannel, type ClientChannel, connectChannel, type ServerChannel } from './open.ts';

describe('a channel opens', () => {
  for (const kem of ['x-wing', 'p-384'] as const) {
    for (const suite of ['hybrid', 'classic'] as const) {
      test(`for a device of the ${suite} suite over ${kem}`, async () => {
        const world = await makeWorld(suite);
        const { client, server } = await openPair(world.server, world.client(world.asDevice(), kem));
        assert.deepEqual(server.peer, { mode: 'device', account: fingerprint, device: deviceId });
        assert.strictEqual(server.kem, kem);
        assert.isNull(client.exportKey);
        await talk(client, server);
      });
    }

    test(`for nobody over ${kem}`, async () => {
      const world = await makeWorld();
      const { client, server } = await openPair(world.server, world.client({ mode: 'anonymous' }, kem));
      assert.deepEqual(server.peer, { mode: 'anonymous' });
      await talk(client, server);
    });

    test(`for a passphrase over ${kem}, with the same export key each time`, async () => {
      const world = await makeWorld();
      const keys: string[] = [];
      for (let run = 0; run < 2; run++) {
        const { client, server } = await openPair(world.server, world.client(world.asAccount(), kem));
        assert.deepEqual(server.peer, { mode: 'account', address: alpha });
        assert.deepEqual(client.signIn?.parameters, world.parameters);
        assert.deepEqual(client.signIn?.serverPublicKey, world.server.opaqueSetup.publicKey);
        keys.push(hex(client.exportKey?.unsafeExpose('test') ?? new Uint8Array()));
        await talk(client, server);
      }
      assert.strictEqual(keys[0]?.length, 128);
      assert.strictEqual(keys[0], keys[1]);
    });
  }
});

describe('messages', () => {
  test('keep their order however many are queued at once, and the largest passes', async () => {
    const { client, server } = await anonymousPair();
    const sizes = Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? MAX_DATA_BYTES : (i * 37) % 1000));
    for (const [i, size] of sizes.entries()) client.send(new Uint8Array(size).fill(i));
    const received = await collect(server, sizes.length);
    for (const [i, size] of sizes.entries()) assert.deepEqual(received[i], new Uint8Array(size).fill(i));
  });

  test('over the limit are refused at the sender, and the channel goes on', async () => {
    const { client, server } = await anonymousPair();
    assert.throws(() => client.send(new Uint8Array(MAX_DATA_BYTES + 1)), /at most/);
    await talk(client, server);
  });

  test('are copied when they are sent', async () => {
    const { client, server } = await anonymousPair();
    const data = utf8('first');
    client.send(data);
    data.fill(0);
    assert.strictEqual(parseUtf8((await collect(server, 1))[0] ?? new Uint8Array()), 'first');
  });

  test('that came before the listener wait for it', async () => {
    const { client, server } = await anonymousPair();
    for (const text of ['1', '2', '3']) client.send(utf8(text));
    await settle();
    assert.deepEqual((await collect(server, 3)).map(parseUtf8), ['1', '2', '3']);
  });
});

describe('the end', () => {
  test('is orderly behind what was queued, on both sides', async () => {
    const { client, server } = await anonymousPair();
    const received = collect(server, 2);
    client.send(utf8('1'));
    client.send(utf8('2'));
    client.close();
    assert.deepEqual((await received).map(parseUtf8), ['1', '2']);
    assert.deepEqual(await Promise.all([ended(client), ended(server)]), [null, null]);
    assert.strictEqual(
      codeThrownBy(() => client.send(utf8('3'))),
      'channel-closed',
    );
    assert.strictEqual(
      codeThrownBy(() => server.send(utf8('3'))),
      'channel-closed',
    );
  });

  test('without a close frame is an interruption', async () => {
    const { sockets, client, server } = await anonymousPair();
    sockets.client.close();
    assert.strictEqual((await ended(server))?.code, 'channel-interrupted');
    assert.strictEqual((await ended(client))?.code, 'channel-interrupted');
  });
});

describe('keys change', () => {
  test('by number of frames, in both directions', async () => {
    const { client, server, sockets } = await anonymousPair({ rekeyLimits: { frames: 3, milliseconds: 1e9 } });
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    for (const text of texts) client.send(utf8(text));
    assert.deepEqual((await collect(server, 20)).map(parseUtf8), texts);
    for (const text of texts) server.send(utf8(text));
    assert.deepEqual((await collect(client, 20)).map(parseUtf8), texts);
    // Finished and the update itself count: two data frames under the first key, three under each later one.
    assert.strictEqual(sockets.toServer.filter((frame) => frame[0] === 1).length, 6);
  });

  test('by age', async () => {
    let now = 0;
    const { client, server, sockets } = await anonymousPair({ clock: { now: () => now } });
    for (const time of [0, 3_599_999, 3_600_000, 3_600_001, 7_200_000]) {
      now = time;
      client.send(utf8(`at ${time}`));
      await settle();
    }
    assert.strictEqual((await collect(server, 5)).length, 5);
    assert.deepEqual(
      sockets.toServer.slice(3).map((frame) => frame[0]),
      [0, 0, 1, 0, 0, 1, 0],
    );
  });

  test('and a key that outlives its frames is refused', async () => {
    const world = await makeWorld();
    const lax = { ...world.client({ mode: 'anonymous' }), rekeyLimits: { frames: 100, milliseconds: 1e9 } };
    const strict = { ...world.server, rekeyLimits: { frames: 3, milliseconds: 1e9 } };
    const { client, server } = await openPair(strict, lax);
    for (let i = 0; i < 5; i++) client.send(Uint8Array.of(i));
    assert.strictEqual((await ended(server))?.code, 'channel-broken');
    assert.strictEqual((await collect(server, 2)).length, 2);
  });
});

async function openPair(server: Parameters<typeof acceptChannel>[1], client: Parameters<typeof connectChannel>[1]) {
  const sockets = socketPair();
  const [clientChannel, serverChannel] = await Promise.all([
    connectChannel(sockets.client, client),
    acceptChannel(sockets.server, server),
  ]);
  return { sockets, client: clientChannel, server: serverChannel };
}

async function anonymousPair(overrides: Partial<Parameters<typeof connectChannel>[1]> = {}) {
  const world = await makeWorld();
  return await openPair({ ...world.server, ...overrides }, { ...world.client({ mode: 'anonymous' }), ...overrides });
}

async function talk(client: ClientChannel, server: ServerChannel): Promise<void> {
  client.send(utf8('from the client'));
  server.send(utf8('from the server'));
  assert.deepEqual((await collect(server, 1)).map(parseUtf8), ['from the client']);
  assert.deepEqual((await collect(client, 1)).map(parseUtf8), ['from the server']);
}

/** The next `count` messages. */
function collect(channel: Channel, count: number): Promise<Uint8Array[]> {
  const received: Uint8Array[] = [];
  return new Promise((resolve) => {
    channel.onMessage((data) => {
      received.push(data);
      if (received.length === count) resolve(received);
    });
  });
}

function ended(channel: Channel): Promise<Fault | null> {
  return new Promise((resolve) => channel.onClose(resolve));
}

function codeThrownBy(run: () => void): string {
  try {
    run();
  } catch (fault) {
    return (fault as Fault).code;
  }
  return 'none';
}

/** Lets everything that is under way come to rest. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
