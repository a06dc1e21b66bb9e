import { FacadeVFS } from '@journeyapps/wa-sqlite/src/FacadeVFS.js';
import { MemoryFile, type SyncFile } from './sync-file.ts';

/**
 * The files that SQLite sees: those that were opened for it beforehand, by name, because OPFS opens files only
 * asynchronously. A file without a byte is not there. Locks are no matter: one worker has the vaults, and each database has
 * one connection.
 */
export class VaultVfs extends FacadeVFS {
  readonly #files = new Map<string, SyncFile>();
  readonly #opened = new Map<number, SyncFile>();

  /** Lends a file under a name until `take` is called. */
  lend(name: string, file: SyncFile): void {
    this.#files.set(name, file);
  }

  take(name: string): void {
    this.#files.delete(name);
  }

  jOpen(name: string | null, id: number, flags: number, outFlags: DataView): number {
    // A temporary file has no name, and its content is not encrypted.
    const file = name === null ? new MemoryFile() : this.#files.get(name);
    if (file === undefined) return SQLITE_CANTOPEN;
    this.#opened.set(id, file);
    outFlags.setInt32(0, flags, true);
    return SQLITE_OK;
  }

  jClose(id: number): number {
    this.#opened.delete(id);
    return SQLITE_OK;
  }

  jRead(id: number, into: Uint8Array, at: number): number {
    const bytes = into.subarray();
    const length = this.#file(id).read(bytes, { at });
    if (length === bytes.length) return SQLITE_OK;
    bytes.fill(0, length);
    return SQLITE_IOERR_SHORT_READ;
  }

  jWrite(id: number, from: Uint8Array, at: number): number {
    const bytes = from.subarray();
    return writing(() => (this.#file(id).write(bytes, { at }) === bytes.length ? SQLITE_OK : SQLITE_FULL));
  }

  jTruncate(id: number, sizeBytes: number): number {
    return writing(() => this.#file(id).truncate(sizeBytes));
  }

  jSync(id: number): number {
    return writing(() => this.#file(id).flush());
  }

  jFileSize(id: number, size: DataView): number {
    size.setBigInt64(0, BigInt(this.#file(id).getSize()), true);
    return SQLITE_OK;
  }

  jAccess(name: string, _flags: number, result: DataView): number {
    result.setInt32(0, (this.#files.get(name)?.getSize() ?? 0) > 0 ? 1 : 0, true);
    return SQLITE_OK;
  }

  jDelete(name: string): number {
    const file = this.#files.get(name);
    if (file === undefined) return SQLITE_OK;
    return writing(() => {
      file.truncate(0);
      file.flush();
    });
  }

  jSectorSize(): number {
    return 4096;
  }

  jDeviceCharacteristics(): number {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
  }

  #file(id: number): SyncFile {
    return this.#opened.get(id) as SyncFile;
  }
}

/** SQLite's number for how it went. */
function writing(work: () => unknown): number {
  try {
    const code = work();
    return typeof code === 'number' ? code : SQLITE_OK;
  } catch (cause) {
    return isFull(cause) ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
}

/** Whether the browser gives no more space. */
export function isFull(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === 'QuotaExceededError' || cause.name === 'NoSpaceError');
}

const SQLITE_OK = 0;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_IOERR_SHORT_READ = 522;
const SQLITE_IOERR_WRITE = 778;
const SQLITE_IOCAP_POWERSAFE_OVERWRITE = 0x1000;
