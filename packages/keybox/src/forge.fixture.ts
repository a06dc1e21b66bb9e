import { parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  type Body,
  type Chain,
  currentEra,
  entryHash,
  type LogEntry,
  merklePath,
  messageKeyCommitment,
  messageKeyRow,
  messageKeyRowsHash,
  type OwnEntry,
  type RecordHeader,
  type RoomState,
  type RosterFrame,
  recordBytes,
  resourceKey,
  type SealedMessageKey,
  type SignedHead,
  sealBody,
  sealEntry,
  type TableRow,
} from '@sotto/protocol';
import type { Person } from '@sotto/testing';
import { Chains } from './chains.ts';
import { EraKeys, type PreparedEra } from './era-keys.ts';
import { Heads } from './heads.ts';
import { type Draft, submission } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom } from './room-store.ts';

/** The inside of somebody's keybox, for a modified client of theirs. */
export function insideOf({ session }: Person): RoomReader {
  const heads = new Heads(session);
  const chains = new Chains(session, heads);
  return { session, heads, chains, eraKeys: new EraKeys(session, chains), isContact: async () => true };
}

export async function keptRoom({ session }: Person, room: string): Promise<KeptRoom> {
  const kept = await readRoom(session.keys, parseHex(room));
  if (kept === null) throw new Error('a room that is not kept');
  return kept;
}

export interface ForgedRecord {
  readonly body?: Body;
  readonly header?: Partial<RecordHeader>;
  /** Signs in the author's place. */
  readonly signer?: Secret;
  /** Keying per message: whom it is sealed to. */
  readonly recipients?: readonly Person[];
  /** Keying per message: who reads the entry. */
  readonly reader?: Person;
  /** Keying per message: what they are given in the place of the key that the header commits to. */
  readonly given?: Secret;
}

/** The next record of an author as their modified client would write it, or as a server would that has no key of theirs. */
export async function forgeRecord(author: Person, room: string, forged: ForgedRecord = {}): Promise<RecordEntry> {
  const { session } = author;
  const { identity, primitives } = session;
  const kept = await keptRoom(author, room);
  const { state } = kept;
  const inside = insideOf(author);
  const chain = await inside.chains.known(identity.fingerprint);
  const header: RecordHeader = {
    v: 1,
    suite: identity.suite.id,
    room: state.id,
    era: currentEra(state).era,
    author: identity.fingerprint,
    device: identity.deviceId,
    chain: { length: chain?.hashes.length ?? 0, hash: chain?.hashes.at(-1) as Uint8Array },
    seq: kept.ownSeq + 1,
    prev: kept.ownPrev,
    replaces: null,
    drops: [],
    seen: (await inside.heads.newest({ kind: 'room', id: state.id })) as SignedHead,
    class: 'content',
    at: Math.floor(session.clock.now() / 60_000) * 60_000,
    salt: primitives.randomBytes(32),
    keys: null,
    ...forged.header,
  };
  const keyed = forged.recipients === undefined ? null : await forgeKeys(author, header, forged);
  const keyedHeader = keyed === null ? header : { ...header, keys: keyed.keys };
  const secret = (await inside.eraKeys.secret(state.id, currentEra(state).era)) as Secret;
  const keys = { resourceKey: resourceKey(secret), messageKey: keyed?.messageKey ?? null };
  const body = await sealBody(primitives, keys, {
    header: keyedHeader,
    body: forged.body ?? message(author, 'forged'),
  });
  const signed = recordBytes(keyedHeader, body);
  const key = forged.signer ?? identity.signing.secretKey;
  const signature = await identity.suite.signature.sign(key, 'sotto/record/v1', signed);
  const own = keyed?.sealed.find(({ fingerprint }) =>
    same(fingerprint, (forged.reader ?? author).session.identity.fingerprint),
  );
  return {
    kind: 'record',
    n: state.length,
    record: { signed, signature, body },
    keyRows: keyed?.sealed.map(messageKeyRow) ?? null,
    sealedKey: own?.sealed ?? null,
  };
}

