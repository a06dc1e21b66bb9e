import type { MessagePlace } from '@sotto/keybox';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { MessagesSquare } from 'lucide-react';
import { type JSX, type RefObject, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Loading } from '../../app/loading.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { Announcer } from './announcer.tsx';
import { KeyNotice } from './key-notice.tsx';
import { LatestButton } from './latest-button.tsx';
import { MessageItem } from './message-item.tsx';
import { useRoomDesk } from './room-context.tsx';
import { RoomNotice } from './room-notice.tsx';
import type { TimelineView } from './room-timeline.ts';
import { type Row, rowsOf } from './rows.ts';
import { DayLine, UnreadLine } from './separators.tsx';
import { text } from './text.ts';
import styles from './timeline.module.css';
import { useEnd } from './use-end.ts';
import { useMessageKeys } from './use-message-keys.ts';

export interface TimelineProps {
  /** Where the line of the unread stands; null for nowhere. */
  readonly unreadFrom: MessagePlace | null;
  readonly label: string;
  /** Hears up to which message somebody has looked. */
  onSeen?(place: MessagePlace): void;
}

/** The messages of a room, as many as are in sight and a few around; older and newer ones are read as one scrolls. */
export function Timeline({ unreadFrom, label, onSeen }: TimelineProps): JSX.Element {
  const { timeline } = useRoomDesk();
  const words = useText(text);
  const view = useSyncExternalStore(timeline.subscribe, timeline.view);
  if (!view.isLoaded) return view.fault === null ? <Loading /> : <FaultNotice fault={view.fault} />;
  if (view.messages.length === 0) {
    return (
      <EmptyState picture={<MessagesSquare />} title={words.none}>
        {words.noneHint}
      </EmptyState>
    );
  }
  return <Feed view={view} unreadFrom={unreadFrom} label={label} {...(onSeen === undefined ? {} : { onSeen })} />;
}

function Feed({ view, unreadFrom, label, onSeen }: TimelineProps & { readonly view: TimelineView }): JSX.Element {
  const { timeline } = useRoomDesk();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () => rowsOf(view.messages, { unreadFrom, isComplete: !view.older, notices: view.notices, changes: view.changes }),
    [view.messages, view.notices, view.changes, view.older, unreadFrom],
  );
  const before = useMemo(() => messagesBefore(rows), [rows]);
  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => estimate(rows[i], scroller.current?.clientWidth ?? WIDEST_PIXELS),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: 10,
    anchorTo: 'end',
    // What is read on behind is no news: nobody is led past it.
    followOnAppend: !view.newer,
    scrollEndThreshold: 48,
    paddingEnd: 12,
  });
  const [activeId, setActive] = useState<string | null>(null);
  const found = useFocus(view, rows, virtual);
  const keys = useMessageKeys(rows, virtual, scroller);
  useReading(view, rows, virtual);
  useSeen(rows, virtual, onSeen);
  useEnd(view, virtual, scroller);
  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        role="feed"
        aria-label={label}
        aria-busy={false}
        onKeyDown={keys.onKeyDown}
        onPointerLeave={() => setActive(null)}
      >
        <div className={styles['whole']} style={{ blockSize: `${virtual.getTotalSize()}px` }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={styles['row']}
                style={{ transform: `translateY(${start}px)` }}
              >
                <RowElement row={row}>
                  {row.kind === 'message' && (
                    <MessageItem
                      row={row}
                      {...placeOf(view, before[index] ?? 0)}
                      isActive={activeId === row.key}
                      isStop={keys.stop === row.key}
                      isFound={found === row.key}
                      onActive={setActive}
                    />
                  )}
                </RowElement>
              </div>
            );
          })}
        </div>
      </div>
      <LatestButton
        isShown={view.newer || !virtual.isAtEnd(LATEST_PIXELS)}
        unread={view.unread}
        onPress={() => {
          if (view.newer) void timeline.open();
          else virtual.scrollToEnd();
        }}
      />
      <Announcer messages={view.newer ? [] : view.messages} />
    </div>
  );
}

