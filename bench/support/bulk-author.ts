import { parseHex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import type { Session } from '@sotto/keybox';
import {
  type Body,
  type LogEntry,
  type RecordHeader,
  type RecordSubmission,
  recordBytes,
  resourceKey,
  rosterStatement,
  type SignedHead,
  sealBody,
} from '@sotto/protocol';

/** Writes many messages into one room, as the client of their author does, but without queue and history of its own. */
export async function writeMessages(
  session: Session,
  room: string,
  { count, text }: { readonly count: number; readonly text: (i: number) => string },
): Promise<void> {
  const place = await placeIn(session, parseHex(room));
  for (let written = 0; written < count; ) {
    const records: RecordSubmission[] = [];
    while (records.length < BATCH && written + records.length < count) {
      records.push(await place.next(text(written + records.length)));
    }
    const answer = await session.link.call('records.append', { room: place.room, records });
    if (answer.refused !== null) throw new Error(`the server refused a record: ${answer.refused}`);
    place.seen = answer.head;
    written += answer.positions.length;
  }
}

export interface Place {
  readonly room: Uint8Array;
  /** Entries of its log when the author came. */
  readonly length: number;
  seen: SignedHead;
  next(text: string): Promise<RecordSubmission>;
}

/** Where the author stands in a room that nobody has written in yet but by this device's own client. */
export async function placeIn({ link, keys, identity, primitives, clock }: Session, room: Uint8Array): Promise<Place> {
  const entries = await logOf(link, room);
  const era = entries.filter((entry) => entry.kind === 'statement' && startsEra(entry)).length - 1;
  const own = entries.filter((entry) => entry.kind === 'record');
  const [row] = await keys.query<{ secret: Uint8Array }>('SELECT secret FROM era_secret WHERE room = ? AND era = ?', [
    room,
    era,
  ]);
  const [chain] = await keys.query<{ length: number; hash: Uint8Array }>(
    "SELECT length, hash FROM head WHERE kind = 'chain' AND id = ?",
    [identity.fingerprint],
  );
  if (row === undefined || chain === undefined) throw new Error('the author has not read the room');
  const key = resourceKey(new Secret(row.secret));
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
        era,
        author: identity.fingerprint,
        device: identity.deviceId,
        chain: { length: chain.length, hash: chain.hash },
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
      const body = await sealBody(primitives, { resourceKey: key, messageKey: null }, { header, body: message });
      const signed = recordBytes(header, body);
      const signature = await identity.suite.signature.sign(identity.signing.secretKey, 'sotto/record/v1', signed);
      prev = sha256(signed);
      return { record: { signed, signature, body }, keys: null };
    },
  };
  return place;
}

async function logOf(link: Session['link'], room: Uint8Array): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await link.call('rooms.read', { room, from: entries.length, limit: 500 });
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

function startsEra({ envelope }: LogEntry & { readonly kind: 'statement' }): boolean {
  const { body } = rosterStatement.parse(envelope.signed);
  return 'era' in body && typeof body.era === 'object' && body.era !== null;
}

const BATCH = 64;
