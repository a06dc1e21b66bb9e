import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { MessageSquarePlus, MessagesSquare, UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useText } from '../../text/language.tsx';
import { RoomList } from './room-list.tsx';
import styles from './rooms.module.css';
import { text } from './text.ts';
import { useRoomWalk } from './use-room-walk.ts';

/** The list of rooms, beside the room that is open. */
export function Rooms(): JSX.Element {
  const words = useText(text);
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const { pathname } = useLocation();
  const [typed, setTyped] = useState('');
  useRoomWalk(rooms);
  return (
    <div className={styles['rooms']} data-open={pathname !== '/rooms' || undefined}>
      <section className={styles['list']} aria-label={words.title} data-landmark>
        <header className={styles['header']}>
          <h1>{words.title}</h1>
          <Link to="/people/add" className={styles['tool']} aria-label={words.newContact} title={words.newContact}>
            <UserPlus aria-hidden="true" />
          </Link>
          <Link to="/rooms/new" className={styles['tool']} aria-label={words.newRoom} title={words.newRoom}>
            <MessageSquarePlus aria-hidden="true" />
          </Link>
        </header>
        {rooms.length > 0 && (
          <input
            type="search"
            className={styles['filter']}
            aria-label={words.filter}
            placeholder={words.filter}
            autoComplete="off"
            dir="auto"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        <div className={styles['scroller']}>
          {rooms.length === 0 ? (
            <EmptyState
              picture={<MessagesSquare />}
              title={words.none}
              actions={
                <>
                  <Link to="/rooms/new">{words.newRoom}</Link>
                  <Link to="/people/add">{words.newContact}</Link>
                </>
              }
            >
              {words.begin}
            </EmptyState>
          ) : (
            <RoomList rooms={rooms} typed={typed} />
          )}
        </div>
      </section>
      <div className={styles['open']}>
        <Outlet />
      </div>
    </div>
  );
}
