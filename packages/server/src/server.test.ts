import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, hex } from '@sotto/bytes';
import { type Primitives, passphraseBytes } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type DeviceLogin, parseInvitation } from '@sotto/protocol';
import { type ChannelClientOptions, codeOf, firstDevice, openChannel } from '@sotto/testing';
import { assert, describe, onTestFinished, test } from 'vitest';
import { recordOf, TestHome, type TestMember } from './home.fixture.ts';
import { runServer, type TestServer } from './running.fixture.ts';

describe('start', () => {
  test('a second start goes on with the same ports, domain, authority and invitation', async () => {
    const first = await runServer({ domain: 'example.org' });
    await first.close();
    const second = await runServer({ dataDir: first.dataDir });
    const facts = ({ url, nativeUrl, domain, caFingerprint, invitation }: TestServer) => ({
      url,
      nativeUrl,
      domain,
      caFingerprint,
      invitation,
    });
    assert.deepEqual(facts(second), facts(first));
    assert.strictEqual(second.domain, 'example.org');
  });

  test('the invitation leads to this server and its authority', async () => {
    const server = await runServer();
    const { origin, caFingerprint } = parseInvitation(server.invitation ?? '');
    assert.strictEqual(origin, server.url);
    assert.strictEqual(hex(caFingerprint), server.caFingerprint);
  });

  test('a port that is asked for counts from then on', async () => {
    const first = await runServer();
    await first.close();
    const other = await runServer();
    await other.close();
    const moved = await runServer({ dataDir: first.dataDir, listen: `127.0.0.1:${other.webPort}` });
    assert.strictEqual(moved.url, other.url);
    assert.strictEqual(moved.nativeUrl, first.nativeUrl);
    await moved.close();
    assert.strictEqual((await runServer({ dataDir: first.dataDir })).url, other.url);
  });

  test.each([
    ['plain-http-refused', { listen: '0.0.0.0:0' }],
    ['plain-http-refused', { listen: '[::]:0' }],
    ['listen-malformed', { listen: 'localhost' }],
    ['listen-malformed', { listen: '127.0.0.1:65536' }],
    ['listen-malformed', { nativeListen: 'example.org:1' }],
    ['listen-failed', { listen: '192.0.2.1:0', behindProxy: true, url: 'https://example.org' }],
    ['url-malformed', { listen: '0.0.0.0:0', behindProxy: true }],
    ['url-malformed', { url: 'http://example.org' }],
    ['url-malformed', { url: 'https://example.org/path' }],
    ['tls-unusable', { tls: { certFile: '/dev/null', keyFile: '/dev/null' } }],
    ['data-unusable', { dataDir: '/dev/null/x' }],
  ] as const)('refuses with %s: %o', async (code, options) => {
    assert.strictEqual(await codeOf(() => runServer(options)), code);
  });

  test('another domain than that of the data is refused, and the data is free afterwards', async () => {
    const { dataDir, close } = await runServer();
    await close();
    assert.strictEqual(await codeOf(() => runServer({ dataDir, domain: 'example.org' })), 'domain-mismatch');
    await runServer({ dataDir });
  });

  test('two servers never share a data directory', async () => {
    const { dataDir } = await runServer();
    assert.strictEqual(await codeOf(() => runServer({ dataDir })), 'data-in-use');
  });
});

