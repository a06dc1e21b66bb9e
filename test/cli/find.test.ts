import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { recording } from '../../packages/keybox/src/files/voice.fixture.ts';
import { City, type Json, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  await alice.befriend(bob);
  await alice.json('room', 'create', 'Ward');
  await alice.json('room', 'add', 'Ward', bob.address);
});

afterAll(() => city[Symbol.asyncDispose]());

describe('search', () => {
  test('finds messages and files after a restart of the server, with filters and in words', async () => {
    const { id } = await alice.json('message', 'send', 'Ward', 'The Résumé of the handover is ready');
    await bob.json('message', 'send', 'Ward', 'handover taken');
    const path = join(city.folder, 'plan.txt');
    writeFileSync(path, 'quarantine begins on Monday');
    await alice.json('file', 'send', 'Ward', path);
    await city.stop('SIGKILL');
    await city.start();
    const [hit, ...more] = await bob.lines('search', 'resume hand');
    assert.isEmpty(more);
    assert.deepInclude(hit, { kind: 'message', id, author: alice.address, file: null });
    assert.strictEqual(hit.snippet.slice(...hit.marks[0]), 'Résumé');
    assert.lengthOf(await bob.lines('search', 'handover'), 2);
    assert.lengthOf(await bob.lines('search', 'handover', '--from', bob.address, '--room', 'Ward'), 1);
    assert.lengthOf(await bob.lines('search', 'handover', '--limit', '1'), 1);
    assert.lengthOf(await bob.lines('search', 'handover', '--after', '2999-01-01'), 0);
    assert.deepEqual(
      (await alice.lines('search', 'quarantine')).map(({ kind, file }: Json) => [kind, file.name]),
      [['file', 'plan.txt']],
    );
    assert.deepEqual(
      (await bob.lines('search', 'plan')).map(({ kind }: Json) => kind),
      ['file'],
    );
    const { indexed, total, toFetch } = await bob.json('search', '--coverage');
    assert.deepEqual([indexed === total, toFetch], [true, 0]);
    const people = await bob.run(['search', 'handover taken']);
    assert.include(people.stdout, 'handover taken');
    assert.include(people.stderr, 'Searched all');
  });

  test('refuses what is no search', async () => {
    assert.strictEqual((await bob.refused(2, 'search', '***')).code, 'search-malformed');
    assert.strictEqual((await bob.refused(2, 'search')).code, 'usage');
    assert.strictEqual((await bob.refused(2, 'search', 'x', '--after', 'yesterday')).code, 'usage');
  });
});

describe('profile and presence', () => {
  test('a profile stands beside the address, another name in one room', async () => {
    await alice.json('account', 'profile', 'set', '--name', 'Ann Example', '--title', 'Surgeon');
    const shown = await bob.json('account', 'profile', 'show', alice.address);
    assert.deepInclude(shown, { address: alice.address, name: 'Ann Example', title: 'Surgeon', pictureBytes: null });
    assert.strictEqual((await bob.json('contact', 'show', alice.address)).name, 'Ann Example');
    await alice.json('account', 'profile', 'set', '--room', 'Ward', '--name', 'Dr. Ann');
    const members = await bob.lines('room', 'members', 'Ward');
    assert.strictEqual(members.find(({ address }: Json) => address === alice.address)?.name, 'Dr. Ann');
    const fault = await alice.refused(2, 'account', 'profile', 'set', '--name', bob.address);
    assert.strictEqual(fault.code, 'profile-malformed');
  });

  test('a contact who watches is seen; invisible is offline', async () => {
    const watching = bob.start(['message', 'watch']);
    try {
      const seen = async (): Promise<string> => (await alice.json('presence', 'show', bob.address)).state;
      while ((await seen()) !== 'online') assert.isNull(watching.exitCode);
      await bob.json('presence', 'set', 'invisible');
      watching.kill();
      const again = bob.start(['message', 'watch']);
      assert.strictEqual(await seen(), 'offline');
      again.kill();
    } finally {
      watching.kill();
    }
    assert.strictEqual((await alice.refused(2, 'presence', 'set', 'asleep')).code, 'usage');
  });
});

test('a voice note shows its length before it is fetched', async () => {
  const path = join(city.folder, 'note.ogg');
  writeFileSync(path, recording(Array.from({ length: 3000 }, () => 30)));
  const { id } = await alice.json('message', 'send', 'Ward', '--voice', path);
  const messages = await bob.lines('message', 'list', 'Ward');
  const shown = messages.find((message: Json) => message.id === id);
  assert.strictEqual(shown.file.voice.durationMilliseconds, 60_000);
  assert.include((await bob.run(['message', 'list', 'Ward'])).stdout, 'voice note 1:00');
  await bob.json('file', 'get', 'Ward', id, '--out', join(city.folder, 'heard.ogg'));
  writeFileSync(path, 'no recording');
  assert.strictEqual((await alice.refused(2, 'message', 'send', 'Ward', '--voice', path)).code, 'voice-malformed');
});
