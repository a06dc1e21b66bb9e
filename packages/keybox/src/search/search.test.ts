import { parseHex, utf8 } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { MemorySource, MemoryTarget } from '../files/files.fixture.ts';
import { updated } from '../talk.fixture.ts';
import type { SearchFilter } from './search.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  ({ id: room } = await newRoom('First'));
});

afterAll(() => city[Symbol.asyncDispose]());

async function newRoom(name: string) {
  const made = await alice.box.createRoom({ name, type: 'chat', history: 'all', keying: 'era' });
  await alice.box.addMember(made.id, bob.address, 'member');
  await bob.box.sync();
  return made;
}

/** What a search finds, as the marked words of each hit. */
async function found({ box }: Person, text: string, filter: SearchFilter = {}): Promise<string[]> {
  const { hits } = await box.search.find(text, filter);
  return hits.map(({ snippet, marks }) => marks.map(([from, to]) => snippet.slice(from, to)).join(' '));
}

test('finds the beginnings of words, all of them, in any case and with or without accents', async () => {
  await alice.box.sendMessage(room, 'The Café opens at seven, bring your résumé.');
  await bob.box.sendMessage(room, 'cafe\u0301 closed; हिन्दी भाषा; ΟΔΟΣ');
  await updated(alice, bob);
  for (const person of [alice, bob]) {
    assert.deepEqual((await found(person, 'cafe')).toSorted(), ['Café', 'cafe\u0301']);
    assert.deepEqual(await found(person, 'RESU open'), ['opens résumé']);
    assert.deepEqual(await found(person, 'हिन्'), ['हिन्दी']);
    assert.deepEqual(await found(person, 'οδος'), ['ΟΔΟΣ']);
    assert.deepEqual(await found(person, 'cafe absent'), []);
  }
});

test('finds phrases as they stand', async () => {
  await alice.box.sendMessage(room, 'ward seven hands over to ward eight');
  assert.deepEqual(await found(alice, '"hands over"'), ['hands over']);
  assert.deepEqual(await found(alice, '"over hands"'), []);
  assert.deepEqual(await found(alice, '"hand over"'), []);
  assert.deepEqual(await found(alice, '"ward eight" "to ward'), ['to ward eight']);
});

test('nothing that is typed is syntax of the index', async () => {
  await alice.box.sendMessage(room, 'quarterly numbers NEAR the OR gate');
  for (const text of [
    'quarterly" OR "x',
    'quarterly*',
    'text:quarterly',
    'NEAR(quarterly numbers, 2)',
    '^quarterly -gate',
    "quarterly'; DROP TABLE message; --",
    'quarterly\0numbers',
    '{text} : quarterly',
    'quarterly + "',
    'NOT quarterly',
    'AND OR NOT',
  ]) {
    const { hits } = await alice.box.search.find(text);
    assert.ok(hits.length <= 1, text);
  }
  assert.deepEqual(await found(alice, 'quarterly" OR "x'), []);
  assert.deepEqual(await found(alice, 'NEAR OR gate'), ['NEAR OR gate']);
});

test.each(['', '  ', '"', '!!! ??', '*', 'x'.repeat(257), 'a b c d e f g h i j k l m n o p q'])(
  'a search by %j is refused',
  async (text) => {
    assert.strictEqual(await codeOf(() => alice.box.search.find(text)), 'search-malformed');
  },
);

test('filters by room, author and time, and counts what is more', async () => {
  const other = await newRoom('Second');
  const { id } = await alice.box.sendMessage(room, 'zebra one');
  await bob.box.sendMessage(other.id, 'zebra two');
  await bob.box.sendMessage(room, 'zebra three');
  await updated(alice, bob, alice);
  const ids = async (filter: SearchFilter): Promise<number> =>
    (await alice.box.search.find('zebra', filter)).hits.length;
  assert.strictEqual(await ids({}), 3);
  assert.strictEqual(await ids({ room }), 2);
  assert.strictEqual(await ids({ author: bob.address }), 2);
  assert.strictEqual(await ids({ room, author: bob.address }), 1);
  assert.strictEqual(await ids({ after: city.clock.now() + 60_000 }), 0);
  assert.strictEqual(await ids({ before: city.clock.now() + 60_000 }), 3);
  assert.strictEqual(await ids({ before: 1 }), 0);
  assert.deepEqual([await ids({ kind: 'message' }), await ids({ kind: 'file' })], [3, 0]);
  const limited = await alice.box.search.find('zebra', { limit: 2 });
  assert.deepEqual([limited.hits.length, limited.more], [2, true]);
  const [hit] = (await alice.box.search.find('zebra one')).hits;
  assert.deepEqual(
    { ...hit, n: 0, at: 0 },
    {
      kind: 'message',
      room,
      id,
      n: 0,
      author: alice.address,
      at: 0,
      file: null,
      snippet: 'zebra one',
      marks: [
        [0, 5],
        [6, 9],
      ],
    },
  );
  const unknown = 'ab'.repeat(32);
  assert.strictEqual(await codeOf(() => alice.box.search.find('zebra', { room: unknown })), 'not-found');
});

