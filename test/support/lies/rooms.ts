import { hex, parseHex } from '@sotto/bytes';
import { type LogEntry, rosterStatement, type SignedHead } from '@sotto/protocol';
import { firstDevice, identity, logExtent, skeletonOf } from '@sotto/testing';
import { read as readRoom } from '../../../packages/server/src/api/rooms/read.ts';
import type { HandlerContext } from '../../../packages/server/src/handler.ts';
import { ghostAt } from './ghosts.ts';
import type { Lies } from './handlers.entry.ts';
import type { LieOrder } from './order.ts';

export const roomLies: Lies = {
  async 'rooms.read'({ order, context, input, ask }) {
    if (!isAbout(order, input.room)) return ask();
    const { entries, head } = await tale(order, context);
    return { entries: entries.slice(input.from, input.from + input.limit), head };
  },

  async 'rooms.skeleton'({ order, context, input, ask }) {
    if (!isAbout(order, input.room)) return ask();
    const { entries, head } = await tale(order, context);
    return { ...skeletonOf(entries, input), head };
  },

  async 'rooms.list'({ order, context, ask }) {
    const { rooms } = await ask();
    if (!('room' in order)) return { rooms };
    const { head } = await tale(order, context);
    return { rooms: rooms.map((each) => (isAbout(order, each.room) ? { ...each, length: head.length, head } : each)) };
  },
};

type RoomOrder = Extract<LieOrder, { readonly room: string }>;

function isAbout(order: LieOrder, room: Uint8Array): order is RoomOrder {
  return 'room' in order && order.room === hex(room);
}

/** The room as the victim is to see it, under a head that the cluster signs. */
async function tale(
  order: RoomOrder,
  context: HandlerContext,
): Promise<{ readonly entries: readonly LogEntry[]; readonly head: SignedHead }> {
  const room = parseHex(order.room);
  const told = await altered(order, await wholeLog(room, context), context);
  const entries = told.map((entry, n) => ({ ...entry, n }));
  return { entries, head: await context.cluster.heads.sign({ kind: 'room', id: room }, logExtent(entries)) };
}

async function wholeLog(room: Uint8Array, context: HandlerContext): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = [];
  for (;;) {
    const { entries, head } = await readRoom({ room, from: all.length, limit: 500 }, context);
    all.push(...entries);
    if (all.length >= head.length) return all;
  }
}

async function altered(
  order: RoomOrder,
  log: readonly LogEntry[],
  context: HandlerContext,
): Promise<readonly LogEntry[]> {
  switch (order.lie) {
    case 'add-member':
      return [...log, await addition(order, log, context)];
    case 'add-row': {
      const n = log.findLastIndex(({ kind }) => kind === 'statement');
      const era = log[n] as LogEntry & { readonly kind: 'statement' };
      const { fingerprint, length, head } = identity(await ghostAt(GHOST, context));
      return log.with(n, { ...era, rows: [...era.rows, { fingerprint, length, head, generation: 0 }] });
    }
    case 'old-head':
      return log.slice(0, order.length);
    case 'leave-out':
      return log.filter(({ n }) => !order.positions.includes(n));
    case 'withhold-keys':
      return log.map((entry) => (isByOthers(entry, order.victim) ? { ...entry, entry: null } : entry));
    case 'withhold-bodies':
      return log.map((entry) =>
        entry.kind === 'record' ? { ...entry, record: { ...entry.record, body: null } } : entry,
      );
  }
}

function isByOthers(entry: LogEntry, victim: string): entry is LogEntry & { readonly kind: 'statement' } {
  return entry.kind === 'statement' && hex(rosterStatement.parse(entry.envelope.signed).author) !== victim;
}

/** A statement that lets a ghost in, signed with the ghost's key: in the name of who made the room, or in its own. */
async function addition(
  { signer }: RoomOrder & { readonly lie: 'add-member' },
  log: readonly LogEntry[],
  context: HandlerContext,
): Promise<LogEntry> {
  const ghost = await ghostAt(GHOST, context);
  const statements = log.flatMap((entry) => (entry.kind === 'statement' ? [entry.envelope.signed] : []));
  const [first] = statements.map((signed) => rosterStatement.parse(signed));
  if (first === undefined) throw new Error('a room without a beginning');
  const { address, fingerprint, length, head } = identity(ghost);
  const { id, signing } = firstDevice(ghost);
  const chain = { length, hash: head };
  const isOwner = signer === 'owner';
  const row = { fingerprint, length, head, generation: 0, entry: context.primitives.randomBytes(32) };
  const signed = rosterStatement.encode({
    v: 1,
    suite: isOwner ? first.suite : ghost.suite.id,
    room: logExtent(log.slice(0, 1)).hash,
    prevStatement: logExtent([log.findLast(({ kind }) => kind === 'statement') as LogEntry]).hash,
    logHead: logExtent(log),
    author: isOwner ? first.author : fingerprint,
    device: isOwner ? first.device : id,
    chain: isOwner ? first.chain : chain,
    at: context.now(),
    type: 'member.add',
    body: { member: { address, fingerprint, length, head }, role: 'member', title: null, row, era: null },
  });
  const signature = await ghost.suite.signature.sign(signing, 'sotto/roster/v1', signed);
  return { kind: 'statement', n: log.length, envelope: { signed, signatures: [signature] }, rows: [], entry: null };
}

const GHOST = 'ghost@localhost';
