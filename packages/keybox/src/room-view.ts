import { hex } from '@sotto/bytes';
import type { Suites } from '@sotto/crypto';
import { type Address, currentEra, mayRotate, type RoomState, safeFileName } from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { mayHaveEra } from './key-requests/right.ts';
import type { Part } from './ports.ts';
import { behind } from './restored/recovery.ts';
import { type LastRow, type RoomActivity, readActivity } from './room-activity.ts';
import { type DraftRow, type MarkRow, readDrafts, readMarks } from './room-notes/store.ts';
import type { KeptRoom } from './room-store.ts';
import type { Session } from './session.ts';
import { placeholders } from './sql.ts';
import { messageLine, shortText } from './timeline/quote.ts';
import type { LastMessageView, MemberView, RoomMarksView, RoomView } from './views.ts';

interface RoomName {
  readonly room: Uint8Array;
  readonly name: string;
  readonly topic: string;
}

/** What stands beside the rooms of a list, by room in hexadecimal. */
interface BesideRooms {
  readonly names: ReadonlyMap<string, RoomName>;
  readonly activity: ReadonlyMap<string, RoomActivity>;
  readonly marks: ReadonlyMap<string, readonly MarkRow[]>;
  readonly drafts: ReadonlyMap<string, DraftRow>;
  /** Rooms that a restored server has not shown to be what they were. */
  readonly unconfirmed: ReadonlySet<string>;
}

/** Rooms as they are listed, a handful of queries for all of them; a direct room bears its peer's address. */
export async function roomViews(
  session: Session,
  chains: Chains,
  rooms: readonly KeptRoom[],
): Promise<readonly RoomView[]> {
  const { history, identity } = session;
  const ids = rooms.map(({ state }) => state.id);
  const beside: BesideRooms = {
    names: await readNames(history, ids),
    activity: await readActivity(history, identity, ids),
    marks: await readMarks(history, ids),
    drafts: await readDrafts(history, ids),
    unconfirmed: new Set((await behind({ session }, 'room')).map(hex)),
  };
  const views: RoomView[] = [];
  for (const room of rooms) views.push(await roomView(room, { session, chains, beside }));
  return views;
}

async function roomView(
  { state, stopped }: KeptRoom,
  { session, chains, beside }: { readonly session: Session; readonly chains: Chains; readonly beside: BesideRooms },
): Promise<RoomView> {
  const me = hex(session.identity.fingerprint);
  const id = hex(state.id);
  const name = beside.names.get(id);
  const activity = beside.activity.get(id);
  const peer = peerOf(state, me);
  const draft = beside.drafts.get(id)?.text ?? '';
  return {
    id,
    name: state.type === 'direct' ? (peer ?? session.identity.address) : (name?.name ?? ''),
    topic: name?.topic ?? '',
    type: state.type,
    mode: 'archive',
    keying: state.keying,
    history: state.policy.history,
    era: currentEra(state).era,
    members: Object.keys(state.members).length,
    role: state.members[me]?.role ?? null,
    peer,
    closed: state.closed,
    stopped:
      stopped ?? (beside.unconfirmed.has(id) ? 'restored-unconfirmed' : isFrozen(state, me) ? 'room-frozen' : null),
    postQuantum: await isPostQuantum(state, { suites: session.suites, chains }),
    unread: activity?.unread ?? 0,
    unreadMentions: activity?.mentions ?? 0,
    lastMessage: activity?.last == null ? null : lastMessage(activity.last, state),
    marks: marksView(beside.marks.get(id) ?? [], session.clock.now()),
    draft: draft === '' ? null : shortText(draft),
  };
}

export async function memberViews(
  state: RoomState,
  {
    isVerified,
    names,
  }: {
    readonly isVerified: (fingerprint: Uint8Array) => Promise<boolean>;
    readonly names: ReadonlyMap<string, string>;
  },
): Promise<readonly MemberView[]> {
  const views: MemberView[] = [];
  for (const { address, fingerprint, role } of Object.values(state.members)) {
    const name = names.get(hex(fingerprint)) ?? null;
    const verified = await isVerified(fingerprint);
    const readsFrom = firstReadable(state, fingerprint);
    views.push({ address, name, fingerprint: hex(fingerprint), role, verified, readsFrom });
  }
  return views;
}

/** When the first era began that the member may have; null if it is the room's first. */
function firstReadable(state: RoomState, fingerprint: Uint8Array): number | null {
  const first = state.eras.find(({ era }) => mayHaveEra(state, fingerprint, era));
  return first === undefined || first.era === 0 ? null : first.at;
}

async function readNames(history: Part, rooms: readonly Uint8Array[]): Promise<BesideRooms['names']> {
  const rows = await history.query<RoomName>(
    `SELECT room, name, topic FROM room_name WHERE room IN (${placeholders(rooms)})`,
    rooms,
  );
  return new Map(rows.map((row) => [hex(row.room), row]));
}

function peerOf({ type, people }: RoomState, me: string): Address | null {
  if (type !== 'direct') return null;
  return Object.entries(people).find(([fingerprint]) => fingerprint !== me)?.[1] ?? null;
}

function lastMessage({ id, n, author, at, text, code, name }: LastRow, { people }: RoomState): LastMessageView {
  const shown = code !== null ? '' : name === null ? messageLine(text) : shortText(safeFileName(name));
  const kind = code !== null ? 'undecryptable' : name === null ? 'text' : 'file';
  return { id: hex(id), n, author: people[hex(author)] ?? null, at, kind, text: shown };
}

/** A mark that has run out is none. */
function marksView(rows: readonly MarkRow[], now: number): RoomMarksView {
  const isSet = (name: MarkRow['mark']): MarkRow | undefined =>
    rows.find(({ mark, is_set, until }) => mark === name && is_set !== 0 && (until === null || until > now));
  const mute = isSet('mute');
  return {
    pinned: isSet('pin') !== undefined,
    archived: isSet('archive') !== undefined,
    muted: mute !== undefined,
    mutedUntil: mute?.until ?? null,
  };
}

/** Waits for an era that somebody else has to make. */
function isFrozen(state: RoomState, me: string): boolean {
  const role = state.members[me]?.role;
  if (role === undefined || state.closed) return false;
  return (state.rekeyDue || !currentEra(state).valid) && !mayRotate(role);
}

/** Only if every row of the table in force is sealed under a post-quantum suite. */
async function isPostQuantum(
  state: RoomState,
  { suites, chains }: { readonly suites: Suites; readonly chains: Chains },
): Promise<boolean> {
  for (const { fingerprint } of currentEra(state).rows) {
    const chain = await chains.known(fingerprint);
    if (chain === null || !suites.byId(chain.suite).postQuantum) return false;
  }
  return true;
}
