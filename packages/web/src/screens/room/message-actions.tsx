import type { MessageView } from '@sotto/keybox';
import { Copy, Ellipsis, Forward, Info, MessagesSquare, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react';
import { type JSX, lazy, Suspense, useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { IconButton } from '../../kit/button.tsx';
import { Menu, type MenuEntry } from '../../kit/menu.tsx';
import overlay from '../../kit/overlay.module.css';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import styles from './message-actions.module.css';
import { nameOf, type RoomDesk, useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** The buttons of the message that is pointed at or has the focus. */
export function MessageActions({ message }: { readonly message: MessageView }): JSX.Element {
  const words = useText(text).actions;
  const desk = useRoomDesk();
  const can = rightsOn(message, desk);
  return (
    <div className={styles['bar']} role="toolbar" aria-label={words.label(nameOf(desk, message.author))}>
      {can.react && <ReactButton message={message} />}
      {can.reply && <IconButton label={words.reply} icon={<Reply />} onPress={() => desk.reply(message)} />}
      <Menu
        label={words.more}
        trigger={<IconButton label={words.more} icon={<Ellipsis />} data-actions />}
        entries={entriesFor(message, { desk, words })}
      />
    </div>
  );
}

/** Copies the text of a message. */
export function copyMessage(message: MessageView, told: string): void {
  void navigator.clipboard.writeText(message.text).then(() => say(told));
}

/** What may be done with a message, as far as it can be told here. */
export function rightsOn(
  { trust, state, text: said, file, n, code }: MessageView,
  { canWrite, room, thread }: Pick<RoomDesk, 'canWrite' | 'room' | 'thread'>,
): Readonly<Record<'react' | 'reply' | 'edit' | 'delete' | 'forward' | 'copy' | 'thread', boolean>> {
  const isThere = state !== 'deleted' && state !== 'undecryptable' && !(state === 'queued' && code !== null);
  const isOwn = trust.author === 'self';
  const isAdmin = room.role === 'owner' || room.role === 'admin';
  return {
    react: canWrite && isThere && n !== null,
    reply: canWrite && isThere && n !== null,
    thread: thread !== null && isThere && n !== null,
    edit: canWrite && isThere && isOwn && file === undefined,
    delete: canWrite && isThere && (isOwn || isAdmin) && n !== null,
    forward: isThere && said !== '' && n !== null,
    copy: isThere && said !== '',
  };
}

function entriesFor(
  message: MessageView,
  { desk, words }: { readonly desk: RoomDesk; readonly words: typeof text.en.actions },
): readonly (MenuEntry | null)[] {
  const can = rightsOn(message, desk);
  const threadWords = message.thread === null && message.threadReplies === 0 ? words.beginThread : words.thread;
  const entries: readonly (MenuEntry & { readonly isPossible: boolean })[] = [
    {
      id: 'thread',
      isPossible: can.thread,
      label: threadWords,
      icon: <MessagesSquare />,
      onAction: () => desk.thread?.(message),
    },
    { id: 'edit', isPossible: can.edit, label: words.edit, icon: <Pencil />, onAction: () => desk.edit(message) },
    {
      id: 'forward',
      isPossible: can.forward,
      label: words.forward,
      icon: <Forward />,
      onAction: () => desk.forward(message),
    },
    {
      id: 'copy',
      isPossible: can.copy,
      label: words.copy,
      icon: <Copy />,
      onAction: () => copyMessage(message, words.copied),
    },
    { id: 'details', isPossible: true, label: words.details, icon: <Info />, onAction: () => desk.details(message) },
  ];
  const remove: MenuEntry = {
    id: 'delete',
    label: words.delete,
    icon: <Trash2 />,
    tone: 'danger',
    onAction: () => desk.remove(message),
  };
  return [...entries.filter(({ isPossible }) => isPossible), ...(can.delete ? [null, remove] : [])];
}

function ReactButton({ message }: { readonly message: MessageView }): JSX.Element {
  const words = useText(text).actions;
  const desk = useRoomDesk();
  const [isOpen, setOpen] = useState(false);
  const choose = (emoji: string): void => {
    setOpen(false);
    desk.react(message, emoji);
  };
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <IconButton label={words.react} icon={<SmilePlus />} data-react />
      <Popover className={overlay['overlay'] ?? ''} offset={4}>
        <Dialog aria-label={words.react} className={styles['picker'] ?? ''}>
          <Suspense>
            <EmojiPicker onChoose={choose} />
          </Suspense>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

const EmojiPicker = lazy(async () => ({ default: (await import('../emoji/emoji-picker.tsx')).EmojiPicker }));
