import { Link, useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { Illustration } from '../../design/illustration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useText } from '../../text/language.tsx';
import { OpenRoom } from './open-room.tsx';
import { text } from './text.ts';

/** One room: what was said in it, and what is written next. */
export function Room(): JSX.Element {
  const words = useText(text);
  const { room: id } = useParams({ from: '/inside/rooms/$room' });
  const { message } = useSearch({ from: '/inside/rooms/$room' });
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const room = rooms.find((each) => each.id === id);
  if (room === undefined) {
    return (
      <EmptyState title={words.gone.title} isPage>
        {words.gone.what}
      </EmptyState>
    );
  }
  return <OpenRoom key={id} room={room} {...(message === undefined ? {} : { message })} />;
}

/** Beside the list while no room is open. */
export function NoRoomOpen(): JSX.Element {
  const { noRoom: words, first } = useText(text);
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  if (rooms.length === 0) {
    return (
      <EmptyState
        picture={<Illustration name="people" />}
        title={first.title}
        actions={
          <>
            <Link to="/people/card">{first.card}</Link>
            <Link to="/people/add">{first.add}</Link>
          </>
        }
      >
        {first.what}
      </EmptyState>
    );
  }
  return (
    <EmptyState picture={<MessagesSquare />} title={words.title}>
      <p>
        {words.what} <kbd>Ctrl</kbd> <kbd>K</kbd>
      </p>
    </EmptyState>
  );
}
