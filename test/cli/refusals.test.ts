import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProfile } from '@sotto/keybox-node';
import { parseAddress } from '@sotto/protocol';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Person } from './city.ts';

let city: City;
let alice: Person;
let used: string;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  used = city.started.invitation;
});

afterAll(() => city[Symbol.asyncDispose]());

describe('signing up', () => {
  test.each([
    [7, 'invitation-used', 'bob', (): string => used],
    [7, 'invitation-unknown', 'bob', (): string => used.replace(/\/i\/.{26}/, '/i/00000000000000000000000000')],
    [2, 'invitation-malformed', 'bob', (): string => used.replace(/#.*/, '')],
    [2, 'address-malformed', 'Böb', (): string => used],
    [2, 'address-malformed', 'bob@elsewhere.example', (): string => used],
  ])('ends with %i %s', async (exit, code, name, invitation) => {
    const bob = city.stranger('bob');
    const fault = await bob.refused(exit, 'account', 'create', name, '--invitation', invitation());
    assert.strictEqual(fault.code, code);
    assert.deepEqual(
      readdirSync(bob.home).filter((entry) => entry === 'current'),
      [],
    );
  });

  test('under the wrong authority goes nowhere', async () => {
    const invitation = used.replace(/ca=../, (digits) => (digits === 'ca=00' ? 'ca=11' : 'ca=00'));
    const ran = await city.stranger('bob').run(['account', 'create', 'bob', '--invitation', invitation, '--json']);
    assert.strictEqual(ran.exit, 1);
    assert.match(JSON.parse(ran.stderr).code, /^(certificate|channel|tls)-/);
  });

  test('with a weak passphrase, or a name that is or looks like another, is refused', async () => {
    const { url } = await alice.json('invitation', 'create');
    const weak = await city.stranger('weak', 'password').refused(7, 'account', 'create', 'weak', '--invitation', url);
    assert.strictEqual(weak.code, 'passphrase-too-weak');
    const twin = await city.stranger('twin').refused(7, 'account', 'create', 'alice', '--invitation', url);
    assert.strictEqual(twin.code, 'address-taken');
    const double = await city.stranger('double').refused(7, 'account', 'create', 'a1ice', '--invitation', url);
    assert.strictEqual(double.code, 'address-look-alike');
    await city.stranger('double').json('account', 'create', 'dora', '--invitation', url);
  });

  test('twice is refused, and changes nothing', async () => {
    const { url } = await alice.json('invitation', 'create');
    assert.strictEqual(
      (await alice.refused(2, 'account', 'create', 'alice', '--invitation', url)).code,
      'account-exists',
    );
    assert.strictEqual((await alice.json('account', 'show')).address, alice.address);
  });

  test('is for owner and admins to offer', async () => {
    const erin = await city.person('erin');
    assert.strictEqual((await erin.refused(7, 'invitation', 'create')).code, 'not-authorised');
  });
});

describe('unlocking', () => {
  test('a wrong passphrase is refused, online and locked, and an unknown account alike', async () => {
    const wrong = city.stranger('wrong');
    const word = ['--passphrase-file', wrong.passphraseFile];
    assert.strictEqual((await alice.refused(4, 'room', 'list', ...word)).code, 'wrong-passphrase');
    assert.strictEqual((await wrong.refused(4, 'room', 'list')).code, 'no-account');
    assert.strictEqual((await alice.refused(4, 'room', 'list', '--account', 'nobody@localhost')).code, 'no-account');
    await alice.json('account', 'lock');
    assert.strictEqual((await alice.refused(4, 'room', 'list', ...word)).code, 'wrong-passphrase');
    assert.deepEqual(await alice.lines('room', 'list'), []);
  });

  test('without a passphrase the account stays locked', async () => {
    const child = await alice.run(['room', 'list', '--json', '--passphrase-file', '/no/such/file']);
    assert.strictEqual(JSON.parse(child.stderr).code, 'file-unreadable');
    writeFileSync(join(city.folder, 'empty'), '\nbehind the first line\n');
    const empty = await alice.refused(2, 'room', 'list', '--passphrase-file', join(city.folder, 'empty'));
    assert.strictEqual(empty.code, 'file-unreadable');
  });

  test('two programs on one profile wait for each other, and not for ever', async () => {
    using _ = await openProfile(alice.home).lock(parseAddress(alice.address));
    assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'vault-busy');
  });

  test('a vault of an older moment, or with a part missing, is refused', async () => {
    const folder = join(alice.home, 'accounts', alice.address);
    const history = readFileSync(join(folder, 'history.db'));
    await alice.json('room', 'create', 'newer');
    await alice.lines('room', 'list');
    const newest = readFileSync(join(folder, 'history.db'));
    writeFileSync(join(folder, 'history.db'), history);
    assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'vault-rolled-back');
    writeFileSync(join(folder, 'history.db'), '');
    assert.strictEqual((await alice.refused(1, 'room', 'list')).code, 'vault-damaged');
    writeFileSync(join(folder, 'history.db'), newest);
    assert.deepEqual(
      (await alice.lines('room', 'list')).map(({ name }) => name),
      ['newer'],
    );
  });
});

describe('a server that was put back', () => {
  test('is a rollback, and what was written stays readable', async () => {
    const frank = await city.person('frank');
    await alice.befriend(frank);
    await alice.json('room', 'create', 'ledger');
    await city.stop();
    execFileSync('cp', ['-a', join(city.folder, 'data'), join(city.folder, 'older')]);
    await city.start();
    await alice.json('message', 'send', 'ledger', 'Entry one.');
    await city.stop();
    execFileSync('rm', ['-r', join(city.folder, 'data')]);
    execFileSync('cp', ['-a', join(city.folder, 'older'), join(city.folder, 'data')]);
    await city.start();
    const ran = await alice.run(['message', 'list', 'ledger', '--json']);
    assert.strictEqual(ran.exit, 1, ran.stderr);
    assert.strictEqual(JSON.parse(ran.stderr).code, 'rollback');
    assert.strictEqual(JSON.parse(ran.stdout).text, 'Entry one.');
    assert.strictEqual((await alice.refused(1, 'room', 'create', 'more')).code, 'rollback');
  });
});
