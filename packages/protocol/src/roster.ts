import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import {
  boundedBytes,
  count,
  type Extent,
  emptyMap,
  extent,
  type Format,
  hash32,
  milliseconds,
  versionedFormat,
} from './format.ts';
import { MAX_CHECKPOINT_BYTES, MAX_MEMBERS, MAX_STATEMENT_BYTES } from './limits.ts';

export const roomTypes = ['direct', 'chat', 'account'] as const;
export type RoomType = (typeof roomTypes)[number];

/** In order of rank, highest first. */
export const roles = ['owner', 'admin', 'member', 'guest', 'reader'] as const;
export type Role = (typeof roles)[number];

export const keyings = ['era', 'per-message'] as const;
export type Keying = (typeof keyings)[number];

export type RoomPolicy = {
  /** Whether newcomers read what was written before them; belongs to the era in which it was written. */
  readonly history: 'all' | 'from-join';
  readonly guests: boolean;
  readonly maxMembers: number;
};

/** What an era's author says of a member: the verified chain and the user-key generation that it sealed to. */
export type TableRow = {
  readonly fingerprint: Uint8Array;
  readonly length: number;
  readonly head: Uint8Array;
  readonly generation: number;
};

/** The start of an era, inside the statement that causes it. */
export interface Era {
  readonly era: number;
  /** HKDF commitment to the era secret. */
  readonly commitment: Uint8Array;
  readonly previousCommitment: Uint8Array | null;
  /** The previous era's secret wrapped under this era's link key; null where history starts anew. */
  readonly link: Uint8Array | null;
  /** Hash over the table's rows. */
  readonly table: Uint8Array;
  /** Merkle root over the sealed entries, in the order of the rows. */
  readonly entries: Uint8Array;
  /** The newest checkpoint of the transparency log that the author's device verified, as a note; null before its first. */
  readonly checkpoint: Uint8Array | null;
}

export interface MemberIdentity {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
  readonly length: number;
  readonly head: Uint8Array;
}

interface Bodies {
  create: {
    readonly nonce: Uint8Array;
    readonly roomType: RoomType;
    readonly mode: 'archive';
    readonly keying: Keying;
    readonly minimumSuite: number;
    readonly policy: RoomPolicy;
    /** The author, who is the sole owner. */
    readonly owner: MemberIdentity;
  };
  'member.add': {
    readonly member: MemberIdentity;
    readonly role: Role;
    /** The room's name sealed under the resource key of the era that the member enters. */
    readonly title: Uint8Array | null;
    /** Where history is `all`: the newcomer's row and the leaf hash of the entry that lies beside. */
    readonly row: (TableRow & { readonly entry: Uint8Array }) | null;
    readonly era: Era | null;
  };
  'member.remove': { readonly fingerprint: Uint8Array; readonly era: Era };
  leave: { readonly successor: Uint8Array | null };
  'role.set': { readonly fingerprint: Uint8Array; readonly role: Role };
  'policy.set': { readonly policy: RoomPolicy; readonly era: Era | null };
  era: { readonly era: Era };
  close: Record<string, never>;
  'continue-from': Extent;
  complaint: { readonly era: number };
}

export type RosterType = keyof Bodies;

export interface RosterFrame {
  readonly v: 1;
  readonly suite: number;
  /** The room id; null in create alone. */
  readonly room: Uint8Array | null;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  /** The author's own chain as it stood. */
  readonly chain: Extent;
  /** SHA-256 of the roster statement before this one; null in create alone. */
  readonly prevStatement: Uint8Array | null;
  /** The newest log entry that the author verified; null in create alone. */
  readonly logHead: Extent | null;
  readonly at: number;
}

/** One roster statement: membership, policy and eras of a room. */
export type RosterStatement = {
  [Type in RosterType]: RosterFrame & { readonly type: Type; readonly body: Bodies[Type] };
}[RosterType];

export type RosterBody<Type extends RosterType> = Bodies[Type];

export const tableRow: z.ZodMiniType<TableRow> = z.strictObject({
  fingerprint: hash32,
  length: z.int().check(z.positive()),
  head: hash32,
  generation: count,
});

const era: z.ZodMiniType<Era> = z.strictObject({
  era: count,
  commitment: hash32,
  previousCommitment: z.nullable(hash32),
  link: z.nullable(boundedBytes(256)),
  table: hash32,
  entries: hash32,
  checkpoint: z.nullable(boundedBytes(MAX_CHECKPOINT_BYTES, 1)),
});

const policy: z.ZodMiniType<RoomPolicy> = z.strictObject({
  history: z.enum(['all', 'from-join']),
  guests: z.boolean(),
  maxMembers: z.int().check(z.minimum(1), z.maximum(MAX_MEMBERS)),
});

const member: z.ZodMiniType<MemberIdentity> = z.strictObject({
  address,
  fingerprint: hash32,
  length: z.int().check(z.positive()),
  head: hash32,
});

const memberRow: z.ZodMiniType<TableRow & { readonly entry: Uint8Array }> = z.strictObject({
  fingerprint: hash32,
  length: z.int().check(z.positive()),
  head: hash32,
  generation: count,
  entry: hash32,
});

const bodies: { readonly [Type in RosterType]: z.ZodMiniType<Bodies[Type]> } = {
  create: z.strictObject({
    nonce: hash32,
    roomType: z.enum(roomTypes),
    mode: z.literal('archive'),
    keying: z.enum(keyings),
    minimumSuite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    policy,
    owner: member,
  }),
  'member.add': z.strictObject({
    member,
    role: z.enum(roles),
    title: z.nullable(boundedBytes(1024)),
    row: z.nullable(memberRow),
    era: z.nullable(era),
  }),
  'member.remove': z.strictObject({ fingerprint: hash32, era }),
  leave: z.strictObject({ successor: z.nullable(hash32) }),
  'role.set': z.strictObject({ fingerprint: hash32, role: z.enum(roles) }),
  'policy.set': z.strictObject({ policy, era: z.nullable(era) }),
  era: z.strictObject({ era }),
  close: emptyMap,
  'continue-from': z.strictObject({ length: z.int().check(z.positive()), hash: hash32 }),
  complaint: z.strictObject({ era: count }),
};

const frame = {
  v: z.literal(1),
  suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
  room: z.nullable(hash32),
  author: hash32,
  device: hash32,
  chain: extent,
  prevStatement: z.nullable(hash32),
  logHead: z.nullable(extent),
  at: milliseconds,
};

const variants = (Object.keys(bodies) as RosterType[]).map((type) =>
  z.strictObject({ ...frame, type: z.literal(type), body: bodies[type] }),
);

/** The bytes that a roster statement's signature is over, tag `sotto/roster/v1`. */
export const rosterStatement: Format<RosterStatement> = versionedFormat<RosterStatement>(
  'roster statement',
  z.discriminatedUnion('type', variants as never) as unknown as z.ZodMiniType<RosterStatement>,
  { maxBytes: MAX_STATEMENT_BYTES, field: 'type', known: Object.keys(bodies) },
);
