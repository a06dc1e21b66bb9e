import { Fault, hex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  type Chain,
  changedRows,
  checkCommitment,
  currentEra,
  type Era,
  entriesRoot,
  entryBinding,
  entryHash,
  eraCommitment,
  linkedEra,
  type OwnEntry,
  openLink,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  type RoomEra,
  type RoomState,
  rowOf,
  sealEntry,
  sealLink,
  sortRows,
  type TableRow,
  tableHash,
  verifyMerklePath,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';
import { newestNote } from './transparency/store.ts';

/** A new era with all that lies beside its statement. */
export interface PreparedEra {
  readonly era: Era;
  readonly rows: readonly TableRow[];
  /** Of the rows those that the table in force before does not have. */
  readonly changed: readonly TableRow[];
  readonly entries: readonly Uint8Array[];
  readonly secret: Secret;
}

/** What an entry led to: the secret of its era and those of older ones by their links. */
export interface OpenedEntry {
  readonly secrets: readonly { readonly era: number; readonly secret: Secret }[];
  /** Why the links end before the last era that they promise; the newer secrets count all the same. */
  readonly brokenLink: Fault | null;
}

/** The era secrets of this account's rooms. */
export class EraKeys {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  async secret(room: Uint8Array, era: number): Promise<Secret | null> {
    const [row] = await this.#session.keys.query<{ secret: Uint8Array }>(
      'SELECT secret FROM era_secret WHERE room = ? AND era = ?',
      [room, era],
    );
    return row === undefined ? null : new Secret(row.secret);
  }

  keep(room: Uint8Array, era: number, secret: Secret): SqlStatement {
    return {
      sql: 'INSERT OR IGNORE INTO era_secret (room, era, secret) VALUES (?, ?, ?)',
      parameters: [room, era, secret.unsafeExpose('kept in the encrypted vault')],
    };
  }

  /**
   * Makes the next era of a room for the members that `state` has: an entry for each, sealed to the newest user key
   * that a head not older than a day vouches for.
   */
  async prepare(
    state: RoomState,
    room: Uint8Array,
    members: readonly { readonly address: string; readonly fingerprint: Uint8Array }[],
  ): Promise<PreparedEra> {
    const { primitives, suites, identity } = this.#session;
    const number = state.eras.length;
    const secret = new Secret(primitives.randomBytes(32));
    const past = await this.#past(state, { secret, room, era: number });
    const chains = await this.#newest(
      state,
      members.map(({ fingerprint }) => fingerprint),
    );
    const binding = { purpose: 'sotto/seal/era-secret/v1', room, era: number, sender: identity.fingerprint } as const;
    const entries: Uint8Array[] = [];
    for (const chain of chains) entries.push(await sealEntry(suites, chain, { binding, secret }));
    const rows = chains.map(rowOf);
    const era: Era = {
      era: number,
      commitment: eraCommitment(secret, room, number),
      ...past,
      table: tableHash(rows),
      entries: entriesRoot(entries.map((sealed, i) => entryHash((rows[i] as TableRow).fingerprint, sealed))),
      checkpoint: await newestNote(this.#session.keys),
    };
    return { era, rows, changed: changedRows(state.eras.at(-1)?.rows ?? [], rows), entries, secret };
  }

  /** Seals the secret of the era in force to a newcomer. */
  async sealToNewcomer(
    state: RoomState,
    newcomer: Chain,
  ): Promise<{ readonly row: TableRow & { entry: Uint8Array }; readonly sealed: Uint8Array }> {
    const { suites, identity } = this.#session;
    const { era } = currentEra(state);
    const secret = await this.secret(state.id, era);
    if (secret === null)
      throw new ProtocolPolicyFault('room-frozen', 'the key of this era is not here; start a new one');
    const binding = { purpose: 'sotto/seal/era-secret/v1', room: state.id, era, sender: identity.fingerprint } as const;
    const sealed = await sealEntry(suites, newcomer, { binding, secret });
    return { row: { ...rowOf(newcomer), entry: entryHash(newcomer.fingerprint, sealed) }, sealed };
  }

  /**
   * Opens the entry that lies for us beside a statement, checks it against what was signed, and returns the secrets
   * that it leads to, older eras by their links included. Throws `era-table-invalid` (not the signed entry),
   * `open-failed`, `era-commitment-mismatch`.
   */
  async open(
    state: RoomState,
    {
      era,
      entry,
      author,
      entries,
    }: { readonly era: RoomEra; readonly entry: OwnEntry; readonly author: Uint8Array; readonly entries: Uint8Array },
  ): Promise<OpenedEntry> {
    const { identity } = this.#session;
    const row = era.rows.find(({ fingerprint }) => hex(fingerprint) === hex(identity.fingerprint));
    const leaf = entryHash(identity.fingerprint, entry.sealed);
    if (
      row === undefined ||
      !verifyMerklePath(leaf, entry.path, { root: entries, index: entry.index, size: entry.size })
    ) {
      throw new ProtocolPeerFault('era-table-invalid', 'an entry that its author did not sign');
    }
    const keys = identity.userKeys.find(({ generation }) => generation === row.generation)?.keys;
    if (keys === undefined) throw new ProtocolPeerFault('era-table-invalid', 'sealed to a user key that is not here');
    const recipient = { fingerprint: identity.fingerprint, publicKey: keys.room.publicKey, generation: row.generation };
    const binding = entryBinding(
      { purpose: 'sotto/seal/era-secret/v1', room: state.id, era: era.era, sender: author },
      recipient,
    );
    const secret = await identity.suite.kem.open(keys.room.secretKey, binding, entry.sealed);
    checkCommitment(secret, { room: state.id, era: era.era, commitment: era.commitment });
    return this.#follow(state, { era, secret });
  }

  /** Walks the links down to the first era whose secret is here already, or whose link does not lead to it. */
  async #follow(state: RoomState, from: { readonly era: RoomEra; readonly secret: Secret }): Promise<OpenedEntry> {
    const secrets = [{ era: from.era.era, secret: from.secret }];
    let { era, secret } = from;
    for (;;) {
      const below = linkedEra(state, era);
      if (below === null || (await this.secret(state.id, below.era)) !== null) return { secrets, brokenLink: null };
      try {
        const opened = await openLink(this.#session.primitives, secret, {
          era,
          room: state.id,
          previousEra: below.era,
        });
        if (opened === null) return { secrets, brokenLink: null };
        secrets.push({ era: below.era, secret: opened });
        [era, secret] = [below, opened];
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return { secrets, brokenLink: cause };
      }
    }
  }

  /**
   * What a new era says of the one before it. Where history is `all` it links to the newest one whose secret is here, so
   * that an era which did not open to us cuts nobody off from what lies before it.
   */
  async #past(
    state: RoomState,
    { secret, room, era }: { readonly secret: Secret; readonly room: Uint8Array; readonly era: number },
  ): Promise<Pick<Era, 'previousCommitment' | 'link'>> {
    for (const { commitment, history, era: number } of state.eras.toReversed()) {
      if (history !== 'all') break;
      const previous = await this.secret(room, number);
      if (previous === null) continue;
      const link = await sealLink(this.#session.primitives, secret, { previous, room, era });
      return { previousCommitment: commitment, link };
    }
    return { previousCommitment: state.eras.at(-1)?.commitment ?? null, link: null };
  }

  /** Chains in the order of their fingerprints, asked for many at a time: a large room waits for few answers. */
  async #newest(state: RoomState, fingerprints: readonly Uint8Array[]): Promise<readonly Chain[]> {
    const sorted = sortRows(fingerprints.map((fingerprint) => ({ fingerprint })));
    const chains: Chain[] = [];
    for (let from = 0; from < sorted.length; from += ASKED_AT_ONCE) {
      const portion = sorted.slice(from, from + ASKED_AT_ONCE);
      chains.push(...(await Promise.all(portion.map(({ fingerprint }) => this.#newestOf(state, fingerprint)))));
    }
    return chains;
  }

  async #newestOf({ people }: RoomState, fingerprint: Uint8Array): Promise<Chain> {
    const address = people[hex(fingerprint)] ?? ((await this.#chains.known(fingerprint)) as Chain).address;
    await this.#chains.refresh(fingerprint, address);
    return this.#chains.fresh(fingerprint, address);
  }
}

const ASKED_AT_ONCE = 16;
