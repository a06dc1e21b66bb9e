import type { ContactView, PresenceView, RoomView } from '@sotto/keybox';
import { Link } from '@tanstack/react-router';
import { AtSign, BadgeCheck, BellOff, Ellipsis, Lock, Pin, ShieldAlert } from 'lucide-react';
import type { JSX, KeyboardEvent } from 'react';
import { Avatar } from '../../kit/avatar.tsx';
import { IconButton } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { useRoomEntries } from './room-entries.tsx';
import styles from './room-item.module.css';
import { isNews } from './sections.ts';
import { text } from './text.ts';

export interface RoomItemProps {
  readonly room: RoomView;
  readonly own: string;
  readonly contact: ContactView | undefined;
  readonly presence: PresenceView | undefined;
  /** Whether the tab key stops here. */
  readonly isStop: boolean;
  onFocus(): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
}

/** One room of the list. */
export function RoomItem({ room, own, contact, presence, isStop, onFocus, onKeyDown }: RoomItemProps): JSX.Element {
  const words = useText(text);
  const entries = useRoomEntries(room);
  return (
    <li className={styles['item']} data-news={isNews(room) || undefined}>
      <Link
        to="/rooms/$room"
        params={{ room: room.id }}
        className={styles['link']}
        tabIndex={isStop ? 0 : -1}
        data-room-item={room.id}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
      >
        <span className={styles['face']}>
          <Avatar name={room.name} />
          {presence !== undefined && presence.state !== 'offline' && (
            <span className={styles['presence']} data-state={presence.state}>
              <span className={styles['hidden']}>{words.online}</span>
            </span>
          )}
        </span>
        <span className={styles['words']}>
          <span className={styles['first']}>
            <bdi className={styles['name']}>{contact?.name ?? room.name}</bdi>
            {contact?.verified === true && <Mark icon={<BadgeCheck />} words={words.verified} tone="good" />}
            {room.marks.pinned && <Mark icon={<Pin />} words={words.pinned} />}
            {room.marks.muted && <Mark icon={<BellOff />} words={words.muted} />}
            {room.closed && <Mark icon={<Lock />} words={words.closed} />}
            {room.lastMessage !== null && <ListTime at={room.lastMessage.at} />}
          </span>
          {contact?.name != null && <bdi className={styles['address']}>{room.name}</bdi>}
          <span className={styles['second']}>
            <LastLine room={room} own={own} />
            <Unread room={room} />
          </span>
        </span>
      </Link>
      <span className={styles['menu']}>
        <Menu
          label={words.menu.label(room.name)}
          entries={entries}
          trigger={
            <IconButton label={words.menu.label(room.name)} icon={<Ellipsis />} excludeFromTabOrder data-room-menu />
          }
        />
      </span>
    </li>
  );
}

function LastLine({ room, own }: { readonly room: RoomView; readonly own: string }): JSX.Element {
  const words = useText(text);
  const { lastMessage, draft, stopped, role } = room;
  if (stopped !== null) {
    return (
      <span className={styles['stopped']}>
        <ShieldAlert aria-hidden="true" />
        {words.stopped} <code>{stopped}</code>
      </span>
    );
  }
  if (role === null) return <span className={styles['line']}>{words.left}</span>;
  if (draft !== null && draft !== '') {
    return (
      <span className={styles['line']}>
        <em>{words.draft}</em> <bdi>{draft}</bdi>
      </span>
    );
  }
  if (lastMessage === null) return <span className={styles['line']}>{words.nobody}</span>;
  const { author, kind, text: said } = lastMessage;
  const what = kind === 'text' ? said : kind === 'file' ? words.file(said) : words.undecryptable;
  const who = author === own ? words.you : room.type === 'direct' ? null : author?.split('@')[0];
  return (
    <span className={styles['line']}>
      {who != null && <bdi>{who}: </bdi>}
      <bdi>{what}</bdi>
    </span>
  );
}

function Unread({ room }: { readonly room: RoomView }): JSX.Element | null {
  const words = useText(text);
  const { unread, unreadMentions, marks } = room;
  if (unread === 0) return null;
  return (
    <span className={styles['unread']} data-muted={marks.muted || undefined}>
      {unreadMentions > 0 && (
        <span className={styles['mention']}>
          <AtSign aria-hidden="true" />
          <span className={styles['hidden']}>{words.mentioned}</span>
        </span>
      )}
      <span className={styles['count']}>
        <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>
        <span className={styles['hidden']}>{words.unread(unread)}</span>
      </span>
    </span>
  );
}

function Mark(props: { readonly icon: JSX.Element; readonly words: string; readonly tone?: 'good' }): JSX.Element {
  return (
    <span className={styles['mark']} data-tone={props.tone} title={props.words}>
      {props.icon}
      <span className={styles['hidden']}>{props.words}</span>
    </span>
  );
}

/** The time of today, the day of the last week, else the date. */
function ListTime({ at }: { readonly at: number }): JSX.Element | null {
  const words = useText(text);
  const { format } = useLanguage();
  if (at === 0) return null;
  const date = new Date(at);
  return (
    <time className={styles['time']} dateTime={date.toISOString()}>
      {shortTime(date, words.yesterday, format)}
    </time>
  );
}

function shortTime(date: Date, yesterday: string, format: string): string {
  const now = new Date();
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days === 0) return date.toLocaleTimeString(format, { timeStyle: 'short' });
  if (days === 1) return yesterday;
  return days > 1 && days < 7
    ? date.toLocaleDateString(format, { weekday: 'short' })
    : date.toLocaleDateString(format, { dateStyle: 'short' });
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

const DAY = 86_400_000;
const MOST = 99;
