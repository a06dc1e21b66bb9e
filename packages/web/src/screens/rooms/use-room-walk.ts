import type { RoomView } from '@sotto/keybox';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useShortcut } from '../../app/shortcut-keys.tsx';
import { neighbour } from './sections.ts';

/** From room to room by keyboard. */
export function useRoomWalk(rooms: readonly RoomView[]): void {
  const navigate = useNavigate();
  const { room: open } = useParams({ strict: false });
  const walk = (step: 1 | -1, isUnread: boolean): void => {
    const next = neighbour(rooms, open ?? null, { step, isUnread });
    if (next !== null) void navigate({ to: '/rooms/$room', params: { room: next.id } });
  };
  useShortcut('previousRoom', () => walk(-1, false));
  useShortcut('nextRoom', () => walk(1, false));
  useShortcut('previousUnread', () => walk(-1, true));
  useShortcut('nextUnread', () => walk(1, true));
}
