import { parseHex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import type { Part, Session } from '@sotto/keybox';
import {
  type Body,
  type LogEntry,
  type RecordHeader,
  type RecordSubmission,
  recordBytes,
  resourceKey,
  type SignedHead,
  sealBody,
} from '@sotto/protocol';

/** Writes many messages into one room, as the client of their author does, but without queue and history of its own. */
export async function writeMessages(session: Session, room: string, messages: Messages): Promise<void> {
  await writeAt(session.link, await placeIn(session, parseHex(room)), messages);
}

export interface Messages {
  readonly count: number;
  readonly text: (i: number) => string;
}

/** Goes on from a place; the next records are sealed while the server has those before them. */
export async function writeAt(link: Session['link'], place: Place, { count, text }: Messages): Promise<void> {
  let sending: Promise<void> = Promise.resolve();
  for (let sealed = 0; sealed < count; ) {
    const records: RecordSubmission[] = [];
    while (records.length < BATCH && sealed < count) records.push(await place.next(text(sealed++)));
    await sending;
    sending = append(link, place, records);
  }
  await sending;
}

async function append(link: Session['link'], place: Place, records: RecordSubmission[]): Promise<void> {
  const { head, positions, refused } = await link.call('records.append', { room: place.room, records });
  if (refused !== null || positions.length < records.length) throw new Error(`the server refused a record: ${refused}`);
  place.seen = head;
}

export interface Place {
  readonly room: Uint8Array;
  /** Entries of its log when the author came. */
  readonly length: number;
  seen: SignedHead;
  next(text: string): Promise<RecordSubmission>;
  /** Goes on in the newest era that a vault of the account knows. */
  enterEra(keys: Part): Promise<void>;
}

/** Where the author stands in a room that nobody has written in yet but by this device's own client. */
export async function placeIn({ link, keys, identity, primitives, clock }: Session, room: Uint8Array): Promise<Place> {
  const entries = await logOf(link, room);
  const own = entries.filter((entry) => entry.kind === 'record');
  let standing = await standingIn(keys, { room, fingerprint: identity.fingerprint });
  const last = own.at(-1);
  let prev: Uint8Array = last === undefined ? room : sha256(last.record.signed);
  let seq = own.length;
  const place: Place = {
    room,
    length: entries.length,
    seen: (await link.call('rooms.read', { room, from: 0, limit: 1 })).head,
    async next(text) {
      seq += 1;
      const at = clock.now();
      const header: RecordHeader = {
        v: 1,
        suite: identity.suite.id,
        room,
        era: standing.era,
        author: identity.fingerprint,
        device: identity.deviceId,
        chain: standing.chain,
        seq,
        prev,
        replaces: null,
        drops: [],
        seen: place.seen,
        class: 'content',
        at: at - (at % 60_000),
        salt: primitives.randomBytes(32),
        keys: null,
      };
      const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
      const message: Body = { id: primitives.randomBytes(16), at, kind: 'message', content };
      const body = await sealBody(
        primitives,
        { resourceKey: standing.key, messageKey: null },
        { header, body: message },
      );
      const signed = recordBytes(header, body);
      const signature = await identity.suite.signature.sign(identity.signing.secretKey, 'sotto/record/v1', signed);
      prev = sha256(signed);
      return { record: { signed, signature, body }, keys: null };
    },
    async enterEra(known) {
      standing = await standingIn(known, { room, fingerprint: identity.fingerprint });
    },
  };
  return place;
}

interface Standing {
  readonly era: number;
  readonly key: Secret;
  readonly chain: RecordHeader['chain'];
}

/** The newest era of a room that a vault knows, and how long it knows the author's chain to be. */
async function standingIn(
  keys: Part,
  { room, fingerprint }: { readonly room: Uint8Array; readonly fingerprint: Uint8Array },
): Promise<Standing> {
  const [row] = await keys.query<{ era: number; secret: Uint8Array }>(
    'SELECT era, secret FROM era_secret WHERE room = ? ORDER BY era DESC LIMIT 1',
    [room],
  );
  const [chain] = await keys.query<RecordHeader['chain']>(
    "SELECT length, hash FROM head WHERE kind = 'chain' AND id = ?",
    [fingerprint],
  );
  if (row === undefined || chain === undefined) throw new Error('the author has not read the room');
  return { era: row.era, key: resourceKey(new Secret(row.secret)), chain };
}

async function logOf(link: Session['link'], room: Uint8Array): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await link.call('rooms.read', { room, from: entries.length, limit: 500 });
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

const BATCH = 64;
