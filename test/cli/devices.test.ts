import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { City, type Person } from './city.ts';

let city: City;
let alice: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice', '--roaming', 'on');
});

afterAll(() => city[Symbol.asyncDispose]());

test('devices are listed, and this one has a name', async () => {
  const devices = await alice.lines('device', 'list');
  assert.deepEqual(
    devices.map(({ name, kind, state, current }) => [name, kind, state, current]),
    [
      ['laptop', 'keybox', 'active', true],
      ['roaming', 'roaming', 'active', false],
    ],
  );
  assert.strictEqual((await alice.json('device', 'name')).name, 'laptop');
});

test('a device that there is not, and this one by mistake, are not revoked', async () => {
  assert.strictEqual((await alice.refused(2, 'device', 'revoke', 'phone', '--yes')).code, 'not-found');
  assert.strictEqual((await alice.refused(2, 'device', 'revoke', 'laptop', '--yes')).code, 'device-own');
});

test('a new passphrase takes the place of the old one', async () => {
  const file = join(city.folder, 'new-passphrase');
  writeFileSync(file, 'seven bridges and a ferry to the island\n', { mode: 0o600 });
  const weak = join(city.folder, 'weak');
  writeFileSync(weak, 'secret\n', { mode: 0o600 });
  const change = ['account', 'passphrase', 'change', '--new-passphrase-file'];
  assert.strictEqual((await alice.refused(7, ...change, weak)).code, 'passphrase-too-weak');
  await alice.json(...change, file);
  assert.strictEqual((await alice.refused(4, 'account', 'show')).code, 'wrong-passphrase');
  writeFileSync(alice.passphraseFile, 'seven bridges and a ferry to the island\n');
  const kinds = (await alice.lines('device', 'list')).map(({ name, state }) => [name, state]);
  assert.deepEqual(kinds, [
    ['laptop', 'active'],
    ['roaming', 'revoked'],
    ['roaming-2', 'active'],
  ]);
  await city.stop();
  assert.strictEqual((await alice.json('account', 'show')).address, alice.address);
  await city.start();
});

test('this device revokes itself when it is meant, and its vault is gone', async () => {
  assert.strictEqual((await alice.json('device', 'revoke', 'laptop', '--wipe', '--yes')).revoked, true);
  assert.strictEqual((await alice.refused(4, 'room', 'list')).code, 'device-revoked');
});
