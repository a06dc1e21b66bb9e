import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type Extent, type LogEntry, type SignedHead, signHead } from '@sotto/protocol';
import type { Handler, HandlerContext, Handlers } from '@sotto/server';
import { logExtent, skeletonOf } from '@sotto/testing';
import { type Chance, chanceOf } from '@sotto/testing/simulation';

/** How a server that lies changes a log. */
type Tale = (entries: readonly LogEntry[], chance: Chance) => readonly LogEntry[] | null;

/** What a server may tell of a room instead of the truth, with heads that its own key signs. */
const tales: Readonly<Record<string, Tale>> = {
  'drops one in the middle': (entries, chance) => {
    const records = entries.filter(({ kind, n }) => kind === 'record' && n < entries.length - 1);
    if (records.length === 0) return null;
    const { n } = chance.pick(records.slice(-4));
    return entries.filter((entry) => entry.n !== n);
  },
  'drops the last ones': (entries, chance) => {
    const kept = entries.slice(0, -1 - chance.below(3));
    return kept.length < 2 ? null : kept;
  },
  'repeats one': (entries, chance) => {
    const records = entries.filter(({ kind }) => kind === 'record');
    return records.length === 0 ? null : [...entries, chance.pick(records)];
  },
  'swaps the last two': (entries) => {
    const [left, right] = entries.slice(-2);
    if (entries.length < 4 || left === undefined || right === undefined) return null;
    return [...entries.slice(0, -2), right, left];
  },
  'swaps the genesis': (entries) => {
    const [first, second, ...more] = entries;
    return first === undefined || second === undefined ? null : [second, first, ...more];
  },
  'alters a body': (entries, chance) => {
    const records = entries.filter((entry) => entry.kind === 'record');
    const [chosen] = records.slice(-1 - chance.below(Math.min(3, records.length)));
    if (chosen?.record.body == null) return null;
    const body = chosen.record.body.with(0, (chosen.record.body[0] as number) ^ 1);
    const altered = { ...chosen, record: { ...chosen.record, body } };
    return entries.map((entry) => (entry.n === chosen.n ? altered : entry));
  },
  'withholds a body': (entries) => {
    const last = entries.at(-1);
    if (last?.kind !== 'record') return null;
    return [...entries.slice(0, -1), { ...last, record: { ...last.record, body: null } }];
  },
  'adds a member whom nobody added': (entries) => {
    const added = entries.find((entry) => entry.kind === 'statement' && entry.n > 1);
    return added === undefined ? null : [...entries, added];
  },
  'calls a statement a record': (entries) => {
    const last = entries.at(-1);
    if (last?.kind !== 'statement') return null;
    const { signed, signatures } = last.envelope;
    const record = { signed, signature: signatures[0] as Uint8Array, body: null };
    return [...entries.slice(0, -1), { kind: 'record', n: last.n, record, keyRows: null, sealedKey: null }];
  },
};

/** What a server may answer of one reader's own doings, and of the chains that they rest on. */
const answers: Readonly<Record<string, (honest: Handlers) => Partial<Handlers>>> = {
  'withholds acknowledgements': (honest) => ({
    'records.append': async (input, context) => {
      await honest['records.append'](input, context);
      return new Promise(() => undefined);
    },
  }),
  'takes everything twice': (honest) => ({
    'records.append': async (input, context) => {
      await honest['records.append'](input, context);
      return honest['records.append'](input, context);
    },
  }),
  'acknowledges at other positions': (honest) => ({
    'records.append': async (input, context) => {
      const { positions, ...more } = await honest['records.append'](input, context);
      return { ...more, positions: positions.map((n) => n + 7) };
    },
  }),
  'adds a device that nobody endorsed': (honest) => ({
    'chains.read': async (input, context) => {
      const { fingerprint, statements, head } = await honest['chains.read'](input, context);
      const [forged] = statements.slice(-1);
      if (forged === undefined) return { fingerprint, statements, head };
      const extent = { length: head.length + 1, hash: sha256(forged.signed) };
      return { fingerprint, statements: [...statements, forged], head: await chainHead(context, fingerprint, extent) };
    },
  }),
  'shows an older chain': (honest) => ({
    'chains.read': async (input, context) => {
      const { fingerprint, head } = await honest['chains.read'](input, context);
      const extent = { length: Math.max(1, head.length - 1), hash: head.hash };
      return { fingerprint, statements: [], head: await chainHead(context, fingerprint, extent) };
    },
  }),
};

