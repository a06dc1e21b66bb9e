import { equal, Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  applyRecord,
  applyRosterStatement,
  type Chain,
  createRoom,
  type Extent,
  type LogEntry,
  logHash,
  ProtocolPeerFault,
  type Role,
  type RoomState,
  type RosterStatement,
  refusalOf,
  rosterStatement,
  type SignedHead,
  signedRecord,
  skipEntry,
  type VerifiedRecord,
  type Witness,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import type { EraKeys } from './era-keys.ts';
import { KeyboxPeerFault } from './fault.ts';
import type { Heads } from './heads.ts';
import type { SqlStatement } from './ports.ts';
import { RoomEffects } from './room-effects.ts';
import { type KeptRoom, type LogLine, roomWitness, writeLogLine, writeRoom } from './room-store.ts';
import type { Session } from './session.ts';

/** What a reader needs to judge logs. */
export interface RoomReader {
  readonly session: Session;
  readonly heads: Heads;
  readonly chains: Chains;
  readonly eraKeys: EraKeys;
  /** Whether an account may bring us into rooms. */
  isContact(fingerprint: Uint8Array): Promise<boolean>;
}

/** Entries judged in order and not yet kept. */
export class RoomBatch {
  state: RoomState | null;
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #kept: KeptRoom | null;
  readonly #effects: RoomEffects;
  readonly #lines: LogLine[] = [];
  readonly #witness: Witness;
  #stopped: string | null;
  #interruption: unknown = null;
  #halt: Halt | null = null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.#kept = kept;
    this.state = kept?.state ?? null;
    this.#effects = new RoomEffects(reader, id, kept);
    this.#stopped = kept?.stopped ?? null;
    const chain = (fingerprint: Uint8Array): Promise<Chain | null> => reader.chains.known(fingerprint);
    this.#witness = roomWitness(reader.session.keys, id, { pending: this.#lines, chain });
  }

  /** True while we are no member any more: the server gives us nothing from there on. */
  get outside(): boolean {
    const { state } = this;
    return state !== null && state.people[this.#me] !== undefined && state.members[this.#me] === undefined;
  }

  /** How far the log was read, and its hash there: beyond `state` where judging halted. */
  get extent(): Extent {
    const { state } = this;
    return (
      this.#halt?.extent ??
      (state === null ? { length: 0, hash: this.#id } : { length: state.length, hash: state.hash })
    );
  }

  /** Why judging halted, if it did. */
  get halt(): Halt | null {
    return this.#halt;
  }

  /** Whether what was judged can be kept before the whole log was: not before we stand in it. */
  get isKeepable(): boolean {
    return this.state !== null && this.state.people[this.#me] !== undefined;
  }

  /**
   * Takes the next entry. What the log's hash does not cover is asked for again before it is believed; then the entry
   * is skipped where every reader would. Otherwise judging halts here, and what follows is only hashed, so that what
   * stands before it can be kept.
   */
  async take(entry: LogEntry): Promise<void> {
    const { length, hash } = this.extent;
    if (entry.n !== length) throw broken('entries out of order');
    const fault = this.#halt === null ? await this.#decide(entry) : null;
    if (this.#halt === null && fault === null) return;
    const next = {
      length: length + 1,
      hash: length === 0 ? signedHashOf(entry) : logHash(hash, length, signedHashOf(entry)),
    };
    this.#halt = {
      fault: this.#halt?.fault ?? (fault as Fault),
      seen: this.#halt?.seen ?? seenOf(entry, fault),
      extent: next,
    };
  }

  /** Null if the entry was taken or skipped; else why judging halts at it. */
  async #decide(entry: LogEntry): Promise<Fault | null> {
    let fault = await this.#judge(entry);
    if (fault !== null && fault !== this.#interruption && fault.code !== 'pending-chain') {
      const again = await this.#ask(entry.n);
      fault = await this.#judge(again);
      if (fault?.code === 'log-broken' && again.kind === 'record') fault = await this.#judge(withoutBody(again));
    }
    if (fault === null) return null;
    const isOfEntry = fault !== this.#interruption && this.state !== null;
    if (!isOfEntry || refusalOf(fault, entry.kind) !== 'skip') return fault;
    this.#skip(entry, fault);
    return null;
  }

  /** Keeps everything that was judged, in one transaction. */
  async commit(more: readonly SqlStatement[]): Promise<KeptRoom> {
    const state = this.state as RoomState;
    await this.#effects.openHeld(state);
    const room: KeptRoom = {
      state,
      adder: this.#effects.adder,
      hidden: this.#effects.hidden,
      ownSeq: this.#kept?.ownSeq ?? 0,
      ownPrev: this.#kept?.ownPrev ?? state.id,
      stopped: this.#stopped,
    };
    await this.#reader.session.keys.apply([
      writeRoom(room),
      ...this.#lines.map((line) => writeLogLine(this.#id, line)),
      ...this.#effects.changes,
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
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
      if (cause === this.#interruption && cause.blame === 'usage') throw cause;
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
    const ask = (): Promise<LogEntry> => this.#ask(entry.n);
    await this.#interruptible(this.#effects.follow(this.state, statement, { entry, ask }));
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
    if (!verified.duplicate) this.#effects.hold({ verified, sealedKey: entry.sealedKey, keyRows, role });
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
    if (applied.record.gap) this.#effects.tell('gap', `records before position ${applied.record.n} are missing`);
    return applied.record;
  }

  /** Our own record that this vault does not know: another copy of the vault is in use. */
  #checkOwn({ header }: VerifiedRecord): void {
    const { identity } = this.#reader.session;
    if (!equal(header.device, identity.deviceId) || header.seq <= (this.#kept?.ownSeq ?? 0)) return;
    const cause = new KeyboxPeerFault('state-forked', 'this device wrote a record that this vault does not know');
    this.#stopped ??= cause.code;
    this.#effects.tell('refused', cause.message, cause);
  }

  #skip(entry: LogEntry, cause: Fault): void {
    const signedHash = signedHashOf(entry);
    this.state = skipEntry(this.state as RoomState, signedHash);
    this.#line(entry.n, { signedHash, author: null, device: null, seq: null, code: cause.code });
    this.#effects.tell('refused', `position ${entry.n} was refused: ${cause.message}`, cause);
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

  get #me(): string {
    return hex(this.#reader.session.identity.fingerprint);
  }
}

/** Where judging halted, and how far the log was hashed since. */
export interface Halt {
  readonly fault: Fault;
  /** The cluster's own word that contradicts what it shows, where that is the reason. */
  readonly seen: SignedHead | null;
  readonly extent: Extent;
}

function signedHashOf(entry: LogEntry): Uint8Array {
  return sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
}

function seenOf(entry: LogEntry, fault: Fault | null): SignedHead | null {
  const isContradiction = fault?.code === 'room-forked' || fault?.code === 'rollback';
  return isContradiction && entry.kind === 'record' ? signedRecord.parse(entry.record.signed)[0].seen : null;
}

/** The record as it is judged when nobody can give the body that was signed. */
function withoutBody(entry: LogEntry & { kind: 'record' }): LogEntry {
  return { ...entry, record: { ...entry.record, body: null } };
}

export function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('log-broken', what);
}
