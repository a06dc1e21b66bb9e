import { equal, release } from '@sotto/bytes';
import { createStreamChunks, restoreStreamChunks, Secret, STREAM_HEAD_BYTES, type StreamChunks } from '@sotto/crypto';
import { fileStreamKey } from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { ByteSource, RunningHash } from '../ports.ts';
import type { Session } from '../session.ts';
import { UploadLink } from './blob-client.ts';
import { ChunkLayout } from './chunk-layout.ts';
import { checkSignal, Patience } from './patience.ts';
import type { Transfer, TransferStore } from './transfer-store.ts';

export interface TransferOptions {
  /** Content bytes that are done, and all. */
  readonly progress?: ((doneBytes: number, sizeBytes: number) => void) | undefined;
  /** Stops, so that the transfer can be gone on with. */
  readonly signal?: AbortSignal | undefined;
}

/** Content that is not what an earlier run of the upload read: the blob is abandoned, and its key with it. */
export class ContentChanged extends Error {}

/**
 * Brings a content to the server as one blob, from wherever an earlier run came to. The hash of each chunk is durable
 * before its first byte leaves, and a chunk is sealed only if that hash is its own: the stream's nonces, which are the
 * same in every run, serve one plaintext each. Throws `ContentChanged`, and what the server refuses.
 */
export class Upload {
  readonly #session: Session;
  readonly #store: TransferStore;
  readonly #source: ByteSource;
  readonly #options: TransferOptions;
  readonly #patience: Patience;
  readonly #layout: ChunkLayout;
  #transfer: Transfer;
  #link: UploadLink | null = null;
  /** Bytes that the server has. */
  #offset = 0;

  constructor(session: Session, store: TransferStore, { transfer, source, options }: UploadSubject) {
    this.#session = session;
    this.#store = store;
    this.#transfer = transfer;
    this.#source = source;
    this.#options = options;
    this.#patience = new Patience(session.clock, options.signal);
    this.#layout = new ChunkLayout(transfer.sizeBytes);
  }

