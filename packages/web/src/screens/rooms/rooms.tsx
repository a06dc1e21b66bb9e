import { Outlet } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useText } from '../../text/language.tsx';
import styles from './rooms.module.css';
import { text } from './text.ts';

/** The list of rooms, beside the room that is open. */
export function Rooms(): JSX.Element {
  const words = useText(text);
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  return (
    <div className={styles['rooms']}>
      <section className={styles['list']} aria-label={words.title}>
        {rooms.length === 0 && (
          <EmptyState picture={<MessagesSquare />} title={words.none}>
            {words.begin}
          </EmptyState>
        )}
        <ul>
          {rooms.map(({ id, name }) => (
            <li key={id}>
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      </section>
      <Outlet />
    </div>
  );
}
