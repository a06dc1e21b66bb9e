import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Json, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  await alice.befriend(bob);
});

afterAll(() => city[Symbol.asyncDispose]());

describe('two people talk', () => {
  test('an account tells address, fingerprint and devices', async () => {
    const shown = await alice.json('account', 'show');
    assert.strictEqual(shown.address, 'alice@localhost');
    assert.match(shown.fingerprint, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      shown.devices.map(({ name, kind, state }: Record<string, string>) => [name, kind, state]),
      [['laptop', 'keybox', 'active']],
    );
    const card = await alice.json('account', 'card');
    assert.strictEqual(card.fingerprint, shown.fingerprint);
    assert.match(card.digits, /^(\d{5} ){11}\d{5}$/);
  });

  test('verification takes the fingerprint or the digits of the card, and nothing else', async () => {
    const { fingerprint } = await bob.json('account', 'show');
    const { digits } = await alice.json('account', 'card');
    const verified = await alice.json('contact', 'verify', bob.address, '--fingerprint', fingerprint.toUpperCase());
    assert.deepInclude(verified, { address: bob.address, fingerprint, state: 'mutual', verified: true });
    const log = await alice.json('transparency', 'show');
    assert.strictEqual(log.own, 'current');
    assert.deepInclude(verified.log, { address: bob.address, state: 'current', origin: log.origin });
    const looked = await alice.json('transparency', 'check', bob.address);
    assert.deepInclude(looked, { state: 'current', statements: verified.log.statements });
    assert.isTrue((await bob.json('contact', 'verify', alice.address, '--fingerprint', digits)).verified);
    const wrong = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '11' : '00');
    const fault = await alice.refused(5, 'contact', 'verify', bob.address, '--fingerprint', wrong);
    assert.strictEqual(fault.code, 'identity-conflict');
  });

  test('both sides are shown the same to compare, and a scanned code verifies', async () => {
    const { comparison: hers } = await alice.json('contact', 'show', bob.address);
    const { comparison: his } = await bob.json('contact', 'show', alice.address);
    assert.lengthOf(his.theirs.words, 16);
    assert.deepEqual([hers.own, hers.theirs, hers.digits], [his.theirs, his.own, his.digits]);
    assert.isTrue((await alice.json('contact', 'verify', bob.address, '--code', his.code)).verified);
    assert.isTrue((await alice.json('contact', 'verify', bob.address, '--fingerprint', his.digits)).verified);
    const other = await alice.refused(2, 'contact', 'verify', bob.address, '--code', hers.code);
    assert.strictEqual(other.code, 'comparison-other');
    assert.strictEqual((await alice.refused(2, 'contact', 'verify', bob.address)).code, 'input-needed');
  });

  test('a note stays with its author', async () => {
    await alice.json('contact', 'note', bob.address, 'Night shift');
    assert.strictEqual((await alice.json('contact', 'show', bob.address)).note, 'Night shift');
    assert.strictEqual((await bob.json('contact', 'show', alice.address)).note, '');
  });

  test('messages go both ways, and the past goes to newcomers', async () => {
    const { id } = await alice.json('room', 'create', 'ward-3');
    await alice.json('message', 'send', 'ward-3', 'Before Bob came.');
    await alice.json('room', 'add', 'ward-3', bob.address);
    const sent = await alice.json('message', 'send', 'ward-3', 'The results are in.');
    assert.strictEqual(sent.state, 'accepted');
    assert.deepEqual(await bob.texts('ward-3'), ['Before Bob came.', 'The results are in.']);
    await bob.json('message', 'send', id.slice(0, 8), 'On my way.');
    const messages = await alice.lines('message', 'list', id);
    assert.deepEqual(
      messages.map(({ author, text, state }) => [author, text, state]),
      [
        [alice.address, 'Before Bob came.', 'delivered'],
        [alice.address, 'The results are in.', 'delivered'],
        [bob.address, 'On my way.', 'received'],
      ],
    );
    for (const message of messages) {
      assert.containsAllKeys(message, KEYS);
      assert.match(message.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.strictEqual(message.device, 'laptop');
    }
    assert.isAbove(messages[1].n, messages[0].n);
    assert.lengthOf(await alice.lines('message', 'list', 'ward-3', '--after', String(messages[1].n)), 1);
  });

  test('an address stands for the one room of two', async () => {
    const first = await alice.json('message', 'send', bob.address, 'Just us.');
    await bob.json('message', 'send', alice.address, 'Just us two.');
    const rooms = (await bob.lines('room', 'list')).filter(({ type }) => type === 'direct');
    assert.deepEqual(
      rooms.map(({ name, members }) => [name, members]),
      [[alice.address, 2]],
    );
    const [received] = await bob.lines('message', 'list', alice.address);
    assert.strictEqual(received.id, first.id);
  });

  test('text comes from standard input, and what it ends with stays outside', async () => {
    assert.strictEqual(
      (await alice.run(['message', 'send', 'ward-3', '-'], { stdin: 'line one\nline two\n' })).exit,
      0,
    );
    assert.strictEqual((await alice.run(['message', 'send', 'ward-3'], { stdin: '-- as it is' })).exit, 0);
    assert.deepEqual((await bob.texts('ward-3')).slice(-2), ['line one\nline two', '-- as it is']);
  });

  test('edits, reactions, deletions and read marks reach the other side', async () => {
    const { id } = await alice.json('message', 'send', 'ward-3', 'A tpyo');
    await alice.json('message', 'edit', 'ward-3', id.slice(0, 8), 'A typo');
    await bob.json('message', 'react', 'ward-3', id, '👍');
    await bob.json('message', 'read', 'ward-3');
    assert.deepInclude(await alice.json('message', 'show', 'ward-3', id), {
      text: 'A typo',
      edited: true,
      state: 'read',
      reactions: [{ author: bob.address, text: '👍' }],
    });
    assert.strictEqual((await bob.refused(7, 'message', 'edit', 'ward-3', id, 'Mine')).code, 'role-insufficient');
    assert.strictEqual((await bob.refused(7, 'message', 'delete', 'ward-3', id)).code, 'role-insufficient');
    await alice.json('message', 'delete', 'ward-3', id);
    assert.deepInclude(await bob.json('message', 'show', 'ward-3', id), { text: '', state: 'deleted', reactions: [] });
  });

  test('the same key never sends twice', async () => {
    const first = await alice.json('message', 'send', 'ward-3', 'Once.', '--key', 'k-1');
    const second = await alice.json('message', 'send', 'ward-3', 'Once.', '--key', 'k-1');
    assert.strictEqual(second.id, first.id);
    assert.lengthOf(
      (await bob.texts('ward-3')).filter((text) => text === 'Once.'),
      1,
    );
  });
});

