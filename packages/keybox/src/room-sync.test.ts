import { hex, parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { currentEra, type LogEntry, ProtocolUsageFault, rosterStatement } from '@sotto/protocol';
import { type City, codeOf, type Person, startCity, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { entryFor, forgeEra, forgeRecord, forgeStatement, forgetRoom, keptRoom, message } from './forge.fixture.ts';
import { flipped, news, refusals, texts, toldCodes, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
/** A member whose client and server are modified. */
let mallory: Person;
let room: string;
let since: number;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  mallory = await city.join('mallory');
  await city.befriend(alice, bob, mallory);
});

afterAll(() => city[Symbol.asyncDispose]());

beforeEach(async () => {
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.addMember(room, mallory.address, 'member');
  await alice.box.sendMessage(room, 'before');
  await updated(bob, mallory, alice, bob, mallory);
  since = (await bob.box.keyLog()).length;
});

afterEach(async () => {
  for (const person of [alice, bob, mallory]) {
    person.link.repent();
    await forgetRoom(person, room);
  }
});

/** What Bob's server tells him of the room, with what Alice said last. */
async function tale(last = 'after'): Promise<Tale> {
  if (last !== '') await alice.box.sendMessage(room, last);
  return (await Tale.of(city, bob, parseHex(room))).tell();
}

/** Position of the record that holds Alice's newest message. */
async function newest(): Promise<number> {
  const message = (await alice.box.listMessages(room)).at(-1);
  assert.isNumber(message?.n);
  return message?.n as number;
}

async function told(): Promise<(string | null)[]> {
  return toldCodes(bob, since);
}

/** Bob's server becomes honest, and Bob reads everything, in order and once. */
async function heals(...all: readonly string[]): Promise<void> {
  bob.link.repent();
  await updated(bob);
  assert.deepEqual(await texts(bob, room), all);
}

describe('a log that is not the one that was signed', () => {
  const alterations: Record<string, (entries: LogEntry[]) => LogEntry[]> = {
    'an entry dropped in the middle': (entries) => entries.toSpliced(entries.length - 2, 1),
    'two entries swapped': (entries) => [...entries.slice(0, -2), ...entries.slice(-2).toReversed()],
    'an entry repeated': (entries) => [...entries.slice(0, -1), entries.at(-2) as LogEntry, entries.at(-1) as LogEntry],
    'signed bytes altered': (entries) => entries.with(-1, altered(entries.at(-1) as LogEntry)),
  };

  test.each(Object.entries(alterations))('%s', async (_name, alter) => {
    await alice.box.sendMessage(room, 'one');
    await alice.box.sendMessage(room, 'two');
    const { state } = await keptRoom(bob, room);
    const honest = await Tale.of(city, bob, parseHex(room));
    const head = await honest.head();
    const entries = alter(honest.entries).map((entry, n) => ({ ...entry, n }));
    bob.link.lie('rooms.read', (honest, input) =>
      hex(input.room) === room ? { entries: entries.slice(input.from), head } : honest(),
    );
    assert.deepEqual(await refusals(bob), ['log-broken']);
    assert.include(await told(), 'log-broken');
    assert.strictEqual((await keptRoom(bob, room)).state.length, state.length);
    await heals('before', 'one', 'two');
  });

  test('entries below the signed head withheld', async () => {
    await alice.box.sendMessage(room, 'one');
    bob.link.lie('rooms.read', async (honest, input) => {
      const answer = await honest();
      return hex(input.room) === room ? { ...answer, entries: [] } : answer;
    });
    assert.deepEqual(await refusals(bob), ['log-broken']);
    assert.include(await told(), 'log-broken');
    await heals('before', 'one');
  });

  test('a page without end, or a mailbox, is no trap', async () => {
    bob.link.lie('rooms.list', (honest) => honest({ after: null }));
    assert.deepEqual(await refusals(bob), ['answer-malformed']);
    bob.link.repent();
    const item = { seq: 1, at: 0, kind: 'contact', item: Uint8Array.of(1) } as const;
    bob.link.lie('mailboxes.read', () => ({ items: [item, item], last: 1 }));
    assert.deepEqual(await refusals(bob), ['answer-malformed']);
    await heals('before');
  });
});

describe('what the hash of the log does not cover', () => {
  test('a body altered or withheld counts, is shown as such, and opened when it comes', async () => {
    for (const body of [null, 'altered'] as const) {
      const story = await tale(`body ${body}`);
      const n = await newest();
      const record = story.entries[n] as LogEntry & { kind: 'record' };
      const other = body === null ? null : flipped(record.record.body as Uint8Array);
      story.entries[n] = { ...record, record: { ...record.record, body: other } };
      await updated(bob);
      const shown = (await bob.box.listMessages(room)).at(-1);
      assert.strictEqual(shown?.state, 'undecryptable');
      assert.strictEqual(shown?.code, 'body-withheld');
      assert.deepEqual(shown?.remedies, ['retry']);
      const inVain = await bob.box.retryMessage(room, shown?.id ?? '');
      assert.deepEqual([inVain?.state, inVain?.remedies], ['undecryptable', ['retry']]);
      story.end();
      const opened = await bob.box.retryMessage(room, shown?.id ?? '');
      assert.deepEqual([opened?.text, opened?.remedies, opened?.code], [`body ${body}`, [], null]);
      await updated(bob);
    }
    assert.include(await told(), 'body-withheld');
    await heals('before', 'body null', 'body altered');
  });

  test('two bodies swapped', async () => {
    await alice.box.sendMessage(room, 'one');
    const story = await tale('two');
    const n = await newest();
    const [one, two] = [story.entries[n - 1], story.entries[n]] as (LogEntry & { kind: 'record' })[];
    if (one === undefined || two === undefined) throw new Error('two records');
    story.entries[n - 1] = { ...one, record: { ...one.record, body: two.record.body } };
    story.entries[n] = { ...two, record: { ...two.record, body: one.record.body } };
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['before', '', '']);
    await heals('before', 'one', 'two');
  });

  test('a statement with another signature halts the room; what stands before it is read', async () => {
    await alice.box.sendMessage(room, 'good');
    await alice.box.removeMember(room, mallory.address);
    const story = await tale('secret from mallory');
    const n = story.entries.findLastIndex(({ kind }) => kind === 'statement');
    const removal = story.entries[n] as LogEntry & { kind: 'statement' };
    const signatures = [flipped(removal.envelope.signatures[0] as Uint8Array)];
    story.entries[n] = { ...removal, envelope: { ...removal.envelope, signatures } };
    assert.deepEqual(await refusals(bob), ['bad-signature']);
    assert.include(await told(), 'bad-signature');
    assert.deepEqual(await texts(bob, room), ['before', 'good']);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'for mallory?')), 'bad-signature');
    bob.link.repent();
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['before', 'good', 'secret from mallory', 'for mallory?']);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 2);
  });

  test('an era with another table beside it waits for the signed one', async () => {
    await alice.box.rotateRoom(room);
    const story = await tale();
    const n = story.entries.findLastIndex((entry) => entry.kind === 'statement');
    const era = story.entries[n] as LogEntry & { kind: 'statement' };
    const [row] = currentEra((await keptRoom(alice, room)).state).rows;
    if (row === undefined) throw new Error('a row');
    story.entries[n] = { ...era, rows: [{ ...row, length: row.length + 1 }] };
    assert.deepEqual(await refusals(bob), ['log-broken']);
    await heals('before', 'after');
  });

  test('an entry of somebody else, or none: complained of, re-issued, everything read in the end', async () => {
    await alice.box.rotateRoom(room);
    const story = await tale('unreadable for now');
    const n = story.entries.findLastIndex(({ kind }) => kind === 'statement');
    const era = story.entries[n] as LogEntry & { kind: 'statement' };
    const others = (await Tale.of(city, mallory, parseHex(room))).entries[n] as LogEntry & { kind: 'statement' };
    story.entries[n] = { ...era, entry: others.entry };
    await bob.box.sync();
    assert.strictEqual((await bob.box.listMessages(room)).at(-1)?.code, 'key-missing');
    assert.include(await told(), 'era-table-invalid');
    bob.link.repent();
    await bob.box.sync();
    city.clock.skip(61_000);
    await updated(alice);
    assert.match((await news(alice, 'era')).join('\n'), new RegExp(`era/complaint .* ${bob.address}`));
    await heals('before', 'unreadable for now');
  });
});

