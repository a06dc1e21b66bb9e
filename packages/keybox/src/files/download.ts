import { equal, Fault, release } from '@sotto/bytes';
import { restoreStreamChunks, Secret, STREAM_HEAD_BYTES, type StreamChunks } from '@sotto/crypto';
import { fileStreamKey } from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { ByteTarget, RunningHash } from '../ports.ts';
import type { Session } from '../session.ts';
import { openBlob } from './blob-client.ts';
import { ByteReader } from './byte-reader.ts';
import { ChunkLayout } from './chunk-layout.ts';
import type { FileRow } from './file-history.ts';
import { checkSignal, Patience } from './patience.ts';
import type { Transfer, TransferStore } from './transfer-store.ts';
import type { TransferOptions } from './upload.ts';

/**
 * Brings a blob's content into the part of a target, from wherever an earlier run came to. What lies in the part counts
 * only as far as the kept hashes of verified chunks confirm it. Throws `file-damaged` for content that is not what its
 * record says, whoever changed it; `blob-withheld`.
 */
export class Download {
  readonly #session: Session;
  readonly #store: TransferStore;
  readonly #subject: DownloadSubject;
  readonly #layout: ChunkLayout;
  readonly #patience: Patience;
  readonly #contentHash: RunningHash;
  #head: Uint8Array | null;
  /** Chunks that are in the part and verified. */
  #verified = 0;
  /** Verified in this run, and their hashes not kept yet. */
  #fresh: Uint8Array[] = [];

  constructor(session: Session, store: TransferStore, subject: DownloadSubject) {
    this.#session = session;
    this.#store = store;
    this.#subject = subject;
    this.#layout = new ChunkLayout(subject.row.size_bytes);
    this.#patience = new Patience(session.clock, subject.options.signal);
    this.#contentHash = session.blobs.sha256();
    this.#head = subject.transfer.state.head;
  }