export const taleNames: readonly string[] = [...Object.keys(tales), ...Object.keys(answers)];

/** Whether a reader may be left with two pasts that their server signed; every other lie is to leave no trace. */
export function leavesEvidence(name: string): boolean {
  return name in tales;
}

/** One reader who is told something else than the others of one room. */
export interface Lie {
  readonly device: Uint8Array;
  readonly room: Uint8Array;
  /** One of `taleNames`. */
  readonly tale: string;
  /** Decides what exactly, the same at every call. */
  readonly seed: string;
}

/** What a server answers in place of its handlers while it lies. */
export function lying(honest: Handlers, current: () => readonly Lie[]): Handlers {
  const of = (context: HandlerContext, room: Uint8Array | null): Lie | undefined => {
    const { session } = context;
    if (session.kind !== 'device') return undefined;
    return current().find((lie) => equal(lie.device, session.deviceId) && (room === null || equal(lie.room, room)));
  };
  const read: Handler<'rooms.read'> = async (input, context) => {
    const told = await tell(of(context, input.room), context);
    if (told === null) return honest['rooms.read'](input, context);
    return { entries: told.entries.slice(input.from, input.from + input.limit), head: told.head };
  };
  const skeleton: Handler<'rooms.skeleton'> = async (input, context) => {
    const told = await tell(of(context, input.room), context);
    if (told === null) return honest['rooms.skeleton'](input, context);
    return { ...skeletonOf(told.entries, input), head: told.head };
  };
  const list: Handler<'rooms.list'> = async (input, context) => {
    const { rooms } = await honest['rooms.list'](input, context);
    const lie = of(context, null);
    const told = await tell(lie, context);
    if (lie === undefined || told === null) return { rooms };
    const { length, at } = told.head;
    return {
      rooms: rooms.map((room) => (equal(room.room, lie.room) ? { ...room, length, at, head: told.head } : room)),
    };
  };
  const tell = async (lie: Lie | undefined, context: HandlerContext): Promise<Told | null> => {
    const tale = lie === undefined ? undefined : tales[lie.tale];
    if (lie === undefined || tale === undefined) return null;
    const entries: LogEntry[] = [];
    for (;;) {
      const page = await honest['rooms.read']({ room: lie.room, from: entries.length, limit: 500 }, context);
      if (page.entries.length === 0) break;
      entries.push(...page.entries);
    }
    const altered = tale(entries, chanceOf(lie.seed))?.map((entry, n) => ({ ...entry, n }));
    if (altered === undefined || altered.length === 0) return null;
    const { primitives, cluster, now } = context;
    const head = await signHead(primitives, cluster.headKey, {
      subject: { kind: 'room', id: lie.room },
      extent: logExtent(altered),
      at: now(),
      incarnation: cluster.incarnation,
    });
    return { entries: altered, head };
  };
  const answer = <Name extends 'records.append' | 'chains.read'>(name: Name): Handlers[Name] => {
    const handler = (input: never, context: HandlerContext): Promise<unknown> => {
      const lie = of(context, null);
      const other = lie === undefined ? undefined : answers[lie.tale]?.(honest)[name];
      return ((other ?? honest[name]) as unknown as typeof handler)(input, context);
    };
    return handler as unknown as Handlers[Name];
  };
  return {
    ...honest,
    'rooms.read': read,
    'rooms.skeleton': skeleton,
    'rooms.list': list,
    'records.append': answer('records.append'),
    'chains.read': answer('chains.read'),
  };
}

function chainHead({ primitives, cluster, now }: HandlerContext, id: Uint8Array, extent: Extent): Promise<SignedHead> {
  const { headKey, incarnation } = cluster;
  return signHead(primitives, headKey, { subject: { kind: 'chain', id }, extent, at: now(), incarnation });
}

interface Told {
  readonly entries: readonly LogEntry[];
  readonly head: SignedHead;
}
