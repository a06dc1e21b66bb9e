import { type CborValue, encodeCbor, equal, Fault, hex } from '@sotto/bytes';
import type { RoomReader } from '../room-batch.ts';
import { RoomJudge } from '../room-judge.ts';
import { type KeptRoom, readRooms, roomWitness } from '../room-store.ts';
import { isOffline } from '../sync.ts';
import type { Turns } from '../turns.ts';
import type { AuditView } from '../views.ts';
import { forgetAudits, type RoomAudit, readRoomAudits, writeRoomAudit } from './store.ts';
import { auditSubjects } from './subjects.ts';

/** How much of what this device accepted was verified once more. */
export interface AuditCoverage {
  readonly rooms: number;
  readonly roomsDone: number;
  readonly entries: number;
  readonly entriesDone: number;
  readonly failed: readonly AuditView[];
  /** When something was last verified, milliseconds; null before the first time. */
  readonly at: number | null;
}

export interface AuditOptions {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
  /** Leaves this much time to others after each page. */
  readonly pauseMilliseconds?: number;
}

/** Verifies the rooms' logs again, as the server gives them now: page by page, and on from where it was before. */
export class Auditor {
  readonly #reader: RoomReader;
  readonly #turns: Turns;

  constructor(reader: RoomReader, turns: Turns) {
    this.#reader = reader;
    this.#turns = turns;
  }

  async coverage(): Promise<AuditCoverage> {
    const places = await this.#places();
    const failed = places.filter(({ audit }) => audit.code !== null).map(({ audit }) => viewOf(audit));
    const times = places.map(({ audit }) => audit.at).filter((at) => at > 0);
    return {
      rooms: places.length,
      roomsDone: places.filter(isDone).length,
      entries: places.reduce((sum, { room }) => sum + room.judged.length, 0),
      entriesDone: places.reduce((sum, { audit }) => sum + (audit.state?.length ?? 0), 0),
      failed,
      at: times.length === 0 ? null : Math.max(...times),
    };
  }

  /** Goes on until every entry that is kept was verified again, or the signal aborts. Throws `unreachable`. */
  async run({ onProgress, signal, pauseMilliseconds = 0 }: AuditOptions = {}): Promise<void> {
    while (signal?.aborted !== true && (await this.#turns.run(() => this.#step()))) {
      if (onProgress !== undefined) {
        const { entries, entriesDone } = await this.coverage();
        onProgress({ done: entriesDone, total: entries });
      }
      if (pauseMilliseconds > 0) await this.#reader.session.clock.sleep(pauseMilliseconds, signal);
    }
  }

  /** Everything from the first byte: chains, heads and rooms, with what each came to. */
  async again(options: AuditOptions = {}): Promise<readonly AuditView[]> {
    await this.#reader.session.keys.apply([forgetAudits]);
    await this.run(options);
    const subjects = await this.#turns.run(() => auditSubjects(this.#reader));
    return [...subjects, ...(await this.#places()).map(({ audit }) => viewOf(audit))];
  }

  /** False if nothing is left. */
  async #step(): Promise<boolean> {
    const next = (await this.#places()).find((place) => !isDone(place));
    if (next === undefined) return false;
    const { keys, clock } = this.#reader.session;
    const { room } = next.audit;
    try {
      const { state, code } = await this.#replay(next);
      await keys.apply([writeRoomAudit({ room, state, code, at: clock.now() })]);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || cause.code === 'unreachable' || isOffline(cause))
        throw cause;
      await keys.apply([writeRoomAudit({ ...next.audit, code: cause.code, at: clock.now() })]);
    }
    return true;
  }

  async #replay({ room, audit }: Place): Promise<Pick<RoomAudit, 'state' | 'code'>> {
    const { judged } = room;
    const judge = new RoomJudge(this.#reader, judged.id, {
      state: audit.state,
      witness: roomWitness(this.#reader.session.keys, judged.id, []),
      follower: SILENT,
    });
    const from = audit.state?.length ?? 0;
    const limit = Math.min(PAGE, judged.length - from);
    const { entries } = await this.#reader.session.link.call('rooms.read', { room: judged.id, from, limit });
    for (const entry of entries.filter(({ n }) => n < from + limit)) await judge.take(entry);
    if (judge.halt !== null) return { state: audit.state, code: judge.halt.fault.code };
    const { state } = judge;
    if (state === null || state.length === from) return { state: audit.state, code: 'log-broken' };
    const isWrong = state.length === judged.length && !isSame(state, judged);
    return { state, code: isWrong ? 'log-broken' : null };
  }

  async #places(): Promise<readonly Place[]> {
    const { keys } = this.#reader.session;
    const audits = new Map((await readRoomAudits(keys)).map((audit) => [hex(audit.room), audit]));
    return (await readRooms(keys)).map((room) => {
      const { id } = room.judged;
      return { room, audit: audits.get(hex(id)) ?? { room: id, state: null, code: null, at: 0 } };
    });
  }
}

interface Place {
  readonly room: KeptRoom;
  readonly audit: RoomAudit;
}

function isDone({ room, audit }: Place): boolean {
  return audit.code !== null || audit.state?.length === room.judged.length;
}

function viewOf({ room, code }: RoomAudit): AuditView {
  return { subject: `room ${hex(room)}`, ok: code === null, code };
}

function isSame(left: KeptRoom['judged'], right: KeptRoom['judged']): boolean {
  return equal(encodeCbor(left as unknown as CborValue), encodeCbor(right as unknown as CborValue));
}

const SILENT = {
  line: () => undefined,
  statement: async () => undefined,
  record: () => undefined,
  gap: () => undefined,
  skipped: () => undefined,
};

/** Entries verified at a time. */
const PAGE = 200;
