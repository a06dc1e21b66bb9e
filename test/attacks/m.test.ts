import { equal, parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { Body, LogEntry, RecordHeader, SignedHead } from '@sotto/protocol';
import { logExtent, readLog, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { printable } from '../../packages/cli/src/terminal.ts';
import { forgeRecord, insideOf, keptRoom, message } from '../../packages/keybox/src/forge.fixture.ts';
import { news, refusals, texts, updated } from '../../packages/keybox/src/talk.fixture.ts';
import { Scene } from './contract.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});

beforeEach(() => scene.newRoom());
afterEach(() => scene.endRoom());
afterAll(() => scene.close());

type RecordEntry = LogEntry & { readonly kind: 'record' };

/** Mallory's next records, one after the other, all made on the same past. */
async function series(...said: readonly string[]): Promise<RecordEntry[]> {
  const { mallory, room } = scene;
  const { ownSeq, ownPrev } = await keptRoom(mallory, room);
  const entries: RecordEntry[] = [];
  for (const [i, text] of said.entries()) {
    const before = entries.at(-1);
    const header: Partial<RecordHeader> = {
      seq: ownSeq + 1 + i,
      prev: before === undefined ? ownPrev : sha256(before.record.signed),
    };
    entries.push(await forgeRecord(mallory, room, { header, body: message(mallory, text) }));
  }
  return entries;
}

describe('M1: a record given again', () => {
  test('attack: in the same room', async () => {
    await scene.refuses('seq-conflict', async ({ entries }) => [entries.at(-1) as LogEntry]);
  });

  test('attack: of further back, after a restart', async () => {
    const [first] = (await Tale.of(scene.city, scene.bob, scene.id)).entries.filter(({ kind }) => kind === 'record');
    scene.bob.restart();
    await scene.refuses('bad-seen', async () => [first as LogEntry]);
  });

  test('attack: in another room', async () => {
    const { alice, city } = scene;
    const other = (await alice.box.createRoom({ name: 'x', type: 'chat', history: 'all', keying: 'era' })).id;
    await alice.box.sendMessage(other, 'elsewhere');
    const { entries } = await Tale.of(city, alice, parseHex(other));
    await scene.refuses('wrong-room', async () => entries.slice(-1));
  });

  test('control: given once', async () => {
    await scene.takes(['once'], () => series('once'));
  });
});

describe('M3: records in another order', () => {
  test('attack: the later one of an author first', async () => {
    const { bob, room, good } = scene;
    await scene.tell(async () => (await series('one', 'two')).toReversed());
    await updated(bob);
    assert.strictEqual((await news(bob, 'gap')).length, 1);
    assert.include(await scene.told(), 'seq-conflict');
    assert.deepEqual(await texts(bob, room), [...good.slice(0, -1), 'two', ...good.slice(-1)]);
  });

  test('attack: the later one had seen the earlier', async () => {
    const { bob } = scene;
    const story = await scene.tell(async () => []);
    story.entries.push(...story.entries.splice(-2).toReversed());
    assert.deepEqual(await refusals(bob), ['rollback']);
    assert.deepEqual(await texts(bob, scene.room), scene.good.slice(0, -2));
    await scene.heals();
  });

  test('control: in the order in which they were written', async () => {
    await scene.takes(['one', 'two'], () => series('one', 'two'));
  });
});

describe('M4: records withheld', () => {
  test('attack: in the middle', async () => {
    const { bob, room, good } = scene;
    await scene.tell(async () => (await series('one', 'two', 'three')).toSpliced(1, 1));
    await updated(bob);
    assert.strictEqual((await news(bob, 'gap')).filter((text) => text.includes(room)).length, 1);
    assert.deepEqual(await texts(bob, room), [...good.slice(0, -1), 'one', 'three', ...good.slice(-1)]);
  });

  test('attack: at the end, until somebody writes who has seen them', async () => {
    const { bob, mallory, room } = scene;
    await scene.say('withheld');
    await updated(mallory);
    const story = (await Tale.of(scene.city, bob, scene.id)).tell();
    story.entries.splice(-1, 1, await forgeRecord(mallory, room, { body: message(mallory, 'as I said') }));
    assert.deepEqual(await refusals(bob), ['rollback']);
    const sql = "SELECT * FROM evidence WHERE code = 'rollback' AND id = ?";
    assert.strictEqual((await bob.session.keys.query(sql, [scene.id])).length, 1);
    await scene.heals();
  });

  test('control: none', async () => {
    await scene.takes(['one', 'two', 'three'], () => series('one', 'two', 'three'));
  });
});

describe('M6: a room as it was last week', () => {
  /** Bob's server shows the first `length` entries alone, under a head that it signs anew. */
  async function show(length: number): Promise<void> {
    const story = await Tale.of(scene.city, scene.bob, scene.id);
    story.entries.splice(length);
    story.tell();
  }

  test('attack: shorter than it was signed before', async () => {
    const { bob, room, good } = scene;
    const { state } = await keptRoom(bob, room);
    await show(state.length - 1);
    for (let i = 0; i < 12; i++) assert.deepEqual(await refusals(bob), ['rollback']);
    assert.include(await scene.told(), 'rollback');
    const sql = "SELECT * FROM evidence WHERE code = 'rollback' AND id = ?";
    const kept = await bob.session.keys.query(sql, [scene.id]);
    assert.isAtLeast(kept.length, 1);
    assert.isAtMost(kept.length, 8);
    assert.deepEqual((await keptRoom(bob, room)).state, state);
    assert.deepEqual(await texts(bob, room), good);
    bob.link.repent();
    await scene.say('after');
    await scene.heals();
  });

  test('control: as long as it was', async () => {
    const { bob, room, good } = scene;
    await show((await keptRoom(bob, room)).state.length);
    await updated(bob);
    assert.deepEqual(await scene.told(), []);
    assert.deepEqual(await texts(bob, room), good);
  });
});

describe('M8: what a member does with the message of somebody else', () => {
  /** What Bob reads after Mallory changed a message of Alice, or one of their own. */
  async function changed(kind: 'edit' | 'delete', whose: 'alice' | 'mallory'): Promise<string[]> {
    const { alice, bob, mallory, room } = scene;
    const { ownSeq } = await keptRoom(mallory, room);
    const own = message(mallory, 'my own');
    const [first] = await alice.box.listMessages(room);
    const target = whose === 'alice' ? parseHex(first?.id ?? '') : own.id;
    const content = kind === 'edit' ? { target, text: 'never said' } : { target };
    const body = { id: bob.session.primitives.randomBytes(16), at: 0, kind, content } as Body;
    await scene.tell(async () => {
      const said = await forgeRecord(mallory, room, { body: own });
      const header = { seq: ownSeq + 2, prev: sha256(said.record.signed) };
      return [said, await forgeRecord(mallory, room, { header, body })];
    });
    await updated(bob);
    return texts(bob, room);
  }

  test.each(['edit', 'delete'] as const)('attack: to %s it changes nothing and is told', async (kind) => {
    const shown = await changed(kind, 'alice');
    assert.strictEqual(shown[0], scene.good[0]);
    assert.match((await news(scene.bob, 'refused')).at(-1) ?? '', /refused\/content .* (?:edit|deletion)$/);
  });

  test('control: its own it may', async () => {
    assert.include(await changed('edit', 'mallory'), 'never said');
    await scene.endRoom();
    await scene.newRoom();
    assert.include(await changed('delete', 'mallory'), '');
  });
});

describe('M11: text that is made to break whoever shows it', () => {
  /** Codes of what Bob sees of texts that a modified client writes. */
  async function shown(...said: readonly string[]): Promise<(string | null)[]> {
    const { bob, room } = scene;
    await scene.tell(() => series(...said));
    await updated(bob);
    const views = await bob.box.listMessages(room);
    assert.deepEqual(
      views.map(({ text }) => text).filter((text) => scene.good.includes(text)),
      scene.good,
    );
    return views.filter(({ text }) => !scene.good.includes(text)).map(({ code }) => code);
  }

  test('attack: a text longer than any', async () => {
    assert.deepEqual(await shown('a\u0301'.repeat(30_000)), ['format-malformed']);
  });

  test('attack: characters that drive a terminal or turn the direction of what is written', async () => {
    for (const unsafe of ['\u001b', '\u0007', '\u009b', '\r', '\u202e', '\u2066']) {
      assert.notInclude(printable(`a${unsafe}b`), unsafe);
    }
  });

  test('control: a long text, and accents, emoji and line breaks', async () => {
    assert.deepEqual(await shown('x'.repeat(65_536)), [null]);
    const kind = 'ç a\u0301 \u{1f469}\u200d\u2695\ufe0f\nnext';
    assert.strictEqual(printable(kind), kind);
  });
});

describe('Mx1: the bodies of somebody else dropped', () => {
  test('attack: a member drops what Alice wrote', async () => {
    const { alice, mallory, room } = scene;
    const [first] = await alice.box.listMessages(room);
    const header = { drops: [first?.n ?? 0] };
    await scene.refuses('record-invalid', async () => [await forgeRecord(mallory, room, { header })]);
  });

  test('control: what they wrote themselves', async () => {
    const { mallory, room } = scene;
    await scene.takes(['mine', 'next'], async ({ entries }) => {
      const [mine] = await series('mine');
      const prev = sha256((mine as RecordEntry).record.signed);
      const header = { drops: [entries.length], seq: (await keptRoom(mallory, room)).ownSeq + 2, prev };
      return [mine as LogEntry, await forgeRecord(mallory, room, { header, body: message(mallory, 'next') })];
    });
  });
});

describe('Mx2: a message under the id of another one', () => {
  const usurping = async (id: Uint8Array | undefined): Promise<readonly LogEntry[]> => [
    await forgeRecord(scene.mallory, scene.room, { body: message(scene.mallory, 'usurped', id) }),
  ];

  test('attack: the id of what Alice wrote', async () => {
    const { alice, bob, room } = scene;
    const [first] = await alice.box.listMessages(room);
    await scene.tell(() => usurping(parseHex(first?.id ?? '')));
    await updated(bob);
    assert.deepEqual(await texts(bob, room), scene.good);
    assert.match((await news(bob, 'refused')).at(-1) ?? '', /refused\/content .* message-id$/);
  });

  test('control: an id of its own', async () => {
    await scene.takes(['usurped'], () => usurping(undefined));
  });
});

describe('Mx3: a record whose author claims to have seen what the cluster never signed', () => {
  /** Mallory's newest head of the room, or of another one that the cluster signed as well. */
  async function seen(of: Uint8Array): Promise<SignedHead> {
    const { mallory, city, id } = scene;
    const head = (await insideOf(mallory).heads.newest({ kind: 'room', id })) as SignedHead;
    return city.signHead({ kind: 'room', id: of }, head);
  }

  const claims = async (header: Partial<RecordHeader>): Promise<readonly LogEntry[]> => [
    await forgeRecord(scene.mallory, scene.room, { header, body: message(scene.mallory, 'seen') }),
  ];

  test('attack: nobody signed it', async () => {
    const head = await seen(scene.id);
    await scene.refuses('bad-seen', () => claims({ seen: { ...head, at: head.at + 1 } }));
  });

  test('attack: signed for another room', async () => {
    const head = await seen(sha256(scene.id));
    await scene.refuses('bad-seen', () => claims({ seen: head }));
  });

  test('control: signed for this room', async () => {
    const head = await seen(scene.id);
    await scene.takes(['seen'], () => claims({ seen: head }));
  });
});

describe('Mx4: a room that the server shows to somebody who is not in it', () => {
  /** Bob's server shows him a room of Mallory. */
  async function shows(isMember: boolean): Promise<{ readonly id: string; readonly codes: string[] }> {
    const { bob, city, mallory } = scene;
    const { id } = await mallory.box.createRoom({ name: 'theirs', type: 'chat', history: 'all', keying: 'era' });
    if (isMember) await mallory.box.addMember(id, bob.address, 'member');
    const entries = await readLog(mallory, parseHex(id));
    const room = parseHex(id);
    const head = await city.signHead({ kind: 'room', id: room }, logExtent(entries));
    const listed = { room, type: 'chat', length: head.length, at: head.at, head } as const;
    if (!isMember) {
      bob.link.lie('rooms.list', async (honest, { after }) => {
        const { rooms } = await honest();
        return { rooms: after === null ? [listed, ...rooms] : rooms };
      });
      bob.link.lie('rooms.read', (honest, input) => (equal(input.room, room) ? { entries, head } : honest()));
      bob.link.lie('chains.read', (honest, input) =>
        mallory.session.link.call('chains.read', input).catch(() => honest()),
      );
    }
    return { id, codes: await refusals(bob) };
  }

  test('control: a room in which he is', async () => {
    const { id, codes } = await shows(true);
    assert.deepEqual(codes, []);
    assert.include(
      (await scene.bob.box.listRooms()).map((room) => room.id),
      id,
    );
  });

  test('attack: it is not kept', async () => {
    const { id, codes } = await shows(false);
    assert.deepEqual(codes, ['not-a-member']);
    assert.include(await scene.told(), 'not-a-member');
    assert.notInclude(
      (await scene.bob.box.listRooms()).map((room) => room.id),
      id,
    );
    await scene.heals();
  });
});

describe('Mx5: a server that says it was restored, to show another past', () => {
  /** Bob's server begins a new life, with the last entry as it was or with another in its place. */
  async function restored(isTrue: boolean): Promise<string[]> {
    const { bob, city, id } = scene;
    await updated(bob);
    const story = await Tale.of(city, bob, id);
    if (!isTrue) story.entries.splice(-1, 1, ...(await series('instead')));
    const head = await city.signHead({ kind: 'room', id }, story.extent(), { incarnation: 2 });
    bob.link.lie('rooms.read', async (honest, input) => {
      if (!equal(input.room, id)) return honest();
      const entries = story.entries.map((entry, n) => ({ ...entry, n }));
      return { entries: entries.slice(input.from, input.from + input.limit), head };
    });
    bob.link.lie('rooms.list', async (honest, { after }) => {
      const rooms = (await honest({ after: null })).rooms.filter(({ room }) => !equal(room, id));
      const told = { room: id, type: 'chat', length: head.length, at: head.at, head } as const;
      return { rooms: after === null ? [told, ...rooms] : [] };
    });
    return refusals(bob);
  }

  test('attack: as long as it was, and different', async () => {
    const { bob, room, good } = scene;
    assert.deepEqual(await restored(false), ['room-forked']);
    assert.include(await scene.told(), 'room-forked');
    assert.deepEqual(await texts(bob, room), good);
  });

  test('control: the same as it was', async () => {
    const { bob, room, good } = scene;
    assert.deepEqual(await restored(true), []);
    assert.deepEqual(await texts(bob, room), good);
  });
});

describe('Mx8: a room renamed by who is no admin', () => {
  const renaming = async (): Promise<readonly LogEntry[]> => {
    const { mallory, room } = scene;
    const id = mallory.session.primitives.randomBytes(16);
    const body: Body = { id, at: 0, kind: 'room', content: { name: 'mine', topic: '' } };
    return [await forgeRecord(mallory, room, { body })];
  };

  test('attack: by a member', async () => {
    const { bob, room } = scene;
    await scene.tell(renaming);
    await updated(bob);
    assert.strictEqual((await bob.box.findRoom(room)).name, 'tea');
    assert.match((await news(bob, 'refused')).at(-1) ?? '', /refused\/content .* room-name$/);
    assert.deepEqual(await texts(bob, room), scene.good);
  });

  test('control: by an admin', async () => {
    const { alice, bob, mallory, room } = scene;
    await alice.box.setRole(room, mallory.address, 'admin');
    await updated(mallory);
    await scene.takes([], renaming);
    assert.strictEqual((await bob.box.findRoom(room)).name, 'mine');
  });
});
