import {
  beginIncarnation,
  groupCommit,
  type KeyFiles,
  migrate,
  queries,
  type Store,
  sqliteWriter,
} from '@sotto/server';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import type { Process } from './process.ts';

/** A server's data as it lies on a disk. */
export interface ServerImage {
  readonly database: Buffer;
  readonly keys: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

export interface DiskRules {
  /** Milliseconds of a commit. */
  syncMilliseconds(): number;
  /** Whether the machine stops at this commit, and on which side of it. */
  crash(): 'before' | 'after' | null;
  /** Somebody was told of what is not on the disk yet. */
  answeredEarly(): void;
}

/** The disk of one home server: a transaction is there once its commit resolves, or not at all. */
export class ServerDisk {
  readonly #keys: Map<string, Uint8Array<ArrayBuffer>>;
  readonly #rules: DiskRules;
  #connection: Sqlite.Database;

  constructor(image: ServerImage | null, rules: DiskRules) {
    this.#keys = new Map(image?.keys ?? []);
    this.#rules = rules;
    this.#connection = open(image?.database ?? null);
  }

  /** Of what is committed. */
  image(): ServerImage {
    return { database: this.#connection.serialize(), keys: new Map(this.#keys) };
  }

  /** After a crash: whatever was not committed is gone. */
  recover(): void {
    if (this.#connection.inTransaction) this.#connection.exec('rollback');
  }

  /** Puts a backup of the database in its place, as the beginning of a new life. */
  restoreBackup({ database }: ServerImage, times: { readonly now: number; readonly settleMilliseconds: number }): void {
    this.#connection.close();
    this.#connection = open(database);
    beginIncarnation(this.#connection, times);
  }

  /** No page is left to grow into, or as many as it likes. */
  setFull(isFull: boolean): void {
    const pages = this.#connection.pragma('page_count', { simple: true }) as number;
    this.#connection.pragma(`max_page_count = ${isFull ? pages : 1_000_000}`);
  }

  /** Whether the bytes of these words lie anywhere on it. */
  holds(words: string): boolean {
    return this.#connection.serialize().includes(words);
  }

  close(): void {
    this.#connection.close();
  }

  keyFiles(process: Process): KeyFiles {
    return {
      read: (name) => this.#keys.get(name) ?? null,
      write: (name, bytes) => {
        if (process.alive) this.#keys.set(name, Uint8Array.from(bytes));
      },
      remove: (name) => void this.#keys.delete(name),
    };
  }

  /** The server's own store on it; reads wait while a transaction is on its way to the disk. */
  store(process: Process): Store {
    const connection = this.#connection;
    const database = queries(connection);
    const writer = sqliteWriter(connection, database);
    const rules = this.#rules;
    let writing: PromiseWithResolvers<void> | null = null;
    let [begun, committed] = [0, 0];
    const end = (): void => {
      writing?.resolve();
      writing = null;
    };
    const commits = groupCommit(
      {
        ...writer,
        begin: () => {
          writing = Promise.withResolvers();
          begun += 1;
          return writer.begin();
        },
        commit: async () => {
          await process.wait(this.#rules.syncMilliseconds());
          const crash = this.#rules.crash();
          if (crash === 'before') return die(process);
          await writer.commit();
          committed = begun;
          if (crash === 'after') return die(process);
          end();
        },
        abandon: async () => {
          await writer.abandon();
          end();
        },
      },
      () => process.wait(0),
    );
    return {
      kind: 'sqlite',
      async read(query) {
        while (writing !== null) await writing.promise;
        return query(database);
      },
      async transact(job) {
        let batch = 0;
        const result = await commits.transact((connected) => {
          batch = begun;
          return job(connected);
        });
        if (batch > committed) rules.answeredEarly();
        return result;
      },
      lost: new Promise(() => undefined),
      close: () => commits.drain(),
    };
  }
}

function open(image: Buffer | null): Sqlite.Database {
  const connection = image === null ? new Sqlite(':memory:') : new Sqlite(image);
  connection.pragma('foreign_keys = on');
  migrate(connection);
  return connection;
}

function die(process: Process): Promise<never> {
  process.kill();
  return new Promise(() => undefined);
}
