import { concat, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { SyncFile } from './sync-file.ts';

/**
 * A small file in two slots, `NAME.0` and `NAME.1`, each a count (8 bytes, big-endian), the SHA-256 of count and content,
 * and the content. A new content goes into the older slot and counts once it is durable and whole: a browser promises
 * neither that a file takes another's place at once nor when it does for good. docs/spec/vault.md.
 */
export class SlottedFile {
  readonly #directory: () => Promise<FileSystemDirectoryHandle>;
  readonly #name: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: () => Promise<FileSystemDirectoryHandle>, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** The newest content that is whole; null if there is none. */
  read(): Promise<Uint8Array | null> {
    return this.#inTurn(async () => newest(await this.#slots())?.content ?? null);
  }

  replace(content: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const slots = await this.#slots();
      const last = newest(slots);
      await this.#write(last === null || last === slots[1] ? 0 : 1, encode((last?.count ?? 0) + 1, content));
    });
  }

  /** It may be gone already; the older slot goes first, so that it is never the one that is left. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      const slots = await this.#slots();
      const order = newest(slots) === slots[0] ? [1, 0] : [0, 1];
      for (const slot of order) await removeEntry(await this.#directory(), `${this.#name}.${slot}`);
    });
  }

  /** Writes zeros over both slots and removes them. */
  wipe(): Promise<void> {
    return this.#inTurn(async () => {
      const directory = await this.#directory();
      for (const slot of [0, 1]) {
        const name = `${this.#name}.${slot}`;
        const handle = await directory.getFileHandle(name).catch(missing);
        if (handle === null) continue;
        using file = disposable(await openHandle(handle));
        file.write(new Uint8Array(file.getSize()), { at: 0 });
        file.flush();
        file.close();
        await removeEntry(directory, name);
      }
    });
  }

  async #slots(): Promise<readonly [Slot | null, Slot | null]> {
    const directory = await this.#directory();
    const slot = async (n: number): Promise<Slot | null> => {
      const handle = await directory.getFileHandle(`${this.#name}.${n}`).catch(missing);
      return handle === null ? null : decode(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
    };
    return [await slot(0), await slot(1)];
  }

  async #write(slot: number, bytes: Uint8Array): Promise<void> {
    const directory = await this.#directory();
    const handle = await directory.getFileHandle(`${this.#name}.${slot}`, { create: true });
    using file = disposable(await openHandle(handle));
    file.truncate(0);
    for (let at = 0; at < bytes.length; ) {
      const written = file.write(bytes.subarray(at), { at });
      if (written === 0) throw new DOMException('nothing was written', 'QuotaExceededError');
      at += written;
    }
    file.flush();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work, work);
    this.#turn = result;
    return result;
  }
}

/** Opens a file for this worker alone; waits a little for one that ends and has not let go of it yet. */
export async function openHandle(handle: FileSystemFileHandle): Promise<SyncFile> {
  for (let left = OPEN_ATTEMPTS; ; left--) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (cause) {
      if (left === 0 || !(cause instanceof DOMException) || cause.name !== 'NoModificationAllowedError') throw cause;
      await new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MILLISECONDS));
    }
  }
}

export async function removeEntry(directory: FileSystemDirectoryHandle, name: string): Promise<void> {
  await directory.removeEntry(name, { recursive: true }).catch(missing);
}

/** For what may not be there. */
export function missing(cause: unknown): null {
  if (cause instanceof DOMException && cause.name === 'NotFoundError') return null;
  throw cause;
}

interface Slot {
  readonly count: number;
  readonly content: Uint8Array;
}

function newest([first, second]: readonly [Slot | null, Slot | null]): Slot | null {
  if (first === null || second === null) return first ?? second;
  return first.count > second.count ? first : second;
}

function encode(count: number, content: Uint8Array): Uint8Array {
  const head = new Uint8Array(COUNT_BYTES);
  new DataView(head.buffer).setBigUint64(0, BigInt(count));
  return concat(head, sha256(head, content), content);
}

/** Null for what a write left that did not come to its end. */
function decode(bytes: Uint8Array): Slot | null {
  if (bytes.length < HEAD_BYTES) return null;
  const [head, hash, content] = [
    bytes.slice(0, COUNT_BYTES),
    bytes.subarray(COUNT_BYTES, HEAD_BYTES),
    bytes.slice(HEAD_BYTES),
  ];
  if (!equal(sha256(head, content), hash)) return null;
  return { count: Number(new DataView(head.buffer).getBigUint64(0)), content };
}

function disposable(file: SyncFile): SyncFile & Disposable {
  return Object.assign(file, { [Symbol.dispose]: () => file.close() });
}

const COUNT_BYTES = 8;
const HEAD_BYTES = COUNT_BYTES + 32;
const OPEN_ATTEMPTS = 60;
const OPEN_PAUSE_MILLISECONDS = 50;
