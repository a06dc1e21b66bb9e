import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Json, type Person } from './city.ts';

let city: City;
let bob: Person;

beforeAll(async () => {
  city = await City.found();
  bob = await city.person('bob');
});

afterAll(() => city[Symbol.asyncDispose]());

/** Somebody with a verified contact and two rooms in which something was said. */
async function settled(name: string, ...words: readonly string[]): Promise<Person> {
  const person = await city.person(name, ...words);
  await person.json('contact', 'add', bob.address);
  await bob.json('contact', 'accept', person.address);
  const { fingerprint } = await bob.json('account', 'card');
  await person.json('contact', 'verify', bob.address, '--fingerprint', fingerprint);
  for (const room of ['ward', 'tea']) {
    await person.json('room', 'create', `${room}-${name}`);
    await person.json('room', 'add', `${room}-${name}`, bob.address);
    for (const text of ['one', 'two']) await person.json('message', 'send', `${room}-${name}`, text);
    await bob.json('message', 'send', `${room}-${name}`, 'three');
  }
  await person.json('room', 'rotate', `ward-${name}`);
  await person.json('message', 'send', `ward-${name}`, 'four');
  return person;
}

/** The same person at another machine, which has nothing yet. */
let machines = 0;

function newMachine(person: Person, passphrase?: string): Person {
  const machine = city.stranger(
    `machine-${machines++}`,
    passphrase ?? readFileSync(person.passphraseFile, 'utf8').trim(),
  );
  return Object.assign(machine, { address: person.address });
}

async function checkRestored(machine: Person, name: string): Promise<void> {
  assert.deepEqual(await machine.texts(`ward-${name}`), ['one', 'two', 'three', 'four']);
  assert.deepEqual(await machine.texts(`tea-${name}`), ['one', 'two', 'three']);
  assert.deepInclude(await machine.json('contact', 'show', bob.address), { state: 'mutual', verified: true });
  await machine.json('message', 'send', `tea-${name}`, 'from the new machine');
  assert.strictEqual((await bob.texts(`tea-${name}`)).at(-1), 'from the new machine');
}

describe('with the first device switched off and the server restarted', () => {
  test('roaming: address and passphrase are enough', async () => {
    const alice = await settled('alice', '--roaming', 'on');
    await city.stop();
    await city.start();
    const machine = newMachine(alice);
    const { url: server } = city.started;
    const signIn = ['account', 'sign-in', alice.address, '--server', server, '--device', 'desk'];
    const wrong = ['--ca-fingerprint', '0'.repeat(64)];
    assert.strictEqual((await machine.refused(1, ...signIn, ...wrong)).code, 'certificate-issuer');
    const view = await machine.json(...signIn);
    assert.deepEqual(
      view.devices.map((device: Json) => device.name),
      ['laptop', 'roaming', 'desk'],
    );
    assert.deepEqual([view.waysBack, view.safe], [['device', 'roaming'], true]);
    await checkRestored(machine, 'alice');
  });

  test('a code: after an approval by the first device', async () => {
    const carol = await settled('carol');
    const machine = newMachine(carol);
    const { url: server } = city.started;
    const signIn = ['account', 'sign-in', carol.address, '--server', server];
    assert.strictEqual((await machine.refused(7, ...signIn)).code, 'roaming-off');
    const linking = machine.start(['device', 'link', carol.address, '--server', server, '--json']);
    const ended = once(linking, 'close');
    const lines = createInterface({ input: linking.stdout as NodeJS.ReadableStream });
    const [first] = (await once(lines, 'line')) as [string];
    const { code } = JSON.parse(first);
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.strictEqual((await carol.refused(2, 'device', 'approve', '0'.repeat(26))).code, 'link-unknown');
    assert.strictEqual((await carol.refused(2, 'device', 'approve', code)).code, 'input-needed');
    assert.deepInclude(await carol.json('device', 'approve', code, '--yes'), {
      approved: true,
      address: carol.address,
    });
    assert.strictEqual((await ended)[0], 0);
    assert.strictEqual((await carol.refused(2, 'device', 'approve', code, '--yes')).code, 'link-used');
    await city.stop();
    await city.start();
    await checkRestored(machine, 'carol');
  });

  test('a recovery kit: with a new passphrase', async () => {
    const dave = await settled('dave');
    assert.deepInclude(await dave.json('account', 'show'), { waysBack: [], safe: false });
    const kit = join(city.folder, 'kit.txt');
    await dave.json('account', 'recovery-key', '--out', kit);
    assert.deepInclude(await dave.json('account', 'show'), { waysBack: ['recovery-key'], safe: false });
    assert.strictEqual((await dave.refused(2, 'account', 'recovery-key')).code, 'usage');
    await city.stop();
    await city.start();
    const machine = newMachine(dave, 'an entirely new passphrase for dave');
    const { url: server, caFingerprint } = city.started;
    const typo = join(city.folder, 'typo.txt');
    writeFileSync(typo, 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH\n', { mode: 0o600 });
    const recover = ['account', 'recover', '--server', server, '--ca-fingerprint', caFingerprint];
    const refusal = await machine.refused(2, ...recover, '--recovery-key-file', typo);
    assert.strictEqual(refusal.code, 'recovery-key-malformed');
    await machine.json(...recover, '--recovery-key-file', kit, '--device', 'desk');
    await checkRestored(machine, 'dave');
    await machine.json('account', 'lock');
    assert.isNotEmpty(await machine.lines('room', 'list'));

    // The old key ends with its kit; the new one opens the account again.
    const second = join(city.folder, 'second.pdf');
    await machine.json('account', 'recovery-key', '--replace', '--recovery-key-file', kit, '--out', second);
    const late = newMachine(dave);
    assert.strictEqual((await late.refused(4, ...recover, '--recovery-key-file', kit)).code, 'recovery-unknown');
    await machine.json('message', 'send', 'tea-dave', 'still here');
    assert.strictEqual((await bob.texts('tea-dave')).at(-1), 'still here');
  });
});
