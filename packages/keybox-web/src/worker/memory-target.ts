import type { ByteTarget, KeyBox } from '@sotto/keybox';
import { MemoryFile } from '../storage/sync-file.ts';

/** Content that is shown and not kept. */
export class MemoryTarget implements ByteTarget {
  readonly place: string = `memory:${crypto.randomUUID()}`;
  readonly #file = new MemoryFile();

  async exists(): Promise<boolean> {
    return false;
  }

  async partBytes(): Promise<number> {
    return this.#file.getSize();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.#file.read(bytes, { at: offset }));
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    this.#file.write(bytes, { at: offset });
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#file.truncate(sizeBytes);
  }

  async commit(): Promise<void> {
    // It is whole; there is no name to give.
  }

  async discard(): Promise<void> {
    this.#file.truncate(0);
  }

  blob(): Blob {
    const bytes = new Uint8Array(this.#file.getSize());
    this.#file.read(bytes, { at: 0 });
    return new Blob([bytes]);
  }
}

/** What a target in memory had begun cannot be gone on with. */
export async function forgetTransfer(box: KeyBox, place: string): Promise<void> {
  const transfers = await box.files.transfers();
  for (const transfer of transfers) if (transfer.place === place) await box.files.cancel(transfer.id);
}

/** Forgets what readers had begun in a worker that is gone: of theirs nothing lies anywhere. */
export async function forgetBrokenReads(box: KeyBox): Promise<void> {
  for (const { id, place } of await box.files.transfers()) {
    if (PLACES.some((begin) => place.startsWith(begin))) await box.files.cancel(id);
  }
}

/** Of content that is shown, and of content that the browser saves. */
const PLACES = ['memory:', 'download:'];
