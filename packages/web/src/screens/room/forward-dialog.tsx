import type { MessageView, RoomView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { useDo, useRead } from '../../app/queries.ts';
import { Avatar } from '../../kit/avatar.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import styles from './forward-dialog.module.css';
import { text } from './text.ts';

/** Asks where a text is to go, and sends it there. */
export function ForwardDialog({ message, onClose }: { readonly message: MessageView; onClose(): void }): JSX.Element {
  const words = useText(text).forward;
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const [typed, setTyped] = useState('');
  const forward = useDo(({ box }, to: RoomView) => box.forwardMessage(message.room, message.id, to.id));
  const found = rooms.filter(
    (room) => !room.closed && room.role !== null && room.role !== 'reader' && isCalled(room, typed),
  );
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <p>{words.what}</p>
      <TextField label={words.to} placeholder={words.find} value={typed} onChange={setTyped} autoFocus />
      {forward.error !== null && <FaultNotice fault={forward.error} />}
      <ul className={styles['list']}>
        {found.map((room) => (
          <li key={room.id}>
            <button
              type="button"
              className={styles['room']}
              disabled={forward.isPending}
              onClick={() =>
                forward.mutate(room, {
                  onSuccess: () => {
                    say(words.done(room.name));
                    onClose();
                  },
                })
              }
            >
              <Avatar name={room.name} size="s" />
              <bdi>{room.name}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p>{words.none}</p>}
    </Dialog>
  );
}

function isCalled({ name }: RoomView, typed: string): boolean {
  return name.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase());
}
