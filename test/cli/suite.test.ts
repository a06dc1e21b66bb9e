import { afterAll, assert, beforeAll, test } from 'vitest';
import { root } from '../sources.ts';
import { City, type Person } from './city.ts';

const suite = ['--suite-module', `${root}packages/testing/src/suites/p384.ts`];
let city: City;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  city = await City.found(...suite);
  alice = await city.person('alice');
  bob = await city.person('bob', '--suite', 'p384', ...suite);
});

afterAll(() => city[Symbol.asyncDispose]());

test('a third-party suite talks with a built-in one', async () => {
  assert.strictEqual((await bob.json('account', 'show', ...suite)).suite, 'p384');
  await alice.json('contact', 'add', bob.address, ...suite);
  await bob.json('contact', 'accept', alice.address, ...suite);
  await alice.json('message', 'send', bob.address, 'Whatever you speak.', ...suite);
  await bob.json('message', 'send', alice.address, 'I read you.', ...suite);
  const heard = await alice.lines('message', 'list', bob.address, ...suite);
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['Whatever you speak.', 'I read you.'],
  );
  assert.isFalse((await alice.json('room', 'show', bob.address, ...suite)).postQuantum);
});

test('without its module it is unknown, and a module that is none is said to be', async () => {
  assert.strictEqual((await bob.refused(2, 'account', 'show')).code, 'suite-unknown');
  const fault = await bob.refused(2, 'account', 'show', '--suite-module', `${root}test/sources.ts`);
  assert.strictEqual(fault.code, 'suite-invalid');
});
