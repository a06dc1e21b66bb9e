import { writeFileSync } from 'node:fs';
import { encodeWav } from '@sotto/call-node';
import { afterAll, assert, beforeAll, test, vi } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { LyingServer } from '../support/lying-server.ts';
import { befriend, Person, signUp } from '../support/person.ts';
import { Talker } from '../support/talker.ts';

// An answer that nobody hears of is given up after half a minute.
vi.setConfig({ testTimeout: 240_000 });

let folder: TemporaryFolder;
let server: LyingServer;
let alice: Person;
let bob: Person;
let recordings = 0;
const prints = new Map<Person, string>();

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await LyingServer.start(folder);
  [alice, bob] = ['alice', 'bob'].map((name) => new Person({ folder: folder.at(name), name })) as [Person, Person];
  prints.set(alice, (await signUp(alice, server.home.invitation)).fingerprint);
  prints.set(bob, (await signUp(bob, (await alice.line('invitation', 'create')).url)).fingerprint);
  await befriend(alice, bob);
  writeFileSync(folder.at('silence.wav'), encodeWav(new Int16Array(48_000)));
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  folder?.[Symbol.dispose]();
});

test('a server that alters or swaps what is said of calls brings none about, and both ends say why', async () => {
  server.lie({ lie: 'keep-signals', victim: prints.get(alice) as string });
  const [honest, answering] = [call(alice, bob.address, '--seconds', '1'), call(bob, 'answer')];
  for (const talker of [honest, answering]) assert.deepEqual(await talker.end(), { exit: 0, code: null });

  // The offer, which comes again every ten seconds.
  server.lie({ lie: 'swap-signals', victim: prints.get(alice) as string });
  const [caller, callee] = [call(alice, bob.address), call(bob, 'answer')];
  await caller.until('not-genuine', 'open-failed');
  for (const code of ['open-failed', 'call-replayed']) await callee.until('not-genuine', code);
  for (const talker of [caller, callee]) talker.signal('SIGINT');
  assert.strictEqual((await caller.until('ended')).outcome, 'cancelled');
  assert.isUndefined(callee.lines.find(({ event }) => event === 'incoming'));
  await Promise.all([caller.end(), callee.end()]);
  assert.includeMembers(await refusals(bob), ['call-replayed']);
  assert.isAbove((await refusals(bob)).length, 1, 'the altered one, too');

  // The answer.
  server.lie({ lie: 'swap-signals', victim: prints.get(bob) as string });
  const [waiting, left] = [call(alice, bob.address), call(bob, 'answer')];
  const { exit, code } = await left.end();
  assert.include(['call-failed', 'timed-out', 'call-no-keys'], code);
  assert.notStrictEqual(exit, 0);
  await waiting.until('not-genuine', 'open-failed');
  waiting.signal('SIGINT');
  await waiting.end();
  for (const talker of [waiting, left])
    assert.isUndefined(talker.lines.find(({ event }) => event === 'secure' || event === 'audio'));
  assert.isAbove((await refusals(alice)).length, 0);
});

/** Codes of what was refused about calls. */
async function refusals(person: Person): Promise<string[]> {
  const lines = await person.lines('log', 'list');
  return lines.filter(({ kind }) => kind === 'call').map(({ code }) => code);
}

function call(person: Person, ...words: readonly string[]): Talker {
  const files = ['--play', folder.at('silence.wav'), '--record', folder.at(`heard-${recordings++}.wav`)];
  return new Talker(person.start('call', ...words, ...files).child);
}
