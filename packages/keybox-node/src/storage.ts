import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
import { makeDirectory, overwriteFile, readFile, removeFile, replaceFile, storing, syncDirectory } from './files.ts';
import { opens, SqlCipherPart } from './part.ts';

/** One account's vault in a directory of its own, which the first write makes. */
export class DirectoryStorage implements VaultStorage {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read(file: VaultFile): Promise<Uint8Array | null> {
    return readFile(join(this.#directory, file));
  }

  async replace(file: VaultFile, content: Uint8Array): Promise<void> {
    makeDirectory(this.#directory);
    replaceFile(join(this.#directory, file), content);
  }

  async remove(file: VaultFile): Promise<void> {
    removeFile(join(this.#directory, file));
  }

  async erase(notice: Uint8Array): Promise<void> {
    await this.replace('revoked', notice);
    for (const file of FILES) {
      const path = join(this.#directory, file);
      // What lies under the name is overwritten before the name goes; a medium that keeps old blocks keeps them all the same.
      if (existsSync(path)) overwriteFile(path);
      removeFile(path);
    }
    for (const name of partNames) {
      for (const suffix of ['', ...JOURNALS]) removeFile(this.#path(name) + suffix);
    }
  }

  pathOf(file: VaultFile): string {
    return join(this.#directory, file);
  }

  async hasPart(name: PartName): Promise<boolean> {
    return (statSync(this.#path(name), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  async createPart(name: PartName, key: Secret): Promise<OpenPart> {
    const path = this.#path(name);
    makeDirectory(this.#directory);
    for (const suffix of ['', ...JOURNALS]) rmSync(path + suffix, { force: true });
    // Made here so that the mode is right; SQLite gives its journals the same.
    storing(() => closeSync(openSync(path, 'wx', 0o600)));
    syncDirectory(this.#directory);
    return new SqlCipherPart(path, key);
  }

  async openPart(name: PartName, key: Secret): Promise<OpenPart> {
    if (!(await this.hasPart(name))) {
      throw new KeyboxPeerFault('vault-damaged', `the part ${name} of the vault is missing: restore it from a backup`);
    }
    return new SqlCipherPart(this.#path(name), key);
  }

  async inspectPart(name: PartName): Promise<PartInspection> {
    const path = this.#path(name);
    // Not `-shm`: an index of page numbers, mostly zeros.
    const raw = ['', '-wal', '-journal'].map((suffix) => readFile(path + suffix) ?? new Uint8Array());
    const wrongKey = new Secret(new Uint8Array(32));
    return {
      path,
      raw: concat(...raw),
      opensWithoutKey: existsSync(path) && opens(path, null),
      opensWithWrongKey: existsSync(path) && opens(path, wrongKey),
    };
  }

  #path(name: PartName): string {
    return join(this.#directory, `${name}.db`);
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
const JOURNALS = ['-wal', '-shm', '-journal'];
