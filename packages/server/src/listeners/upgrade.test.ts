import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { MAX_FRAME_BYTES } from '@sotto/protocol';
import { codeOf, openChannel } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { WebSocket } from 'ws';
import { runServer } from '../running.fixture.ts';

describe('W2: pages of other sites open no channel', () => {
  test.each(['https://evil.example', 'null', 'http://localhost', 'http://127.0.0.1.evil.example'])(
    'attack from origin %s is refused',
    async (origin) => {
      const server = await runServer();
      const response = await upgrade(server.url, { origin });
      assert.strictEqual(response.status, 403);
      assert.strictEqual(JSON.parse(response.body).code, 'origin-refused');
    },
  );

  test('control: the own origin, under both names of this machine, and no origin are let in', async () => {
    const server = await runServer();
    for (const origin of [server.url, server.url.replace('127.0.0.1', 'localhost'), undefined]) {
      const client = await openChannel(server, {
        socket: socketOf(server.url, origin === undefined ? {} : { origin }),
      });
      await client.call('cluster.keys', {});
      await client.close();
    }
  });

  test('attack: no page at all opens a channel on the native listener', async () => {
    const server = await runServer();
    const options = { origin: server.nativeUrl, rejectUnauthorized: false };
    const socket = new WebSocket(`${server.nativeUrl.replace('https', 'wss')}/v1/channel`, options);
    const opened = once(socket, 'open').then(() => [null, { statusCode: 101 }]);
    const [, response] = await Promise.race([once(socket, 'unexpected-response'), opened]);
    socket.terminate();
    assert.strictEqual(response.statusCode, 403);
  });
});

describe('W6: what a frame may be', () => {
  test.each([
    ['a text message', (socket: WebSocket) => socket.send('hello'), 1003],
    ['a message longer than a frame', (socket: WebSocket) => socket.send(new Uint8Array(MAX_FRAME_BYTES + 1)), 1009],
    ['a long first message', (socket: WebSocket) => socket.send(new Uint8Array(64 * 1024)), 1009],
    ['many fragments', (socket: WebSocket) => sendFragments(socket, 100), 1008],
  ])('attack by %s ends the connection', async (_, send, code) => {
    const socket = await opened((await runServer()).url);
    send(socket);
    assert.strictEqual((await once(socket, 'close'))[0], code);
  });

  test('attack by compression: it is not agreed on, and a compressed frame is refused', async () => {
    const server = await runServer();
    const response = await upgrade(server.url, { 'sec-websocket-extensions': 'permessage-deflate' });
    assert.strictEqual(response.status, 101);
    assert.notMatch(response.head, /sec-websocket-extensions/i);
    response.socket.write(Uint8Array.of(0xc2, 0x81, 0, 0, 0, 0, 0));
    assert.deepEqual([...(await bytesOf(response.socket))].slice(0, 4), [0x88, 0x02, 0x03, 0xea]);
  });

  test('attack by 20 KB of header lines is refused', async () => {
    const server = await runServer();
    const headers = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-${n}`, '1'.repeat(32)]));
    assert.strictEqual((await upgrade(server.url, headers)).status, 431);
  });

  test('control: a good client goes on meanwhile', async () => {
    const server = await runServer();
    const good = await openChannel(server);
    const bad = await opened(server.url);
    bad.send(new Uint8Array(MAX_FRAME_BYTES + 1));
    await once(bad, 'close');
    await good.call('cluster.keys', {});
    await good.close();
  });
});

test('another path is no channel', async () => {
  const server = await runServer();
  for (const path of ['/', '/v1/channel/', '/v1/channel?x=1', '//v1/channel']) {
    assert.strictEqual((await upgrade(server.url, {}, path)).status, 404, path);
  }
});

test('the native listener speaks TLS 1.3 alone and answers nothing but channels', async () => {
  const { nativeUrl } = await runServer();
  const port = Number(new URL(nativeUrl).port);
  const old = connectTls({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  const [error] = await once(old, 'error');
  assert.match(String(error.code), /PROTOCOL_VERSION|ECONNRESET/);
  const current = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  current.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(current, 'secureConnect');
  assert.strictEqual(current.getProtocol(), 'TLSv1.3');
  assert.match(Buffer.from(await bytesOf(current)).toString(), /^HTTP\/1\.1 404 /);
});

test('a client that asks much at once and reads late loses nothing', async () => {
  const server = await runServer({ limits: { anonymousRequests: { burst: 5000, perSecond: 1 } } });
  const socket = socketOf(server.url, {});
  const client = await openChannel(server, { socket });
  socket.pause();
  const asked = Array.from({ length: 2000 }, () => client.call('cluster.keys', {}));
  await codeOf(() => openChannel(server).then((other) => other.close()));
  socket.resume();
  assert.strictEqual((await Promise.all(asked)).length, 2000);
  await client.close();
});

test('no channel is opened once the server stops', async () => {
  const server = await runServer();
  await server.close();
  assert.strictEqual(await codeOf(() => openChannel(server)), 'not-found');
});

interface UpgradeAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly socket: ReturnType<typeof connect>;
}

/** Asks for a WebSocket by hand: clients' libraries are too polite. */
async function upgrade(
  url: string,
  headers: Readonly<Record<string, string>>,
  path = '/v1/channel',
): Promise<UpgradeAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const lines = Object.entries({ ...UPGRADE, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  while (!Buffer.concat(chunks).includes('\r\n\r\n')) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  const status = Number(Buffer.concat(chunks).toString().split(' ')[1]);
  if (status !== 101 && !socket.closed) await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  socket.removeAllListeners('data');
  return { status, head, body, socket };
}

async function bytesOf(socket: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function socketOf(url: string, options: { readonly origin?: string }): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/v1/channel`, options);
}

async function opened(url: string): Promise<WebSocket> {
  const socket = socketOf(url, {});
  await once(socket, 'open');
  return socket;
}

function sendFragments(socket: WebSocket, count: number): void {
  for (let n = 1; n <= count; n++) socket.send(Uint8Array.of(n), { binary: true, fin: n === count });
}

const UPGRADE = {
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
