import { equal, Fault, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  applyRecord,
  applyRosterStatement,
  type Body,
  type Chain,
  createRoom,
  currentEra,
  entryBinding,
  type LogEntry,
  messageKeyCommitment,
  openBody,
  ProtocolPeerFault,
  type RecordHeader,
  type Role,
  type RoomState,
  type RosterStatement,
  refusalOf,
  resourceKey,
  rosterStatement,
  signedRecord,
  skipEntry,
  type VerifiedRecord,
  type Witness,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import type { EraKeys } from './era-keys.ts';
import { KeyboxPeerFault } from './fault.ts';
import type { Heads } from './heads.ts';
import { type InboxItem, writeInbox } from './inbox.ts';
import { keyLogEntry } from './key-log.ts';
import type { SqlStatement } from './ports.ts';
import { type KeptRoom, type LogLine, roomWitness, writeLogLine, writeRoom } from './room-store.ts';
import type { Session } from './session.ts';
import { openTitle } from './title.ts';

/** What a reader needs to judge logs. */
export interface RoomReader {
  readonly session: Session;
  readonly heads: Heads;
  readonly chains: Chains;
  readonly eraKeys: EraKeys;
  /** Whether an account may bring us into rooms. */
  isContact(fingerprint: Uint8Array): Promise<boolean>;
}

/** A record that counts, waiting for the end of its batch to be opened. */
interface UnopenedRecord {
  readonly verified: VerifiedRecord;
  readonly sealedKey: Uint8Array | null;
  /** The author's role at its position. */
  readonly role: Role;
}

/** Entries judged in order and not yet kept. */
export class RoomBatch {
  state: RoomState | null;
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #kept: KeptRoom | null;
  readonly #lines: LogLine[] = [];
  readonly #changes: SqlStatement[] = [];
  readonly #secrets = new Map<number, Secret>();
  readonly #unopened: UnopenedRecord[] = [];
  readonly #witness: Witness;
  #adder: Uint8Array | null;
  #hidden: boolean;
  #stopped: string | null;
  #interruption: unknown = null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.#kept = kept;
    this.state = kept?.state ?? null;
    this.#adder = kept?.adder ?? null;
    this.#hidden = kept?.hidden ?? false;
    this.#stopped = kept?.stopped ?? null;
    const chain = (fingerprint: Uint8Array): Promise<Chain | null> => reader.chains.known(fingerprint);
    this.#witness = roomWitness(reader.session.keys, id, { pending: this.#lines, chain });
  }

  /** True while we are no member any more: the server gives us nothing from there on. */
  get outside(): boolean {
    const { state } = this;
    return state !== null && state.people[this.#me] !== undefined && state.members[this.#me] === undefined;
  }

  get length(): number {
    return this.state?.length ?? 0;
  }

  /**
   * Judges the next entry. What the log's hash does not cover is asked for again before it is believed; then the entry
   * is skipped where every reader would, and otherwise the fault is thrown: the room waits, or halts.
   */
  async take(entry: LogEntry): Promise<void> {
    if (entry.n !== this.length) throw broken('entries out of order');
    let fault = await this.#judge(entry);
    if (fault !== null && fault.code !== 'pending-chain') {
      const again = await this.#ask(entry.n);
      fault = await this.#judge(again);
      if (fault?.code === 'log-broken' && again.kind === 'record') fault = await this.#judge(withoutBody(again));
    }
    if (fault === null) return;
    if (this.state === null || refusalOf(fault, entry.kind) !== 'skip') throw fault;
    this.#skip(entry, fault);
  }

  /** Keeps everything that was judged, in one transaction. */
  async commit(more: readonly SqlStatement[]): Promise<KeptRoom> {
    const state = this.state as RoomState;
    for (const record of this.#unopened) await this.#open(record);
    const room: KeptRoom = {
      state,
      adder: this.#adder,
      hidden: this.#hidden,
      ownSeq: this.#kept?.ownSeq ?? 0,
      ownPrev: this.#kept?.ownPrev ?? state.id,
      stopped: this.#stopped,
    };
    await this.#reader.session.keys.apply([
      writeRoom(room),
      ...this.#lines.map((line) => writeLogLine(this.#id, line)),
      ...this.#changes,
      ...more,
    ]);
    return room;
  }

  /** Null if the entry counts; else why it does not, and nothing has changed. */
  async #judge(entry: LogEntry): Promise<Fault | null> {
    try {
      if (entry.kind === 'statement') await this.#takeStatement(entry);
      else await this.#takeRecord(entry);
      return null;
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || cause === this.#interruption) throw cause;
      return cause;
    }
  }

  async #ask(n: number): Promise<LogEntry> {
    const { link } = this.#reader.session;
    const { entries } = await this.#interruptible(link.call('rooms.read', { room: this.#id, from: n, limit: 1 }));
    const [entry] = entries;
    if (entry?.n !== n) throw broken('the server withholds an entry that it gave before');
    return entry;
  }

  async #takeStatement(entry: LogEntry & { kind: 'statement' }): Promise<void> {
    const { suites } = this.#reader.session;
    const signedHash = sha256(entry.envelope.signed);
    const statement = rosterStatement.parse(entry.envelope.signed);
    await this.#interruptible(this.#fetchChains(statement, entry));
    const rows = entry.rows.length > 0 ? entry.rows : null;
    const input = { envelope: entry.envelope, rows, witness: this.#witness };
    const before = this.state;
    if (before === null && !equal(signedHash, this.#id)) throw broken('the log of another room');
    this.state = before === null ? await createRoom(suites, input) : await applyRosterStatement(suites, before, input);
    this.#line(entry.n, { signedHash, author: statement.author, device: null, seq: null, code: null });
    await this.#interruptible(this.#follow(statement, entry));
  }

  async #takeRecord(entry: LogEntry & { kind: 'record' }): Promise<void> {
    const { record, keyRows } = entry;
    const signedHash = sha256(record.signed);
    const state = this.state;
    if (state === null) throw broken('a log that begins with a record');
    const [{ author, device, seq, chain }] = signedRecord.parse(record.signed);
    const address = state.people[hex(author)];
    if (address !== undefined) {
      await this.#interruptible(this.#reader.chains.reaching(author, { address, length: chain.length }));
    }
    const role = this.#roleOf(author);
    const verified = await this.#verify(state, { record, keyRows });
    this.#checkOwn(verified);
    this.#line(entry.n, { signedHash, author, device, seq, code: null });
    if (!verified.duplicate) this.#unopened.push({ verified, sealedKey: entry.sealedKey, role });
  }

  /** A failure to learn a chain is not the entry's fault: the room waits, and the entry is judged again next time. */
  async #interruptible<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      this.#interruption = cause;
      throw cause;
    }
  }

  async #verify(
    state: RoomState,
    { record, keyRows }: Pick<LogEntry & { kind: 'record' }, 'record' | 'keyRows'>,
  ): Promise<VerifiedRecord> {
    const { suites, primitives } = this.#reader.session;
    const headKeys = await this.#reader.heads.keys();
    const input = { record, keyRows, witness: this.#witness, headKeys, primitives };
    const applied = await applyRecord(suites, state, { ...input, acceptGap: true });
    this.state = applied.state;
    if (applied.record.gap) {
      const text = `room ${hex(this.#id)}: records before position ${applied.record.n} are missing`;
      this.#changes.push(keyLogEntry(this.#reader.session.clock, { event: 'gap', text }));
    }
    return applied.record;
  }

  /** Our own record that this vault does not know: another copy of the vault is in use. */
  #checkOwn({ header }: VerifiedRecord): void {
    const { identity, clock } = this.#reader.session;
    if (!equal(header.device, identity.deviceId) || header.seq <= (this.#kept?.ownSeq ?? 0)) return;
    const cause = new KeyboxPeerFault('state-forked', 'this device wrote a record that this vault does not know');
    this.#stopped = cause.code;
    this.#changes.push(
      keyLogEntry(clock, { event: 'refused', text: `room ${hex(this.#id)}: ${cause.message}`, cause }),
    );
  }

  /** Opened last: the key of an old era may only come with the statement that let us in. */
  async #open({ verified, sealedKey, role }: UnopenedRecord): Promise<void> {
    const { header, n, body } = verified;
    const item = {
      n,
      author: header.author,
      device: header.device,
      drops: [...header.drops],
      role,
      class: header.class,
    };
    if (body === null) return this.#deliver({ ...item, body: null, code: 'dropped' });
    const secret = await this.#eraSecret(header.era);
    // What was written before we joined, and was not given to us, is no loss of ours.
    if (secret === null && n < (this.state?.members[this.#me]?.since ?? 0)) return;
    try {
      if (secret === null) throw new KeyboxPeerFault('key-missing', 'the key of that era is not here');
      this.#deliver({ ...item, body: await this.#decrypt(header, { secret, sealed: body, sealedKey }), code: null });
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      this.#deliver({ ...item, body: null, code: cause.code });
    }
  }

  async #decrypt(
    header: RecordHeader,
    {
      secret,
      sealed,
      sealedKey,
    }: { readonly secret: Secret; readonly sealed: Uint8Array; readonly sealedKey: Uint8Array | null },
  ): Promise<Body> {
    const { primitives } = this.#reader.session;
    const messageKey = header.keys === null ? null : await this.#messageKey(header, sealedKey);
    return openBody(primitives, { resourceKey: resourceKey(secret), messageKey }, { header, body: sealed });
  }

  async #messageKey(header: RecordHeader, sealed: Uint8Array | null): Promise<Secret> {
    const { identity } = this.#reader.session;
    const own = identity.userKeys.at(-1);
    if (sealed === null || own === undefined) throw new ProtocolPeerFault('era-table-invalid', 'no message key for us');
    const recipient = {
      fingerprint: identity.fingerprint,
      publicKey: own.keys.room.publicKey,
      generation: own.generation,
    };
    const { room, era, author } = header;
    const binding = entryBinding({ purpose: 'sotto/seal/message-key/v1', room, era, sender: author }, recipient);
    const key = await identity.suite.kem.open(own.keys.room.secretKey, binding, sealed);
    if (header.keys === null || !equal(messageKeyCommitment(key, header), header.keys.commitment)) {
      throw new ProtocolPeerFault('era-commitment-mismatch', 'a message key that its record does not commit to');
    }
    return key;
  }

  async #eraSecret(era: number): Promise<Secret | null> {
    return this.#secrets.get(era) ?? this.#reader.eraKeys.secret(this.#id, era);
  }

  #deliver(item: InboxItem): void {
    this.#changes.push(writeInbox(this.#id, item));
  }

  /** What a statement that counted means to us: keys to open, a room to list, a table to complain about. */
  async #follow(statement: RosterStatement, entry: LogEntry & { kind: 'statement' }): Promise<void> {
    const state = this.state as RoomState;
    await this.#noteJoin(statement);
    const started = 'era' in statement.body && typeof statement.body.era === 'object' ? statement.body.era : null;
    const newcomer = statement.type === 'member.add' ? statement.body.row : null;
    const era = state.eras.at(-1);
    if (era === undefined || (started === null && newcomer === null)) return;
    if (started !== null && !era.valid) return this.#complainOfTable(statement);
    if (entry.entry === null) return;
    const entries = started?.entries ?? (newcomer as { entry: Uint8Array }).entry;
    try {
      const kept = await this.#reader.eraKeys.open(state, {
        era,
        entry: entry.entry,
        author: statement.author,
        entries,
      });
      for (const { parameters } of kept) {
        const [, number, secret] = parameters as [Uint8Array, number, Uint8Array];
        this.#secrets.set(number, new Secret(secret));
      }
      this.#changes.push(...kept);
      await this.#nameRoom(statement, entry.n);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      const text = `room ${hex(this.#id)}: the key of era ${era.era}, made by ${this.#person(statement.author)}, does not open`;
      this.#changes.push(keyLogEntry(this.#reader.session.clock, { event: 'era', text, cause }));
    }
  }

  /** The name that an add carries for us: we may never read the record that gave it. */
  async #nameRoom(statement: RosterStatement, n: number): Promise<void> {
    const { identity } = this.#reader.session;
    if (statement.type !== 'member.add' || statement.body.title === null) return;
    if (!equal(statement.body.member.fingerprint, identity.fingerprint)) return;
    const state = this.state as RoomState;
    const { era } = currentEra(state);
    const secret = await this.#eraSecret(era);
    if (secret === null) return;
    const name = await openTitle(this.#reader.session, secret, { room: this.#id, era, title: statement.body.title });
    const { author, device, at } = statement;
    const role = this.#roleOf(author);
    const body: Body = { id: this.#id.slice(0, 16), at, kind: 'room', content: { name, topic: '' } };
    this.#deliver({ n, author, device, drops: [], role, class: 'quiet', body, code: null });
  }

  async #noteJoin(statement: RosterStatement): Promise<void> {
    const { clock, identity } = this.#reader.session;
    if (statement.type !== 'member.add' || !equal(statement.body.member.fingerprint, identity.fingerprint)) return;
    this.#adder = statement.author;
    this.#hidden = !(await this.#reader.isContact(statement.author));
    const who = this.#person(statement.author);
    const text = this.#hidden
      ? `${who}, who is no contact, added this account to room ${hex(this.#id)}; it is not listed`
      : `${who} added this account to room ${hex(this.#id)}`;
    this.#changes.push(keyLogEntry(clock, { event: 'room', text }));
  }

  #complainOfTable(statement: RosterStatement): void {
    const cause = new ProtocolPeerFault('era-table-invalid', 'an era whose table does not name exactly the members');
    const text = `room ${hex(this.#id)}: ${this.#person(statement.author)} made ${cause.message}; sending waits for another`;
    this.#changes.push(keyLogEntry(this.#reader.session.clock, { event: 'era', text, cause }));
  }

  #skip(entry: LogEntry, cause: Fault): void {
    const signedHash = sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
    this.state = skipEntry(this.state as RoomState, signedHash);
    this.#line(entry.n, { signedHash, author: null, device: null, seq: null, code: cause.code });
    const text = `room ${hex(this.#id)}: position ${entry.n} was refused: ${cause.message}`;
    this.#changes.push(keyLogEntry(this.#reader.session.clock, { event: 'refused', text, cause }));
  }

  #line(n: number, line: Omit<LogLine, 'n' | 'hash'>): void {
    this.#lines.push({ n, hash: (this.state as RoomState).hash, ...line });
  }

  /** Learns the chains that a statement speaks of, as far as it speaks of them. */
  async #fetchChains(statement: RosterStatement, entry: LogEntry & { kind: 'statement' }): Promise<void> {
    const { chains } = this.#reader;
    const people = this.state?.people ?? {};
    if (statement.type === 'create') await chains.reaching(statement.author, statement.body.owner);
    const author = people[hex(statement.author)];
    if (author !== undefined)
      await chains.reaching(statement.author, { address: author, length: statement.chain.length });
    if (statement.type === 'member.add')
      await chains.reaching(statement.body.member.fingerprint, statement.body.member);
    for (const { fingerprint, length } of entry.rows) {
      const address = people[hex(fingerprint)];
      if (address !== undefined) await chains.reaching(fingerprint, { address, length });
    }
  }

  #roleOf(fingerprint: Uint8Array): Role {
    return this.state?.members[hex(fingerprint)]?.role ?? 'reader';
  }

  #person(fingerprint: Uint8Array): string {
    return this.state?.people[hex(fingerprint)] ?? hex(fingerprint);
  }

  get #me(): string {
    return hex(this.#reader.session.identity.fingerprint);
  }
}

/** The record as it is judged when nobody can give the body that was signed. */
function withoutBody(entry: LogEntry & { kind: 'record' }): LogEntry {
  return { ...entry, record: { ...entry.record, body: null } };
}

export function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('log-broken', what);
}
