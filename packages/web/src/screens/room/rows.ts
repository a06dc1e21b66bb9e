import type { KeyNoticeView, MessagePlace, MessageView } from '@sotto/keybox';

/** One line of a timeline; `key` stays the same for as long as it is the same thing. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'beginning'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: KeyNoticeView }
  | MessageRow;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly message: MessageView;
  /** Whether it begins and ends what one person said in one go. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * What stands in a timeline: messages, what changed in the keys of others meanwhile, a line where another day begins (by this
 * machine's calendar), one before the first message that was unread, and one where there is nothing older.
 */
export function rowsOf(
  messages: readonly MessageView[],
  {
    unreadFrom,
    isComplete,
    notices = [],
  }: {
    readonly unreadFrom: MessagePlace | null;
    readonly isComplete: boolean;
    /** Oldest first. */
    readonly notices?: readonly KeyNoticeView[];
  },
): readonly Row[] {
  const rows: Row[] = isComplete ? [{ kind: 'beginning', key: 'beginning' }] : [];
  let day = '';
  let told = 0;
  let isApartFromLast = false;
  const tellUntil = (at: number): void => {
    for (let notice = notices[told]; notice !== undefined && notice.at < at; notice = notices[++told]) {
      rows.push({ kind: 'notice', key: noticeKey(notice), notice });
      isApartFromLast = true;
    }
  };
  for (const [i, message] of messages.entries()) {
    const at = timeOf(messages, i);
    const today = dayOf(at);
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
  tellUntil(Number.POSITIVE_INFINITY);
  return rows.map((row, i) => (row.kind === 'message' ? { ...row, isLast: !goesOn(rows[i + 1]) } : row));
}

/** The same notice comes with every window of its time. */
export function noticeKey({ address, at, kind, device }: KeyNoticeView): string {
  return `notice-${address}-${at}-${kind}-${device?.name ?? ''}`;
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
