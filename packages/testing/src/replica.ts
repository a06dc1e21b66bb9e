import { Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  applyRecord,
  applyRosterStatement,
  createRoom,
  type Envelope,
  messageKeyRow,
  type RoomState,
  type SealedMessageKey,
  type SealedRecord,
  skipEntry,
  type TableRow,
  type VerifiedRecord,
  verifyHead,
  type Witness,
} from '@sotto/protocol';
import type { TestWorld } from './world.ts';

/** A position of a log with everything that lies beside it. */
export type TestEntry =
  | {
      readonly kind: 'statement';
      readonly envelope: Envelope;
      readonly rows: readonly TableRow[] | null;
      /** Sealed entries by fingerprint in hexadecimal. */
      readonly sealed: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly kind: 'record'; readonly record: SealedRecord; readonly keys: readonly SealedMessageKey[] | null };

/** One reader of a room's log: applies entries in order, skips those that are refused, remembers what witnesses need. */
export class Replica {
  readonly #world: TestWorld;
  #state: RoomState | null = null;
  /** Log hash after 1, 2, ... entries. */
  readonly hashes: Uint8Array[] = [];
  /** By position; a statement or a refused record has none. */
  readonly records = new Map<number, VerifiedRecord>();
  readonly witness: Witness;

  constructor(world: TestWorld) {
    this.#world = world;
    this.witness = {
      chain: async (fingerprint) => world.chain(fingerprint),
      hashAt: async (length) => this.hashes[length - 1] ?? null,
      recordAt: async (n) => {
        const record = this.records.get(n);
        return record === undefined ? null : { author: record.header.author };
      },
      recordHash: async (device, seq) => this.#recordHash(device, seq),
    };
  }

  get state(): RoomState {
    if (this.#state === null) throw new Error('a replica without entries');
    return this.#state;
  }

  /** Applies an entry and returns null; or the fault that refuses it, without any change. */
  async judge(entry: TestEntry, options: { readonly acceptGap?: boolean } = {}): Promise<Fault | null> {
    try {
      await this.#apply(entry, options.acceptGap ?? false);
      return null;
    } catch (cause) {
      if (cause instanceof Fault) return cause;
      throw cause;
    }
  }

  /** Applies an entry, or lets its position pass if it is refused. */
  async take(entry: TestEntry, options: { readonly acceptGap?: boolean } = {}): Promise<Fault | null> {
    const fault = await this.judge(entry, options);
    if (fault !== null) this.#advance(skipEntry(this.state, signedHash(entry)));
    return fault;
  }

  async #apply(entry: TestEntry, acceptGap: boolean): Promise<void> {
    const { suites, primitives, headKey } = this.#world;
    const { witness } = this;
    if (entry.kind === 'statement') {
      const input = { envelope: entry.envelope, rows: entry.rows, witness };
      this.#advance(
        await (this.#state === null ? createRoom(suites, input) : applyRosterStatement(suites, this.#state, input)),
      );
      return;
    }
    const { state, record } = await applyRecord(suites, this.state, {
      record: entry.record,
      keyRows: entry.keys?.map(messageKeyRow) ?? null,
      witness,
      verifySeen: (head) =>
        verifyHead(primitives, [headKey.publicKey], { subject: { kind: 'room', id: this.state.id }, head }),
      acceptGap,
    });
    this.#advance(state);
    this.records.set(record.n, record);
  }

  #advance(state: RoomState): void {
    this.#state = state;
    this.hashes.push(state.hash);
  }

  #recordHash(device: Uint8Array, seq: number): Uint8Array | null {
    for (const { header, hash } of this.records.values()) {
      if (header.seq === seq && hex(header.device) === hex(device)) return hash;
    }
    return null;
  }
}

export function signedHash(entry: TestEntry): Uint8Array {
  return sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
}
