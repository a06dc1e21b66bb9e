import { equal } from '@sotto/bytes';
import { type Secret, sha256 } from '@sotto/crypto';
import {
  KeyboxPeerFault,
  KeyboxUsageFault,
  type OpenPart,
  type PartInspection,
  type PartName,
  partNames,
  type SqlStatement,
  type SqlValue,
  type VaultFile,
  type VaultStorage,
} from '@sotto/keybox';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import type { Process } from './process.ts';

/** A vault as it lies on a disk. */
export interface VaultImage {
  readonly files: ReadonlyMap<VaultFile, Uint8Array>;
  readonly parts: ReadonlyMap<PartName, { readonly database: Buffer; readonly keyHash: Uint8Array }>;
}

/** When the next durable step of a program kills it. */
export interface CrashPoint {
  /** Durable steps that are still taken. */
  left: number;
  /** Whether the step itself takes effect. */
  readonly after: boolean;
}

/**
 * The disk of one device: what was written is durable when the writing resolves, and not there at all before. Parts are
 * databases in memory that open under their key alone; how SQLCipher encrypts them is tested elsewhere.
 */
export class VaultDisk {
  readonly #files = new Map<VaultFile, Uint8Array>();
  readonly #parts = new Map<PartName, { readonly database: Sqlite.Database; readonly keyHash: Uint8Array }>();
  /** Writing throws `disk-full`. */
  #isFull = false;
  crashPoint: CrashPoint | null = null;
  /** A file or part of which the last writing left half. */
  torn: VaultFile | PartName | null = null;

  constructor(image: VaultImage | null = null) {
    if (image !== null) this.restore(image);
  }

  image(): VaultImage {
    const parts = [...this.#parts].map(
      ([name, { database, keyHash }]) => [name, { database: database.serialize(), keyHash }] as const,
    );
    return { files: new Map(this.#files), parts: new Map(parts) };
  }

  /** Writing throws `disk-full`, or no more. */
  setFull(isFull: boolean): void {
    this.#isFull = isFull;
  }

  /** Puts the copy of a vault in this one's place. */
  restore({ files, parts }: VaultImage): void {
    this.#files.clear();
    for (const [name, bytes] of files) this.#files.set(name, bytes);
    this.close();
    for (const [name, { database, keyHash }] of parts) {
      this.#parts.set(name, { database: new Sqlite(database), keyHash });
    }
  }

  close(): void {
    for (const { database } of this.#parts.values()) database.close();
    this.#parts.clear();
  }

  /** Whether the bytes of these words lie anywhere on it. */
  holds(words: string): boolean {
    return [...this.#parts.values()].some(({ database }) => database.serialize().includes(words));
  }

  /** Reads a part from outside the program. */
  look<Row>(name: PartName, sql: string): readonly Row[] {
    const part = this.#parts.get(name);
    return part === undefined ? [] : (part.database.prepare(sql).all() as Row[]);
  }

  /** As one program sees it. */
  storage(process: Process): VaultStorage {
    const durably = <Result>(write: () => Result): Promise<Result> => this.#durably(process, write);
    return {
      read: (file) => process.guard(() => this.#read(file)),
      replace: (file, content) => durably(() => void this.#files.set(file, Uint8Array.from(content))),
      remove: (file) => durably(() => void this.#files.delete(file)),
      erase: (notice) => durably(() => this.#erase(notice)),
      pathOf: (file) => `/vault/${file}`,
      hasPart: (name) => process.guard(() => this.#parts.has(name)),
      createPart: (name, key) => durably(() => this.#create(name, key, { process, durably })),
      openPart: (name, key) => process.guard(() => this.#open(name, key, { process, durably })),
      inspectPart: (name) => process.guard(() => this.#inspect(name)),
    };
  }

  async #durably<Result>(process: Process, write: () => Result): Promise<Result> {
    if (!process.alive) return never();
    if (this.#isFull) throw diskFull();
    const point = this.crashPoint;
    const isLast = point !== null && --point.left <= 0;
    if (isLast) this.crashPoint = null;
    if (isLast && !point.after) return this.#die(process);
    const result = write();
    return isLast ? this.#die(process) : result;
  }

  #die(process: Process): Promise<never> {
    process.kill();
    return never();
  }

  #read(file: VaultFile): Uint8Array | null {
    const content = this.#files.get(file);
    if (content === undefined) return null;
    return this.torn === file ? content.slice(0, content.length >> 1) : Uint8Array.from(content);
  }

  #erase(notice: Uint8Array): void {
    this.#files.clear();
    this.#files.set('revoked', notice);
    this.close();
  }

  #create(name: PartName, key: Secret, running: Running): OpenPart {
    this.#parts.get(name)?.database.close();
    const keyHash = key.use((bytes) => sha256(bytes));
    const database = new Sqlite(':memory:');
    this.#parts.set(name, { database, keyHash });
    return new MemoryPart(database, running);
  }

  #open(name: PartName, key: Secret, running: Running): OpenPart {
    const part = this.#parts.get(name);
    const opens =
      part !== undefined &&
      this.torn !== name &&
      equal(
        part.keyHash,
        key.use((bytes) => sha256(bytes)),
      );
    if (!opens)
      throw new KeyboxPeerFault('vault-damaged', 'a part of the vault does not open: restore it from a backup');
    return new MemoryPart(part.database, running);
  }

  #inspect(name: PartName): PartInspection {
    const raw = this.#parts.get(name)?.database.serialize() ?? new Uint8Array();
    return { path: `/vault/${name}.db`, raw, opensWithoutKey: false, opensWithWrongKey: false };
  }
}

/** Files and parts that a torn write may hit. */
export const tearable: readonly (VaultFile | PartName)[] = ['keystore', 'account', ...partNames];

interface Running {
  readonly process: Process;
  durably<Result>(write: () => Result): Promise<Result>;
}

class MemoryPart implements OpenPart {
  readonly #database: Sqlite.Database;
  readonly #running: Running;
  readonly #statements = new Map<string, Sqlite.Statement>();

  constructor(database: Sqlite.Database, running: Running) {
    this.#database = database;
    this.#running = running;
  }

  query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#running.process.guard(() => {
      const rows = this.#prepare(sql).all(...parameters) as Record<string, unknown>[];
      for (const row of rows) {
        for (const [name, value] of Object.entries(row)) {
          if (value instanceof Uint8Array) row[name] = Uint8Array.from(value);
        }
      }
      return rows as Row[];
    });
  }

  apply(statements: readonly SqlStatement[]): Promise<void> {
    const all = this.#database.transaction(() => {
      for (const { sql, parameters = [] } of statements) this.#prepare(sql).run(...parameters);
    });
    return this.#running.durably(() => all.immediate());
  }

  async close(): Promise<void> {
    this.#statements.clear();
  }

  #prepare(sql: string): Sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function diskFull(): KeyboxUsageFault {
  return new KeyboxUsageFault('disk-full', 'the disk is full: free some space; nothing was lost');
}
