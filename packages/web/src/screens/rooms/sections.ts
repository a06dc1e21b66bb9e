import type { RoomView } from '@sotto/keybox';

type SectionName = 'pinned' | 'rooms' | 'direct' | 'archived';

export interface Section {
  readonly name: SectionName;
  readonly rooms: readonly RoomView[];
}

/** Rooms in the order of a list: what is pinned first, what is archived last, in each the newest first. */
export function sectionsOf(rooms: readonly RoomView[], typed = ''): readonly Section[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const found = rooms.filter(({ name, topic }) => `${name}\n${topic}`.toLocaleLowerCase().includes(wanted));
  const groups = Map.groupBy(found, sectionOf);
  return ORDER.flatMap((name) => {
    const group = groups.get(name);
    return group === undefined ? [] : [{ name, rooms: group.toSorted(byNewest) }];
  });
}

/** The room before or after one, in the order in which they are listed; null at the end. */
export function neighbour(
  rooms: readonly RoomView[],
  from: string | null,
  { step, isUnread }: { readonly step: 1 | -1; readonly isUnread: boolean },
): RoomView | null {
  const listed = sectionsOf(rooms)
    .filter(({ name }) => name !== 'archived')
    .flatMap((section) => section.rooms);
  const ordered = step === 1 ? listed : listed.toReversed();
  const at = ordered.findIndex(({ id }) => id === from);
  const ahead = ordered.slice(at + 1);
  // Who looks for what is unread goes round.
  const wanted = isUnread ? [...ahead, ...ordered.slice(0, Math.max(0, at))].find(isNews) : ahead[0];
  return wanted ?? null;
}

/** Whether a room calls for its reader: a muted one only by name. */
export function isNews({ unread, unreadMentions, marks }: RoomView): boolean {
  return marks.muted ? unreadMentions > 0 : unread > 0;
}

function sectionOf({ marks, type }: RoomView): SectionName {
  if (marks.archived) return 'archived';
  if (marks.pinned) return 'pinned';
  return type === 'direct' ? 'direct' : 'rooms';
}

function byNewest(one: RoomView, other: RoomView): number {
  return (other.lastMessage?.at ?? 0) - (one.lastMessage?.at ?? 0) || one.name.localeCompare(other.name);
}

const ORDER: readonly SectionName[] = ['pinned', 'rooms', 'direct', 'archived'];
