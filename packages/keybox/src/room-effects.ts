import { equal, Fault, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  currentEra,
  type KeyLogEntry,
  type LogEntry,
  type MessageKeyRow,
  type OwnEntry,
  ProtocolPeerFault,
  type Role,
  type RoomEra,
  type RoomState,
  type RosterStatement,
  type VerifiedRecord,
} from '@sotto/protocol';
import { noteComplaint } from './complaints.ts';
import { KeyboxPeerFault } from './fault.ts';
import { type InboxItem, writeInbox } from './inbox.ts';
import { logKey } from './key-log.ts';
import { KeyRequestFollower } from './key-requests/follow.ts';
import { mayHaveEra } from './key-requests/right.ts';
import { isSignedKey, openRecord } from './open-record.ts';
import type { SqlStatement } from './ports.ts';
import { dropUnopened, keepUnopened, type Unopened } from './reopen.ts';
import type { RoomReader } from './room-batch.ts';
import type { StatementSource } from './room-judge.ts';
import type { Ahead, KeptRoom } from './room-store.ts';
import { keepChange } from './timeline/changes.ts';
import { openRoomName } from './title.ts';
import { hear } from './transparency/store.ts';

/** A record that counts, waiting for the end of its batch to be opened. */
export interface HeldRecord {
  readonly verified: VerifiedRecord;
  readonly sealedKey: Uint8Array | null;
  readonly keyRows: readonly MessageKeyRow[] | null;
  /** The author's role at its position. */
  readonly role: Role;
}