describe('records that are not what they claim', () => {
  /** Puts a forged record between two honest ones; the honest ones arrive, the forged one is refused with the code. */
  async function refused(forged: LogEntry, code: string): Promise<void> {
    const story = await tale();
    story.entries.splice(-1, 0, forged);
    await updated(bob);
    assert.include(await told(), code);
    assert.deepEqual(await texts(bob, room), ['before', 'after']);
  }

  test('as its author writes it, it is read', async () => {
    const story = await tale();
    story.entries.splice(-1, 0, await forgeRecord(mallory, room, { body: message(mallory, 'true') }));
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['before', 'true', 'after']);
    assert.deepEqual(
      (await told()).filter((code) => code !== null),
      [],
    );
  });

  test('signed by somebody else', async () => {
    const signer = bob.session.identity.signing.secretKey;
    await refused(await forgeRecord(mallory, room, { signer }), 'bad-signature');
  });

  test('by nobody of the room', async () => {
    const author = bob.session.identity.accountRoom;
    await refused(await forgeRecord(mallory, room, { header: { author } }), 'record-author-unknown');
  });

  test('under an era that is over', async () => {
    const forged = await forgeRecord(mallory, room);
    await alice.box.rotateRoom(room);
    await refused(forged, 'era-superseded');
  });

  test('with a chain that is not given: the room waits, and goes on when it is', async () => {
    await mallory.box.sendMessage(room, 'from mallory');
    const fresh = await city.join(`new-${room.slice(0, 6)}`);
    await city.befriend(alice, fresh);
    await alice.box.addMember(room, fresh.address, 'member');
    await alice.box.sendMessage(room, 'after');
    bob.link.lie('chains.read', async (honest, input) => {
      if (input.account instanceof Uint8Array && hex(input.account) === hex(fresh.session.identity.fingerprint)) {
        throw new ProtocolUsageFault('not-found', 'nobody');
      }
      return honest();
    });
    assert.deepEqual(await refusals(bob), ['pending-chain']);
    assert.include(await told(), 'pending-chain');
    assert.deepEqual(await texts(bob, room), ['before', 'from mallory']);
    await heals('before', 'from mallory', 'after');
  });

  test('sealed again after an era: the second of the pair is not shown', async () => {
    const first = await forgeRecord(mallory, room, { body: message(mallory, 'once') });
    const story = await tale('');
    story.entries.push(first);
    const header = { replaces: sha256((first as LogEntry & { kind: 'record' }).record.signed) };
    story.entries.push(await forgeRecord(mallory, room, { header, body: message(mallory, 'twice') }));
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['before', 'once']);
  });

  test('that does not open is shown as unreadable, and the rest arrives', async () => {
    const forged = (await forgeRecord(mallory, room)) as LogEntry & { kind: 'record' };
    const story = await tale('');
    // Signed over a body that is no ciphertext of the era.
    const garbage = await forgeRecord(mallory, room, { header: { class: 'quiet' }, body: message(mallory, 'quiet') });
    assert.notDeepEqual(forged, garbage);
    story.entries.push(garbage);
    await updated(bob);
    assert.include(await told(), 'record-invalid');
    assert.deepEqual(await texts(bob, room), ['before']);
  });
});

