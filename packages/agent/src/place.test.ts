import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { AgentPeerFault } from './fault.ts';
import { checkSocket, listenForOwner, pointerPath, prepareDirectory, readPointer, socketPathFor } from './place.ts';

let folder: string;
let server: Server | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-place-'));
});

afterEach(() => {
  server?.close();
  server = null;
  rmSync(folder, { recursive: true });
});

async function listen(path: string): Promise<void> {
  server = createServer();
  await listenForOwner(server, path);
}

describe('the socket', () => {
  test('lies in the runtime folder, by what the profile is and not by its path', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1' };
    symlinkSync(folder, `${folder}-link`);
    try {
      const path = socketPathFor(folder, env);
      assert.match(path, /^\/run\/user\/1\/sotto\/agent-[0-9a-f]+-[0-9a-f]+$/);
      assert.strictEqual(socketPathFor(`${folder}-link`, env), path);
    } finally {
      rmSync(`${folder}-link`);
    }
    assert.strictEqual(socketPathFor(folder, {}), join(folder, 'agent', 'socket'));
    assert.strictEqual(socketPathFor(folder, { XDG_RUNTIME_DIR: 'relative' }), join(folder, 'agent', 'socket'));
  });

  test('has a directory for its owner alone, or none', () => {
    const path = join(folder, 'agent', 'socket');
    prepareDirectory(path);
    assert.strictEqual(statSync(join(folder, 'agent')).mode & 0o777, 0o700);
    chmodSync(join(folder, 'agent'), 0o750);
    assert.throws(() => prepareDirectory(path), AgentPeerFault);
  });

  test('is for its owner alone from the moment it is there', async () => {
    const path = join(folder, 'socket');
    const listening = listen(path);
    assert.strictEqual(statSync(path).mode & 0o777, 0o600);
    await listening;
    const umask = process.umask();
    assert.notStrictEqual(umask, 0o177);
    const second = createServer();
    const refused = await listenForOwner(second, path).catch(({ code }) => code);
    assert.strictEqual(refused, 'EADDRINUSE');
    assert.strictEqual(process.umask(), umask);
  });

  test('is not there before an agent was', () => {
    assert.isFalse(checkSocket(join(folder, 'agent', 'socket')));
    assert.isNull(readPointer(folder));
  });
});

describe('Lx2: a socket that somebody else put in the place of the agent', () => {
  test('control: as the agent makes it', async () => {
    const path = join(folder, 'socket');
    await listen(path);
    assert.isTrue(checkSocket(path));
    writeFileSync(pointerPath(folder), `${path}\n`, { mode: 0o600 });
    assert.strictEqual(readPointer(folder), path);
  });

  test('attack: open to others, a file, or a link', async () => {
    const path = join(folder, 'socket');
    await listen(path);
    for (const mode of [0o660, 0o606, 0o777]) {
      chmodSync(path, mode);
      assert.throws(() => checkSocket(path), AgentPeerFault);
    }
    chmodSync(path, 0o600);
    symlinkSync(path, join(folder, 'link'));
    assert.throws(() => checkSocket(join(folder, 'link')), AgentPeerFault);
    writeFileSync(join(folder, 'file'), '', { mode: 0o600 });
    assert.throws(() => checkSocket(join(folder, 'file')), AgentPeerFault);
  });

  test('attack: a directory that others may enter', async () => {
    const directory = join(folder, 'open');
    mkdirSync(directory, { mode: 0o700 });
    await listen(join(directory, 'socket'));
    for (const mode of [0o770, 0o701, 0o777]) {
      chmodSync(directory, mode);
      assert.throws(() => checkSocket(join(directory, 'socket')), AgentPeerFault);
      assert.throws(() => prepareDirectory(join(directory, 'socket')), AgentPeerFault);
    }
  });

  test('attack: a pointer that others may have written', () => {
    writeFileSync(pointerPath(folder), '/run/user/1/sotto/agent-1-2\n', { mode: 0o600 });
    for (const mode of [0o620, 0o602]) {
      chmodSync(pointerPath(folder), mode);
      assert.throws(() => readPointer(folder), AgentPeerFault);
    }
  });

  test.runIf(process.getuid?.() === 0)('attack: of another user, or in the directory of one', async () => {
    const directory = join(folder, 'theirs');
    mkdirSync(directory, { mode: 0o700 });
    const path = join(directory, 'socket');
    await listen(path);
    assert.isTrue(checkSocket(path));
    chownSync(path, NOBODY, NOBODY);
    assert.throws(() => checkSocket(path), AgentPeerFault);
    chownSync(path, 0, 0);
    chownSync(directory, NOBODY, NOBODY);
    assert.throws(() => checkSocket(path), AgentPeerFault);
    assert.throws(() => prepareDirectory(path), AgentPeerFault);
  });
});

describe('the pointer', () => {
  test('leads to no abstract and no relative place', () => {
    for (const content of ['\0abstract', 'relative/socket', '']) {
      writeFileSync(pointerPath(folder), content, { mode: 0o600 });
      assert.isNull(readPointer(folder));
    }
  });
});

const NOBODY = 65_534;