  /** The transfer as it is kept, with `sent`. */
  async run(): Promise<Transfer> {
    for (let rewinds = 0; rewinds < MAX_REWINDS; rewinds++) {
      await this.#locate();
      await this.#checkKnown();
      using chunks = this.#openStream();
      const sent = await this.#pass(chunks);
      if (sent === null) continue;
      if ((await this.#source.sizeBytes()) !== this.#transfer.sizeBytes) throw new ContentChanged();
      await this.#finish(sent.hash);
      return this.#keep({ sent });
    }
    throw new KeyboxPeerFault('answer-malformed', 'the server loses again and again what it had');
  }

  #openStream(): StreamChunks {
    const { room, record, sizeBytes, state } = this.#transfer;
    using key = new Secret(state.key as Uint8Array);
    const streamKey = fileStreamKey(key, { room, record, sizeBytes });
    return restoreStreamChunks(this.#session.primitives, streamKey, state.head as Uint8Array);
  }

  /** Goes through the content once and sends what the server lacks; null if it has lost what it had. */
  async #pass(chunks: StreamChunks): Promise<{ readonly hash: Uint8Array; readonly contentHash: Uint8Array } | null> {
    const hash = this.#session.blobs.sha256();
    const contentHash = this.#session.blobs.sha256();
    for (let from = 0; from < this.#layout.chunks; from += SEGMENT_CHUNKS) {
      const pieces = await this.#seal(chunks, from, contentHash);
      const body = from === 0 ? [chunks.head, ...pieces] : pieces;
      for (const piece of body) hash.update(piece);
      const start = from === 0 ? 0 : this.#layout.sealedStart(from);
      if (!(await this.#deliver(start, body))) return null;
      const done = Math.min(this.#offset, start + sizeOf(body)) - STREAM_HEAD_BYTES;
      for (const piece of pieces) release(piece);
      this.#options.progress?.(Math.max(0, Math.min(done, this.#layout.sizeBytes)), this.#layout.sizeBytes);
    }
    return { hash: hash.digest(), contentHash: contentHash.digest() };
  }

  async #seal(chunks: StreamChunks, from: number, contentHash: RunningHash): Promise<Uint8Array[]> {
    const { blobs } = this.#session;
    const layout = this.#layout;
    const plain: Uint8Array[] = [];
    for (let n = from; n < Math.min(from + SEGMENT_CHUNKS, layout.chunks); n++) {
      checkSignal(this.#options.signal);
      const length = layout.contentBytes(n);
      const content = length === 0 ? new Uint8Array() : await this.#source.read(layout.contentStart(n), length);
      if (content.length !== length) throw new ContentChanged();
      contentHash.update(content);
      const padded = layout.padded(n, content);
      if (padded !== content) release(content);
      plain.push(padded);
    }
    const hashes = plain.map((bytes, i) => layout.hash(from + i, bytes, () => blobs.sha256()));
    await this.#keepHashes(from, hashes);
    const sealed: Uint8Array[] = [];
    for (const [i, bytes] of plain.entries()) {
      sealed.push(await chunks.seal(layout.place(from + i), bytes));
      release(bytes);
    }
    return sealed;
  }

  /** From here on, and not before, these plaintexts may be sealed. */
  async #keepHashes(from: number, hashes: readonly Uint8Array[]): Promise<void> {
    const known = await this.#store.chunks(this.#transfer, from, hashes.length);
    if (hashes.every((hash, i) => known[i] != null && equal(known[i], hash))) return;
    const doneBytes = this.#layout.contentStart(from);
    if (!(await this.#store.keepChunks(this.#transfer, from, { hashes, doneBytes }))) throw new ContentChanged();
  }

  /** Sends what of these bytes the server lacks; false if it lacks bytes before them, or another key has begun. */
  async #deliver(start: number, body: readonly Uint8Array[]): Promise<boolean> {
    const end = start + sizeOf(body);
    const { stream } = this.#transfer.state;
    while (this.#offset < end) {
      if (this.#offset < start || this.#transfer.state.stream !== stream) return false;
      try {
        const link = this.#link as UploadLink;
        const { signal } = this.#options;
        const taken = await link.append(this.#offset, { body: after(body, this.#offset - start), signal });
        if (taken !== end) throw unfulfilled();
        this.#offset = end;
        this.#patience.renew();
      } catch (cause) {
        await this.#patience.wait(cause);
        await this.#locate();
      }
    }
    return true;
  }

  /** Learns how much the server has, of an upload that is made if there is none any more. */
  async #locate(): Promise<void> {
    for (;;) {
      checkSignal(this.#options.signal);
      try {
        this.#link = (await this.#resumed()) ?? (await this.#created());
        const offset = await this.#link.offset(this.#options.signal);
        if (typeof offset === 'number') {
          if (offset > this.#offset) this.#patience.renew();
          this.#offset = Math.min(offset, this.#layout.sealedStart(this.#layout.chunks));
          return;
        }
        throw unfulfilled();
      } catch (cause) {
        await this.#patience.wait(cause);
      }
    }
  }

  async #resumed(): Promise<UploadLink | null> {
    const { upload } = this.#transfer.state;
    return upload === null ? null : UploadLink.resume(this.#session, upload);
  }

  /** Each upload has a key of its own: a vault that was put back meets one that it knows, or begins another. */
  async #created(): Promise<UploadLink> {
    const { primitives } = this.#session;
    const { room, record, sizeBytes } = this.#transfer;
    const link = await UploadLink.create(this.#session, room, this.#layout.sealedStart(this.#layout.chunks));
    const key = primitives.randomBytes(32);
    using secret = new Secret(key);
    using chunks = createStreamChunks(primitives, fileStreamKey(secret, { room, record, sizeBytes }));
    await this.#keep({ upload: link.upload, stream: primitives.randomBytes(16), key, head: chunks.head });
    return link;
  }

  /** A vault that knows less than the server was put back: what it does not know it must not seal again. */
  async #checkKnown(): Promise<void> {
    const known = await this.#store.knownChunks(this.#transfer);
    if (this.#offset > this.#layout.sealedStart(Math.min(known, this.#layout.chunks))) throw new ContentChanged();
  }

  async #finish(hash: Uint8Array): Promise<void> {
    for (;;) {
      try {
        const { upload } = this.#link as UploadLink;
        await this.#session.link.call('blobs.finish', { upload, hash });
        return;
      } catch (cause) {
        await this.#patience.wait(cause);
      }
    }
  }

  async #keep(state: Partial<Transfer['state']>): Promise<Transfer> {
    this.#transfer = { ...this.#transfer, state: { ...this.#transfer.state, ...state } };
    await this.#store.update(this.#transfer);
    return this.#transfer;
  }
}

export interface UploadSubject {
  readonly transfer: Transfer;
  readonly source: ByteSource;
  readonly options: TransferOptions;
}

function unfulfilled(): KeyboxUsageFault {
  return new KeyboxUsageFault('unreachable', 'the server does not take the upload: try again later');
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** What is left of pieces behind their first `skip` bytes. */
function after(pieces: readonly Uint8Array[], skip: number): Uint8Array[] {
  let left = skip;
  const rest: Uint8Array[] = [];
  for (const piece of pieces) {
    if (left < piece.length) rest.push(piece.subarray(left));
    left = Math.max(0, left - piece.length);
  }
  return rest;
}

/** What one request carries: 4 MiB, which a slow line moves before a server loses patience. */
const SEGMENT_CHUNKS = 4;
const MAX_REWINDS = 8;
