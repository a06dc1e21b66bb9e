import { Fault, hex } from '@sotto/bytes';
import { STREAM_CHUNK_BYTES } from '@sotto/crypto';
import {
  blobBytes,
  fileNameFault,
  MAX_FILE_BYTES,
  mayWrite,
  ProtocolPolicyFault,
  type VoiceNote,
} from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import type { Messages, Sent } from '../messages.ts';
import { findKey } from '../outbox.ts';
import type { ByteSource } from '../ports.ts';
import type { KeptRoom } from '../room-store.ts';
import { indexFileText } from '../search/file-text.ts';
import type { Session } from '../session.ts';
import type { Transfer, TransferState, TransferStore } from './transfer-store.ts';
import { ContentChanged, type TransferOptions, Upload } from './upload.ts';

export interface NewFile {
  /** One path segment, safe on every system. */
  readonly name: string;
  readonly mediaType?: string;
  /** Id of the file that this content is the next version of. */
  readonly replaces?: string | undefined;
  /** Makes it a recording to be heard at once. */
  readonly voice?: VoiceNote | undefined;
  /** Makes sending again harmless, across commands. */
  readonly key?: string | undefined;
}

export interface SentFile extends Omit<NewFile, 'replaces'> {
  /** The record of the version that it is the next one after. */
  readonly before: { readonly record: Uint8Array; readonly version: number } | null;
}

/** A transfer to be gone on with; or what was sent under the same key before. */
export type Begun =
  | { readonly transfer: string; readonly sent: null }
  | { readonly transfer: null; readonly sent: Sent };

/** Sends files, from the first reading to the record that names the blob. Each step can be repeated after a crash. */
export class Sending {
  readonly #session: Session;
  readonly #store: TransferStore;
  readonly #messages: Messages;

  constructor(session: Session, store: TransferStore, messages: Messages) {
    this.#session = session;
    this.#store = store;
    this.#messages = messages;
  }

