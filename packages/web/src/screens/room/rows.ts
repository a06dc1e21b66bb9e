import type { KeyNoticeView, MessagePlace, MessageView, RoomChangeView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';

/** One line of a timeline; `key` stays the same for as long as it is the same thing. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'beginning'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: KeyNoticeView }
  | ChangeRow
  | MessageRow;

export interface ChangeRow {
  readonly kind: 'change';
  readonly key: string;
  readonly change: RoomChangeView;
  /** Whom it is about: several who were added in one go. */
  readonly who: readonly Address[];
}

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly message: MessageView;
  /** Whether it begins and ends what one person said in one go. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * What stands in a timeline: messages, what changed in the room and in the keys of others meanwhile, a line where another day begins (by this
 * machine's calendar), one before the first message that was unread, and one where there is nothing older.
 */
export function rowsOf(
  messages: readonly MessageView[],
  {
    unreadFrom,
    isComplete,
    notices = [],
    changes = [],
  }: {
    readonly unreadFrom: MessagePlace | null;
    readonly isComplete: boolean;
    /** Oldest first. */
    readonly notices?: readonly KeyNoticeView[];
    /** In the order of the log. */
    readonly changes?: readonly RoomChangeView[];
  },
): readonly Row[] {
  const rows: Row[] = isComplete ? [{ kind: 'beginning', key: 'beginning' }] : [];
  let day = '';
  let told = 0;
  let changed = 0;
  let isApartFromLast = false;
  const changeUntil = (end: { readonly room: string; readonly n: number | null } | null): void => {
    for (let change = changes[changed]; change !== undefined && isBefore(change, end); change = changes[++changed]) {
      const before = rows.at(-1);
      if (before?.kind === 'change' && isOneGo(before.change, change)) {
        rows[rows.length - 1] = { ...before, who: [...before.who, ...whoOf(change)] };
      } else rows.push({ kind: 'change', key: changeKey(change), change, who: whoOf(change) });
      isApartFromLast = true;
    }
  };
  const tellUntil = (at: number): void => {
    for (let notice = notices[told]; notice !== undefined && notice.at < at; notice = notices[++told]) {
      rows.push({ kind: 'notice', key: noticeKey(notice), notice });
      isApartFromLast = true;
    }
  };
  for (const [i, message] of messages.entries()) {
    const at = timeOf(messages, i);
    const today = dayOf(at);
    changeUntil(message);
    if (message.at > 0) tellUntil(message.at);
    const isOtherDay = today !== day && at > 0;
    if (isOtherDay) rows.push({ kind: 'day', key: `day-${today}-${message.id}`, at });
    const isUnread = unreadFrom !== null && message.room === unreadFrom.room && message.n === unreadFrom.n;
    if (isUnread) rows.push({ kind: 'unread', key: 'unread' });
    const isFirst = isOtherDay || isUnread || isApartFromLast || !isTogether(messages[i - 1], message);
    rows.push({ kind: 'message', key: message.id, message, isFirst, isLast: true });
    if (at > 0) day = today;
    isApartFromLast = false;
  }
  changeUntil(null);
  tellUntil(Number.POSITIVE_INFINITY);
  return rows.map((row, i) => (row.kind === 'message' ? { ...row, isLast: !goesOn(rows[i + 1]) } : row));
}

/** The same notice comes with every window of its time. */
export function noticeKey({ address, at, kind, device }: KeyNoticeView): string {
  return `notice-${address}-${at}-${kind}-${device?.name ?? ''}`;
}

/** The same change comes with every window of its place. */
export function changeKey({ room, n }: RoomChangeView): string {
  return `change-${room}-${n}`;
}

/** What is queued comes after everything that is in the log; the log of another room lies before this one's. */
function isBefore(change: RoomChangeView, end: { readonly room: string; readonly n: number | null } | null): boolean {
  return end === null || end.n === null || (end.room === change.room && change.n < end.n);
}

function isOneGo(one: RoomChangeView, next: RoomChangeView): boolean {
  return one.kind === 'added' && next.kind === 'added' && one.by === next.by && one.era === next.era;
}

function whoOf({ who }: RoomChangeView): readonly Address[] {
  return who === null ? [] : [who];
}

function goesOn(next: Row | undefined): boolean {
  return next?.kind === 'message' && !next.isFirst;
}

/** What cannot be opened has no time of its own: that of the one before it. */
function timeOf(messages: readonly MessageView[], i: number): number {
  for (let at = i; at >= 0; at--) {
    const message = messages[at];
    if (message !== undefined && message.at > 0) return message.at;
  }
  return 0;
}

function isTogether(one: MessageView | undefined, next: MessageView | undefined): boolean {
  if (one === undefined || next === undefined) return false;
  if (one.author !== next.author || isApart(one) || isApart(next)) return false;
  return next.at - one.at < TOGETHER_MILLISECONDS && dayOf(one.at) === dayOf(next.at);
}

function isApart({ state }: MessageView): boolean {
  return state === 'undecryptable';
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

const TOGETHER_MILLISECONDS = 5 * 60_000;
