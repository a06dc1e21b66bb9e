import { concat } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  KeyboxPeerFault,
  type OpenPart,
  type PartInspection,
  type PartName,
  type VaultFile,
  type VaultStorage,
} from '@sotto/keybox';
import { opens, type PartFiles, SqlCipherPart } from './part.ts';
import { loadSqlite } from './sqlite-module.ts';
import { MemoryFile, readWhole } from './sync-file.ts';

/** A vault on a computer of somebody else: nothing of it is ever stored, and it ends with its worker. */
export class MemoryStorage implements VaultStorage {
  readonly #files = new Map<VaultFile, Uint8Array>();
  readonly #parts = new Map<PartName, PartFiles>();

  async read(file: VaultFile): Promise<Uint8Array | null> {
    return this.#files.get(file)?.slice() ?? null;
  }

  async replace(file: VaultFile, content: Uint8Array): Promise<void> {
    this.#files.set(file, content.slice());
  }

  async remove(file: VaultFile): Promise<void> {
    this.#files.get(file)?.fill(0);
    this.#files.delete(file);
  }

  async erase(notice: Uint8Array): Promise<void> {
    for (const file of [...this.#files.keys()]) await this.remove(file);
    this.#parts.clear();
    await this.replace('revoked', notice);
  }

  pathOf(file: VaultFile): string {
    return `memory:/${file}`;
  }

  async hasPart(name: PartName): Promise<boolean> {
    return (this.#parts.get(name)?.database.getSize() ?? 0) > 0;
  }

  async createPart(name: PartName, key: Secret): Promise<OpenPart> {
    this.#parts.set(name, { database: new MemoryFile(), wal: new MemoryFile(), journal: new MemoryFile() });
    return this.#open(name, key);
  }

  async openPart(name: PartName, key: Secret): Promise<OpenPart> {
    if (!(await this.hasPart(name))) throw new KeyboxPeerFault('vault-damaged', `the part ${name} is missing`);
    return this.#open(name, key);
  }

  async inspectPart(name: PartName): Promise<PartInspection> {
    const files = this.#parts.get(name);
    const [database, wal] = [files?.database, files?.wal].map((file) =>
      file === undefined ? new Uint8Array() : readWhole(file),
    ) as [Uint8Array, Uint8Array];
    const sqlite = await loadSqlite();
    using wrongKey = new Secret(new Uint8Array(32));
    return {
      path: `memory:/${name}.db`,
      raw: concat(database, wal),
      opensWithoutKey: opens(sqlite, database.slice(), null),
      opensWithWrongKey: opens(sqlite, database, wrongKey),
    };
  }

  async #open(name: PartName, key: Secret): Promise<OpenPart> {
    return new SqlCipherPart(await loadSqlite(), this.#parts.get(name) as PartFiles, key);
  }
}