test('commands on one profile take turns', async () => {
  const texts = ['At once, one.', 'At once, two.', 'At once, three.'];
  await Promise.all(texts.map((text) => alice.json('message', 'send', 'ward-3', text)));
  assert.sameMembers((await bob.texts('ward-3')).slice(-3), texts);
});

describe('while the server is away', () => {
  test('messages wait, are listed, and arrive in order after its return', async () => {
    await city.stop();
    const waiting = [];
    for (const text of ['First offline.', 'Second offline.', 'Never mind.']) {
      const ran = await alice.run(['message', 'send', 'ward-3', text, '--json']);
      assert.strictEqual(ran.exit, 6);
      const sent = JSON.parse(ran.stdout);
      assert.strictEqual(sent.state, 'queued');
      assert.strictEqual(JSON.parse(ran.stderr).code, 'unreachable');
      waiting.push(sent.id);
    }
    assert.deepEqual(
      (await alice.lines('outbox', 'list')).map(({ id }) => id),
      waiting,
    );
    assert.deepInclude((await alice.lines('message', 'list', 'ward-3')).at(-1), { n: null, state: 'queued' });
    await alice.json('outbox', 'drop', waiting[2]);
    assert.strictEqual((await alice.refused(6, 'room', 'create', 'elsewhere')).code, 'unreachable');
    await city.start();
    assert.deepEqual(await alice.json('outbox', 'flush'), { sent: 2, left: 0 });
    assert.deepEqual((await bob.texts('ward-3')).slice(-2), ['First offline.', 'Second offline.']);
  });

  test('a locked account needs it', async () => {
    await bob.json('account', 'lock');
    await city.stop('SIGKILL');
    assert.strictEqual((await bob.refused(6, 'room', 'list')).code, 'vault-needs-server');
    await city.start();
    assert.isNotEmpty(await bob.lines('room', 'list'));
  });
});

describe('watching', () => {
  test('prints what comes, lets other commands work, and ends well when told to', async () => {
    const watch = bob.start(['message', 'watch', '--json']);
    const lines = createInterface({ input: watch.stdout as NonNullable<typeof watch.stdout> });
    const heard = (wanted: string): Promise<Json> =>
      new Promise((resolve) => {
        lines.on('line', (line) => JSON.parse(line).text === wanted && resolve(JSON.parse(line)));
      });
    const [over, beside] = [heard('Over here.'), heard('From beside the watch.')];
    await alice.json('message', 'send', 'ward-3', 'Over here.');
    assert.containsAllKeys(await over, KEYS);
    // Sending by the same profile shows that the watcher does not keep it.
    await bob.json('message', 'send', 'ward-3', 'From beside the watch.');
    assert.strictEqual((await beside).author, bob.address);
    const ended = once(watch, 'exit');
    process.kill(watch.pid as number, 'SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});

test('everything that was done passes the audit, and nothing on the disk is readable', async () => {
  const findings = await alice.lines('audit', 'run');
  assert.isAbove(findings.length, 5);
  assert.deepEqual(
    findings.filter(({ ok }) => !ok),
    [],
  );
  const check = await alice.json('vault', 'check');
  assert.isTrue(check.encrypted);
  assert.includeMembers(
    check.parts.map(({ name }: { name: string }) => name),
    ['keys', 'contacts', 'history'],
  );
  const log = await alice.lines('log', 'list');
  for (const entry of log) assert.hasAllKeys(entry, ['at', 'kind', 'entry', 'text', 'code', 'advice']);
  assert.include(
    log.map(({ code }) => code),
    'identity-conflict',
  );
});

const KEYS = ['id', 'n', 'room', 'author', 'device', 'at', 'text', 'state', 'edited', 'reactions'];