/** What the entries of a batch mean to us: keys to open, a room to list, texts to show, things to tell. */
export class RoomEffects {
  /** Statements for the transaction that keeps the batch. */
  readonly changes: SqlStatement[] = [];
  adder: Uint8Array | null;
  hidden: boolean;
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #secrets = new Map<number, Secret>();
  readonly #held: HeldRecord[] = [];
  readonly #dropped = new Set<number>();
  readonly #requests: KeyRequestFollower;
  /** While what was judged is only a part of a log that is known further. */
  readonly #ahead: Ahead | null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.adder = kept?.adder ?? null;
    this.hidden = kept?.hidden ?? false;
    this.#ahead = kept?.ahead ?? null;
    this.#requests = new KeyRequestFollower(reader);
  }

  /** Adds an entry to the key log. */
  tell(entry: KeyLogEntry, cause?: unknown): void {
    this.changes.push(logKey(this.#reader.session.clock, entry, cause));
  }

  /** Follows a statement that counted; `ask` reads its entry from the server once more. */
  async follow(state: RoomState, statement: RosterStatement, { entry, ask }: StatementSource): Promise<void> {
    await this.#noteJoin(state, statement);
    const change = keepChange(state, statement, entry.n);
    if (change !== null) this.changes.push(change);
    if (statement.type === 'complaint') this.#noteComplaint(state, statement);
    this.#hear(state, statement);
    const era = state.eras.at(-1);
    const sealed = sealedBy(statement);
    if (era === undefined || sealed === null) return;
    if (sealed.startsEra && !era.valid) return this.#complainOfTable(state, statement);
    const isForUs = sealed.only === null || equal(sealed.only, this.#me);
    if (!isForUs || state.members[hex(this.#me)] === undefined) return;
    // A newer era led to it already, by links whose commitments were compared.
    if ((await this.#eraSecret(era.era)) === null) {
      const open = (own: OwnEntry | null): Promise<Fault | null> =>
        this.#openEntry(state, { era, own, author: statement.author, root: sealed.root });
      let fault = await open(entry.entry);
      if (fault !== null) fault = await open(ownEntry(await ask()));
      if (fault !== null) {
        const who = person(state, statement.author);
        this.tell({ event: 'era/key-shut', room: this.#room, era: era.era, who }, fault);
      }
    }
    if (statement.type === 'member.add') await this.#nameRoom(state, statement, entry.n);
  }

  /** Keeps a record that counted until the batch is complete. */
  hold(record: HeldRecord): void {
    this.#held.push(record);
    for (const n of record.verified.header.drops) this.#dropped.add(n);
  }

  /** Opens what was held: the key of an old era may only come with the statement that let us in. */
  async openHeld(state: RoomState): Promise<void> {
    for (const n of this.#dropped) this.changes.push(dropUnopened(this.#id, n));
    for (const held of this.#held) await this.#open(state, held);
  }

  async #open(state: RoomState, held: HeldRecord): Promise<void> {
    const { verified, sealedKey, role } = held;
    const { header, n, body } = verified;
    const { author, device, era } = header;
    const item = { n, author, device, drops: [...header.drops], role, class: header.class };
    const keep = (code: Unopened['code']): void => {
      this.changes.push(keepUnopened(this.#id, { n, era, role, class: header.class, code }));
    };
    const later = (code: Unopened['code']): void => {
      keep(code);
      this.#deliver({ ...item, body: null, code });
    };
    if (body === null && this.#dropped.has(n)) return this.#deliver({ ...item, body: null, code: 'dropped' });
    const secret = await this.#eraSecret(era);
    // What was written before we joined, and is not ours to read, is no loss of ours.
    if (secret === null && !this.#isOurs(this.#ahead?.state ?? state, { n, era })) return;
    // Whether somebody deleted it shows further on.
    if (body === null && this.#ahead !== null) return keep('body-pending');
    if (body === null || !isSignedKey(this.#reader.session, header, held)) {
      const cause = new KeyboxPeerFault('body-withheld', 'the server withholds a record that nobody deleted');
      this.tell({ event: 'refused/withheld', room: this.#room, n }, cause);
      return later('body-withheld');
    }
    if (secret === null) return later('key-missing');
    try {
      const opened = await openRecord(this.#reader.session, { secret, sealedKey }, { header, body });
      this.#deliver({ ...item, body: opened, code: null });
      const { changes, secrets } = await this.#requests.follow(state, { n, author, device, body: opened });
      this.changes.push(...changes);
      for (const given of secrets) this.#keep(given);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.tell({ event: 'refused/shut', room: this.#room, n, who: person(state, author) }, cause);
      this.#deliver({ ...item, body: null, code: cause.code });
    }
  }

  /** Null if the entry opens to the secret that was signed; the secrets that it leads to are kept then. */
  async #openEntry(
    state: RoomState,
    {
      era,
      own,
      author,
      root,
    }: { readonly era: RoomEra; readonly own: OwnEntry | null; readonly author: Uint8Array; readonly root: Uint8Array },
  ): Promise<Fault | null> {
    if (own === null) return new KeyboxPeerFault('key-missing', 'the server gives no entry for this account');
    try {
      const { secrets, brokenLink } = await this.#reader.eraKeys.open(state, {
        era,
        entry: own,
        author,
        entries: root,
      });
      for (const opened of secrets) this.#keep(opened);
      const oldest = secrets.at(-1)?.era ?? era.era;
      if (brokenLink !== null) this.tell({ event: 'era/link-broken', room: this.#room, era: oldest }, brokenLink);
      return null;
    } catch (cause) {
      if (cause instanceof Fault && cause.blame !== 'bug') return cause;
      throw cause;
    }
  }

  #isOurs(state: RoomState, { n, era }: { readonly n: number; readonly era: number }): boolean {
    return n >= (state.members[hex(this.#me)]?.since ?? 0) || mayHaveEra(state, this.#me, era);
  }

  #keep({ era, secret }: { readonly era: number; readonly secret: Secret }): void {
    this.#secrets.set(era, secret);
    this.changes.push(this.#reader.eraKeys.keep(this.#id, era, secret));
  }

  async #eraSecret(era: number): Promise<Secret | null> {
    return this.#secrets.get(era) ?? this.#reader.eraKeys.secret(this.#id, era);
  }

  /** The name that an add carries for us: we may never read the record that gave it. */
  async #nameRoom(state: RoomState, statement: RosterStatement & { type: 'member.add' }, n: number): Promise<void> {
    const { author, device, body } = statement;
    const { era } = currentEra(state);
    const secret = await this.#eraSecret(era);
    if (body.title === null || secret === null || !equal(body.member.fingerprint, this.#me)) return;
    const named = await openRoomName(this.#reader.session, { secret, room: this.#id, era, statement });
    if (named === null) return this.tell({ event: 'refused/title', room: this.#room });
    const role = state.members[hex(author)]?.role ?? 'reader';
    this.#deliver({ n, author, device, drops: [], role, class: 'quiet', body: named, code: null });
  }

  async #noteJoin(state: RoomState, statement: RosterStatement): Promise<void> {
    if (statement.type !== 'member.add' || !equal(statement.body.member.fingerprint, this.#me)) return;
    this.adder = statement.author;
    this.hidden = !(await this.#reader.isContact(statement.author));
    const who = person(state, statement.author);
    this.tell({ event: this.hidden ? 'room/added-hidden' : 'room/added', room: this.#room, who });
  }

  /** Who starts an era says which log they saw: it is compared with ours after this. */
  #hear(state: RoomState, { author, device, body }: RosterStatement): void {
    const note = 'era' in body && typeof body.era === 'object' ? body.era?.checkpoint : null;
    if (note == null || equal(device, this.#reader.session.identity.deviceId)) return;
    this.changes.push(...hear(this.#reader.session, { device, who: person(state, author), note }));
  }

  #noteComplaint(state: RoomState, { author, body }: RosterStatement & { type: 'complaint' }): void {
    if (equal(author, this.#me)) return;
    this.tell({ event: 'era/complaint', room: this.#room, era: body.era, who: person(state, author) });
    if (body.era === currentEra(state).era) this.changes.push(noteComplaint(this.#id, body.era));
  }

  #complainOfTable(state: RoomState, { author }: RosterStatement): void {
    const cause = new ProtocolPeerFault('era-table-invalid', 'an era whose table does not name exactly the members');
    this.tell({ event: 'era/table-invalid', room: this.#room, who: person(state, author) }, cause);
  }

  #deliver(item: Omit<InboxItem, 'floor' | 'isNews'>): void {
    const isNews = this.#ahead === null || !this.#ahead.isNew;
    this.changes.push(writeInbox(this.#id, { ...item, floor: null, isNews }));
  }

  get #room(): string {
    return hex(this.#id);
  }

  get #me(): Uint8Array {
    return this.#reader.session.identity.fingerprint;
  }
}

/** The root over what a statement seals, to the whole table or to the newcomer alone; null if it seals nothing. */
export function sealedBy(
  statement: RosterStatement,
): { readonly root: Uint8Array; readonly startsEra: boolean; readonly only: Uint8Array | null } | null {
  const { body } = statement;
  if ('era' in body && typeof body.era === 'object' && body.era !== null) {
    return { root: body.era.entries, startsEra: true, only: null };
  }
  if (statement.type !== 'member.add' || statement.body.row === null) return null;
  return { root: statement.body.row.entry, startsEra: false, only: statement.body.row.fingerprint };
}

function ownEntry(entry: LogEntry): OwnEntry | null {
  return entry.kind === 'statement' ? entry.entry : null;
}

function person(state: RoomState, fingerprint: Uint8Array): string {
  return state.people[hex(fingerprint)] ?? hex(fingerprint);
}