function RowElement({ row, children }: { readonly row: Row; readonly children: React.ReactNode }): React.ReactNode {
  const words = useText(text);
  if (row.kind === 'day') return <DayLine at={row.at} />;
  if (row.kind === 'notice') return <KeyNotice notice={row.notice} />;
  if (row.kind === 'change') return <RoomNotice row={row} />;
  if (row.kind === 'unread') return <UnreadLine />;
  return row.kind === 'beginning' ? <p className={styles['beginning']}>{words.beginning}</p> : children;
}

/** Leads to what was asked for, and says for a moment which message that is. */
function useFocus(view: TimelineView, rows: readonly Row[], virtual: Virtual): string | null {
  const [found, setFound] = useState<string | null>(null);
  const { focus } = view;
  const known = useRef<TimelineView['focus']>(null);
  useEffect(() => {
    if (focus === null || focus === known.current) return;
    known.current = focus;
    if (focus.id === null) {
      virtual.scrollToEnd();
      return;
    }
    const index = rows.findIndex(({ key }) => key === focus.id);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
    setFound(focus.id);
  }, [focus, rows, virtual]);
  return found;
}

/** Reads on before anybody sees an end. */
function useReading(view: TimelineView, rows: readonly Row[], virtual: Virtual): void {
  const { timeline } = useRoomDesk();
  const { startIndex, endIndex } = virtual.range ?? { startIndex: rows.length, endIndex: 0 };
  // The rows themselves count, not how many: as many others may have come.
  useEffect(() => {
    if (view.older && startIndex < AHEAD) void timeline.older();
    else if (view.newer && endIndex > rows.length - AHEAD) void timeline.newer();
  }, [timeline, view.older, view.newer, startIndex, endIndex, rows]);
}

function useSeen(rows: readonly Row[], virtual: Virtual, onSeen: TimelineProps['onSeen']): void {
  const last = virtual.range?.endIndex ?? -1;
  const seen = rows.findLast((row, i) => i <= last && row.kind === 'message' && row.message.n !== null);
  const message = seen?.kind === 'message' ? seen.message : null;
  const [room, n] = [message?.room ?? '', message?.n ?? null];
  useEffect(() => {
    if (n !== null) onSeen?.({ room, n });
  }, [room, n, onSeen]);
}

/** How many messages stand before each row: counted once, not for every row of every frame. */
function messagesBefore(rows: readonly Row[]): readonly number[] {
  let count = 0;
  return rows.map(({ kind }) => (kind === 'message' ? count++ : count));
}

function placeOf(
  { older, newer, total, messages }: TimelineView,
  before: number,
): { readonly place: number; readonly total: number } {
  if (!older) return { place: before + 1, total: newer ? total : Math.max(total, messages.length) };
  return newer ? { place: before + 1, total: -1 } : { place: Math.max(1, total - messages.length + before + 1), total };
}

/** Before a row is measured: pixels, in a feed so wide. */
function estimate(row: Row | undefined, width: number): number {
  if (row?.kind !== 'message') return 44;
  const { text: said, file, replyTo, reactions, trust } = row.message;
  const perLine = Math.max(20, Math.floor((Math.min(width, WIDEST_PIXELS) - BESIDE_PIXELS) / LETTER_PIXELS));
  const lines = said.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  const extras = (file === undefined ? 0 : 40) + (replyTo === null ? 0 : 44) + (reactions.length > 0 ? 22 : 0);
  const head = trust.author === 'self' ? 11 : 49;
  return 15 + 20 * Math.min(30, lines) + extras + (row.isFirst ? head : 0);
}

type Virtual = Virtualizer<HTMLDivElement, HTMLDivElement>;
export type FeedRef = RefObject<HTMLDivElement | null>;

const AHEAD = 30;
const LATEST_PIXELS = 160;
/** Of a feed whose messages are as wide as they get. */
const WIDEST_PIXELS = 680;
/** What of it is no text. */
const BESIDE_PIXELS = 96;
const LETTER_PIXELS = 6.9;
