import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { root } from '../sources.ts';
import { City, type Json, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  await alice.befriend(bob);
  await alice.json('room', 'create', 'ward');
  await alice.json('room', 'add', 'ward', bob.address);
  await bob.lines('room', 'list');
});

afterAll(async () => {
  for (const person of [alice, bob]) await person.run(['agent', 'stop']);
  await city[Symbol.asyncDispose]();
});

/** Without a passphrase at hand. */
function barehanded(
  person: Person,
  ...words: readonly string[]
): Promise<{ exit: number; lines: Json[]; code: string | null }> {
  const child = spawn(join(root, 'bin/sotto'), [...words, '--json'], {
    env: { ...process.env, SOTTO_HOME: person.home, SOTTO_PASSPHRASE_FILE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (part) => (said.stdout += part));
  child.stderr.on('data', (part) => (said.stderr += part));
  return once(child, 'close').then(([exit]) => ({
    exit,
    lines: said.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
    code: said.stderr === '' ? null : JSON.parse(said.stderr).code,
  }));
}

/** Asks again until the answer is as it should be. */
async function until(work: () => Promise<boolean>): Promise<void> {
  while (!(await work())) await setTimeout(100);
}

describe('the agent', () => {
  test('holds the account: commands need no passphrase any more', async () => {
    assert.strictEqual((await alice.refused(1, 'agent', 'status')).code, 'agent-not-running');
    assert.strictEqual((await barehanded(alice, 'room', 'list')).code, 'locked');
    const started = await alice.json('agent', 'start', '--auto-lock', '30');
    assert.deepInclude(started, { address: alice.address, locked: false });
    const listed = await barehanded(alice, 'room', 'list');
    assert.deepEqual(
      listed.lines.map(({ name }) => name),
      ['ward'],
    );
    const status = await alice.json('agent', 'status');
    assert.deepInclude(status, { pid: started.pid, autoLockMinutes: 30 });
    assert.deepInclude(status.accounts[0], { address: alice.address, locked: false, connected: true, unsent: 0 });
    assert.match(status.accounts[0].lastSync, /^\d{4}-\d\d-\d\dT/);
  });

  test('is alone', async () => {
    assert.strictEqual((await alice.refused(2, 'agent', 'start')).code, 'agent-running');
  });

  test('keeps its socket and its log to its user, and no secret in arguments or environment', async () => {
    const path = readFileSync(join(alice.home, 'agent.socket'), 'utf8').trim();
    assert.strictEqual(lstatSync(path).mode & 0o777, 0o600);
    assert.strictEqual(lstatSync(join(path, '..')).mode & 0o777, 0o700);
    assert.strictEqual(lstatSync(join(alice.home, 'agent.log')).mode & 0o777, 0o600);
    const { pid } = await alice.json('agent', 'status');
    const passphrase = readFileSync(alice.passphraseFile, 'utf8').trim();
    for (const file of ['cmdline', 'environ']) {
      const content = readFileSync(`/proc/${pid}/${file}`, 'utf8');
      assert.notInclude(content, passphrase);
      assert.notInclude(content, alice.passphraseFile);
    }
    assert.notInclude(readFileSync(join(alice.home, 'agent.log'), 'utf8'), passphrase);
    assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0/);
  });

  test('does everything as a command does it alone', async () => {
    const sent = await alice.json('message', 'send', 'ward', 'Through the agent.', '--key', 'k');
    assert.strictEqual(sent.state, 'accepted');
    assert.strictEqual((await alice.json('message', 'send', 'ward', 'Through the agent.', '--key', 'k')).id, sent.id);
    assert.include(await bob.texts('ward'), 'Through the agent.');
    assert.isTrue((await alice.json('vault', 'check')).encrypted);
    const findings = await alice.lines('audit', 'run');
    assert.deepEqual(
      findings.filter(({ ok }) => !ok),
      [],
    );
    assert.strictEqual((await alice.refused(2, 'room', 'show', 'nowhere')).code, 'not-found');
    assert.strictEqual((await alice.refused(7, 'room', 'add', 'ward', 'nobody@localhost')).code, 'not-contact');
    const sealed = await alice.run(['container', 'seal', '--to', bob.address], { stdin: 'for Bob' });
    assert.strictEqual(sealed.exit, 0);
    writeFileSync(join(city.folder, 'sealed.p7m'), sealed.bytes);
    assert.strictEqual((await bob.run(['container', 'open', join(city.folder, 'sealed.p7m')])).stdout, 'for Bob');
  });

  test('fetches what comes without being asked', async () => {
    await bob.json('message', 'send', 'ward', 'Are you there?');
    await until(async () => {
      const { lines } = await barehanded(alice, 'message', 'list', 'ward');
      return lines.some(({ text }) => text === 'Are you there?');
    });
  });

  test('streams what comes to a watcher, which ends well when told to', async () => {
    const watch = alice.start(['message', 'watch', '--json']);
    const lines = createInterface({ input: watch.stdout as NonNullable<typeof watch.stdout> });
    const heard = new Promise<Json>((resolve) => {
      lines.on('line', (line) => JSON.parse(line).text === 'Look here.' && resolve(JSON.parse(line)));
    });
    let author: unknown = null;
    void heard.then((message) => (author = message['author']));
    // Nobody knows when it begins to watch.
    await until(async () => {
      await bob.json('message', 'send', 'ward', 'Look here.');
      return author !== null;
    });
    assert.strictEqual(author, bob.address);
    const ended = once(watch, 'exit');
    watch.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});

describe('without the server', () => {
  test('commands go on, messages wait, and leave by themselves once it is back', async () => {
    await city.stop('SIGKILL');
    assert.isNotEmpty((await barehanded(alice, 'message', 'list', 'ward')).lines);
    const queued = await barehanded(alice, 'message', 'send', 'ward', 'From the dark.');
    assert.deepEqual([queued.exit, queued.code, queued.lines[0].state], [6, 'unreachable', 'queued']);
    const [held] = (await alice.json('agent', 'status')).accounts;
    assert.deepInclude(held, { connected: false, unsent: 1 });
    await city.start();
    await until(async () => (await alice.json('agent', 'status')).accounts[0].unsent === 0);
    assert.include(await bob.texts('ward'), 'From the dark.');
  });
});

describe('locking', () => {
  test('wipes the agent too; the next command unlocks it there', async () => {
    await alice.json('account', 'lock');
    assert.isTrue((await alice.json('agent', 'status')).accounts[0].locked);
    assert.deepInclude(await barehanded(alice, 'room', 'list'), { exit: 4, code: 'locked' });
    assert.isNotEmpty(await alice.lines('room', 'list'));
    assert.isNotEmpty((await barehanded(alice, 'room', 'list')).lines);
  });

  test('a wrong passphrase leaves it locked', async () => {
    await alice.json('account', 'lock');
    const wrong = join(city.folder, 'wrong');
    writeFileSync(wrong, 'quite another bridge to walk\n', { mode: 0o600 });
    assert.strictEqual((await alice.refused(4, 'room', 'list', '--passphrase-file', wrong)).code, 'wrong-passphrase');
    assert.isTrue((await alice.json('agent', 'status')).accounts[0].locked);
    await alice.lines('room', 'list');
  });

  test('by a signal', async () => {
    const { pid } = await alice.json('agent', 'status');
    process.kill(pid, 'SIGHUP');
    await until(async () => (await alice.json('agent', 'status')).accounts[0].locked);
    await alice.lines('room', 'list');
  });
});

describe('killed', () => {
  test('in the middle of commands: a typed fault, nothing lost, nothing twice, and the vault opens', async () => {
    for (let n = 0; n < 6; n++) {
      const { pid } = await alice.json('agent', 'status');
      const sending = alice.run(['message', 'send', 'ward', `Killed ${n}.`, '--key', `killed-${n}`, '--json']);
      await setTimeout(60 + 40 * n);
      process.kill(pid, 'SIGKILL');
      const { exit, stderr } = await sending;
      if (exit !== 0) assert.strictEqual(JSON.parse(stderr.trim().split('\n').at(-1) ?? '').code, 'agent-lost', stderr);
      // The socket of the dead one is in the way of nobody.
      if (n % 2 === 0) assert.isNotEmpty(await alice.lines('room', 'list'));
      await alice.json('agent', 'start');
      await alice.json('message', 'send', 'ward', `Killed ${n}.`, '--key', `killed-${n}`);
    }
    const texts = (await bob.texts('ward')).filter((text) => text.startsWith('Killed'));
    assert.deepEqual(texts, ['Killed 0.', 'Killed 1.', 'Killed 2.', 'Killed 3.', 'Killed 4.', 'Killed 5.']);
    const findings = await alice.lines('audit', 'run');
    assert.deepEqual(
      findings.filter(({ ok }) => !ok),
      [],
    );
  }, 240_000);

  test('clients do it no harm', async () => {
    const before = await alice.json('agent', 'status');
    for (const delay of [20, 60, 100, 140]) {
      const child = alice.start(['message', 'send', 'ward', `Client ${delay}.`, '--key', `client-${delay}`]);
      await setTimeout(delay);
      child.kill('SIGKILL');
    }
    assert.strictEqual((await alice.json('agent', 'status')).pid, before.pid);
    assert.isNotEmpty((await barehanded(alice, 'room', 'list')).lines);
  });
});

describe('somebody else', () => {
  test('who opens the doors of the place is refused by clients', async () => {
    const path = readFileSync(join(alice.home, 'agent.socket'), 'utf8').trim();
    for (const [door, mode] of [
      [path, 0o600],
      [join(path, '..'), 0o700],
    ] as const) {
      chmodSync(door, 0o777);
      assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'agent-untrusted');
      chmodSync(door, mode);
    }
    assert.isNotEmpty(await alice.lines('room', 'list'));
  });

  test('who is of another user is refused by the agent, doors open or not', async () => {
    if (process.getuid?.() !== 0) return;
    const path = readFileSync(join(alice.home, 'agent.socket'), 'utf8').trim();
    // Below a folder that nobody else enters the user would not get as far as the kernel's word.
    const opened = openWay(path);
    const script = `const s = require('node:net').connect(${JSON.stringify(path)});
      let bytes = 0;
      s.on('data', (part) => { bytes += part.length; });
      s.on('error', (cause) => console.log(cause.code));
      s.on('close', () => console.log('closed after', bytes));`;
    try {
      const node = join(root, 'node_modules/.bin/node');
      const words = ['--reuid', '65534', '--regid', '65534', '--clear-groups', node, '-e', script];
      assert.strictEqual(execFileSync('setpriv', words, { cwd: '/', encoding: 'utf8' }).trim(), 'closed after 0');
    } finally {
      for (const [door, mode] of opened) chmodSync(door, mode);
    }
    assert.match(readFileSync(join(alice.home, 'agent.log'), 'utf8'), /refused a client \[agent-untrusted\]/);
  });

  test('who listens in its place is refused by clients, in a link or in the open', async () => {
    await alice.json('agent', 'stop');
    const folder = mkdtempSync(join(tmpdir(), 'sotto-forged-'));
    const forged = createServer((socket) => socket.destroy()).listen(join(folder, 'socket'));
    await once(forged, 'listening');
    const pointer = join(alice.home, 'agent.socket');
    writeFileSync(pointer, `${join(folder, 'socket')}\n`, { mode: 0o600 });
    assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'agent-untrusted');
    writeFileSync(join(folder, 'pointer'), `${join(folder, 'socket')}\n`);
    rmSync(pointer);
    symlinkSync(join(folder, 'pointer'), pointer);
    assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'agent-untrusted');
    rmSync(pointer);
    forged.close();
    rmSync(folder, { recursive: true });
    assert.isNotEmpty(await alice.lines('room', 'list'));
  });
});

