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
  type RoomState,
  type RosterStatement,
  refusalOf,
  rosterStatement,
  type SignedHead,
  signedRecord,
  skipEntry,
  type VerifiedRecord,
  verifyHead,
  type Witness,
} from '@sotto/protocol';
import type { RoomReader } from './room-batch.ts';
import type { HeldRecord } from './room-effects.ts';
import type { LogLine } from './room-store.ts';

export type StatementEntry = LogEntry & { readonly kind: 'statement' };
export type RecordEntry = LogEntry & { readonly kind: 'record' };

/** What becomes of the entries that a judge takes. */
export interface Follower {
  line(line: LogLine): void;
  /** A statement that counted; `ask` reads its entry once more. */
  statement(state: RoomState, statement: RosterStatement, source: StatementSource): Promise<void>;
  record(record: HeldRecord): void;
  gap(n: number): void;
  skipped(n: number, cause: Fault): void;
}

export interface StatementSource {
  readonly entry: StatementEntry;
  readonly ask: () => Promise<LogEntry>;
}

/** Where judging halted, and how far the log was hashed since. */
export interface Halt {
  readonly fault: Fault;
  /** The cluster's own word that contradicts what it shows, where that is the reason. */
  readonly seen: SignedHead | null;
  readonly extent: Extent;
}

export interface JudgeOptions {
  /** The state before the next entry; null at the beginning of a log. */
  readonly state: RoomState | null;
  readonly follower: Follower;
  readonly witness: Omit<Witness, 'chain'>;
  /** See `RecordInput`. */
  readonly floor?: number;
}

/** Judges the entries of one log in order, each by the state before it. */
export class RoomJudge {
  state: RoomState | null;
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #follower: Follower;
  readonly #witness: Witness;
  readonly #floor: number;
  #interruption: unknown = null;
  #halt: Halt | null = null;

  constructor(reader: RoomReader, id: Uint8Array, { state, follower, witness, floor = 0 }: JudgeOptions) {
    this.#reader = reader;
    this.#id = id;
    this.state = state;
    this.#follower = follower;
    const chain = (fingerprint: Uint8Array): Promise<Chain | null> => reader.chains.known(fingerprint);
    this.#witness = { ...witness, chain };
    this.#floor = floor;
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
    const { length } = this.extent;
    if (entry.n !== length) throw broken('entries out of order');
    const fault = this.#halt === null ? await this.#decide(entry) : null;
    if (this.#halt === null && fault === null) return;
    this.#haltAt(signedHashOf(entry), { fault: fault as Fault, seen: seenOf(entry, fault) });
  }

  /** Counts the next entry by its hash alone, as one that is judged elsewhere. */
  pass(signedHash: Uint8Array): void {
    if (this.state === null) throw broken('a log that begins with a record');
    if (this.#halt !== null) this.#haltAt(signedHash, this.#halt);
    else this.state = skipEntry(this.state, signedHash);
  }

  #haltAt(signedHash: Uint8Array, { fault, seen }: Pick<Halt, 'fault' | 'seen'>): void {
    const { length, hash } = this.extent;
    const extent = { length: length + 1, hash: length === 0 ? signedHash : logHash(hash, length, signedHash) };
    this.#halt = { fault: this.#halt?.fault ?? fault, seen: this.#halt === null ? seen : this.#halt.seen, extent };
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

  /** Null if the entry counts; else why it does not, and nothing has changed. */
  async #judge(entry: LogEntry): Promise<Fault | null> {
    try {
      if (entry.kind !== kindOf(entry)) throw broken('an entry that is given for what it is not');
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

  async #takeStatement(entry: StatementEntry): Promise<void> {
    const { suites } = this.#reader.session;
    const signedHash = sha256(entry.envelope.signed);
    const statement = rosterStatement.parse(entry.envelope.signed);
    await this.#interruptible(this.#fetchChains(statement, entry));
    const input = { envelope: entry.envelope, rows: entry.rows, witness: this.#witness };
    const before = this.state;
    if (before === null && !equal(signedHash, this.#id)) throw broken('the log of another room');
    this.state = before === null ? await createRoom(suites, input) : await applyRosterStatement(suites, before, input);
    this.#line(entry.n, { signedHash, author: statement.author, device: null, seq: null, code: null });
    const ask = (): Promise<LogEntry> => this.#ask(entry.n);
    await this.#interruptible(this.#follower.statement(this.state, statement, { entry, ask }));
  }

  async #takeRecord(entry: RecordEntry): Promise<void> {
    const { record, keyRows } = entry;
    const signedHash = sha256(record.signed);
    const state = this.state;
    if (state === null) throw broken('a log that begins with a record');
    const [{ author, device, seq, chain }] = signedRecord.parse(record.signed);
    const address = state.people[hex(author)];
    if (address !== undefined) {
      await this.#interruptible(this.#reader.chains.reaching(author, { address, length: chain.length }));
    }
    const role = state.members[hex(author)]?.role ?? 'reader';
    const verified = await this.#verify(state, { record, keyRows });
    this.#line(entry.n, { signedHash, author, device, seq, code: null });
    this.#follower.record({ verified, sealedKey: entry.sealedKey, keyRows, role });
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
    { record, keyRows }: Pick<RecordEntry, 'record' | 'keyRows'>,
  ): Promise<VerifiedRecord> {
    const { suites, primitives } = this.#reader.session;
    const headKeys = await this.#reader.heads.keys();
    const subject = { kind: 'room', id: this.#id } as const;
    const applied = await applyRecord(suites, state, {
      record,
      keyRows,
      witness: this.#witness,
      verifySeen: (head) => verifyHead(primitives, headKeys, { subject, head }),
      floor: this.#floor,
      acceptGap: true,
    });
    this.state = applied.state;
    if (applied.record.gap) this.#follower.gap(applied.record.n);
    return applied.record;
  }

  #skip(entry: LogEntry, cause: Fault): void {
    const signedHash = signedHashOf(entry);
    this.state = skipEntry(this.state as RoomState, signedHash);
    this.#line(entry.n, { signedHash, author: null, device: null, seq: null, code: cause.code });
    this.#follower.skipped(entry.n, cause);
  }

  #line(n: number, line: Omit<LogLine, 'n' | 'hash'>): void {
    this.#follower.line({ n, hash: (this.state as RoomState).hash, ...line });
  }

  /** Learns the chains that a statement speaks of, as far as it speaks of them. */
  async #fetchChains(statement: RosterStatement, entry: StatementEntry): Promise<void> {
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

  get #me(): string {
    return hex(this.#reader.session.identity.fingerprint);
  }
}

export function signedHashOf(entry: LogEntry): Uint8Array<ArrayBuffer> {
  return sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
}

/**
 * What was signed: a statement is a map and a record an array. The log's hash does not cover what the server calls it,
 * so a removal that it calls a record must not pass for a malformed one.
 */
function kindOf(entry: LogEntry): LogEntry['kind'] {
  const [first = 0] = entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed;
  const majorType = first >> 5;
  return majorType === 5 ? 'statement' : majorType === 4 ? 'record' : entry.kind;
}

export function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('log-broken', what);
}

function seenOf(entry: LogEntry, fault: Fault | null): SignedHead | null {
  const isContradiction = fault?.code === 'room-forked' || fault?.code === 'rollback';
  return isContradiction && entry.kind === 'record' ? signedRecord.parse(entry.record.signed)[0].seen : null;
}

/** The record as it is judged when nobody can give the body that was signed. */
function withoutBody(entry: RecordEntry): LogEntry {
  return { ...entry, record: { ...entry.record, body: null } };
}
