import { concat } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  KeyboxPeerFault,
  type OpenPart,
  type PartInspection,
  type PartName,
  partNames,
  type VaultFile,
  type VaultStorage,
} from '@sotto/keybox';
import { diskFull, opens, type PartFiles, SqlCipherPart } from './part.ts';
import { missing, openHandle, removeEntry, SlottedFile } from './slots.ts';
import { loadSqlite } from './sqlite-module.ts';
import { readWhole } from './sync-file.ts';
import { isFull } from './vault-vfs.ts';

/** One account's vault in a directory of the origin's private file system, which the first write makes. */
export class OpfsStorage implements VaultStorage {
  readonly #root: FileSystemDirectoryHandle;
  readonly #name: string;
  readonly #files = new Map<VaultFile, SlottedFile>();
  readonly #open = new Map<PartName, PartFiles>();
  #isErased = false;

  /** `name` is that of the directory in `root`. */
  constructor(root: FileSystemDirectoryHandle, name: string) {
    this.#root = root;
    this.#name = name;
  }

  async read(file: VaultFile): Promise<Uint8Array | null> {
    return this.#existing(null, () => this.#file(file).read());
  }

  async replace(file: VaultFile, content: Uint8Array): Promise<void> {
    await storing(async () => {
      await this.#directory({ create: true });
      await this.#file(file).replace(content);
    });
  }

  async remove(file: VaultFile): Promise<void> {
    await this.#existing(undefined, () => this.#file(file).remove());
  }

  async erase(notice: Uint8Array): Promise<void> {
    await this.replace('revoked', notice);
    this.#isErased = true;
    for (const file of FILES) await this.#file(file).wipe();
    for (const name of partNames) if (!this.#open.has(name)) await this.#removePart(name);
  }

  pathOf(file: VaultFile): string {
    return `opfs:/${this.#root.name}/${this.#name}/${file}`;
  }

  async hasPart(name: PartName): Promise<boolean> {
    const open = this.#open.get(name);
    if (open !== undefined) return open.database.getSize() > 0;
    return this.#existing(false, async () => {
      const handle = await (await this.#directory()).getFileHandle(`${name}.db`).catch(missing);
      return handle !== null && (await handle.getFile()).size > 0;
    });
  }

  async createPart(name: PartName, key: Secret): Promise<OpenPart> {
    return storing(async () => {
      const files = await this.#openFiles(await this.#directory({ create: true }), name);
      for (const file of Object.values(files)) file.truncate(0);
      return this.#opened(name, files, key);
    });
  }

  async openPart(name: PartName, key: Secret): Promise<OpenPart> {
    if (!(await this.hasPart(name))) {
      throw new KeyboxPeerFault('vault-damaged', `the part ${name} of the vault is missing: restore it from a backup`);
    }
    return this.#opened(name, await this.#openFiles(await this.#directory(), name), key);
  }

  async inspectPart(name: PartName): Promise<PartInspection> {
    const open = this.#open.get(name);
    const files = open ?? (await this.#openFiles(await this.#directory(), name));
    const [database, ...journals] = [files.database, files.wal, files.journal].map(readWhole) as [
      Uint8Array,
      ...Uint8Array[],
    ];
    if (open === undefined) closeFiles(files);
    const sqlite = await loadSqlite();
    using wrongKey = new Secret(new Uint8Array(32));
    const raw = concat(database, ...journals);
    return {
      path: `opfs:/${this.#root.name}/${this.#name}/${name}.db`,
      raw,
      opensWithoutKey: opens(sqlite, database.slice(), null),
      opensWithWrongKey: opens(sqlite, database, wrongKey),
    };
  }

  async #opened(name: PartName, files: PartFiles, key: Secret): Promise<OpenPart> {
    try {
      const part = new SqlCipherPart(await loadSqlite(), files, key);
      this.#open.set(name, files);
      return {
        query: part.query.bind(part),
        apply: part.apply.bind(part),
        close: async () => {
          await part.close();
          closeFiles(files);
          this.#open.delete(name);
          if (this.#isErased) await this.#removePart(name);
        },
      };
    } catch (cause) {
      closeFiles(files);
      throw cause;
    }
  }

  async #openFiles(directory: FileSystemDirectoryHandle, name: PartName): Promise<PartFiles> {
    const file = async (suffix: string) =>
      openHandle(await directory.getFileHandle(`${name}.db${suffix}`, { create: true }));
    return { database: await file(''), wal: await file('-wal'), journal: await file('-journal') };
  }

  async #removePart(name: PartName): Promise<void> {
    const directory = await this.#directory();
    for (const suffix of ['', '-wal', '-journal']) await removeEntry(directory, `${name}.db${suffix}`);
  }

  #file(name: VaultFile): SlottedFile {
    const known = this.#files.get(name) ?? new SlottedFile(() => this.#directory(), name);
    this.#files.set(name, known);
    return known;
  }

  #directory(options: { readonly create?: boolean } = {}): Promise<FileSystemDirectoryHandle> {
    return this.#root.getDirectoryHandle(this.#name, options);
  }

  /** The fallback where there is no directory yet. */
  async #existing<Result>(fallback: Result, work: () => Promise<Result>): Promise<Result> {
    const directory = await this.#directory().catch(missing);
    return directory === null ? fallback : work();
  }
}

function closeFiles(files: PartFiles): void {
  for (const file of Object.values(files)) file.close();
}

/** Runs what writes; want of space becomes `disk-full`. */
export async function storing<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw isFull(cause) ? diskFull(cause) : cause;
  }
}

/** First what opens the vault. */
const FILES: readonly VaultFile[] = [
  'keystore',
  'offline',
  'passkeys',
  'device.p12',
  'sign-up',
  'enrolment',
  'account',
];
