import type { RoomView } from '@sotto/keybox';
import { assert, describe, test } from 'vitest';
import { isNews, neighbour, sectionsOf } from './sections.ts';

const rooms = [
  room('old', { at: 1 }),
  room('new', { at: 9, unread: 2 }),
  room('ann@a.example', { at: 5, type: 'direct' }),
  room('pinned', { at: 0, pinned: true }),
  room('quiet', { at: 8, unread: 3, muted: true }),
  room('gone', { at: 7, unread: 1, archived: true }),
];

describe('the list of rooms', () => {
  test('has pinned ones first, archived ones last, the newest above', () => {
    assert.deepEqual(names(sectionsOf(rooms)), [
      'pinned: pinned',
      'rooms: new quiet old',
      'direct: ann@a.example',
      'archived: gone',
    ]);
  });

  test('is narrowed by what is typed', () => {
    assert.deepEqual(names(sectionsOf(rooms, ' N')), [
      'pinned: pinned',
      'rooms: new',
      'direct: ann@a.example',
      'archived: gone',
    ]);
    assert.deepEqual(sectionsOf(rooms, 'nothing'), []);
  });

  test('is walked by the keyboard, past what is archived', () => {
    const walk = (from: string | null, step: 1 | -1, isUnread = false): string | null =>
      neighbour(rooms, from, { step, isUnread })?.id ?? null;
    assert.deepEqual(
      [walk('pinned', 1), walk('new', -1), walk('ann@a.example', 1), walk(null, 1)],
      ['new', 'pinned', null, 'pinned'],
    );
    assert.deepEqual([walk('old', 1, true), walk('old', -1, true), walk('new', 1, true)], ['new', 'new', null]);
  });

  test('calls from a muted room only by name', () => {
    assert.isFalse(isNews(room('a', { at: 0, unread: 3, muted: true })));
    assert.isTrue(isNews({ ...room('a', { at: 0, unread: 3, muted: true }), unreadMentions: 1 }));
  });
});

function names(sections: ReturnType<typeof sectionsOf>): readonly string[] {
  return sections.map(({ name, rooms: within }) => `${name}: ${within.map(({ id }) => id).join(' ')}`);
}

function room(
  id: string,
  given: {
    readonly at: number;
    readonly type?: 'direct';
    readonly unread?: number;
    readonly pinned?: boolean;
    readonly muted?: boolean;
    readonly archived?: boolean;
  },
): RoomView {
  const { at, type = 'chat', unread = 0, pinned = false, muted = false, archived = false } = given;
  return {
    id,
    name: id,
    topic: '',
    type,
    mode: 'archive',
    keying: 'era',
    history: 'all',
    era: 0,
    members: 2,
    role: 'member',
    peer: null,
    closed: false,
    stopped: null,
    postQuantum: true,
    unread,
    unreadMentions: 0,
    lastMessage: { id: '', n: 0, author: null, at, kind: 'text', text: '' },
    marks: { pinned, archived, muted, mutedUntil: null },
    draft: null,
  };
}
