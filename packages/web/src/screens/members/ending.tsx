import type { MemberView, RoomView } from '@sotto/keybox';
import { useNavigate } from '@tanstack/react-router';
import { DoorClosed, LogOut } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Section } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './members.module.css';
import type { Role } from './rights.ts';
import { text } from './text.ts';

interface EndingProps {
  readonly room: RoomView;
  readonly role: Role;
  readonly members: readonly MemberView[];
}

/** Leaving a room, and closing it for everybody. */
export function Ending({ room, role, members }: EndingProps): JSX.Element {
  const words = useText(text).end;
  const [asked, setAsked] = useState<'leave' | 'close' | null>(null);
  const close = useAct(({ box }, id: string) => box.closeRoom(id), {
    said: words.closed,
    after: () => setAsked(null),
  });
  return (
    <Section title={words.title}>
      <div className={styles['buttons']}>
        <Button icon={<LogOut />} onPress={() => setAsked('leave')}>
          {words.leave}
        </Button>
        {role === 'owner' && (
          <Button icon={<DoorClosed />} onPress={() => setAsked('close')}>
            {words.close}
          </Button>
        )}
      </div>
      <Leaving room={room} role={role} members={members} isOpen={asked === 'leave'} onClose={() => setAsked(null)} />
      <ConfirmDialog
        title={words.closeTitle}
        action={words.close}
        isDangerous
        isOpen={asked === 'close'}
        isPending={close.isPending}
        fault={close.error}
        onConfirm={() => close.mutate(room.id)}
        onClose={() => setAsked(null)}
      >
        <p>{words.closeWhat}</p>
      </ConfirmDialog>
    </Section>
  );
}

function Leaving({
  room,
  role,
  members,
  isOpen,
  onClose,
}: EndingProps & { readonly isOpen: boolean; onClose(): void }): JSX.Element {
  const words = useText(text).end;
  const navigate = useNavigate();
  const { address: own } = useOpenVault();
  const others = members.filter(({ address }) => address !== own);
  const isLastOwner = role === 'owner' && others.length > 0 && others.every((member) => member.role !== 'owner');
  const [successor, setSuccessor] = useState(others[0]?.address);
  const leave = useAct(
    ({ box }, id: string) => box.leaveRoom(id, isLastOwner && successor !== undefined ? { successor } : {}),
    {
      said: words.left,
      after: () => void navigate({ to: '/rooms' }),
    },
  );
  return (
    <ConfirmDialog
      title={words.leaveTitle}
      action={words.leave}
      isDangerous
      isOpen={isOpen}
      isPending={leave.isPending}
      fault={leave.error}
      onConfirm={() => leave.mutate(room.id)}
      onClose={onClose}
    >
      <p>{words.leaveWhat}</p>
      {isLastOwner && successor !== undefined && (
        <Select
          label={words.successor}
          hint={words.successorWhat}
          value={successor}
          options={others.map(({ address }) => ({ value: address, label: address }))}
          onChange={(next) => setSuccessor(next)}
        />
      )}
    </ConfirmDialog>
  );
}
