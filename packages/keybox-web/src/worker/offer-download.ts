import { Fault } from '@sotto/bytes';
import { type ByteTarget, type FileView, type KeyBox, KeyboxUsageFault } from '@sotto/keybox';
import { DOWNLOAD_PATH, type DownloadAnswer, type DownloadRequest, downloadChannel } from '../download-stream.ts';
import type { FileToRead } from '../vault.ts';
import { forgetTransfer } from './memory-target.ts';
import type { Tasks } from './tasks.ts';

/** Offers a file to the service worker; it is fetched and decrypted as fast as the browser takes it. */
export async function offerDownload(
  box: KeyBox,
  tasks: Tasks,
  { task, room, file, version }: FileToRead,
): Promise<{ readonly path: string; readonly file: FileView }> {
  const versions = await box.files.versions(room, file);
  const view = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
  if (view === undefined) throw new KeyboxUsageFault('not-found', 'the room has no such file');
  const id = crypto.randomUUID();
  const stream = new DownloadStream(id, view);
  const progress = (done: number, total: number): void => tasks.bytes(task, 'download', [done, total]);
  const run = (stop: AbortSignal): Promise<unknown> => {
    const signal = AbortSignal.any([stop, stream.signal]);
    stop.addEventListener('abort', () => stream.fail('cancelled'));
    return stream.opened.then(() =>
      box.files.get(room, file, { target: stream, version: view.version, progress, signal }),
    );
  };
  tasks.run(task, run).then(
    () => {
      stream.end();
      tasks.over(task, null);
    },
    async (cause: unknown) => {
      stream.fail(cause instanceof Fault ? cause.code : 'bug');
      tasks.over(task, cause);
      // It was begun for this reader alone; a vault that is locked meanwhile keeps no more than a row of it.
      await forgetTransfer(box, stream.place).catch(() => undefined);
    },
  );
  return { path: `${DOWNLOAD_PATH}${id}`, file: view };
}

/** What a service worker reads: each piece waits until it is asked for. */
class DownloadStream implements ByteTarget {
  readonly place: string;
  /** Resolves when somebody reads. */
  readonly opened: Promise<void>;
  readonly #channel: BroadcastChannel;
  readonly #stop = new AbortController();
  readonly #view: FileView;
  #wanted = Promise.withResolvers<void>();
  #written = 0;
  #isClosed = false;
  /** The beginning, for the index of words. */
  #kept: Uint8Array[] = [];

  constructor(id: string, view: FileView) {
    this.place = `download:${id}`;
    this.#view = view;
    this.#channel = downloadChannel(id);
    const opening = Promise.withResolvers<void>();
    this.opened = opening.promise;
    const withdraw = setTimeout(() => this.#stop.abort(), OPEN_MILLISECONDS);
    this.signal.addEventListener('abort', () => opening.reject(cancelled()));
    this.#channel.onmessage = ({ data }: MessageEvent<DownloadRequest>) => {
      clearTimeout(withdraw);
      if (data.kind === 'open') this.#say({ kind: 'head', name: view.name, sizeBytes: view.sizeBytes });
      if (data.kind === 'open') opening.resolve();
      if (data.kind === 'pull') this.#wanted.resolve();
      if (data.kind === 'cancel') this.#stop.abort();
    };
  }

  /** Aborts when nobody reads any more. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  async exists(): Promise<boolean> {
    return false;
  }

  /** What was given away is not here any more: a transfer that broke off goes on in its own run alone. */
  async partBytes(): Promise<number> {
    return 0;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return new Uint8Array(await new Blob(this.#kept as BlobPart[]).slice(offset, offset + length).arrayBuffer());
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset !== this.#written) throw cancelled();
    const piece = bytes.slice();
    if (this.#view.sizeBytes <= KEPT_BYTES) this.#kept.push(piece);
    await this.#asked();
    this.#say({ kind: 'piece', bytes: piece });
    this.#written += piece.length;
  }

  async truncate(): Promise<void> {
    // The first piece is the first byte.
  }

  async commit(): Promise<void> {
    await this.#asked();
  }

  async discard(): Promise<void> {
    this.#kept = [];
  }

  end(): void {
    this.#say({ kind: 'end' });
    this.#channel.close();
  }

  fail(code: string): void {
    if (this.#isClosed) return;
    this.#say({ kind: 'fault', code });
    this.#isClosed = true;
    this.#channel.close();
  }

  async #asked(): Promise<void> {
    await Promise.race([this.#wanted.promise, aborted(this.signal)]);
    if (this.signal.aborted) throw cancelled();
    this.#wanted = Promise.withResolvers<void>();
  }

  #say(answer: DownloadAnswer): void {
    this.#channel.postMessage(answer);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function cancelled(): KeyboxUsageFault {
  return new KeyboxUsageFault('cancelled', 'nobody reads this download any more');
}

const OPEN_MILLISECONDS = 60_000;
/** Of files whose words are found. */
const KEPT_BYTES = 1024 * 1024;
