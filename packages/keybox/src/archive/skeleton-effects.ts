import { equal, Fault, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import type { OwnEntry, RoomEra, RoomState, RosterStatement } from '@sotto/protocol';
import { writeInbox } from '../inbox.ts';
import type { SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import { sealedBy } from '../room-effects.ts';
import type { StatementEntry } from '../room-judge.ts';
import type { KeptRoom } from '../room-store.ts';
import { keepChange } from '../timeline/changes.ts';
import { openRoomName } from '../title.ts';

interface SealedEra {
  readonly era: RoomEra;
  readonly own: OwnEntry;
  readonly author: Uint8Array;
  readonly root: Uint8Array;
}

type Add = RosterStatement & { readonly type: 'member.add' };

/**
 * What the statements of a skeleton mean to us: who brought us in, the keys of the newest era, and by its links those
 * of older ones. What goes wrong here is told when the same statements are judged in the log.
 */
export class SkeletonEffects {
  adder: Uint8Array | null;
  hidden: boolean;
  readonly #reader: RoomReader;
  readonly #id: Uint8Array;
  readonly #sealed = new Map<number, SealedEra>();
  readonly #changes: SqlStatement[] = [];
  #add: { readonly statement: Add; readonly n: number; readonly era: number } | null = null;

  constructor(reader: RoomReader, id: Uint8Array, kept: KeptRoom | null) {
    this.#reader = reader;
    this.#id = id;
    this.adder = kept?.adder ?? null;
    this.hidden = kept?.hidden ?? false;
  }

  async follow(state: RoomState, statement: RosterStatement, { n, entry: own }: StatementEntry): Promise<void> {
    const change = keepChange(state, statement, n);
    if (change !== null) this.#changes.push(change);
    const era = state.eras.at(-1);
    if (statement.type === 'member.add' && equal(statement.body.member.fingerprint, this.#me)) {
      this.adder = statement.author;
      this.hidden = !(await this.#reader.isContact(statement.author));
      this.#add = { statement, n, era: era?.era ?? 0 };
    }
    const sealed = sealedBy(statement);
    if (sealed === null || own === null || era === undefined || !era.valid) return;
    this.#sealed.set(era.era, { era, own, author: statement.author, root: sealed.root });
    if (this.#sealed.size > MAX_SEALED) this.#sealed.delete(this.#sealed.keys().next().value as number);
  }

  /** The secrets that open, newest era first, the room's name as our adder gave it, and what statements changed. */
  async end(state: RoomState): Promise<readonly SqlStatement[]> {
    const secrets = new Map<number, Secret>();
    for (const sealed of [...this.#sealed.values()].toReversed()) {
      const { era } = sealed.era;
      if (secrets.has(era) || (await this.#reader.eraKeys.secret(this.#id, era)) !== null) continue;
      for (const opened of await this.#open(state, sealed)) secrets.set(opened.era, opened.secret);
    }
    const kept = [...secrets].map(([era, secret]) => this.#reader.eraKeys.keep(this.#id, era, secret));
    return [...kept, ...(await this.#name(state, secrets)), ...this.#changes];
  }

  async #open(
    state: RoomState,
    { era, own, author, root }: SealedEra,
  ): Promise<readonly { readonly era: number; readonly secret: Secret }[]> {
    try {
      return (await this.#reader.eraKeys.open(state, { era, entry: own, author, entries: root })).secrets;
    } catch (cause) {
      if (cause instanceof Fault && cause.blame !== 'bug') return [];
      throw cause;
    }
  }

  async #name(state: RoomState, secrets: ReadonlyMap<number, Secret>): Promise<readonly SqlStatement[]> {
    if (this.#add === null) return [];
    const { statement, n, era } = this.#add;
    const secret = secrets.get(era) ?? (await this.#reader.eraKeys.secret(this.#id, era));
    const body = await openRoomName(this.#reader.session, { secret, room: this.#id, era, statement });
    if (body === null) return [];
    const { author, device } = statement;
    const role = state.members[hex(author)]?.role ?? 'admin';
    const place = { drops: [], floor: null, isNews: false } as const;
    return [writeInbox(this.#id, { n, author, device, role, class: 'quiet', body, code: null, ...place })];
  }

  get #me(): Uint8Array {
    return this.#reader.session.identity.fingerprint;
  }
}

/** Entries that wait to be opened; the older ones are opened where they stand in the log. */
const MAX_SEALED = 256;
