import { z } from 'zod/mini';
import { boundedText, count, type Format, versionedFormat } from './format.ts';
import { MAX_KEY_LOG_ENTRY_BYTES, MAX_NAME_BYTES } from './limits.ts';

/** What stands for an account: its address, or its fingerprint in hexadecimal where that is all that is known. */
type Who = { readonly who: string };
/** The id of a room, in hexadecimal. */
type InRoom = { readonly room: string };
type AtPosition = InRoom & { readonly n: number };
type OfEra = InRoom & { readonly era: number };
type OfFile = InRoom & { readonly file: string };
/** The message of the fault that refused something: no secret and no user text, in English. */
type Why = { readonly reason: string };
type Nothing = Readonly<Record<never, never>>;

interface Events {
  'contact/asks': Who & { readonly fingerprint: string };
  'contact/mutual': Who & { readonly fingerprint: string };
  'verification/verified': Who;
  'verification/withdrawn': Who;
  /** Another fingerprint than the known one was said to be theirs. */
  'verification/conflict': Who;
  'verification/mismatch': Who;
  'verification/other-keys': Who;
  'device/added': Who & { readonly device: string; readonly type: string };
  'device/revoked': Who & { readonly device: string };
  'device/own-revoked': { readonly device: string };
  'era/keys-given': InRoom & Who;
  'era/key-shut': OfEra & Who;
  'era/link-broken': OfEra;
  'era/complaint': OfEra & Who;
  'era/complained': OfEra;
  'era/table-invalid': InRoom & Who;
  'key-request/own': OfEra;
  'key-request/asked': OfEra & Who;
  'key-request/not-theirs': OfEra & Who;
  'key-request/received': OfEra & Who;
  'key-request/wrong': OfEra & Who;
  'key-request/given': OfEra & Who;
  'key-request/denied': OfEra;
  'key-request/refused': OfEra;
  'room/added': InRoom & Who;
  /** By somebody who is no contact: the room is not listed. */
  'room/added-hidden': InRoom & Who;
  /** It is not read on. */
  'refused/room': InRoom & Why;
  'refused/position': AtPosition & Why;
  'refused/shut': AtPosition & Who;
  'refused/withheld': AtPosition;
  'refused/title': InRoom;
  'refused/vault-copy': InRoom;
  /** The skeleton of a room that what came later belies. */
  'refused/skeleton': InRoom & Why;
  'refused/mark': InRoom & Why;
  /** A record that changes nothing; null for the place of one of our own that waits. */
  'refused/content': InRoom & { readonly n: number | null; readonly content: IdleContent };
  'refused/keys': Who & Why;
  'refused/profile': Who & Why;
  'refused/contact': Why;
  'refused/contact-waits': Why;
  'refused/file-name': OfFile & { readonly flaw: string };
  'refused/file-content': OfFile & Why;
  'refused/checkpoint-unsigned': Who;
  'refused/checkpoint-malformed': Who;
  'head/contradiction': { readonly subject: string; readonly id: string } & Why;
  'head/key': Nothing;
  /** The server was restored; lengths of its audit log. */
  'head/audit-log': { readonly seen: number; readonly shown: number };
  'head/room-restored': InRoom & { readonly lost: number; readonly given: number };
  'head/keys-restored': Who & { readonly count: number };
  'head/keys-not-restored': Who;
  /** Records before position n. */
  'gap/missing': AtPosition;
  'certificate/renewed': Nothing;
  'certificate/not-renewed': Nothing;
  'passphrase/changed': Nothing;
  'passphrase/vault-renewed': Nothing;
  'passphrase/vault-not-renewed': Nothing;
  'passphrase/passkey-added': Nothing;
  'passphrase/passkey-removed': Nothing;
  'policy/accepted': { readonly version: number };
  'policy/known': { readonly version: number };
  'policy/refused': Why;
  'policy/removed': InRoom & Who;
  'call/refused': Why;
  'log/refused': Why;
  'log/anew': Nothing;
  /** It places addresses by another key than before. */
  'log/other-places': Nothing;
  'log/late': Who;
  /** Sizes in epochs: of the log here, and of the one that others are shown. */
  'log/rollback': Who & { readonly here: number; readonly there: number };
  'log/split': Who & { readonly here: number; readonly there: number };
  'log/contradicts-keys': Who & Why & { readonly size: number };
  'log/contradicts-itself': { readonly size: number; readonly known: number };
}

/** Named by its kind and what happened. */
export type KeyLogEvent = keyof Events;

/** What happened to keys, devices and trust, by subject. */
export type KeyLogKind = KeyLogEvent extends `${infer Kind}/${string}` ? Kind : never;

/** One thing that happened. Its fields hold public ids, names and numbers; no content. */
export type KeyLogEntry = { readonly [Event in KeyLogEvent]: { readonly event: Event } & Events[Event] }[KeyLogEvent];

