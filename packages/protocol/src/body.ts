import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { type FileContent, fileContent } from './file.ts';
import {
  boundedBytes,
  boundedText,
  count,
  type Extent,
  extent,
  type Format,
  fixedBytes,
  hash32,
  milliseconds,
  versionedFormat,
} from './format.ts';
import {
  MAX_BODY_BYTES,
  MAX_CHECKPOINT_BYTES,
  MAX_KEY_LOG_ENTRY_BYTES,
  MAX_NAME_BYTES,
  MAX_TEXT_BYTES,
} from './limits.ts';
import { type PresenceChoice, presenceChoices } from './presence.ts';
import { type ProfileContent, profileContent, profileText } from './profile.ts';

/**
 * 16 random bytes that name a record across re-sealing. The first record of the log that carries an id has it; a later
 * one with the same id is the same record again if its author is the same, and else is not shown.
 */
export type RecordId = Uint8Array;

/** Marks that an account makes on a room for itself. */
const roomMarkNames = ['pin', 'mute', 'archive'] as const;
export type RoomMarkName = (typeof roomMarkNames)[number];

/** What became of a call, by the word of the caller. */
const callOutcomes = ['answered', 'declined', 'busy', 'missed', 'cancelled', 'failed'] as const;

interface Contents {
  room: { readonly name: string; readonly topic: string };
  message: {
    readonly text: string;
    readonly format: 'plain';
    readonly replyTo: RecordId | null;
    readonly thread: RecordId | null;
    readonly mentions: readonly Uint8Array[];
    /** Sent on from elsewhere; missing if it was not. */
    readonly forwarded?: true;
  };
  edit: { readonly target: RecordId; readonly text: string };
  delete: { readonly target: RecordId };
  reaction: { readonly target: RecordId; readonly text: string };
  file: FileContent;
  /** Cumulative: everything up to here was delivered to, or read on, this device. */
  receipt: { readonly delivered: Extent; readonly read: Extent | null };
  /** Asks the other members for era secrets that the author may have and does not. */
  'key-request': { readonly eras: readonly number[] };
  /** Gives them, each sealed to the newest user key of whoever asked. */
  'key-answer': {
    readonly request: RecordId;
    readonly generation: number;
    readonly keys: readonly { readonly era: number; readonly sealed: Uint8Array }[];
  };
  /** Account room: what I know and decided of another account. */
  pin: {
    readonly address: Address;
    readonly fingerprint: Uint8Array;
    readonly chain: Extent;
    readonly verified: boolean;
    readonly blocked: boolean;
    readonly note: string;
  };
  /** Account room: a contact that is not mutual: asked for, asking, ended, or blocked before its keys were known. */
  contact: {
    readonly address: Address;
    readonly state: 'requested' | 'incoming' | 'removed' | 'blocked';
    /** Of whom it is, or is expected to be; null if anybody is taken. */
    readonly fingerprint: Uint8Array | null;
    readonly note: string;
  };
  /** Account room: a room of mine, and how far I have read in it. */
  read: { readonly room: Uint8Array; readonly upTo: Extent };
  /** Account room: how a room stands in the list of rooms. Of each mark the later record counts. */
  'room-mark': {
    readonly room: Uint8Array;
    readonly mark: RoomMarkName;
    readonly set: boolean;
    /** When it ends by itself; null for never. */
    readonly until: number | null;
  };
  /** Account room: what was begun to be written in a room; empty once it was sent. The later record counts. */
  draft: { readonly room: Uint8Array; readonly text: string; readonly replyTo: RecordId | null };
  /** A call of the author's that is over. */
  call: {
    readonly call: Uint8Array;
    readonly startedAt: number;
    readonly answeredAt: number | null;
    readonly endedAt: number;
    readonly outcome: (typeof callOutcomes)[number];
  };
  /** How the author is called in this room alone; null for as everywhere. */
  profile: { readonly name: string | null };
  /** Account room: what the account says of itself, and the key under which others read it. */
  'own-profile': { readonly version: number; readonly key: Uint8Array; readonly content: ProfileContent };
  /** Account room: how its devices want to be seen by contacts. */
  presence: { readonly state: PresenceChoice; readonly lastSeen: boolean };
  /** Account room: an entry of the key log, encoded, and the code of what was refused. */
  key: { readonly entry: Uint8Array; readonly code: string | null };
  /** Account room: the newest checkpoint of the transparency log that the author's device verified, as a note. */
  checkpoint: { readonly note: Uint8Array };
  /** Account room: keys under which vault secrets of the account's devices lie at the server, newest first. */
  'unlock-keys': { readonly keys: readonly Uint8Array[] };
  /** Account room of the owner: the organisation's policy key. */
  'policy-key': { readonly suite: number; readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
}

export type BodyKind = keyof Contents;
export type BodyContent<Kind extends BodyKind> = Contents[Kind];

/** Kinds that a record of class `quiet` may carry: they count for no era, and readers may write them. */
export const quietKinds: ReadonlySet<BodyKind> = new Set([
  'receipt',
  'key-request',
  'key-answer',
  'pin',
  'contact',
  'read',
  'room-mark',
  'draft',
  'profile',
  'own-profile',
  'presence',
  'key',
  'checkpoint',
]);

/** The decrypted content of a record. */
export type Body = {
  [Kind in BodyKind]: {
    readonly id: RecordId;
    readonly at: number;
    readonly kind: Kind;
    readonly content: Contents[Kind];
  };
}[BodyKind];

/** Addresses of the blobs that a body needs, as its record's header has to name them. */
export function blobsOf(body: Pick<Body, 'kind' | 'content'>): readonly Uint8Array[] {
  return body.kind === 'file' ? [(body.content as FileContent).blob.hash] : [];
}

/** Eras of one key request: their answer fits a body. */
const MAX_ASKED_ERAS = 14;

const recordId: z.ZodMiniType<RecordId> = fixedBytes(16);
const text = boundedText(MAX_TEXT_BYTES);

const contents: { readonly [Kind in BodyKind]: z.ZodMiniType<Contents[Kind]> } = {
  room: z.strictObject({ name: boundedText(MAX_NAME_BYTES, 1), topic: boundedText(1024) }),
  message: z.strictObject({
    text,
    format: z.literal('plain'),
    replyTo: z.nullable(recordId),
    thread: z.nullable(recordId),
    mentions: z.array(hash32).check(z.maxLength(64)),
    forwarded: z.exactOptional(z.literal(true)),
  }),
  edit: z.strictObject({ target: recordId, text }),
  delete: z.strictObject({ target: recordId }),
  reaction: z.strictObject({ target: recordId, text: boundedText(64, 1) }),
  file: fileContent,
  receipt: z.strictObject({ delivered: extent, read: z.nullable(extent) }),
  'key-request': z.strictObject({ eras: z.array(count).check(z.minLength(1), z.maxLength(MAX_ASKED_ERAS)) }),
  'key-answer': z.strictObject({
    request: recordId,
    generation: count,
    keys: z
      .array(z.strictObject({ era: count, sealed: boundedBytes(8192, 1) }))
      .check(z.minLength(1), z.maxLength(MAX_ASKED_ERAS)),
  }),
  pin: z.strictObject({
    address,
    fingerprint: hash32,
    chain: extent,
    verified: z.boolean(),
    blocked: z.boolean(),
    note: boundedText(4096),
  }),
  contact: z.strictObject({
    address,
    state: z.enum(['requested', 'incoming', 'removed', 'blocked']),
    fingerprint: z.nullable(hash32),
    note: boundedText(4096),
  }),
  read: z.strictObject({ room: hash32, upTo: extent }),
  'room-mark': z.strictObject({
    room: hash32,
    mark: z.enum(roomMarkNames),
    set: z.boolean(),
    until: z.nullable(milliseconds),
  }),
  draft: z.strictObject({ room: hash32, text, replyTo: z.nullable(recordId) }),
  call: z.strictObject({
    call: hash32,
    startedAt: milliseconds,
    answeredAt: z.nullable(milliseconds),
    endedAt: milliseconds,
    outcome: z.enum(callOutcomes),
  }),
  profile: z.strictObject({ name: z.nullable(profileText(64)) }),
  'own-profile': z.strictObject({
    version: z.int().check(z.positive()),
    key: fixedBytes(32),
    content: profileContent.schema,
  }),
  presence: z.strictObject({ state: z.enum(presenceChoices), lastSeen: z.boolean() }),
  key: z.strictObject({ entry: boundedBytes(MAX_KEY_LOG_ENTRY_BYTES, 1), code: z.nullable(boundedText(64)) }),
  checkpoint: z.strictObject({ note: boundedBytes(MAX_CHECKPOINT_BYTES, 1) }),
  'unlock-keys': z.strictObject({ keys: z.array(fixedBytes(32)).check(z.minLength(1), z.maxLength(16)) }),
  'policy-key': z.strictObject({
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    publicKey: boundedBytes(4096, 1),
    secretKey: boundedBytes(4096, 1),
  }),
};

const variants = (Object.keys(contents) as BodyKind[]).map((kind) =>
  z.strictObject({ id: recordId, at: milliseconds, kind: z.literal(kind), content: contents[kind] }),
);

/** The plaintext of a record before padding. A kind that this version lacks is `format-unsupported`. */
export const body: Format<Body> = versionedFormat<Body>(
  'record body',
  z.discriminatedUnion('kind', variants as never) as unknown as z.ZodMiniType<Body>,
  { maxBytes: MAX_BODY_BYTES, field: 'kind', known: Object.keys(contents) },
);
