import { createReadStream } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hex, parseHex } from '@sotto/bytes';
import { type RunningHash, runningSha256 } from '../adapters/sha256.ts';
import { isMissing, onDisk } from './fault.ts';

/**
 * Blobs in a folder: `xx/HASH` for each, `xx` the first two digits of its hash, and `uploads/ID` for what is on its
 * way. A file under its hash is whole. Throws `disk-full` and `blob-store-gone`.
 */
export class BlobFiles {
  readonly #directory: string;
  /** Hashes of uploads that came to this process from their first byte on. */
  readonly #running = new Map<string, { readonly hash: RunningHash; offset: number }>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async createUpload(upload: Uint8Array): Promise<void> {
    await onDisk(async () => {
      await mkdir(join(this.#directory, UPLOADS), { recursive: true, mode: 0o700 });
      await (await open(this.#uploadPath(upload), 'wx', 0o600)).close();
      await syncFolder(join(this.#directory, UPLOADS));
    });
  }

  /** Bytes that are there. */
  async offsetOf(upload: Uint8Array): Promise<number> {
    return onDisk(async () => (await stat(this.#uploadPath(upload))).size);
  }

  /**
   * Appends what comes, at most `maxBytes`; what came is durable when it resolves, and when the source fails. Returns
   * the new offset, or null if there was more, and then nothing was appended.
   */
  async append(upload: Uint8Array, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<number | null> {
    const file = await onDisk(() => open(this.#uploadPath(upload), 'r+'));
    try {
      const { size } = await onDisk(() => file.stat());
      return await this.#write(file, { upload, size, source, maxBytes });
    } finally {
      await file.close();
    }
  }

  /** SHA-256 of the whole upload. */
  async hashOf(upload: Uint8Array): Promise<Uint8Array> {
    const running = this.#running.get(hex(upload));
    this.#running.delete(hex(upload));
    if (running !== undefined && running.offset === (await this.offsetOf(upload))) return running.hash.digest();
    return onDisk(async () => {
      const hash = runningSha256();
      for await (const bytes of createReadStream(this.#uploadPath(upload), READ_OPTIONS)) hash.update(bytes);
      return hash.digest();
    });
  }

  /**
   * Puts a whole upload under its hash, durably; it may stand there already. It stays an upload as well, for a client
   * that asks how far it came, until `removeUpload`.
   */
  async keep(upload: Uint8Array, hash: Uint8Array): Promise<void> {
    await onDisk(async () => {
      const folder = this.#folderOf(hash);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await linkOrMove(this.#uploadPath(upload), this.#pathOf(hash));
      for (const changed of [folder, this.#directory, join(this.#directory, UPLOADS)]) await syncFolder(changed);
    });
  }

  async hasUpload(upload: Uint8Array): Promise<boolean> {
    return isFile(this.#uploadPath(upload));
  }

  /** Whether the file of a hash is there. */
  async has(hash: Uint8Array): Promise<boolean> {
    return isFile(this.#pathOf(hash));
  }

  /** For reading; the caller closes it. */
  async open(hash: Uint8Array): Promise<FileHandle> {
    return onDisk(() => open(this.#pathOf(hash), 'r'));
  }

  async removeUpload(upload: Uint8Array): Promise<void> {
    this.#running.delete(hex(upload));
    await onDisk(() => rm(this.#uploadPath(upload), { force: true }));
  }

  async remove(hash: Uint8Array): Promise<void> {
    await onDisk(() => rm(this.#pathOf(hash), { force: true }));
  }

  /** Hashes, or ids of uploads, whose files were last written before `before` (milliseconds since the epoch). */
  async *older(kind: 'blobs' | 'uploads', before: number): AsyncGenerator<Uint8Array> {
    for (const folder of await this.#folders(kind)) {
      for (const name of await names(folder)) {
        if (!(kind === 'blobs' ? HASH_NAME : UPLOAD_NAME).test(name)) continue;
        const found = await stat(join(folder, name)).catch(() => null);
        if (found !== null && found.mtimeMs < before) yield parseHex(name);
      }
    }
  }

  async #write(file: FileHandle, { upload, size, source, maxBytes }: Appending): Promise<number | null> {
    let offset = size;
    const running = this.#runningAt(upload, size);
    try {
      for await (const bytes of source) {
        if (offset + bytes.length > size + maxBytes) {
          await onDisk(() => file.truncate(size));
          this.#running.delete(hex(upload));
          return null;
        }
        await onDisk(() => writeAll(file, bytes, offset));
        offset += bytes.length;
        running?.hash.update(bytes);
        if (running !== null) running.offset = offset;
      }
      return offset;
    } finally {
      await onDisk(() => file.datasync());
    }
  }

  #runningAt(upload: Uint8Array, offset: number): { readonly hash: RunningHash; offset: number } | null {
    const key = hex(upload);
    const known = this.#running.get(key);
    if (known?.offset === offset) return known;
    this.#running.delete(key);
    if (offset !== 0) return null;
    const begun = { hash: runningSha256(), offset: 0 };
    this.#running.set(key, begun);
    return begun;
  }

  async #folders(kind: 'blobs' | 'uploads'): Promise<readonly string[]> {
    if (kind === 'uploads') return [join(this.#directory, UPLOADS)];
    return (await names(this.#directory))
      .filter((name) => /^[0-9a-f]{2}$/.test(name))
      .map((name) => join(this.#directory, name));
  }

  #uploadPath(upload: Uint8Array): string {
    return join(this.#directory, UPLOADS, hex(upload));
  }

  #folderOf(hash: Uint8Array): string {
    return join(this.#directory, hex(hash).slice(0, 2));
  }

  #pathOf(hash: Uint8Array): string {
    return join(this.#folderOf(hash), hex(hash));
  }
}

interface Appending {
  readonly upload: Uint8Array;
  readonly size: number;
  readonly source: AsyncIterable<Uint8Array>;
  readonly maxBytes: number;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Gives a file a second name, or the new one alone where the file system knows no links. It may have it already. */
async function linkOrMove(path: string, other: string): Promise<void> {
  try {
    await link(path, other);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'EEXIST' || (code === 'ENOENT' && (await isFile(other)))) return;
    if (!LINKLESS.has(code)) throw cause;
    await rename(path, other);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    if (isMissing(cause)) return false;
    throw cause;
  }
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

/** Makes what a folder lists durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const LINKLESS: ReadonlySet<string> = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);
const UPLOADS = 'uploads';
const HASH_NAME = /^[0-9a-f]{64}$/;
const UPLOAD_NAME = /^[0-9a-f]{32}$/;
const READ_OPTIONS = { highWaterMark: 256 * 1024 } as const;