describe('message keys', () => {
  beforeEach(async () => {
    room = (await alice.box.createRoom({ name: 'k', type: 'chat', history: 'from-join', keying: 'per-message' })).id;
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.addMember(room, mallory.address, 'member');
    await alice.box.sendMessage(room, 'before');
    await updated(bob, mallory, alice, bob, mallory);
    since = (await bob.box.keyLog()).length;
  });

  test('that the server altered or withholds are asked for again', async () => {
    for (const alter of [flipped, () => null]) {
      const story = await tale();
      const n = await newest();
      const record = story.entries[n] as LogEntry & { kind: 'record' };
      story.entries[n] = { ...record, sealedKey: alter(record.sealedKey as Uint8Array) };
      await updated(bob);
      assert.strictEqual((await bob.box.listMessages(room)).at(-1)?.code, 'body-withheld');
      story.end();
      await updated(bob);
    }
    await heals('before', 'after', 'after');
  });
});

describe('bodies that a member writes for what is not theirs', () => {
  /** Lets Bob read one more record of Mallory. */
  async function reads(body: Parameters<typeof forgeRecord>[2]): Promise<void> {
    const story = await tale('');
    story.entries.push(await forgeRecord(mallory, room, body));
    await updated(bob);
  }

  test('a pin of another identity for a contact', async () => {
    const before = await bob.box.showContact(alice.address);
    const { fingerprint } = mallory.session.identity;
    const content = { address: alice.address, fingerprint, verified: true, blocked: false, note: 'trust me' };
    const chain = { length: 1, hash: fingerprint };
    const id = bob.session.primitives.randomBytes(16);
    await reads({ body: { id, at: 0, kind: 'pin', content: { ...content, chain } } });
    assert.deepEqual(await bob.box.showContact(alice.address), before);
  });
});

describe('eras that do not keep their promise', () => {
  test.each(['few', 'many'])(
    'a table with a member too %s is void: sending waits, the next writer makes another',
    async (too) => {
      const members = too === 'few' ? [alice, bob] : [alice, bob, mallory, await known(mallory)];
      const prepared = await forgeEra(mallory, room, members);
      const draft = { type: 'era', body: { era: prepared.era } } as const;
      const entry = entryFor(bob, prepared);
      const story = await tale('');
      story.entries.push(await forgeStatement(mallory, room, { draft, rows: prepared.rows, entry }));
      await updated(bob);
      assert.include(await told(), 'era-table-invalid');
      assert.include((await news(bob, 'era')).join('\n'), mallory.address);
      assert.isTrue((await keptRoom(bob, room)).state.rekeyDue);
      const types: string[] = [];
      bob.link.lie('rooms.append', (_honest, { statement }) => {
        types.push(rosterStatement.parse(statement.envelope.signed).type);
        throw new ProtocolUsageFault('server-error', 'enough');
      });
      bob.link.asked.length = 0;
      assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'under which era?')), 'server-error');
      assert.deepEqual(types, ['era']);
      assert.notInclude(
        bob.link.asked.map(({ name }) => name),
        'records.append',
      );
    },
  );
});

/** Somebody whom a member knows and the others do not. */
async function known(member: Person): Promise<Person> {
  const stranger = await city.join(`s-${room.slice(0, 6)}`);
  await city.befriend(member, stranger);
  return stranger;
}

function altered(entry: LogEntry): LogEntry {
  if (entry.kind === 'statement') {
    return { ...entry, envelope: { ...entry.envelope, signed: flipped(entry.envelope.signed) } };
  }
  return { ...entry, record: { ...entry.record, signed: flipped(entry.record.signed) } };
}
