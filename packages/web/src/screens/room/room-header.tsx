import type { RoomView } from '@sotto/keybox';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, BadgeCheck, CalendarDays, Ellipsis, Files, Search, ShieldOff, Users } from 'lucide-react';
import type { JSX } from 'react';
import { usePresence } from '../../app/presence.ts';
import { Avatar } from '../../kit/avatar.tsx';
import { IconButton } from '../../kit/button.tsx';
import { IconLink } from '../../kit/icon-link.tsx';
import { Menu } from '../../kit/menu.tsx';
import { useText } from '../../text/language.tsx';
import { useRoomEntries } from '../rooms/room-entries.tsx';
import { useRoomDesk } from './room-context.tsx';
import styles from './room-header.module.css';
import { text } from './text.ts';

/** Where one is, with whom, and the ways from here. */
export function RoomHeader({ room, onJump }: { readonly room: RoomView; onJump(): void }): JSX.Element {
  const words = useText(text);
  const navigate = useNavigate();
  const entries = useRoomEntries(room);
  const params = { room: room.id };
  const search = (): void => void navigate({ to: '/search', search: params });
  return (
    <header className={styles['header']}>
      <span className={styles['back']}>
        <IconButton label={words.header.back} icon={<ArrowLeft />} onPress={() => void navigate({ to: '/rooms' })} />
      </span>
      <span className={styles['face']}>
        <Avatar name={room.name} />
      </span>
      <div className={styles['words']}>
        <h1>
          <bdi>{room.name}</bdi>
        </h1>
        <Facts room={room} />
      </div>
      <span className={styles['wideOnly']}>
        <IconButton label={words.header.find} icon={<Search />} onPress={search} />
        <IconLink
          to="/rooms/$room/files"
          params={params}
          label={words.header.files}
          icon={<Files aria-hidden="true" />}
        />
        <IconLink
          to="/rooms/$room/members"
          params={params}
          label={words.header.showMembers}
          icon={<Users aria-hidden="true" />}
        />
      </span>
      <Menu
        label={words.header.more}
        trigger={<IconButton label={words.header.more} icon={<Ellipsis />} />}
        entries={[
          { id: 'date', label: words.jump, icon: <CalendarDays />, onAction: onJump },
          { id: 'find', label: words.header.find, icon: <Search />, onAction: search },
          {
            id: 'files',
            label: words.header.files,
            icon: <Files />,
            onAction: () => void navigate({ to: '/rooms/$room/files', params }),
          },
          {
            id: 'members',
            label: words.header.showMembers,
            icon: <Users />,
            onAction: () => void navigate({ to: '/rooms/$room/members', params }),
          },
          null,
          ...entries,
        ]}
      />
    </header>
  );
}

function Facts({ room }: { readonly room: RoomView }): JSX.Element {
  const words = useText(text).header;
  const { members } = useRoomDesk();
  const presence = usePresence();
  const peer = room.peer === null ? undefined : members.get(room.peer);
  const seen = room.peer === null ? undefined : presence.get(room.peer);
  return (
    <p className={styles['facts']}>
      {peer === undefined ? (
        <span>{words.members(room.members)}</span>
      ) : (
        <Link to="/people/$address" params={{ address: peer.address }} className={styles['person']}>
          {peer.verified ? <BadgeCheck aria-hidden="true" data-good /> : <ShieldOff aria-hidden="true" />}
          {peer.verified ? words.verified : words.unverified}
        </Link>
      )}
      {peer?.name != null && <bdi>{peer.name}</bdi>}
      {seen !== undefined && <span>{words[seen.state]}</span>}
      {room.topic !== '' && <bdi className={styles['topic']}>{room.topic}</bdi>}
      {!room.postQuantum && <span className={styles['classic']}>{words.classic}</span>}
    </p>
  );
}
