import type { RoomView } from '@sotto/keybox';
import { Archive, ArchiveRestore, Bell, BellOff, CheckCheck, Pin, PinOff } from 'lucide-react';
import { useDo } from '../../app/queries.ts';
import type { MenuEntry } from '../../kit/menu.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

export type RoomMark = 'pin' | 'mute' | 'archive';

/** Changes a mark of a room to what it is not. */
export function useRoomMark(): (room: RoomView, mark: RoomMark) => void {
  const change = useDo(({ box }, { room, mark }: { readonly room: RoomView; readonly mark: RoomMark }) => {
    const { id, marks } = room;
    if (mark === 'pin') return box.roomNotes.pin(id, !marks.pinned);
    if (mark === 'archive') return box.roomNotes.archive(id, !marks.archived);
    return box.roomNotes.mute(id, marks.muted ? null : 'forever');
  });
  return (room, mark) => change.mutate({ room, mark });
}

/** What can be done with a room from anywhere. */
export function useRoomEntries(room: RoomView): readonly MenuEntry[] {
  const words = useText(text).menu;
  const mark = useRoomMark();
  const read = useDo(({ box }, id: string) => box.markRead(id));
  const { pinned, muted, archived } = room.marks;
  const entries: MenuEntry[] = [
    {
      id: 'pin',
      label: pinned ? words.unpin : words.pin,
      icon: pinned ? <PinOff /> : <Pin />,
      onAction: () => mark(room, 'pin'),
    },
    {
      id: 'mute',
      label: muted ? words.unmute : words.mute,
      icon: muted ? <Bell /> : <BellOff />,
      onAction: () => mark(room, 'mute'),
    },
    {
      id: 'archive',
      label: archived ? words.unarchive : words.archive,
      icon: archived ? <ArchiveRestore /> : <Archive />,
      onAction: () => mark(room, 'archive'),
    },
  ];
  const marking = { id: 'read', label: words.read, icon: <CheckCheck />, onAction: () => read.mutate(room.id) };
  return room.unread > 0 ? [marking, ...entries] : entries;
}
