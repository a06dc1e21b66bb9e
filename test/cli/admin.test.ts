import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Json, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  carol = await city.person('carol');
  await bob.befriend(carol);
});

afterAll(() => city[Symbol.asyncDispose]());

describe('users', () => {
  test('are listed, shown and given roles by owners and admins alone', async () => {
    assert.deepEqual(
      (await alice.lines('admin', 'users')).map(({ address, role, state }) => [address, role, state]),
      [
        [alice.address, 'owner', 'active'],
        [bob.address, 'user', 'active'],
        [carol.address, 'user', 'active'],
      ],
    );
    assert.strictEqual((await bob.refused(7, 'admin', 'users', 'list')).code, 'not-authorised');
    await alice.json('admin', 'users', 'set-role', bob.address, 'admin');
    assert.deepInclude(await bob.json('admin', 'users', 'show', carol.address), { role: 'user', state: 'active' });
    assert.strictEqual((await bob.refused(7, 'admin', 'users', 'suspend', alice.address)).code, 'role-insufficient');
    assert.strictEqual((await alice.refused(7, 'admin', 'users', 'suspend', alice.address)).code, 'last-owner');
    assert.strictEqual((await alice.refused(2, 'admin', 'users', 'show', 'nobody@localhost')).code, 'not-found');
  });

  test('who are suspended get nothing through until they are resumed', async () => {
    assert.deepInclude(await alice.json('admin', 'users', 'suspend', carol.address), {
      state: 'suspended',
      signed: true,
    });
    assert.strictEqual((await carol.refused(7, 'room', 'create', 'den')).code, 'account-suspended');
    assert.strictEqual((await bob.refused(7, 'message', 'send', carol.address, 'psst')).code, 'account-suspended');
    await alice.json('admin', 'users', 'resume', carol.address);
    await carol.json('room', 'create', 'den');
    await bob.json('message', 'send', carol.address, 'psst');
    assert.deepEqual(await carol.texts(bob.address), ['psst']);
  });
});

test('invitations are listed, carry a role and are revoked', async () => {
  const [first, second] = await alice.lines('admin', 'invitations', 'create', '--count', '2', '--role', 'admin');
  const deputy = city.stranger('deputy');
  await deputy.json('account', 'create', 'deputy', '--invitation', first.url);
  assert.deepInclude(await alice.json('admin', 'users', 'show', deputy.address), { role: 'admin' });
  const open = (await deputy.lines('admin', 'invitations')).filter(({ state }) => state === 'open');
  assert.lengthOf(open, 1);
  await deputy.json('admin', 'invitations', 'revoke', String(open[0].id));
  const late = await city.stranger('late').refused(7, 'account', 'create', 'late', '--invitation', second.url);
  assert.strictEqual(late.code, 'invitation-unknown');
});

test('sessions show who is connected', async () => {
  const sessions = await alice.lines('admin', 'sessions');
  assert.deepInclude(
    sessions.map(({ address, device, kind }) => ({ address, device, kind })),
    { address: alice.address, device: 'laptop', kind: 'device' },
  );
  assert.notInclude(JSON.stringify(sessions), '127.0.0.1');
});

