import type { MessagePlace, RoomView } from '@sotto/keybox';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { RoomTimeline } from './room-timeline.ts';

/** The timeline of a room, or of one thread: read again whenever the vault tells of a change. */
export function useTimeline(room: string, thread?: string): RoomTimeline {
  const vaults = useVaults();
  const timeline = useMemo(
    () => new RoomTimeline((window) => vaults.box.pageMessages(room, window), thread === undefined ? {} : { thread }),
    [vaults, room, thread],
  );
  useEffect(
    () =>
      vaults.subscribe((event) => {
        if (event.kind === 'changed') void timeline.refresh();
      }),
    [vaults, timeline],
  );
  return timeline;
}

/** Opens the room where somebody wants to be: at a message, else at what is unread, else at its end. */
export function useRoomTimeline(
  room: RoomView,
  message: string | undefined,
): { readonly timeline: RoomTimeline; readonly unreadFrom: MessagePlace | null } {
  const timeline = useTimeline(room.id);
  const [unreadFrom, setUnreadFrom] = useState<MessagePlace | null>(null);
  const wasUnread = useRef(room.unread > 0);
  useEffect(() => {
    const around = message === undefined ? (wasUnread.current ? ('unread' as const) : undefined) : { id: message };
    void timeline.open(around).then(async () => {
      // A message that is not here leaves the newest.
      if (!timeline.view().isLoaded) await timeline.open();
      if (wasUnread.current) setUnreadFrom(timeline.view().firstUnread);
    });
  }, [timeline, message]);
  return { timeline, unreadFrom };
}