describe('stop', () => {
  test('what was asked is answered before the channel ends', async () => {
    const { primitives, hold, release } = heldPrimitives();
    const server = await runServer({ primitives });
    const client = await openChannel(server);
    hold();
    const asked = client.call('cluster.keys', {});
    await held(primitives);
    const stopped = server.close();
    release();
    assert.strictEqual((await asked).headCertificates.length, 1);
    assert.strictEqual(await client.closed, null);
    await stopped;
  });

  test('a request that never ends is cut in the end', async () => {
    const { primitives, hold } = heldPrimitives();
    const server = await runServer({ primitives, limits: { stopMilliseconds: 100 } });
    const client = await openChannel(server);
    hold();
    const asked = codeOf(() => client.call('cluster.keys', {}));
    await held(primitives);
    await server.close();
    assert.strictEqual(await asked, 'not-found');
  });

  test('stopping twice is stopping once', async () => {
    const server = await runServer();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});

describe('people', () => {
  test('devices talk in a room: hints reach the other one, and nothing in the log tells of it', async () => {
    const { server, alice, bob, room, open } = await startTown();
    const [atAlice, atBob] = [await open(deviceOf(alice)), await open(deviceOf(bob))];
    const header = await room.draftRecord(alice.account);
    const entry = await room.sealRecord(alice.account, header, { body: room.message('hello') });
    const hint = atBob.nextMessage();
    const sent = await atAlice.call('records.append', { room: room.state.id, records: [recordOf(entry)] });
    assert.strictEqual(sent.refused, null);
    const news = await hint;
    assert.ok(news.type === 'event' && news.event.event === 'room');
    assert.strictEqual(news.event.length, sent.head.length);
    const read = await atBob.call('rooms.read', { room: room.state.id, from: sent.positions[0] ?? 0, limit: 10 });
    assert.strictEqual(read.entries.length, 1);

    await codeOf(() => atBob.call('rooms.read', { room: new Uint8Array(32), from: 0, limit: 10 }));
    await atBob.ask('records.append', { room: room.state.id, records: [] });
    await codeOf(() => open(deviceOf(alice, new Uint8Array(32))));
    const wrong = { mode: 'account', passphrase: passphraseBytes('wrong'), address: alice.account.address } as const;
    const login = { ...wrong, pinned: null, exemption: null, altcha: null };
    for (let n = 0; n < 5; n++) await codeOf(() => open({ login }));
    await atAlice.close();
    await atBob.close();
    await server.close();
    assertSilent(server, [alice, bob], room.state.id);
  });

  test('a device of another suite than its channel, and an unknown one, are refused', async () => {
    const { alice, open } = await startTown();
    assert.strictEqual(await codeOf(() => open({ ...deviceOf(alice), kem: 'p-384' })), 'not-authorised');
    assert.strictEqual(await codeOf(() => open(deviceOf(alice, new Uint8Array(32)))), 'device-unknown');
  });

  test('a fault of the server itself tells the caller nothing but where its log has more', async () => {
    const { primitives, hold, fail } = heldPrimitives();
    const server = await runServer({ primitives });
    const client = await openChannel(server);
    hold();
    fail(new Error('alice@example.org in a library message'));
    const answer = await client.ask('cluster.keys', {});
    assert.ok(answer.type === 'fault' && answer.code === 'server-error');
    assert.deepEqual(Object.keys(answer.detail), ['incident']);
    assert.notMatch(answer.message, /alice/);
    const line = server.lines.find((text) => text.includes(String(answer.detail['incident']))) ?? '';
    assert.match(line, /"operation":"cluster.keys"/);
    assert.notMatch(server.lines.join(''), /alice/);
    await client.close();
  });
});

test('keys are readable for their owner alone', async () => {
  const { dataDir } = await runServer();
  for (const name of readdirSync(join(dataDir, 'keys'))) {
    assert.strictEqual(statSync(join(dataDir, 'keys', name)).mode & 0o077, 0, name);
  }
  assert.strictEqual(statSync(dataDir).mode & 0o077, 0);
});

/** Alice and Bob in a room, at a server that runs. */
async function startTown() {
  const home = await TestHome.open();
  onTestFinished(() => home.close().catch(() => undefined));
  const [alice, bob] = [await home.signUp('alice'), await home.signUp('bob')];
  await home.befriend(alice, bob);
  const room = await home.createRoom(alice);
  await home.append(alice, room, await room.sealAdd(alice.account, bob.account, { role: 'member' }));
  await home.store.close();
  const now = () => home.now();
  const server = await runServer({ dataDir: home.directory, domain: 'example.org', now });
  const open = (options: ChannelClientOptions) => openChannel(server, { atMs: home.now(), ...options });
  return { alice, bob, room, server, open };
}

function deviceOf({ account }: TestMember, device = firstDevice(account).id): { readonly login: DeviceLogin } {
  const { kem } = account.suite;
  const secretKey = firstDevice(account).kem;
  return { login: { mode: 'device', account: account.chain.fingerprint, device, kem, secretKey } };
}

function assertSilent({ lines }: TestServer, people: readonly TestMember[], room: Uint8Array): void {
  const log = lines.join('');
  assert.match(log, /"event":"sign-in-failed"/);
  assert.match(log, /"event":"session-ended"/);
  const ids = [room, ...people.flatMap(({ account }) => [account.chain.fingerprint, firstDevice(account).id])];
  const words = [...people.map(({ account }) => account.address), 'alice', 'bob', '127.0.0.1', 'example.org'];
  for (const word of words) assert.notInclude(log, word);
  for (const id of ids)
    for (const text of [hex(id), base64url(id), Buffer.from(id).toString('base64')]) {
      assert.notInclude(log, text.slice(0, 12));
    }
}

interface Held {
  readonly primitives: Primitives;
  hold(): void;
  release(): void;
  fail(error: Error): void;
}

/** Primitives whose next CRL signature waits: a request that is in flight for as long as a test wants. */
function heldPrimitives(): Held {
  const real = nodePrimitives();
  const gate = Promise.withResolvers<void>();
  // A gate that fails before anybody waits at it is no unhandled rejection.
  gate.promise.catch(() => undefined);
  let holding = false;
  const sign: Primitives['ecdsaP384']['sign'] = async (key, message) => {
    if (holding) {
      arrived.get(primitives)?.resolve();
      await gate.promise;
    }
    return real.ecdsaP384.sign(key, message);
  };
  const primitives: Primitives = { ...real, ecdsaP384: { ...real.ecdsaP384, sign } };
  arrived.set(primitives, Promise.withResolvers<void>());
  return {
    primitives,
    hold: () => {
      holding = true;
    },
    release: () => gate.resolve(),
    fail: (error) => gate.reject(error),
  };
}

async function held(primitives: Primitives): Promise<void> {
  await arrived.get(primitives)?.promise;
}

const arrived = new WeakMap<Primitives, PromiseWithResolvers<void>>();
