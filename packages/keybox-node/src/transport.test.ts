import { once } from 'node:events';
import { createServer } from 'node:net';
import { parseHex } from '@sotto/bytes';
import type { FrameSocket } from '@sotto/keybox';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { startHome, type TestHome, testPlatform } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';

let home: TestHome;
const { transport } = testPlatform();

beforeAll(async () => {
  home = await startHome();
});

afterAll(() => home[Symbol.asyncDispose]());

function connect(origin: string, caFingerprint = parseHex(home.server.caFingerprint)): Promise<FrameSocket> {
  return transport.connect({ origin, caFingerprint });
}

describe('connections', () => {
  test('plain http is for this machine alone', async () => {
    (await connect(home.server.url)).close();
    await refuses(connect('http://example.org'), 'tls-refused');
    await refuses(connect('http://127.0.0.1.example.org:80'), 'tls-refused');
  });

  test("the native listener is believed by the cluster's pin, and by nothing else", async () => {
    (await connect(home.server.nativeUrl)).close();
    await refuses(connect(home.server.nativeUrl, new Uint8Array(32)), 'tls-refused');
  });

  test('nobody there, and somebody who speaks no WebSocket', async () => {
    await refuses(connect('http://127.0.0.1:1'), 'unreachable');
    await refuses(connect('https://127.0.0.1:1'), 'unreachable');
    const silent = createServer((socket) => socket.end('220 mail\r\n')).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : null;
    await refuses(connect(`http://127.0.0.1:${port}`), 'unreachable');
    silent.close();
  });

  test('the end is told once, also to whoever asks late', async () => {
    const socket = await connect(home.server.url);
    const closed = Promise.withResolvers<void>();
    socket.onClose(closed.resolve);
    socket.close();
    await closed.promise;
    const late = Promise.withResolvers<void>();
    socket.onClose(late.resolve);
    await late.promise;
    assert.doesNotThrow(() => socket.send(Uint8Array.of(1)));
  });
});
