import type { KeyNoticeView, MessageView, RoomChangeView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { assert, describe, test } from 'vitest';
import { rowsOf } from './rows.ts';

const NOON = new Date(2026, 4, 4, 12).getTime();
const MINUTE = 60_000;

describe('lines of a timeline', () => {
  test('what one person says in one go hangs together', () => {
    const rows = rowsOf([said('a', 0), said('a', 1), said('b', 2), said('a', 3), said('a', 30)], PLAIN);
    assert.deepEqual(shapes(rows), ['day', 'a(', 'a)', 'b()', 'a()', 'a()']);
  });

  test('another day begins with a line, and what cannot be opened begins none', () => {
    const lost = { ...said('a', 0), at: 0, state: 'undecryptable' as const };
    const rows = rowsOf([said('a', 0), lost, said('a', 2), said('a', 24 * 60)], { ...PLAIN, isComplete: true });
    assert.deepEqual(shapes(rows), ['beginning', 'day', 'a()', 'a()', 'a()', 'day', 'a()']);
  });

  test('a line stands before what is unread', () => {
    const rows = rowsOf([said('a', 0), said('a', 1)], { ...PLAIN, unreadFrom: { room: 'r', n: 1 } });
    assert.deepEqual(shapes(rows), ['day', 'a()', 'unread', 'a()']);
  });

  test('changed keys stand where they were changed', () => {
    const notice = (minutes: number): KeyNoticeView => ({
      address: 'b@a.example' as Address,
      at: NOON + minutes * MINUTE,
      kind: 'keys-renewed',
      device: null,
    });
    const rows = rowsOf([said('a', 0), said('a', 2)], { ...PLAIN, notices: [notice(1), notice(9)] });
    assert.deepEqual(shapes(rows), ['day', 'a()', 'notice', 'a()', 'notice']);
    assert.lengthOf(new Set(rows.map(({ key }) => key)), rows.length);
  });

  test('what changed in the room stands at its place, who came in one go together', () => {
    const rows = rowsOf([said('a', 1), said('a', 4), { ...said('a', 5), n: null }], {
      ...PLAIN,
      changes: [added('b', 2), added('c', 3), { ...added('b', 6), kind: 'removed', era: 1 }],
    });
    assert.deepEqual(shapes(rows), ['day', 'a()', 'change', 'a()', 'change', 'a()']);
    assert.deepEqual(
      rows.flatMap((row) => (row.kind === 'change' ? [row.who] : [])),
      [['b', 'c'], ['b']],
    );
  });
});

function added(who: string, n: number): RoomChangeView {
  const [by, subject] = ['a', who] as Address[];
  return {
    room: 'r',
    n,
    at: NOON,
    kind: 'added',
    by: by as Address,
    who: subject as Address,
    role: 'member',
    era: null,
  };
}

function shapes(rows: ReturnType<typeof rowsOf>): readonly string[] {
  return rows.map((row) =>
    row.kind === 'message' ? `${row.message.author}${row.isFirst ? '(' : ''}${row.isLast ? ')' : ''}` : row.kind,
  );
}

function said(author: string, minutes: number): MessageView {
  return {
    id: `${author}${minutes}`,
    n: minutes,
    room: 'r',
    era: 0,
    author: author as Address,
    device: '',
    trust: { author: 'verified', device: 'active' },
    at: NOON + minutes * MINUTE,
    text: '',
    state: 'received',
    delivery: null,
    edited: false,
    forwarded: false,
    replyTo: null,
    thread: null,
    threadReplies: 0,
    mentions: [],
    mentionsMe: false,
    reactions: [],
    code: null,
    remedies: [],
  };
}

const PLAIN = { unreadFrom: null, isComplete: false };
