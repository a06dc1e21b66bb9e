import type { RoomView } from '@sotto/keybox';
import { Link, useParams } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { Illustration } from '../../design/illustration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { AddMember } from './add-member.tsx';
import { Ending } from './ending.tsx';
import { MemberList } from './member-list.tsx';
import { isAdmin } from './rights.ts';
import { RoomSettings } from './room-settings.tsx';
import { text } from './text.ts';

/** Who is in a room, what they may, and what becomes of it. */
export function Members(): JSX.Element {
  const words = useText(text);
  const { room: id } = useParams({ from: '/inside/rooms/$room/members' });
  const room = useRead(['rooms'], ({ box }) => box.listRooms()).find((each) => each.id === id);
  if (room !== undefined) return <MembersOf key={id} room={room} />;
  return (
    <EmptyState
      picture={<Illustration name="talk" />}
      title={words.unknown}
      actions={<Link to="/rooms">{words.back}</Link>}
      isPage
    >
      {words.unknownWhat}
    </EmptyState>
  );
}

function MembersOf({ room }: { readonly room: RoomView }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const members = useRead(['members', room.id], ({ box }) => box.roomMembers(room.id));
  const isOpen = !room.closed && room.role !== null;
  const isGroup = room.type !== 'direct';
  return (
    <Page
      title={<bdi>{words.of(room.name)}</bdi>}
      lead={words.count(members.length.toLocaleString(format))}
      back={`/rooms/${room.id}` as '/rooms'}
    >
      {room.closed && <Notice title={words.end.isClosed} />}
      <MemberList room={room} members={members} />
      {isOpen && isGroup && room.role !== null && isAdmin(room.role) && <AddMember room={room} members={members} />}
      <Notice title={words.server.title}>
        {words.server.what.split('\n').map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Notice>
      {isOpen && room.role !== null && <RoomSettings room={room} role={room.role} />}
      {isOpen && isGroup && room.role !== null && <Ending room={room} role={room.role} members={members} />}
    </Page>
  );
}
