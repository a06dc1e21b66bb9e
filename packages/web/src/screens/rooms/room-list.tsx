import type { RoomView } from '@sotto/keybox';
import { useParams } from '@tanstack/react-router';
import { type JSX, type KeyboardEvent, useState } from 'react';
import { usePresence } from '../../app/presence.ts';
import { useRead } from '../../app/queries.ts';
import { pressedShortcut } from '../../app/shortcuts.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { useText } from '../../text/language.tsx';
import { useRoomMark } from './room-entries.tsx';
import { RoomItem } from './room-item.tsx';
import styles from './rooms.module.css';
import { type Section, sectionsOf } from './sections.ts';
import { text } from './text.ts';

/** The rooms in sections: one stop of the tab key, arrow keys within. */
export function RoomList({
  rooms,
  typed,
}: {
  readonly rooms: readonly RoomView[];
  readonly typed: string;
}): JSX.Element {
  const words = useText(text);
  const { address: own } = useOpenVault();
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts());
  const presence = usePresence();
  const { room: open } = useParams({ strict: false });
  const [isArchiveOpen, setArchiveOpen] = useState(false);
  const [stop, setStop] = useState<string | null>(null);
  const sections = sectionsOf(rooms, typed);
  const isShown = ({ name }: Section): boolean => name !== 'archived' || isArchiveOpen || typed !== '';
  const listed = sections.filter(isShown).flatMap((section) => section.rooms);
  const isListed = (id: string | null | undefined): boolean => listed.some((room) => room.id === id);
  const tabStop = isListed(stop) ? stop : isListed(open) ? open : listed[0]?.id;
  const onKeyDown = useRoomKeys(listed);
  return (
    <>
      {sections.map((section) => (
        <div key={section.name} className={styles['section']}>
          {section.name === 'archived' && typed === '' ? (
            <button
              type="button"
              className={styles['archived']}
              aria-expanded={isArchiveOpen}
              onClick={() => setArchiveOpen(!isArchiveOpen)}
            >
              {words.showArchived(section.rooms.length)}
            </button>
          ) : (
            <h2 id={`rooms-${section.name}`}>{words.sections[section.name]}</h2>
          )}
          {isShown(section) && (
            <ul aria-label={words.sections[section.name]}>
              {section.rooms.map((room) => (
                <RoomItem
                  key={room.id}
                  room={room}
                  own={own}
                  contact={contacts.find(({ address }) => address === room.peer)}
                  presence={room.peer === null ? undefined : presence.get(room.peer)}
                  isStop={room.id === tabStop}
                  onFocus={() => setStop(room.id)}
                  onKeyDown={(event) => onKeyDown(event, room)}
                />
              ))}
            </ul>
          )}
        </div>
      ))}
      {listed.length === 0 && typed !== '' && <p className={styles['nothing']}>{words.nothing(typed)}</p>}
    </>
  );
}

function useRoomKeys(listed: readonly RoomView[]): (event: KeyboardEvent<HTMLElement>, room: RoomView) => void {
  const mark = useRoomMark();
  return (event, room) => {
    const list = event.currentTarget.closest('section');
    const to = targetOf(event.key, listed, listed.indexOf(room));
    const id = pressedShortcut(event, 'list');
    if (to === null && id === null) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to !== null) list?.querySelector<HTMLElement>(`[data-room-item="${to.id}"]`)?.focus();
    else if (id === 'pin' || id === 'mute' || id === 'archive') mark(room, id);
    else event.currentTarget.parentElement?.querySelector<HTMLElement>('[data-room-menu]')?.click();
  };
}

function targetOf(key: string, listed: readonly RoomView[], at: number): RoomView | null {
  if (key === 'ArrowDown') return listed[at + 1] ?? null;
  if (key === 'ArrowUp') return listed[at - 1] ?? null;
  if (key === 'Home') return listed[0] ?? null;
  return key === 'End' ? (listed.at(-1) ?? null) : null;
}
