import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { AgentPeerFault } from './fault.ts';
import { checkPeer, peerUser } from './peer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-peer-'));
const path = join(folder, 'socket');
const server = createServer();

beforeAll(async () => {
  server.listen(path);
  await once(server, 'listening');
  // Open to all: what is left is the kernel's word.
  chmodSync(folder, 0o777);
  chmodSync(path, 0o777);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('both ends know that the other is of their user', async () => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(path);
  await once(client, 'connect');
  const [socket] = await accepted;
  for (const end of [client, socket]) {
    assert.strictEqual(peerUser(end), process.getuid?.());
    checkPeer(end);
  }
  client.destroy();
  await once(socket.resume(), 'close');
  assert.throws(() => checkPeer(socket), AgentPeerFault);
});

test.runIf(process.getuid?.() === 0)('another user is known as such', async () => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const script = `require('node:net').connect(${JSON.stringify(path)}).resume()`;
  const words = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, '-e', script];
  const child = execFile('setpriv', words, { cwd: '/' });
  const [socket] = await accepted;
  assert.strictEqual(peerUser(socket), 65_534);
  assert.throws(() => checkPeer(socket), AgentPeerFault);
  socket.destroy();
  await once(child, 'exit');
});
