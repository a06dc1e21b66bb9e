import { equal } from '@sotto/bytes';
import { type LogEntry, MAX_SKELETON, ProtocolPolicyFault, type RoomState } from '@sotto/protocol';
import type { SqlStatement } from '../ports.ts';
import { acceptRoomHead } from '../restored/room.ts';
import type { RoomReader } from '../room-batch.ts';
import { broken, RoomJudge, signedHashOf } from '../room-judge.ts';
import {
  type Ahead,
  type KeptRoom,
  type LogLine,
  readRoom,
  roomWitness,
  writeLogLine,
  writeRoom,
} from '../room-store.ts';
import { limitsOf } from './limits.ts';
import { SkeletonEffects } from './skeleton-effects.ts';
import { forgetFrom, writeAhead, writeStretch } from './store.ts';

/** A skeleton that leads to a signed head, with the state from which its newest entries are judged. */
export interface SkeletonRead {
  readonly room: KeptRoom;
  /** The state before the newest entries; null where nothing may be shown before it was judged. */
  readonly base: RoomState | null;
  /** Log hashes by length, of the newest stretch. */
  readonly hashes: ReadonlyMap<number, Uint8Array>;
}

/**
 * Reads what fixes a room's log up to the server's newest head: all statements, and of every entry the hash. It is kept
 * once it leads to the head that the cluster signed; entries are judged later, page by page, against these hashes.
 * Throws `log-broken`, `rollback`, `room-forked`, `not-a-member`, and why judging the statements halted in a room in
 * which we do not stand yet.
 */
export async function readSkeleton(reader: RoomReader, id: Uint8Array, at: number): Promise<SkeletonRead> {
  const { session } = reader;
  const kept = await readRoom(session.keys, id);
  const pass = new SkeletonPass(reader, id, kept);
  const { from } = pass;
  let answer = await session.link.call('rooms.skeleton', { room: id, from, limit: MAX_SKELETON });
  const { head } = answer;
  const headKept = await acceptRoomHead(reader, id, head);
  await session.keys.apply([forgetFrom(id, from)]);
  pass.floor = Math.max(head.length - limitsOf(reader).window, from);
  for (;;) {
    const count = answer.hashes.length / 32;
    if (pass.length + count > answer.head.length) throw broken('a skeleton beyond its head');
    await pass.take(answer, head.length);
    if (pass.length >= head.length) break;
    if (count === 0) throw broken('the server signed a head and withholds what lies below it');
    answer = await session.link.call('rooms.skeleton', { room: id, from: pass.length, limit: MAX_SKELETON });
  }
  if (!equal(pass.judge.extent.hash, head.hash)) throw broken('the skeleton does not lead to the signed head');
  const ahead = await pass.end(at);
  await session.keys.apply([...ahead, headKept]);
  const room = (await readRoom(session.keys, id)) as KeptRoom;
  return { room, base: pass.judge.halt === null ? pass.base : null, hashes: pass.hashes };
}

type Answer = { readonly hashes: Uint8Array; readonly statements: readonly (LogEntry & { kind: 'statement' })[] };

class SkeletonPass {
  readonly judge: RoomJudge;
  readonly from: number;
  floor = 0;
  base: RoomState | null = null;
  readonly hashes = new Map<number, Uint8Array>();
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #kept: KeptRoom | null;
  readonly #effects: SkeletonEffects;
  /** The room after its first statement, and that one's line: where judging begins. */
  #first: { readonly state: RoomState; readonly line: LogLine } | null = null;
  #line: LogLine | null = null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.#kept = kept;
    this.from = kept === null ? 0 : Math.max(kept.state.length, kept.ahead?.length ?? 0);
    this.#effects = new SkeletonEffects(reader, id, kept);
    const log = roomWitness(reader.session.keys, id, []);
    this.judge = new RoomJudge(reader, id, {
      // Records that the state knows no device of are judged here, if at all, from a floor on.
      state: kept === null ? null : { ...kept.state, devices: {} },
      witness: { ...log, hashAt: async (length) => this.hashes.get(length) ?? log.hashAt(length) },
      follower: {
        line: (line) => {
          this.#line = line;
        },
        statement: (state, statement, source) => this.#effects.follow(state, statement, source.entry),
        record: () => undefined,
        gap: () => undefined,
        skipped: () => undefined,
      },
    });
  }

  get length(): number {
    return this.judge.extent.length;
  }

  /** Takes what of an answer lies below the head, and keeps it for the pages to come. */
  async take({ hashes, statements }: Answer, end: number): Promise<void> {
    const n = this.length;
    const count = Math.min(hashes.length / 32, end - n);
    const due = statements.filter((entry) => entry.n < end);
    this.#forgetHashes(n);
    let next = 0;
    for (let i = 0; i < count; i++) {
      if (this.length === this.floor) this.base = this.judge.state;
      const hash = hashes.subarray(32 * i, 32 * i + 32);
      const entry = due[next];
      if (entry?.n === n + i) {
        if (!equal(signedHashOf(entry), hash)) throw broken('a statement that is not the one of its position');
        await this.judge.take(entry);
        this.#begin();
        next += 1;
      } else this.judge.pass(hash);
      this.hashes.set(this.length, this.judge.extent.hash);
    }
    if (next < due.length) throw broken('statements beside a skeleton that are not in it');
    if (count === 0) return;
    const stretch = { n, hashes: hashes.slice(0, 32 * count), statements: due.map((entry) => entry.n) };
    await this.#reader.session.keys.apply([writeStretch(this.#id, stretch)]);
  }

  /** Log hashes are kept for the newest answers alone: what is older is compared when it is judged in the log. */
  #forgetHashes(length: number): void {
    for (const known of this.hashes.keys()) if (known < length - MAX_SKELETON) this.hashes.delete(known);
    this.hashes.set(length, this.judge.extent.hash);
  }

  /** What is kept of a skeleton that leads to a signed head. */
  async end(at: number): Promise<readonly SqlStatement[]> {
    const { judge } = this;
    const kept = this.#kept;
    if (!judge.isKeepable && kept === null) {
      throw judge.halt?.fault ?? new ProtocolPolicyFault('not-a-member', 'the server shows a room of others');
    }
    const state = judge.state as RoomState;
    const { length, hash } = judge.extent;
    const floor = kept?.ahead?.floor ?? this.floor;
    const isNew = kept?.ahead?.isNew ?? kept === null;
    const ahead: Ahead = { length, hash, state, floor, at, isNew, isVoid: judge.halt !== null };
    const changes = await this.#effects.end(state);
    return [...this.#opening(), writeAhead(this.#id, ahead), ...changes];
  }

  /** The row of a room that is new: judged as far as its first statement. */
  #opening(): readonly SqlStatement[] {
    const first = this.#first;
    if (first === null) return [];
    const { adder, hidden } = this.#effects;
    const own = { ownSeq: 0, ownPrev: this.#id, stopped: null };
    return [writeRoom({ judged: first.state, adder, hidden, ...own }), writeLogLine(this.#id, first.line)];
  }

  #begin(): void {
    if (this.#kept !== null || this.#first !== null || this.#line === null) return;
    this.#first = { state: this.judge.state as RoomState, line: this.#line };
  }
}
