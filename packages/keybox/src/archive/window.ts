import { equal } from '@sotto/bytes';
import type { LogEntry, RoomState } from '@sotto/protocol';
import { type InboxItem, writeInbox } from '../inbox.ts';
import { openRecord } from '../open-record.ts';
import type { SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import type { HeldRecord } from '../room-effects.ts';
import { broken, RoomJudge } from '../room-judge.ts';
import type { LogLine } from '../room-store.ts';
import { roomWitness } from '../room-store.ts';
import type { SkeletonRead } from './skeleton.ts';

/**
 * Shows the newest entries of a room whose skeleton is known, before those below them are judged: each is judged by the
 * state that the skeleton leads to, and all together must lead to the signed head. Nothing of it is final: the judged log
 * takes its place. Throws `log-broken`.
 */
export async function showNewest(reader: RoomReader, { room, base, hashes }: SkeletonRead): Promise<void> {
  const { ahead } = room;
  if (base === null || ahead === null || ahead.isVoid) return;
  const window = new Window(reader, base, hashes);
  let entries: readonly LogEntry[] = [];
  while (window.judge.extent.length < ahead.length) {
    const from = window.judge.extent.length;
    ({ entries } = await reader.session.link.call('rooms.read', { room: base.id, from, limit: ahead.length - from }));
    if (entries.length === 0) throw broken('the server withholds entries of a skeleton that it gave');
    for (const entry of entries.filter(({ n }) => n < ahead.length)) await window.judge.take(entry);
  }
  if (!equal(window.judge.extent.hash, ahead.hash)) throw broken('entries that are not those of the skeleton');
  await reader.session.keys.apply(await window.shown(ahead.floor));
}

class Window {
  readonly judge: RoomJudge;
  readonly #reader: RoomReader;
  readonly #base: RoomState;
  readonly #held: HeldRecord[] = [];
  readonly #dropped = new Set<number>();

  constructor(reader: RoomReader, base: RoomState, hashes: ReadonlyMap<number, Uint8Array>) {
    this.#reader = reader;
    this.#base = base;
    const lines: LogLine[] = [];
    const log = roomWitness(reader.session.keys, base.id, lines);
    this.judge = new RoomJudge(reader, base.id, {
      state: base,
      floor: base.length,
      witness: { ...log, hashAt: async (length) => hashes.get(length) ?? log.hashAt(length) },
      follower: {
        line: (line) => void lines.push(line),
        statement: async () => undefined,
        record: (record) => this.#hold(record),
        gap: () => undefined,
        skipped: () => undefined,
      },
    });
  }

  /** What the records that passed show of themselves. */
  async shown(floor: number): Promise<readonly SqlStatement[]> {
    const shown: SqlStatement[] = [];
    for (const record of this.#held) {
      const item = await this.#item(record, floor);
      if (item !== null) shown.push(writeInbox(this.#base.id, item));
    }
    return shown;
  }

  #hold(record: HeldRecord): void {
    if (record.verified.duplicate) return;
    this.#held.push(record);
    for (const n of record.verified.header.drops) this.#dropped.add(n);
  }

  async #item({ verified, sealedKey, role }: HeldRecord, floor: number): Promise<InboxItem | null> {
    const { header, n, body } = verified;
    const { author, device, era } = header;
    const secret = await this.#reader.eraKeys.secret(this.#base.id, era);
    // What does not open is told, and shown as such, when it is judged in the log.
    if (body === null || secret === null || this.#dropped.has(n)) return null;
    const opened = await openRecord(this.#reader.session, { secret, sealedKey }, { header, body }).catch(() => null);
    if (opened === null || !SHOWN.has(opened.kind)) return null;
    const drops = [...header.drops];
    return { n, author, device, drops, role, class: header.class, body: opened, code: null, floor, isNews: true };
  }
}

/** Kinds whose effect lies within the window; a name, a receipt or a pin waits for the judged log. */
const SHOWN: ReadonlySet<string> = new Set(['message', 'edit', 'delete', 'reaction']);
