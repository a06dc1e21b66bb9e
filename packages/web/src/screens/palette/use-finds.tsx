import type { ContactView, RoomView, SearchHit } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IdCard, Keyboard, Lock, MessageSquarePlus, UserPlus, Users } from 'lucide-react';
import { type JSX, useDeferredValue } from 'react';
import { useRead } from '../../app/queries.ts';
import { useVaults } from '../../app/vaults.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** One thing that was found; `run` goes there. */
export interface Find {
  readonly kind: 'room' | 'person' | 'action' | 'message';
  readonly key: string;
  readonly title: string;
  /** Beside the title: an address, a room. */
  readonly detail: string;
  readonly icon: JSX.Element | null;
  /** Parts of the title that were looked for: from and to. */
  readonly marks: readonly (readonly [from: number, to: number])[];
  run(): void;
}

interface Finds {
  readonly finds: readonly Find[];
  readonly isSearching: boolean;
  /** False while messages are missing on this device. */
  readonly isComplete: boolean;
}

/** What is called as was typed, the best first: rooms, people, actions, and messages that say it. */
export function useFinds(typed: string, onHelp: () => void): Finds {
  const words = useText(text);
  const { gate, box } = useVaults();
  const navigate = useNavigate();
  const rooms = useRead(['rooms'], (vaults) => vaults.box.listRooms());
  const contacts = useRead(['contacts'], (vaults) => vaults.box.listContacts());
  const wanted = useDeferredValue(typed.trim());
  const { data, isFetching } = useQuery({
    queryKey: ['search', wanted],
    queryFn: () => box.search.find(wanted, { limit: 20 }).catch(() => null),
    enabled: wanted.length >= 2,
  });
  const actions: readonly Omit<Find, 'kind' | 'detail' | 'marks'>[] = [
    {
      key: 'newRoom',
      title: words.actions.newRoom,
      icon: <MessageSquarePlus />,
      run: () => void navigate({ to: '/rooms/new' }),
    },
    {
      key: 'newContact',
      title: words.actions.newContact,
      icon: <UserPlus />,
      run: () => void navigate({ to: '/people/add' }),
    },
    {
      key: 'ownCard',
      title: words.actions.ownCard,
      icon: <IdCard />,
      run: () => void navigate({ to: '/people/card' }),
    },
    { key: 'people', title: words.actions.people, icon: <Users />, run: () => void navigate({ to: '/people' }) },
    { key: 'help', title: words.actions.help, icon: <Keyboard />, run: onHelp },
    { key: 'lock', title: words.actions.lock, icon: <Lock />, run: () => void gate.lock() },
  ];
  const roomFind = (room: RoomView): Find => ({
    kind: 'room',
    key: room.id,
    title: room.name,
    detail: room.topic,
    icon: null,
    marks: [],
    run: () => void navigate({ to: '/rooms/$room', params: { room: room.id } }),
  });
  const personFind = ({ address, name }: ContactView): Find => ({
    kind: 'person',
    key: address,
    title: name ?? address,
    detail: name === null ? '' : address,
    icon: null,
    marks: [],
    run: () => void navigate({ to: '/people/$address', params: { address } }),
  });
  const messageFind = (hit: SearchHit): Find => ({
    kind: 'message',
    key: `${hit.room}-${hit.id}-${hit.kind}`,
    title: hit.snippet,
    detail: `${hit.author} ${words.in(rooms.find(({ id }) => id === hit.room)?.name ?? '')}`,
    icon: null,
    marks: hit.marks as Find['marks'],
    run: () => void navigate({ to: '/rooms/$room', params: { room: hit.room }, search: { message: hit.id } }),
  });
  const finds: readonly Find[] = [
    ...rooms
      .filter(({ name, topic }) => isCalled(`${name} ${topic}`, wanted))
      .toSorted(byNewest)
      .slice(0, MOST)
      .map(roomFind),
    ...contacts
      .filter(({ address, name }) => wanted !== '' && isCalled(`${name ?? ''} ${address}`, wanted))
      .slice(0, MOST)
      .map(personFind),
    ...actions
      .filter(({ title }) => isCalled(title, wanted))
      .map((action): Find => ({ ...action, kind: 'action', detail: '', marks: [] })),
    ...(wanted.length < 2 ? [] : (data?.hits ?? []).map(messageFind)),
  ];
  return { finds, isSearching: isFetching, isComplete: (data?.coverage.partial.length ?? 0) === 0 };
}

function isCalled(name: string, wanted: string): boolean {
  const heard = name.toLocaleLowerCase();
  return wanted
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => heard.includes(word));
}

function byNewest(one: RoomView, other: RoomView): number {
  return (other.lastMessage?.at ?? 0) - (one.lastMessage?.at ?? 0);
}

const MOST = 7;
