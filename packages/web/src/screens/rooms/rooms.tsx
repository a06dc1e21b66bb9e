import { Link, useLocation } from '@tanstack/react-router';
import { MessageSquarePlus, MessagesSquare, UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ListBeside } from '../../kit/list-beside.tsx';
import { useText } from '../../text/language.tsx';
import { RoomList } from './room-list.tsx';
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
    <ListBeside
      title={words.title}
      tools={[
        { to: '/people/add', label: words.newContact, Icon: UserPlus },
        { to: '/rooms/new', label: words.newRoom, Icon: MessageSquarePlus },
      ]}
      filter={rooms.length > 0 ? { label: words.filter, typed, onTyped: setTyped } : null}
      isOpen={pathname !== '/rooms'}
    >
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
    </ListBeside>
  );
}