/** Records that are kept out of the history, by what they would have done. */
const idleContents = ['receipt', 'room-name', 'message-id', 'edit', 'deletion'] as const;
export type IdleContent = (typeof idleContents)[number];

const name = boundedText(MAX_NAME_BYTES, 1);
const id32: z.ZodMiniType<string> = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const id16: z.ZodMiniType<string> = z.string().check(z.regex(/^[0-9a-f]{32}$/));

const who = { who: boundedText(512, 1) };
const why = { reason: boundedText(1024) };
const inRoom = { room: id32 };
const atPosition = { ...inRoom, n: count };
const ofEra = { ...inRoom, era: count };
const ofFile = { ...inRoom, file: id16 };

const fields: { readonly [Event in KeyLogEvent]: { readonly [Name in keyof Events[Event]]: z.ZodMiniType } } = {
  'contact/asks': { ...who, fingerprint: id32 },
  'contact/mutual': { ...who, fingerprint: id32 },
  'verification/verified': who,
  'verification/withdrawn': who,
  'verification/conflict': who,
  'verification/mismatch': who,
  'verification/other-keys': who,
  'device/added': { ...who, device: name, type: name },
  'device/revoked': { ...who, device: name },
  'device/own-revoked': { device: name },
  'era/keys-given': { ...inRoom, ...who },
  'era/key-shut': { ...ofEra, ...who },
  'era/link-broken': ofEra,
  'era/complaint': { ...ofEra, ...who },
  'era/complained': ofEra,
  'era/table-invalid': { ...inRoom, ...who },
  'key-request/own': ofEra,
  'key-request/asked': { ...ofEra, ...who },
  'key-request/not-theirs': { ...ofEra, ...who },
  'key-request/received': { ...ofEra, ...who },
  'key-request/wrong': { ...ofEra, ...who },
  'key-request/given': { ...ofEra, ...who },
  'key-request/denied': ofEra,
  'key-request/refused': ofEra,
  'room/added': { ...inRoom, ...who },
  'room/added-hidden': { ...inRoom, ...who },
  'refused/room': { ...inRoom, ...why },
  'refused/position': { ...atPosition, ...why },
  'refused/shut': { ...atPosition, ...who },
  'refused/withheld': atPosition,
  'refused/title': inRoom,
  'refused/vault-copy': inRoom,
  'refused/skeleton': { ...inRoom, ...why },
  'refused/mark': { ...inRoom, ...why },
  'refused/content': { ...inRoom, n: z.nullable(count), content: z.enum(idleContents) },
  'refused/keys': { ...who, ...why },
  'refused/profile': { ...who, ...why },
  'refused/contact': why,
  'refused/contact-waits': why,
  'refused/file-name': { ...ofFile, flaw: name },
  'refused/file-content': { ...ofFile, ...why },
  'refused/checkpoint-unsigned': who,
  'refused/checkpoint-malformed': who,
  'head/contradiction': { subject: name, id: boundedText(128, 1), ...why },
  'head/key': {},
  'head/audit-log': { seen: count, shown: count },
  'head/room-restored': { ...inRoom, lost: count, given: count },
  'head/keys-restored': { ...who, count },
  'head/keys-not-restored': who,
  'gap/missing': atPosition,
  'certificate/renewed': {},
  'certificate/not-renewed': {},
  'passphrase/changed': {},
  'passphrase/vault-renewed': {},
  'passphrase/vault-not-renewed': {},
  'passphrase/passkey-added': {},
  'passphrase/passkey-removed': {},
  'policy/accepted': { version: count },
  'policy/known': { version: count },
  'policy/refused': why,
  'policy/removed': { ...inRoom, ...who },
  'call/refused': why,
  'log/refused': why,
  'log/anew': {},
  'log/other-places': {},
  'log/late': who,
  'log/rollback': { ...who, here: count, there: count },
  'log/split': { ...who, here: count, there: count },
  'log/contradicts-keys': { ...who, ...why, size: count },
  'log/contradicts-itself': { size: count, known: count },
};

/** Every event that this version knows. */
export const keyLogEvents: readonly KeyLogEvent[] = Object.keys(fields) as KeyLogEvent[];

const variants = keyLogEvents.map((event) => z.strictObject({ event: z.literal(event), ...fields[event] }));

/** An entry of the key log. One with an event that this version lacks is `format-unsupported`. */
export const keyLogEntry: Format<KeyLogEntry> = versionedFormat<KeyLogEntry>(
  'key log entry',
  z.discriminatedUnion('event', variants as never) as unknown as z.ZodMiniType<KeyLogEntry>,
  { maxBytes: MAX_KEY_LOG_ENTRY_BYTES, field: 'event', known: keyLogEvents },
);