test('whole words come before beginnings of words, then short texts before long ones, then new before old', async () => {
  const texts = ['let us meet at noon', 'meet', 'meet me', 'meetings', 'meeting', 'us meeting us', 'meet us'];
  for (const text of texts) {
    await alice.box.sendMessage(room, text);
    city.clock.skip(1000);
  }
  const shown = async (text: string): Promise<readonly string[]> =>
    (await alice.box.search.find(text)).hits.map(({ snippet }) => snippet);
  const whole = ['meet', 'meet us', 'meet me', 'let us meet at noon'];
  assert.deepEqual(await shown('meet'), [...whole, 'meeting', 'meetings', 'us meeting us']);
  assert.deepEqual(await shown('"meet"'), whole);
  assert.deepEqual(await shown('meet us'), ['meet us', 'let us meet at noon', 'us meeting us']);
});

test('edits and deletions change what is found, for every reader', async () => {
  const { id } = await alice.box.sendMessage(room, 'the secret word is xylophone');
  await updated(alice, bob);
  assert.deepEqual(await found(bob, 'xylo'), ['xylophone']);
  await alice.box.editMessage(room, id, 'the secret word is marimba');
  await updated(alice, bob);
  for (const person of [alice, bob]) {
    assert.deepEqual(await found(person, 'xylophone'), []);
    assert.deepEqual(await found(person, 'marimba'), ['marimba']);
  }
  await alice.box.deleteMessage(room, id);
  await updated(alice, bob);
  for (const person of [alice, bob]) {
    assert.deepEqual(await found(person, 'marimba'), []);
    assert.deepEqual(await indexBytes(person, 'marimba'), { now: false, control: true });
  }
});

/** Whether the pages of the index still hold a word, and one that is there. */
async function indexBytes({ session }: Person, word: string): Promise<{ now: boolean; control: boolean }> {
  const rows = await session.history.query<{ block: Uint8Array }>('SELECT block FROM search_index_data');
  const all = rows.map(({ block }) => new TextDecoder('latin1').decode(block)).join('\n');
  // Pages share the beginnings of words; the tail is enough.
  return { now: all.includes(word.slice(2)), control: all.includes('ebra') };
}

test('what cannot be opened is counted and not found; opened later, it is', async () => {
  const before = await bob.box.search.coverage();
  await alice.box.sendMessage(room, 'withheld pineapple');
  const stop = bob.link.lie('rooms.read', async (honest) => {
    const answer = await honest();
    const entries = answer.entries.map((entry) =>
      entry.kind === 'record' ? { ...entry, record: { ...entry.record, body: null } } : entry,
    );
    return { ...answer, entries };
  });
  await bob.box.sync();
  const during = await bob.box.search.coverage();
  assert.strictEqual(during.indexed, before.indexed);
  assert.strictEqual(during.total, before.total + 1);
  assert.deepEqual(
    during.partial.map((partial) => ({ room: partial.room, unread: partial.total - partial.indexed })),
    [{ room, unread: 1 }],
  );
  assert.deepEqual(await found(bob, 'pineapple'), []);
  stop();
  await updated(bob);
  assert.deepEqual(await found(bob, 'pineapple'), ['pineapple']);
  assert.deepEqual((await bob.box.search.coverage()).partial, []);
});

test('an own message is found while it is queued, and not after it was taken back', async () => {
  alice.link.offline = true;
  const { id, state } = await alice.box.sendMessage(room, 'queued rhubarb');
  assert.strictEqual(state, 'queued');
  assert.deepEqual(await found(alice, 'rhubarb'), ['rhubarb']);
  await alice.box.dropOutbox(id);
  assert.deepEqual(await found(alice, 'rhubarb'), []);
  alice.link.offline = false;
});

