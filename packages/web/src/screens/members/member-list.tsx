import type { MemberView, RoomView } from '@sotto/keybox';
import { Link } from '@tanstack/react-router';
import { BadgeCheck, UserMinus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Address } from '../../kit/address.tsx';
import { Avatar } from '../../kit/avatar.tsx';
import { Badge } from '../../kit/badge.tsx';
import { IconButton } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Time } from '../../kit/time.tsx';
import { say } from '../../kit/toasts.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import { MemberRole } from './member-role.tsx';
import styles from './members.module.css';
import { mayActOn, roles } from './rights.ts';
import { text } from './text.ts';

/** Everybody in the room: who they are, since when they may read, and their role. */
export function MemberList({
  room,
  members,
}: {
  readonly room: RoomView;
  readonly members: readonly MemberView[];
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { address: own } = useOpenVault();
  const [removing, setRemoving] = useState<MemberView['address'] | null>(null);
  const remove = useAct(({ box }, address: MemberView['address']) => box.removeMember(room.id, address), {
    after: ({ era }, address) => {
      setRemoving(null);
      say(words.removed(address, era.toLocaleString(format)));
    },
  });
  const mayChange = !room.closed && room.type !== 'direct';
  return (
    <>
      <List label={words.title}>
        {members.toSorted(byRole).map((member) => (
          <Row
            key={member.address}
            room={room}
            member={member}
            isOwn={member.address === own}
            mayChange={mayChange && member.address !== own && room.role !== null && mayActOn(room.role, member.role)}
            onRemove={() => setRemoving(member.address)}
          />
        ))}
      </List>
      <ConfirmDialog
        title={words.removeTitle(removing ?? '')}
        action={words.removeDo}
        isDangerous
        isOpen={removing !== null}
        isPending={remove.isPending}
        fault={remove.error}
        onConfirm={() => removing !== null && remove.mutate(removing)}
        onClose={() => setRemoving(null)}
      >
        <p>{words.removeWhat}</p>
      </ConfirmDialog>
    </>
  );
}

function Row({
  room,
  member,
  isOwn,
  mayChange,
  onRemove,
}: {
  readonly room: RoomView;
  readonly member: MemberView;
  readonly isOwn: boolean;
  readonly mayChange: boolean;
  onRemove(): void;
}): JSX.Element {
  const words = useText(text);
  const { address, name, role } = member;
  return (
    <ListRow
      icon={<Avatar name={name ?? address} />}
      title={<Who member={member} isOwn={isOwn} />}
      detail={<Reach member={member} />}
      end={
        <>
          {mayChange ? <MemberRole room={room} member={member} /> : <Badge>{words.roles[role]}</Badge>}
          {mayChange && <IconButton label={words.remove(address)} icon={<UserMinus />} onPress={onRemove} />}
        </>
      }
    />
  );
}

function Who({
  member: { address, name, verified },
  isOwn,
}: {
  readonly member: MemberView;
  readonly isOwn: boolean;
}): JSX.Element {
  const words = useText(text);
  if (isOwn)
    return (
      <>
        <Address value={name ?? address} /> ({words.you})
      </>
    );
  return (
    <span className={styles['who']}>
      <Link to="/people/$address" params={{ address }}>
        <Address value={name ?? address} />
      </Link>
      {verified ? (
        <span className={styles['verified']} role="img" aria-label={words.verified} title={words.verified}>
          <BadgeCheck aria-hidden="true" />
        </span>
      ) : (
        <Badge tone="warning">{words.notVerified}</Badge>
      )}
    </span>
  );
}

function Reach({ member: { address, name, readsFrom } }: { readonly member: MemberView }): JSX.Element {
  const words = useText(text);
  return (
    <>
      {name !== null && (
        <>
          <Address value={address} />
          {' · '}
        </>
      )}
      {readsFrom === null ? (
        words.readsAll
      ) : (
        <>
          {words.readsFrom} <Time at={readsFrom} isExact />
        </>
      )}
    </>
  );
}

function byRole(left: MemberView, right: MemberView): number {
  return roles.indexOf(left.role) - roles.indexOf(right.role) || left.address.localeCompare(right.address);
}