  /** When it resolves the part holds the whole content, verified. */
  async run(): Promise<void> {
    await this.#verifyPart();
    for (let damages = 0; this.#verified < this.#layout.chunks; ) {
      const before = this.#verified;
      try {
        await this.#fetch();
      } catch (cause) {
        await this.#keepFresh();
        if (this.#verified > before) this.#patience.renew();
        if (this.#verified === 0) this.#head = null;
        // Once more from there: a proxy may have garbled it.
        const isFinal = damages > 0 || this.#verified === this.#layout.chunks;
        if (isDamage(cause)) damages += 1;
        if (!isDamage(cause) || isFinal) await this.#patience.wait(cause);
      }
    }
    await this.#keepFresh();
    if (equal(this.#contentHash.digest(), this.#subject.row.content_hash)) return;
    // Every chunk is the sender's: to fetch them again would change nothing.
    await this.#subject.target.discard();
    await this.#store.remove(this.#subject.transfer.id);
    throw damaged('the content has another hash');
  }

  /** Takes over of the part what the kept hashes confirm, and cuts it behind that. */
  async #verifyPart(): Promise<void> {
    const { target, transfer } = this.#subject;
    const there = await target.partBytes();
    const layout = this.#layout;
    while (this.#head !== null && this.#verified < layout.chunks) {
      checkSignal(this.#subject.options.signal);
      const n = this.#verified;
      const [kept] = await this.#store.chunks(transfer, n, 1);
      const length = layout.contentBytes(n);
      if (kept == null || layout.contentStart(n) + length > there) break;
      const content = length === 0 ? new Uint8Array() : await target.read(layout.contentStart(n), length);
      if (content.length !== length || !equal(this.#hash(n, layout.padded(n, content)), kept)) break;
      this.#contentHash.update(content);
      release(content);
      this.#verified += 1;
    }
    await this.#store.forgetChunks(transfer, this.#verified);
    await target.truncate(layout.contentStart(this.#verified));
  }

  async #fetch(): Promise<void> {
    const { row, options, transfer } = this.#subject;
    const { signal } = options;
    checkSignal(signal);
    const layout = this.#layout;
    const from = this.#head === null ? 0 : layout.sealedStart(this.#verified);
    const blob = { room: transfer.room, hash: row.blob_hash, sizeBytes: layout.sealedStart(layout.chunks) };
    const reader = new ByteReader(await openBlob(this.#session, blob, { from, signal }));
    try {
      this.#head ??= await this.#takeHead(reader);
      using chunks = this.#openStream(this.#head);
      while (this.#verified < layout.chunks) await this.#take(chunks, reader);
      if (!(await reader.isAtEnd())) throw damaged('bytes behind the end');
    } finally {
      await reader.close();
    }
  }

  async #takeHead(reader: ByteReader): Promise<Uint8Array> {
    const head = await reader.take(STREAM_HEAD_BYTES);
    if (head === null) throw brokenOff();
    return head;
  }

  async #take(chunks: StreamChunks, reader: ByteReader): Promise<void> {
    const { target, options } = this.#subject;
    const layout = this.#layout;
    const n = this.#verified;
    checkSignal(options.signal);
    const sealed = await reader.take(layout.sealedBytes(n));
    if (sealed === null) throw brokenOff();
    const plain = await chunks.open(layout.place(n), sealed).catch(asDamage);
    release(sealed);
    const content = plain.subarray(0, layout.contentBytes(n));
    if (plain.subarray(content.length).some((byte) => byte !== 0)) throw damaged('padding that is not zero');
    if (content.length > 0) await target.write(layout.contentStart(n), content);
    this.#contentHash.update(content);
    this.#fresh.push(this.#hash(n, plain));
    release(plain);
    this.#verified += 1;
    if (n === 0) await this.#keepHead();
    if (this.#fresh.length >= KEPT_TOGETHER) await this.#keepFresh();
    options.progress?.(layout.contentStart(this.#verified), layout.sizeBytes);
  }

  /** Not before a chunk has opened under it: half of it is not committed to. */
  async #keepHead(): Promise<void> {
    const { id, state } = this.#subject.transfer;
    await this.#store.update({ id, state: { ...state, head: this.#head } });
  }

  /** What is not kept when the program is killed is fetched again. */
  async #keepFresh(): Promise<void> {
    if (this.#fresh.length === 0) return;
    const from = this.#verified - this.#fresh.length;
    const doneBytes = this.#layout.contentStart(this.#verified);
    await this.#store.keepChunks(this.#subject.transfer, from, { hashes: this.#fresh, doneBytes });
    this.#fresh = [];
  }

  #openStream(head: Uint8Array): StreamChunks {
    const { row, transfer } = this.#subject;
    using key = new Secret(row.blob_key);
    const streamKey = fileStreamKey(key, { room: transfer.room, record: row.id, sizeBytes: row.size_bytes });
    try {
      return restoreStreamChunks(this.#session.primitives, streamKey, head);
    } catch (cause) {
      return asDamage(cause);
    }
  }

  #hash(n: number, plain: Uint8Array): Uint8Array {
    return this.#layout.hash(n, plain, () => this.#session.blobs.sha256());
  }
}

export interface DownloadSubject {
  readonly transfer: Transfer;
  readonly row: FileRow;
  readonly target: ByteTarget;
  readonly options: TransferOptions;
}

function isDamage(cause: unknown): boolean {
  return cause instanceof Fault && cause.code === 'file-damaged';
}

/** One code whatever is wrong with the bytes. */
function asDamage(cause: unknown): never {
  if (cause instanceof Fault && cause.code === 'open-failed') throw damaged('it does not open', cause);
  throw cause;
}

function damaged(what: string, cause?: unknown): KeyboxPeerFault {
  return new KeyboxPeerFault('file-damaged', `the content of the file is not what its sender signed: ${what}`, {
    cause,
  });
}

function brokenOff(): KeyboxUsageFault {
  return new KeyboxUsageFault('unreachable', 'the server broke the download off: try again later');
}

const KEPT_TOGETHER = 8;
