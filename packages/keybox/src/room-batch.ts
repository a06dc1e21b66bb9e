import { equal, type Fault, hex } from '@sotto/bytes';
import type { Extent, KeyLogEntry, LogEntry, RoomState, VerifiedRecord } from '@sotto/protocol';
import type { ArchiveLimits } from './archive/limits.ts';
import type { Chains } from './chains.ts';
import type { EraKeys } from './era-keys.ts';
import { KeyboxPeerFault } from './fault.ts';
import type { Heads } from './heads.ts';
import type { SqlStatement } from './ports.ts';
import { keepOriginals } from './restored/originals.ts';
import { type HeldRecord, RoomEffects } from './room-effects.ts';
import { type Halt, RoomJudge } from './room-judge.ts';
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
  /** In which portions logs are read; those of `limitsOf` unless given. */
  readonly limits?: ArchiveLimits;
}

/** Entries judged in order and not yet kept. */
export class RoomBatch {
  readonly judge: RoomJudge;
  /** Positions of the statements among them. */
  readonly statements: number[] = [];
  /** The first position that counted nothing; null if all did. */
  firstRefused: number | null = null;
  readonly #taken: LogEntry[] = [];
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #kept: KeptRoom | null;
  readonly #effects: RoomEffects;
  readonly #lines: LogLine[] = [];
  #stopped: string | null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.#kept = kept;
    this.#effects = new RoomEffects(reader, id, kept);
    this.#stopped = kept?.stopped ?? null;
    this.judge = new RoomJudge(reader, id, {
      state: kept?.judged ?? null,
      witness: roomWitness(reader.session.keys, id, this.#lines),
      follower: {
        line: (line) => void this.#lines.push(line),
        statement: (state, statement, source) => {
          this.statements.push(source.entry.n);
          return this.#effects.follow(state, statement, source);
        },
        record: (record) => this.#hold(record),
        gap: (n) => this.#effects.tell({ event: 'gap/missing', room: hex(id), n }),
        skipped: (n, cause) => {
          this.firstRefused ??= n;
          this.#effects.tell({ event: 'refused/position', room: hex(id), n, reason: cause.message }, cause);
        },
      },
    });
  }

  get extent(): Extent {
    return this.judge.extent;
  }

  get state(): RoomState | null {
    return this.judge.state;
  }

  get halt(): Halt | null {
    return this.judge.halt;
  }

  async take(entry: LogEntry): Promise<void> {
    const eras = this.judge.state?.eras.length ?? 0;
    await this.judge.take(entry);
    this.#taken.push(this.#whole(entry, eras));
  }

  /** Adds an entry to the key log with what is kept. */
  tell(entry: KeyLogEntry, cause: Fault): void {
    this.#effects.tell(entry, cause);
  }

  /** Keeps everything that was judged, in one transaction. `before` comes first in it, `after` last. */
  async commit({
    before = [],
    after = [],
  }: {
    readonly before?: readonly SqlStatement[];
    readonly after?: readonly SqlStatement[];
  }): Promise<RoomState> {
    const state = this.judge.state as RoomState;
    await this.#effects.openHeld(state);
    const room = {
      judged: state,
      adder: this.#effects.adder,
      hidden: this.#effects.hidden,
      ownSeq: this.#kept?.ownSeq ?? 0,
      ownPrev: this.#kept?.ownPrev ?? state.id,
      stopped: this.#stopped,
    };
    await this.#reader.session.keys.apply([
      ...before,
      writeRoom(room),
      ...this.#lines.map((line) => writeLogLine(this.#id, line)),
      ...this.#effects.changes,
      ...this.#originals(state),
      ...after,
    ]);
    return state;
  }

  /** An entry with the whole table of the era that it started: a server that lost the log has none to add to it. */
  #whole(entry: LogEntry, erasBefore: number): LogEntry {
    const { eras } = this.judge.state ?? { eras: [] };
    const rows = eras.at(-1)?.rows;
    return entry.kind === 'record' || rows === undefined || eras.length === erasBefore ? entry : { ...entry, rows };
  }

  #originals({ length }: RoomState): readonly SqlStatement[] {
    const refused = new Set(this.#lines.filter(({ code }) => code !== null).map(({ n }) => n));
    const counted = this.#taken.filter(({ n }) => n < length);
    const now = this.#reader.session.clock.now();
    return keepOriginals(this.#id, counted, { now, isRefused: (n) => refused.has(n) });
  }

  #hold(record: HeldRecord): void {
    this.#checkOwn(record.verified);
    if (!record.verified.duplicate) this.#effects.hold(record);
  }

  /** Our own record that this vault does not know: another copy of the vault is in use. */
  #checkOwn({ header }: VerifiedRecord): void {
    const { identity } = this.#reader.session;
    if (!equal(header.device, identity.deviceId) || header.seq <= (this.#kept?.ownSeq ?? 0)) return;
    const cause = new KeyboxPeerFault('state-forked', 'this device wrote a record that this vault does not know');
    this.#stopped ??= cause.code;
    this.#effects.tell({ event: 'refused/vault-copy', room: hex(this.#id) }, cause);
  }
}
