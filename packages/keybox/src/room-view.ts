import { hex } from '@sotto/bytes';
import type { Suites } from '@sotto/crypto';
import { currentEra, type RoomState } from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { mayHaveEra } from './key-requests/right.ts';
import type { OwnIdentity } from './session.ts';
import type { MemberView, RoomView } from './views.ts';

/** A room as it is listed; a direct room bears its peer's address. */
export async function roomView(
  state: RoomState,
  options: {
    readonly name: { readonly name: string; readonly topic: string } | null;
    readonly unread: number;
    readonly own: OwnIdentity;
    readonly suites: Suites;
    readonly chains: Chains;
  },
): Promise<RoomView> {
  const { name, unread, own } = options;
  const me = hex(own.fingerprint);
  const peer = Object.entries(state.people).find(([fingerprint]) => fingerprint !== me)?.[1];
  return {
    id: hex(state.id),
    name: state.type === 'direct' ? (peer ?? own.address) : (name?.name ?? ''),
    topic: name?.topic ?? '',
    type: state.type,
    mode: 'archive',
    keying: state.keying,
    history: state.policy.history,
    era: currentEra(state).era,
    members: Object.keys(state.members).length,
    role: state.members[me]?.role ?? null,
    closed: state.closed,
    postQuantum: await isPostQuantum(state, options),
    unread,
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
