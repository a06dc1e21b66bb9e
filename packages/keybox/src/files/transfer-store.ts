import { type CborValue, decodeCbor, encodeCbor, equal, hex } from '@sotto/bytes';
import type { VoiceNote } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';
import type { TransferView } from '../views.ts';

/** A transfer that was begun: everything that going on with it takes, durable. */
export interface Transfer {
  /** 16 random bytes; of an upload also the id of the record that will name the file. */
  readonly id: Uint8Array;
  readonly kind: 'upload' | 'download';
  readonly room: Uint8Array;
  /** The record of the file. */
  readonly record: Uint8Array;
  readonly place: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly at: number;
  readonly state: TransferState;
}

export interface TransferState {
  /** Names what is kept of the chunks under one key: 16 random bytes; of a download none. */
  readonly stream: Uint8Array;
  /** Of the blob; null before the server has an upload for it. Of a download the history has it. */
  readonly key: Uint8Array | null;
  /** Of the stream; null until it is known. */
  readonly head: Uint8Array | null;
  /** The server's name for the upload; null before it has one. */
  readonly upload: Uint8Array | null;
  readonly mediaType: string;
  readonly version: number;
  readonly replaces: Uint8Array | null;
  /** Of a recording that is to be heard at once. */
  readonly voice?: VoiceNote | undefined;
  /** By which the record is sent once only, if the sender gave one. */
  readonly sendKey: string | null;
  /** Of an upload that the server has whole. */
  readonly sent: { readonly hash: Uint8Array; readonly contentHash: Uint8Array } | null;
}

export interface TransferSubject {
  readonly kind: Transfer['kind'];
  readonly room: Uint8Array;
  readonly place: string;
}

/** The transfers of a vault. Rows of one transfer are one process's at a time or, if not, still never contradict. */
export class TransferStore {
  readonly #keys: Part;

  constructor(keys: Part) {
    this.#keys = keys;
  }

  async find(id: Uint8Array): Promise<Transfer | null> {
    const [row] = await this.#keys.query<TransferRow>('SELECT * FROM transfer WHERE id = ?', [id]);
    return row === undefined ? null : transferOf(row);
  }

  async about({ kind, room, place }: TransferSubject): Promise<readonly Transfer[]> {
    const rows = await this.#keys.query<TransferRow>(
      'SELECT * FROM transfer WHERE kind = ? AND room = ? AND place = ? ORDER BY at',
      [kind, room, place],
    );
    return rows.map(transferOf);
  }

  async list(): Promise<readonly TransferView[]> {
    const rows = await this.#keys.query<TransferRow>('SELECT * FROM transfer ORDER BY at');
    return rows.map(({ id, kind, room, name, place, done_bytes: doneBytes, size_bytes: sizeBytes, at }) => {
      return { id: hex(id), kind, room: hex(room), name, place, doneBytes, sizeBytes, at };
    });
  }

  async add({ id, kind, room, record, place, name, sizeBytes, at, state }: Transfer): Promise<void> {
    const sql =
      'INSERT INTO transfer (id, kind, room, record, place, name, size_bytes, at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
    await this.#keys.apply([{ sql, parameters: [id, kind, room, record, place, name, sizeBytes, at, encode(state)] }]);
  }

  async update({ id, state }: Pick<Transfer, 'id' | 'state'>): Promise<void> {
    await this.#keys.apply([{ sql: 'UPDATE transfer SET state = ? WHERE id = ?', parameters: [encode(state), id] }]);
  }

  async remove(id: Uint8Array): Promise<void> {
    await this.#keys.apply(removal(id));
  }

  /** Hashes of chunks that are kept, from `from` on in order, at most `limit`; null where there is none. */
  async chunks({ id, state }: ChunkOwner, from: number, limit: number): Promise<readonly (Uint8Array | null)[]> {
    const rows = await this.#keys.query<{ n: number; hash: Uint8Array }>(
      'SELECT n, hash FROM transfer_chunk WHERE transfer = ? AND stream = ? AND n >= ? AND n < ?',
      [id, state.stream, from, from + limit],
    );
    const hashes: (Uint8Array | null)[] = Array.from({ length: limit }, () => null);
    for (const { n, hash } of rows) hashes[n - from] = hash;
    return hashes;
  }

  /** How many chunks have a hash that is kept. */
  async knownChunks({ id, state }: ChunkOwner): Promise<number> {
    const [row] = await this.#keys.query<{ known: number }>(
      'SELECT count(*) AS known FROM transfer_chunk WHERE transfer = ? AND stream = ?',
      [id, state.stream],
    );
    return row?.known ?? 0;
  }

  /**
   * Keeps the hashes of the chunks from `from` on, durably. False if one of them has another hash already, whoever
   * kept it, or if the transfer is gone: then none of these chunks may be sealed.
   */
  async keepChunks(owner: ChunkOwner, from: number, { hashes, doneBytes }: NewChunks): Promise<boolean> {
    const { id, state } = owner;
    const statements = hashes.map(
      (hash, i): SqlStatement => ({
        sql: `INSERT INTO transfer_chunk (transfer, stream, n, hash)
        SELECT id, ?, ?, ? FROM transfer WHERE id = ? ON CONFLICT (transfer, stream, n) DO NOTHING`,
        parameters: [state.stream, from + i, hash, id],
      }),
    );
    const progress = { sql: 'UPDATE transfer SET done_bytes = ? WHERE id = ?', parameters: [doneBytes, id] };
    await this.#keys.apply([...statements, progress]);
    const kept = await this.chunks(owner, from, hashes.length);
    return kept.every((hash, i) => hash !== null && equal(hash, hashes[i] as Uint8Array));
  }

  /** Forgets what was kept of the chunks from `from` on: of a download, whose chunks may come again. */
  async forgetChunks({ id, state }: ChunkOwner, from: number): Promise<void> {
    const sql = 'DELETE FROM transfer_chunk WHERE transfer = ? AND stream = ? AND n >= ?';
    await this.#keys.apply([{ sql, parameters: [id, state.stream, from] }]);
  }
}

/** Whose chunks: of one transfer, under one key. */
interface ChunkOwner {
  readonly id: Uint8Array;
  readonly state: Pick<TransferState, 'stream'>;
}

interface NewChunks {
  readonly hashes: readonly Uint8Array[];
  /** Content before these chunks, for showing. */
  readonly doneBytes: number;
}

interface TransferRow {
  readonly id: Uint8Array;
  readonly kind: Transfer['kind'];
  readonly room: Uint8Array;
  readonly record: Uint8Array;
  readonly place: string;
  readonly name: string;
  readonly size_bytes: number;
  readonly done_bytes: number;
  readonly at: number;
  readonly state: Uint8Array;
}

function transferOf({ size_bytes: sizeBytes, done_bytes: _, state, ...row }: TransferRow): Transfer {
  return { ...row, sizeBytes, state: decodeCbor(state) as unknown as TransferState };
}

function encode(state: TransferState): Uint8Array {
  return encodeCbor(state as unknown as CborValue);
}

function removal(id: Uint8Array): readonly SqlStatement[] {
  return [
    { sql: 'DELETE FROM transfer_chunk WHERE transfer = ?', parameters: [id] },
    { sql: 'DELETE FROM transfer WHERE id = ?', parameters: [id] },
  ];
}
