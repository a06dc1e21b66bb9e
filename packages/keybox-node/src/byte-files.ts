import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Fault } from '@sotto/bytes';
import { type ByteSource, type ByteTarget, KeyboxUsageFault } from '@sotto/keybox';
import { storingAsync, syncDirectory } from './files.ts';

/** A file to be sent. */
export class FileSource implements ByteSource, AsyncDisposable {
  readonly place: string;
  readonly #file: FileHandle;

  private constructor(place: string, file: FileHandle) {
    this.place = place;
    this.#file = file;
  }

  /** Throws `file-unreadable`, also for what is no regular file. */
  static async open(path: string): Promise<FileSource> {
    const place = resolve(path);
    const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK).catch(unreadable);
    if ((await file.stat()).isFile()) return new FileSource(place, file);
    await file.close();
    throw new KeyboxUsageFault('file-unreadable', 'only regular files are sent');
  }

  async sizeBytes(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return readAt(this.#file, offset, length).catch(unreadable);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** A file to be received. The part lies beside it, hidden, for its owner alone. */
export class FileTarget implements ByteTarget, AsyncDisposable {
  readonly place: string;
  readonly #part: string;
  #file: FileHandle | null = null;

  constructor(path: string) {
    this.place = resolve(path);
    const name = createHash('sha256').update(basename(this.place)).digest('hex').slice(0, 16);
    this.#part = join(dirname(this.place), `.sotto-${name}.part`);
  }

  async exists(): Promise<boolean> {
    return isThere(this.place);
  }

  async partBytes(): Promise<number> {
    return (await stat(this.#part).catch(missing))?.size ?? 0;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return readAt(await this.#opened(), offset, length);
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    const file = await this.#opened();
    await writing(async () => {
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    });
  }

  async truncate(sizeBytes: number): Promise<void> {
    const file = await this.#opened();
    await writing(() => file.truncate(sizeBytes));
  }

  async commit({ replace }: { readonly replace: boolean }): Promise<void> {
    const file = await this.#opened();
    await writing(() => file.sync());
    await this[Symbol.asyncDispose]();
    await writing(() => (replace ? rename(this.#part, this.place) : this.#linkNew()));
    // Of two names of one file a rename leaves both.
    await rm(this.#part, { force: true });
    syncDirectory(dirname(this.place));
  }

  async discard(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await rm(this.#part, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  /** Unlike a rename, a link never takes the place of what came there meanwhile. */
  async #linkNew(): Promise<void> {
    try {
      await link(this.#part, this.place);
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') throw new KeyboxUsageFault('file-exists', 'something has that name already');
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(cause))) throw cause;
      // A file system without links.
      if (await isThere(this.place)) throw new KeyboxUsageFault('file-exists', 'something has that name already');
      return rename(this.#part, this.place);
    }
    await rm(this.#part);
  }

  /** A crash may have come between the part's new name and the end of its old one. */
  async #isCommitted({ ino, dev, nlink }: Stats): Promise<boolean> {
    const there = await lstat(this.place).catch(missing);
    return nlink === 2 && there?.ino === ino && there.dev === dev;
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file !== null) return this.#file;
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await storingAsync(() => open(this.#part, flags, 0o600));
    const facts = await file.stat();
    // In a folder of many somebody else may have laid it there, to read along, or to have another file overwritten.
    const isOwn = facts.isFile() && facts.uid === (process.getuid?.() ?? facts.uid);
    if (!isOwn || (facts.nlink > 1 && !(await this.#isCommitted(facts)))) {
      await file.close();
      throw new KeyboxUsageFault('file-unwritable', 'what lies in the place of the part is not of this user alone');
    }
    this.#file = file;
    return file;
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Also a link that leads nowhere is there. */
async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(missing)) !== null;
}

/** What the file system says of a place becomes a fault of who named it. */
async function writing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await storingAsync(work);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new KeyboxUsageFault('file-unwritable', 'the file cannot be written there', { cause });
  }
}

function unreadable(cause: unknown): never {
  throw new KeyboxUsageFault('file-unreadable', 'the file cannot be read', { cause });
}

function missing(cause: unknown): null {
  if (codeOf(cause) === 'ENOENT') return null;
  throw cause;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