  /**
   * Makes ready to send, or finds what an earlier call with the same room, place and name began. `sent` if the key was
   * used before. Throws `file-name-unsafe`, `file-too-large`, `role-insufficient`, `not-found`.
   */
  async begin({ state }: KeptRoom, source: ByteSource, file: SentFile): Promise<Begun> {
    const fault = fileNameFault(file.name);
    if (fault !== null)
      throw new KeyboxUsageFault('file-name-unsafe', `the name is not safe on every system: ${fault}`);
    const role = state.members[hex(this.#session.identity.fingerprint)]?.role;
    if (state.closed) throw new ProtocolPolicyFault('room-closed', 'the room is closed');
    if (role === undefined || !mayWrite(role))
      throw new ProtocolPolicyFault('role-insufficient', 'only writers send files');
    const earlier =
      file.key === undefined ? null : await findKey(this.#session.keys, { room: state.id, key: file.key });
    if (earlier !== null) return { transfer: null, sent: await this.#messages.sent(state.id, hex(earlier)) };
    const sizeBytes = await checkedSize(source);
    const known = await this.#store.about({ kind: 'upload', room: state.id, place: source.place });
    for (const transfer of known.filter(({ name }) => name === file.name)) {
      if (transfer.sizeBytes === sizeBytes || transfer.state.sent !== null) {
        return { transfer: hex(transfer.id), sent: null };
      }
      await this.abandon(transfer);
    }
    const { name, mediaType = 'application/octet-stream', before, key: sendKey = null, voice } = file;
    const version = (before?.version ?? 0) + 1;
    const facts = { mediaType, version, replaces: before?.record ?? null, sendKey, ...spoken(voice) };
    const made = await this.#addUpload({ room: state.id, place: source.place, name, sizeBytes, facts });
    return { transfer: hex(made.id), sent: null };
  }

  /**
   * Brings the content to the server, from wherever an earlier call came to. A content that has changed meanwhile is
   * sent from its start under a new key, as another transfer, whose id is returned. Throws `quota-exceeded`,
   * `disk-full`, `unreachable`, `cancelled`, `file-changed` if it changes again and again.
   */
  async upload(begun: Transfer, source: ByteSource, options: TransferOptions): Promise<string> {
    let transfer = begun;
    for (let changes = 0; changes <= MAX_CHANGES; changes++) {
      if (transfer.state.sent !== null) return hex(transfer.id);
      try {
        return hex((await new Upload(this.#session, this.#store, { transfer, source, options }).run()).id);
      } catch (cause) {
        if (!(cause instanceof ContentChanged) && !isMismatch(cause)) throw cause;
        await this.abandon(transfer);
        if (isMismatch(cause)) throw cause;
        transfer = await this.#again(transfer, source);
      }
    }
    throw new KeyboxUsageFault('file-changed', 'the file changes while it is sent');
  }

  /**
   * Queues the record of an upload that is whole, and sends it if the server is in reach. With its source a text is
   * found by its words.
   */
  async publish({ id, room, record, name, sizeBytes, state }: Transfer, source: ByteSource | null): Promise<Sent> {
    const { sent, mediaType, version, replaces } = state;
    if (sent === null || state.key === null) throw new KeyboxUsageFault('queued', 'the upload is not complete');
    const blob = {
      hash: sent.hash,
      sizeBytes: blobBytes(sizeBytes),
      key: state.key,
      chunkBytes: STREAM_CHUNK_BYTES,
    } as const;
    const { contentHash } = sent;
    const facts = { name, parent: null, sizeBytes, mediaType, contentHash, blob, version, replaces };
    const content = { ...facts, ...spoken(state.voice) };
    const message = await this.#messages.enqueue(room, {
      id: record,
      kind: 'file',
      content,
      key: state.sendKey ?? `file/${hex(id)}`,
    });
    await this.#store.remove(id);
    const answer = await this.#messages.sent(room, hex(message));
    if (source === null) return answer;
    const read = source.read.bind(source);
    await indexFileText(this.#session.history, { room, record: message, mediaType, sizeBytes, read });
    return answer;
  }

  /** Its id is fresh, and no key there yet: nothing of another upload comes back. */
  async #addUpload({ room, place, name, sizeBytes, facts }: UploadFacts): Promise<Transfer> {
    const { primitives, clock } = this.#session;
    const id = primitives.randomBytes(16);
    const { mediaType, version, replaces, sendKey, voice } = facts;
    const none = { stream: new Uint8Array(), key: null, head: null, upload: null, sent: null };
    const state: TransferState = { mediaType, version, replaces, sendKey, ...spoken(voice), ...none };
    const transfer: Transfer = { id, kind: 'upload', room, record: id, place, name, sizeBytes, at: clock.now(), state };
    await this.#store.add(transfer);
    return transfer;
  }

  async #again({ room, place, name, state }: Transfer, source: ByteSource): Promise<Transfer> {
    const sizeBytes = await checkedSize(source);
    return this.#addUpload({ room, place, name, sizeBytes, facts: state });
  }

  /** Forgets a transfer, here and at the server. */
  async abandon({ id, kind, state }: Transfer): Promise<void> {
    await this.#store.remove(id);
    if (kind !== 'upload' || state.upload === null) return;
    try {
      await this.#session.link.call('blobs.cancel', { upload: state.upload });
    } catch (cause) {
      // The server lets it go by itself after some days.
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    }
  }
}

interface UploadFacts {
  readonly room: Uint8Array;
  readonly place: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly facts: Pick<TransferState, 'mediaType' | 'version' | 'replaces' | 'sendKey' | 'voice'>;
}

function spoken(voice: VoiceNote | undefined): { readonly voice?: VoiceNote } {
  return voice === undefined ? {} : { voice };
}

async function checkedSize(source: ByteSource): Promise<number> {
  const sizeBytes = await source.sizeBytes();
  if (sizeBytes > MAX_FILE_BYTES) throw new KeyboxUsageFault('file-too-large', 'a file has at most 2^40 bytes');
  return sizeBytes;
}

function isMismatch(cause: unknown): boolean {
  return cause instanceof Fault && cause.code === 'blob-mismatch';
}

const MAX_CHANGES = 3;
