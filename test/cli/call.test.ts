import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeWav, parseWav } from '@sotto/call-node';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { strength } from '../../packages/call-node/src/call.fixture.ts';
import { Talker } from '../support/talker.ts';
import { City, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;
let recordings = 0;

beforeAll(async () => {
  // Wherever the tests run there is no device for sound.
  process.env['ALSA_CONFIG_PATH'] = '/dev/null';
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  await alice.befriend(bob);
  for (const [name, hertz] of [
    ['alice', 440],
    ['bob', 1000],
  ] as const) {
    const samples = Int16Array.from({ length: 480_000 }, (_, i) => 9000 * Math.sin((2 * Math.PI * hertz * i) / 48_000));
    await writeFile(tone(name), encodeWav(samples));
  }
}, 180_000);

afterAll(() => city[Symbol.asyncDispose]());

describe('two people call each other', () => {
  test('hear each other, read the same, and are known the second time', async () => {
    for (const previouslyVerified of [false, true]) {
      const callee = start(bob, 'answer');
      const caller = start(alice, bob.address);
      const [here, there] = await Promise.all([caller.talker.until('secure'), callee.talker.until('secure')]);
      assert.strictEqual(here.sas, there.sas);
      for (const told of [here, there]) {
        assert.deepInclude(told, { previouslyVerified, auxiliary: true });
        assert.strictEqual(told.continuity, previouslyVerified ? 'matched' : 'none');
      }
      await Promise.all([caller.talker.until('audio'), callee.talker.until('audio')]);
      for (const { talker } of [caller, callee]) talker.type('y');
      assert.strictEqual((await caller.talker.until('confirmed')).sas, here.sas);
      await callee.talker.until('confirmed');
      await wait(1500);
      caller.talker.type('q');
      for (const { talker } of [caller, callee]) {
        const { outcome, statistics } = await talker.until('ended');
        assert.strictEqual(outcome, 'answered');
        assert.isAbove(statistics.received.packets, 30);
        assert.deepEqual(await talker.end(), { exit: 0, code: null });
      }
      assert.isAbove(await heard(caller.recording, 1000), 0.5);
      assert.isAbove(await heard(callee.recording, 440), 0.5);
    }
  });

  test('with X448 and words to compare, and little room', async () => {
    const callee = start(bob, 'answer', '--strong', '--confirm-sas');
    const caller = start(
      alice,
      bob.address,
      '--strong',
      '--profile',
      'low-bandwidth',
      '--confirm-sas',
      '--seconds',
      '2',
    );
    const [here, there] = await Promise.all([caller.talker.until('secure'), callee.talker.until('secure')]);
    assert.match(here.sas, /^[a-z]+[ :-][a-z]+$/i);
    assert.strictEqual(here.sas, there.sas);
    assert.deepEqual(here.algorithms, { agreement: 'X448', cipher: 'AES3', hash: 'S384', authTag: 'HS80' });
    const [{ statistics }] = await Promise.all([caller.talker.until('ended'), callee.talker.until('ended')]);
    assert.isBelow(statistics.sent.packets, 80, 'packets of 60 ms');
    for (const { talker } of [caller, callee]) assert.deepEqual(await talker.end(), { exit: 0, code: null });
    assert.isAbove(await heard(callee.recording, 440), 0.5);
  });

  test('both at once, and it is one call', async () => {
    const [one, other] = [start(alice, bob.address, '--seconds', '1'), start(bob, alice.address)];
    const [here, there] = await Promise.all([one.talker.until('secure'), other.talker.until('secure')]);
    assert.strictEqual(here.sas, there.sas);
    for (const { talker } of [one, other]) {
      assert.strictEqual((await talker.until('ended')).outcome, 'answered');
      assert.deepEqual(await talker.end(), { exit: 0, code: null });
    }
  });

  test('the log of both has the calls, the newest first', async () => {
    const [hers, his] = await Promise.all([alice.lines('call', 'log'), bob.lines('call', 'log')]);
    assert.deepEqual(
      hers.slice(1).map(({ direction, address, outcome }) => [direction, address, outcome]),
      new Array(3).fill(['out', bob.address, 'answered']),
    );
    assert.deepEqual(
      his.slice(1).map(({ direction, address, outcome }) => [direction, address, outcome]),
      new Array(3).fill(['in', alice.address, 'answered']),
    );
    const [newest] = [hers[0].direction, his[0].direction].toSorted();
    assert.deepEqual([newest, hers[0].outcome, his[0].outcome], ['in', 'answered', 'answered']);
  });
});

describe('a call that comes to nothing', () => {
  test('is declined, and both programs say so', async () => {
    const caller = start(alice, bob.address);
    await caller.talker.until('calling');
    assert.deepInclude(await bob.lines('call', 'decline'), { declined: alice.address });
    assert.deepEqual(await caller.talker.end(), { exit: 1, code: 'call-declined' });
  });

  test('is given up with Ctrl-C, which is no fault', async () => {
    const caller = start(alice, bob.address);
    await caller.talker.until('calling');
    caller.talker.signal('SIGINT');
    assert.strictEqual((await caller.talker.until('ended')).outcome, 'cancelled');
    assert.deepEqual(await caller.talker.end(), { exit: 0, code: null });
  });

  test('goes to contacts alone, from files that are there, on addresses that are ours', async () => {
    const files = ['--play', tone('alice'), '--record', join(city.folder, 'never.wav')];
    assert.strictEqual((await alice.refused(7, 'call', 'nobody@localhost', ...files)).code, 'not-contact');
    assert.strictEqual(
      (await alice.refused(2, 'call', bob.address, ...files, '--listen', '192.0.2.1')).code,
      'address-unavailable',
    );
    assert.strictEqual(
      (await alice.refused(2, 'call', bob.address, ...files, '--listen', 'example.org')).code,
      'address-malformed',
    );
    const wrong = ['--play', alice.passphraseFile, '--record', join(city.folder, 'other.wav')];
    assert.strictEqual((await alice.refused(2, 'call', bob.address, ...wrong)).code, 'wav-malformed');
    assert.isFalse(existsSync(join(city.folder, 'other.wav')));
    const taken = ['--play', tone('alice'), '--record', tone('bob')];
    assert.strictEqual((await alice.refused(1, 'call', bob.address, ...taken)).code, 'file-unwritable');
  });

  test('needs a device for sound where no files are named, and says so plainly', async () => {
    const fault = await alice.refused(1, 'call', bob.address);
    assert.strictEqual(fault.code, 'no-audio-device');
    assert.match(fault.hint, /--play and --record/);
  });
});

test('goes through the agent, which serves other commands meanwhile', async () => {
  await alice.json('agent', 'start');
  try {
    const callee = start(bob, 'answer', '--confirm-sas');
    const caller = start(alice, bob.address, '--confirm-sas');
    await Promise.all([caller.talker.until('audio'), callee.talker.until('audio')]);
    assert.lengthOf(await alice.lines('contact', 'list'), 1);
    caller.talker.type('q');
    for (const { talker } of [caller, callee]) {
      assert.strictEqual((await talker.until('ended')).outcome, 'answered');
      assert.deepEqual(await talker.end(), { exit: 0, code: null });
    }
  } finally {
    await alice.run(['agent', 'stop']);
  }
});

test('a call goes on when the server is gone, and ends by the media alone', async () => {
  const callee = start(bob, 'answer');
  const caller = start(alice, bob.address);
  await Promise.all([caller.talker.until('audio'), callee.talker.until('audio')]);
  await city.stop('SIGKILL');
  await wait(1500);
  callee.talker.signal('SIGINT');
  for (const { talker } of [caller, callee]) {
    assert.strictEqual((await talker.until('ended')).outcome, 'answered');
    assert.deepEqual(await talker.end(), { exit: 0, code: null });
  }
  assert.isAbove(await heard(caller.recording, 1000), 0.5);
  await city.start();
});

/** A program in a call that says its person's tone and records what it hears. */
function start(person: Person, ...words: readonly string[]): { readonly talker: Talker; readonly recording: string } {
  const recording = join(city.folder, `heard-${recordings++}.wav`);
  const name = person === alice ? 'alice' : 'bob';
  const files = ['--play', tone(name), '--record', recording];
  return { talker: new Talker(person.start(['call', ...words, ...files, '--json'])), recording };
}

function tone(name: string): string {
  return join(city.folder, `tone-${name}.wav`);
}

/** How strong a tone is in the last second of what was heard: programs begin and end one after the other. */
async function heard(recording: string, hertz: number): Promise<number> {
  const samples = parseWav(await readFile(recording));
  const end = samples.findLastIndex((sample) => Math.abs(sample) > 1000);
  return strength(samples.slice(Math.max(0, end - 52_800), Math.max(0, end - 4800)), hertz);
}