test('a room that is not listed is not searched', async () => {
  const carol = await city.join('carol');
  await city.befriend(alice, carol);
  const { id } = await newRoom('Third');
  await alice.box.addMember(id, carol.address, 'member');
  await alice.box.sendMessage(id, 'hidden tangerine');
  await updated(carol);
  assert.deepEqual(await found(carol, 'tangerine'), ['tangerine']);
  await carol.session.keys.apply([{ sql: 'UPDATE room SET hidden = 1 WHERE id = ?', parameters: [parseHex(id)] }]);
  assert.deepEqual(await found(carol, 'tangerine'), []);
  assert.strictEqual((await carol.box.search.coverage()).total, 0);
});

test('files are found by their names and by the text in them, once each', async () => {
  const send = (name: string, mediaType: string, text: string) =>
    alice.box.files.send(room, new MemorySource(utf8(text), `/somewhere/${name}`), { name, mediaType });
  const { id } = await send('Durian_report.v2.txt', 'text/plain', 'durian and mangosteen');
  await send('Persimmon.bin', 'application/octet-stream', 'not indexed: lychee');
  await updated(alice, bob);
  assert.deepEqual(await found(bob, 'mangosteen'), []);
  const file = await bob.box.files.find(room, 'Durian_report.v2.txt');
  await bob.box.files.get(room, file.id, { target: new MemoryTarget() });
  for (const person of [alice, bob]) {
    const { hits } = await person.box.search.find('mangosteen');
    assert.deepEqual(
      hits.map(({ kind, id: message, file: shown, snippet }) => ({ kind, message, shown, snippet })),
      [{ kind: 'file', message: id, shown: { id, name: 'Durian_report.v2.txt' }, snippet: 'durian and mangosteen' }],
    );
    assert.deepEqual(
      (await found(person, 'durian')).map((each) => each.toLowerCase()),
      ['durian'],
    );
    assert.deepEqual(await found(person, 'report v2'), ['report v2']);
    assert.deepEqual(await found(person, 'persim'), ['Persimmon']);
    assert.deepEqual(await found(person, 'lychee'), []);
  }
  await alice.box.files.remove(room, id);
  await updated(alice, bob);
  for (const person of [alice, bob]) {
    assert.deepEqual([...(await found(person, 'durian')), ...(await found(person, 'mangosteen'))], []);
  }
});

test('what is called text and is none is found by its name alone', async () => {
  const bytes = Uint8Array.of(...utf8('starfruit '), 0xff, 0xfe);
  const source = new MemorySource(bytes, '/somewhere/odd');
  await alice.box.files.send(room, source, { name: 'carambola.txt', mediaType: 'text/plain' });
  assert.deepEqual(await found(alice, 'starfruit'), []);
  assert.deepEqual(await found(alice, 'carambola'), ['carambola']);
});

test('the count is what counting gives', async () => {
  for (const { session } of [alice, bob]) {
    const counted = await session.history.query(
      'SELECT room, count(*) AS total, sum(code IS NULL) AS indexed FROM message WHERE deleted = 0 GROUP BY room ORDER BY room',
    );
    const kept = await session.history.query(
      'SELECT room, total, indexed FROM search_coverage WHERE total > 0 ORDER BY room',
    );
    assert.deepEqual(kept, counted);
    assert.isNotEmpty(kept);
  }
});

test('a torn transaction leaves text and index as they were', async () => {
  const { history } = alice.session;
  const [row] = await history.query<{ doc: number }>("SELECT doc FROM message WHERE text = 'zebra one'");
  const torn = history.apply([
    { sql: "UPDATE message SET text = 'torn kumquat' WHERE doc = ?", parameters: [row?.doc ?? 0] },
    { sql: 'INSERT INTO message (doc) VALUES (1)' },
  ]);
  assert.isTrue(
    await torn.then(
      () => false,
      () => true,
    ),
  );
  assert.deepEqual(await found(alice, 'kumquat'), []);
  assert.deepEqual(await found(alice, 'zebra one'), ['zebra one']);
  await history.apply([{ sql: "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 0)" }]);
});