/** A message key sealed to whomever the author likes. */
async function forgeKeys(
  { session }: Person,
  { room, era, ...header }: RecordHeader,
  { recipients = [], given }: ForgedRecord,
) {
  const { suites, primitives, identity } = session;
  const messageKey = new Secret(primitives.randomBytes(32));
  const binding = { purpose: 'sotto/seal/message-key/v1', room, era, sender: identity.fingerprint } as const;
  const sealed: SealedMessageKey[] = [];
  for (const recipient of recipients) {
    const { fingerprint } = recipient.session.identity;
    const chain = (await insideOf(recipient).chains.known(fingerprint)) as Chain;
    sealed.push({
      fingerprint,
      generation: 0,
      sealed: await sealEntry(suites, chain, { binding, secret: given ?? messageKey }),
    });
  }
  const commitment = messageKeyCommitment(messageKey, { room, ...header });
  return { messageKey, sealed, keys: { commitment, rows: messageKeyRowsHash(sealed.map(messageKeyRow)) } };
}

export function message({ session }: Person, text: string, id: Uint8Array = session.primitives.randomBytes(16)): Body {
  const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
  return { id, at: session.clock.now(), kind: 'message', content };
}

export interface ForgedStatement {
  readonly place?: Partial<Pick<RosterFrame, 'room' | 'prevStatement' | 'logHead'>>;
  readonly rows?: readonly TableRow[];
  readonly entry?: OwnEntry | null;
}

/** The next roster statement of an author, without any of the checks that their client and an honest server make. */
export async function forgeStatement(
  author: Person,
  room: string,
  forged: ForgedStatement & { readonly draft: Draft },
): Promise<StatementEntry> {
  const { state } = await keptRoom(author, room);
  const place = { ...placeAfter(state), ...forged.place };
  const { envelope } = await submission(insideOf(author), forged.draft, place);
  const { rows = [], entry = null } = forged;
  return { kind: 'statement', n: state.length, envelope, rows, entry };
}

/** A new era for members of the author's choice. */
export async function forgeEra(author: Person, room: string, members: readonly Person[]): Promise<PreparedEra> {
  const { state } = await keptRoom(author, room);
  const people = members.map(({ session: { identity } }) => identity);
  return insideOf(author).eraKeys.prepare(state, state.id, people);
}

/** What of an era's sealed entries a reader gets. */
export function entryFor(
  { session }: Person,
  { rows, entries }: Pick<PreparedEra, 'rows' | 'entries'>,
): OwnEntry | null {
  const leaves = rows.map(({ fingerprint }, i) => entryHash(fingerprint, entries[i] as Uint8Array));
  const index = rows.findIndex(({ fingerprint }) => same(fingerprint, session.identity.fingerprint));
  if (index < 0) return null;
  return { sealed: entries[index] as Uint8Array, index, size: leaves.length, path: merklePath(leaves, index) };
}

/** The vault as it would be without what the server told of the room: the next sync reads the true log. */
export async function forgetRoom({ session }: Person, id: string): Promise<void> {
  const tables = ['log', 'era_secret', 'outbox', 'sent', 'inbox', 'unopened'].map(
    (table) => `DELETE FROM ${table} WHERE room = ?`,
  );
  const statements = [...tables, 'DELETE FROM room WHERE id = ?', 'DELETE FROM head WHERE id = ?'];
  await session.keys.apply(statements.map((sql) => ({ sql, parameters: [parseHex(id)] })));
}

type RecordEntry = LogEntry & { readonly kind: 'record' };
type StatementEntry = LogEntry & { readonly kind: 'statement' };

function placeAfter(state: RoomState): Pick<RosterFrame, 'room' | 'prevStatement' | 'logHead'> {
  return { room: state.id, prevStatement: state.statementHash, logHead: { length: state.length, hash: state.hash } };
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, i) => byte === right[i]);
}
