import type { MemberView, MessageView, RoomView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { createContext, useContext } from 'react';
import type { RoomTimeline } from './room-timeline.ts';

/** What a message can ask of the room that it is shown in. */
export interface RoomDesk {
  readonly room: RoomView;
  readonly own: Address;
  /** By address. */
  readonly members: ReadonlyMap<string, MemberView>;
  readonly timeline: RoomTimeline;
  /** Whether something can be written here. */
  readonly canWrite: boolean;
  reply(message: MessageView): void;
  edit(message: MessageView): void;
  /** Reacts, or takes the same reaction back. */
  react(message: MessageView, emoji: string): void;
  forward(message: MessageView): void;
  remove(message: MessageView): void;
  details(message: MessageView): void;
  /** Opens the thread that a message began, or that it belongs to; null within one. */
  readonly thread: ((message: MessageView) => void) | null;
  /** Leads to a message of this room. */
  goTo(id: string): void;
  /** Sends again what was not taken. */
  resend(message: MessageView): void;
  discard(message: MessageView): void;
}

export const RoomContext = createContext<RoomDesk | null>(null);

export function useRoomDesk(): RoomDesk {
  const desk = useContext(RoomContext);
  if (desk === null) throw new TypeError('outside of a room');
  return desk;
}

/** How somebody is called in a room: what they call themselves, else their address. */
export function nameOf({ members }: Pick<RoomDesk, 'members'>, address: string): string {
  return members.get(address)?.name ?? address;
}