/** Opens a path to everybody; gives what to close again. */
function openWay(path: string): readonly (readonly [string, number])[] {
  const opened: [string, number][] = [];
  for (let at = path; at !== tmpdir() && at !== '/'; at = join(at, '..')) {
    opened.push([at, lstatSync(at).mode & 0o777]);
    chmodSync(at, 0o777);
  }
  return opened;
}

describe('two accounts in one installation', () => {
  test('are listed, chosen, held at once, and talk to each other', async () => {
    const [carol, dora] = [city.stranger('carol'), city.stranger('dora')];
    for (const name of ['carol', 'dora']) {
      const { url } = await alice.json('invitation', 'create');
      await carol.json('account', 'create', name, '--invitation', url);
    }
    assert.deepEqual(
      (await carol.lines('account', 'list')).map(({ address, device, state, current }) => [
        address,
        device,
        state,
        current,
      ]),
      [
        [carol.address, 'laptop', 'locked', false],
        [dora.address, 'laptop', 'locked', true],
      ],
    );
    await carol.json('account', 'switch', carol.address);
    assert.strictEqual((await carol.json('account', 'show')).address, carol.address);
    assert.strictEqual((await carol.refused(4, 'account', 'switch', bob.address)).code, 'no-account');
    await carol.json('agent', 'start');
    const asDora = ['--account', dora.address];
    await carol.json('contact', 'add', dora.address);
    await carol.json('contact', 'accept', carol.address, ...asDora);
    await carol.lines('contact', 'list');
    await carol.json('message', 'send', dora.address, 'From next door.');
    assert.deepEqual(
      (await carol.lines('account', 'list')).map(({ state }) => state),
      ['unlocked', 'unlocked'],
    );
    await until(async () => {
      const { lines } = await barehanded(carol, 'message', 'list', carol.address, ...asDora);
      return lines.some(({ text }) => text === 'From next door.');
    });
    await carol.json('account', 'lock', ...asDora);
    assert.deepEqual(
      (await carol.json('agent', 'status')).accounts.map(({ locked }: Json) => locked),
      [false, true],
    );
    await carol.json('agent', 'stop');
    assert.isFalse(existsSync(join(carol.home, 'agent.socket')));
  });
});

test('a first message to a contact waits for its room', async () => {
  await city.stop('SIGKILL');
  const waiting = await alice.run(['message', 'send', bob.address, 'Before any room.', '--key', 'first', '--json']);
  assert.strictEqual(waiting.exit, 6);
  const { id, state } = JSON.parse(waiting.stdout);
  assert.strictEqual(state, 'queued');
  const again = await alice.run(['message', 'send', bob.address, 'Before any room.', '--key', 'first', '--json']);
  assert.strictEqual(JSON.parse(again.stdout).id, id);
  await alice.run(['message', 'send', bob.address, 'Never mind.', '--json']);
  const outbox = await alice.lines('outbox', 'list');
  assert.deepEqual(
    outbox.map(({ room, kind }) => [room, kind]),
    [
      [bob.address, 'message'],
      [bob.address, 'message'],
    ],
  );
  await alice.json('outbox', 'drop', outbox[1].id);
  await city.start();
  assert.deepEqual(await alice.json('outbox', 'flush'), { sent: 1, left: 0 });
  const [message] = await bob.lines('message', 'list', alice.address);
  assert.deepInclude(message, { id, text: 'Before any room.' });
});