describe('the policy', () => {
  test('is tried, set, obeyed and told', async () => {
    const tried = await alice.json('admin', 'policy', 'dry-run', 'export=off', 'max-members=3');
    assert.deepEqual(
      tried.changes.map(({ field, effect }: Json) => [field, effect]),
      [
        ['export', 'tighter'],
        ['maxMembers', 'tighter'],
      ],
    );
    await alice.json('admin', 'policy', 'set', 'export=off', 'max-members=3', 'room-creation=admins');
    const { version } = await alice.json('admin', 'policy', 'show');
    const shown = await carol.json('account', 'policy');
    assert.deepInclude(shown, { version, pending: [] });
    assert.deepInclude(shown.inForce, { export: false, maxMembers: 3, roomCreation: 'admins' });
    assert.strictEqual((await carol.refused(7, 'room', 'create', 'cave')).code, 'policy-forbids');
    const p12 = join(city.folder, 'carol.p12');
    const words = ['key', 'export', '--p12', p12, '--export-passphrase-file', carol.passphraseFile];
    assert.strictEqual((await carol.refused(7, ...words)).code, 'policy-forbids');
    assert.strictEqual((await alice.refused(2, 'admin', 'policy', 'set', 'max-members=0')).code, 'usage');
    assert.strictEqual((await alice.refused(2, 'admin', 'policy', 'set', 'no-such=1')).code, 'usage');
    assert.strictEqual((await bob.refused(7, 'admin', 'policy', 'set', 'guests=on')).code, 'policy-key-missing');
    const history = await alice.lines('admin', 'policy', 'history');
    assert.deepEqual(
      history.map((each) => each.version),
      history.map((_, i) => i + 1),
    );
  });

  test('waits for consent where it must', async () => {
    await alice.json('admin', 'policy', 'set', 'retention-days=90');
    const { version, pending, inForce } = await carol.json('account', 'policy');
    assert.deepEqual(pending, ['retentionDays']);
    assert.isNull(inForce.retentionDays);
    assert.deepInclude((await carol.json('account', 'policy', '--accept', String(version))).inForce, {
      retentionDays: 90,
    });
  });

  test('can be signed wherever its key was brought', async () => {
    const file = join(city.folder, 'policy.key');
    const passphrase = join(city.folder, 'policy-passphrase');
    writeFileSync(passphrase, 'kept in the safe\n', { mode: 0o600 });
    await alice.json('admin', 'policy-key', 'export', file, '--key-passphrase-file', passphrase);
    const wrong = ['admin', 'policy-key', 'import', file, '--key-passphrase-file', bob.passphraseFile];
    assert.strictEqual((await bob.refused(1, ...wrong)).code, 'open-failed');
    await bob.json('admin', 'policy-key', 'import', file, '--key-passphrase-file', passphrase);
    await alice.json('admin', 'users', 'set-role', bob.address, 'owner');
    await bob.json('admin', 'policy', 'set', 'max-members=4');
    assert.deepInclude((await alice.json('admin', 'policy')).inForce, { maxMembers: 4 });
  });
});

describe('the audit log', () => {
  test('tells what was done, by whom, and verifies', async () => {
    const entries = await alice.lines('admin', 'audit', '--last', '500');
    const suspended = entries.find(({ event }) => event === 'account.suspended');
    assert.deepInclude(suspended, { subject: carol.address, by: alice.address });
    assert.strictEqual(entries[0].event, 'server.started');
    const { entries: count } = await alice.json('admin', 'audit', '--verify');
    assert.isAtLeast(count, entries.length);
    assert.strictEqual((await carol.refused(7, 'admin', 'audit')).code, 'not-authorised');
  });

  test('is handed to a file, each entry once, over restarts', async () => {
    const file = join(city.folder, 'audit.jsonl');
    await city.stop();
    await city.start('--audit-log', file);
    await alice.json('admin', 'users', 'set-role', bob.address, 'admin');
    await city.stop('SIGKILL');
    await city.start('--audit-log', file);
    await alice.json('admin', 'users', 'set-role', bob.address, 'user');
    const entries = await alice.lines('admin', 'audit', '--last', '1000');
    await city.stop();
    const written = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      written.map(({ n }) => n),
      written.map((_, i) => i),
    );
    assert.strictEqual(written.at(-1).event, 'server.stopped');
    for (const { n, event } of entries) assert.strictEqual(written[n].event, event);
    await city.start();
  });
});

test('statistics are sums', async () => {
  const { accounts, rooms, storageBytes, connected } = await alice.json('admin', 'statistics');
  assert.deepInclude(accounts, { active: 4, suspended: 0 });
  assert.strictEqual(rooms.account, 4);
  assert.isAbove(storageBytes, 1000);
  assert.isAtLeast(connected, 1);
});

test('who is deleted is gone, and the name with it', async () => {
  assert.deepInclude(await alice.json('admin', 'users', 'delete', carol.address), { state: 'deleted' });
  assert.notStrictEqual((await carol.run(['message', 'send', bob.address, 'still here'])).exit, 0);
  const { url } = await alice.json('invitation', 'create');
  const twin = await city.stranger('carol2').refused(7, 'account', 'create', 'carol', '--invitation', url);
  assert.strictEqual(twin.code, 'address-taken');
});

test('people read tables', async () => {
  const { stdout, exit } = await alice.run(['admin', 'users']);
  assert.strictEqual(exit, 0);
  assert.match(stdout, /^ADDRESS +ROLE +STATE +DEVICES\n/);
  assert.match((await alice.run(['admin', 'audit', '--last', '300'])).stdout, /server\.started/);
  assert.match((await alice.run(['admin', 'policy'])).stdout, /max-members +4/);
});
