import { equal, Fault, hex, parseHex } from '@sotto/bytes';
import { createStreamChunks, Secret, STREAM_CHUNK_BYTES } from '@sotto/crypto';
import {
  blobBytes,
  fileNameFault,
  fileStreamKey,
  MAX_FILE_BYTES,
  mayWrite,
  ProtocolPolicyFault,
  type VoiceNote,
} from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { History } from '../history.ts';
import { keyLogEntryOnce } from '../key-log.ts';
import type { Messages, Sent } from '../messages.ts';
import { findKey } from '../outbox.ts';
import type { ByteSource, ByteTarget } from '../ports.ts';
import { type KeptRoom, readRoom } from '../room-store.ts';
import { roomNotFound } from '../rooms.ts';
import { indexFileText } from '../search/file-text.ts';
import type { Session } from '../session.ts';
import type { FileView, TransferView } from '../views.ts';
import { Download } from './download.ts';
import type { FileRow } from './file-history.ts';
import { distinctNames, fileView, readVersions } from './file-views.ts';
import { type Transfer, type TransferState, TransferStore } from './transfer-store.ts';
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

/**
 * Files of rooms. Sending is `begin`, `upload`, `publish`, each of which can be repeated after a crash; only the upload
 * takes long, and it needs nothing of the account but its own rows, so that others may work with the vault meanwhile.
 */
export class Files {
  readonly #session: Session;
  readonly #history: History;
  readonly #messages: Messages;
  readonly #store: TransferStore;

  constructor(session: Session, { history, messages }: { readonly history: History; readonly messages: Messages }) {
    this.#session = session;
    this.#history = history;
    this.#messages = messages;
    this.#store = new TransferStore(session.keys);
  }

  /** Sends a content as a file; broken off, the same call goes on with it. Throws what `begin`, `upload` and `publish` do. */
  async send(room: string, source: ByteSource, options: NewFile & TransferOptions): Promise<Sent> {
    const begun = await this.begin(room, source, options);
    if (begun.sent !== null) return begun.sent;
    return this.publish(await this.upload(begun.transfer, source, options), source);
  }

  /**
   * Makes ready to send, or finds what an earlier call with the same room, place and name began. `sent` if the key was
   * used before. Throws `file-name-unsafe`, `file-too-large`, `role-insufficient`, `not-found`.
   */
  async begin(
    room: string,
    source: ByteSource,
    file: NewFile,
  ): Promise<{ readonly transfer: string; readonly sent: null } | { readonly transfer: null; readonly sent: Sent }> {
    const { state } = await this.#room(room);
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
      await this.#abandon(transfer);
    }
    return { transfer: hex(await this.#newUpload(state.id, { source, sizeBytes, file })), sent: null };
  }

  /**
   * Brings the content to the server, from wherever an earlier call came to. A content that has changed meanwhile is
   * sent from its start under a new key, as another transfer, whose id is returned. Throws `quota-exceeded`,
   * `disk-full`, `unreachable`, `cancelled`, `file-changed` if it changes again and again.
   */
  async upload(id: string, source: ByteSource, options: TransferOptions = {}): Promise<string> {
    let transfer = await this.#transfer(id);
    for (let changes = 0; changes <= MAX_CHANGES; changes++) {
      if (transfer.state.sent !== null) return hex(transfer.id);
      try {
        return hex((await new Upload(this.#session, this.#store, { transfer, source, options }).run()).id);
      } catch (cause) {
        if (!(cause instanceof ContentChanged) && !isMismatch(cause)) throw cause;
        await this.#abandon(transfer);
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
  async publish(id: string, source: ByteSource | null = null): Promise<Sent> {
    const { room, record, name, sizeBytes, state } = await this.#transfer(id);
    const { sent, mediaType, version, replaces, voice } = state;
    if (sent === null || state.key === null) throw new KeyboxUsageFault('queued', 'the upload is not complete');
    const blob = {
      hash: sent.hash,
      sizeBytes: blobBytes(sizeBytes),
      key: state.key,
      chunkBytes: STREAM_CHUNK_BYTES,
    } as const;
    const { contentHash } = sent;
    const content = {
      name,
      parent: null,
      sizeBytes,
      mediaType,
      contentHash,
      blob,
      version,
      replaces,
      ...(voice === undefined ? {} : { voice }),
    };
    const message = await this.#messages.enqueue(room, {
      id: record,
      kind: 'file',
      content,
      key: state.sendKey ?? `file/${id}`,
    });
    await this.#store.remove(parseHex(id));
    const answer = await this.#messages.sent(room, hex(message));
    const read = source === null ? null : source.read.bind(source);
    if (read !== null) {
      await indexFileText(this.#session.history, { room, record: message, mediaType, sizeBytes, read });
    }
    return answer;
  }

  /** The newest version of each file, oldest file first. */
  async list(room: string): Promise<readonly FileView[]> {
    const files = await this.#views(await this.#room(room));
    return files.map((versions) => versions.at(-1) as FileView);
  }

  /** All versions of a file, oldest first. Throws `not-found`. */
  async versions(room: string, id: string): Promise<readonly FileView[]> {
    const found = (await this.#views(await this.#room(room))).find(([first]) => first?.id === id);
    if (found === undefined) throw fileNotFound();
    return found;
  }

  /** By id, 8 or more digits of it, or name. Throws `not-found`, `ambiguous`. */
  async find(room: string, text: string): Promise<FileView> {
    const files = await this.list(room);
    const byId = /^[0-9a-f]{8,32}$/.test(text) ? files.filter(({ id }) => id.startsWith(text)) : [];
    const found = byId.length > 0 ? byId : files.filter(({ name }) => name === text);
    if (found.length > 1) throw new KeyboxUsageFault('ambiguous', `${found.length} files are meant; use the whole id`);
    const [file] = found;
    if (file === undefined) throw fileNotFound();
    return file;
  }

  /**
   * Fetches a version, the newest unless told, into a target; broken off, the same call goes on with it. Nothing has the
   * target's name before all of it is verified. Throws `file-exists`, `file-damaged`, `blob-withheld`, `disk-full`,
   * `unreachable`, `cancelled`, `not-found`.
   */
  async get(room: string, id: string, { target, version, replace = false, ...options }: GetOptions): Promise<FileView> {
    const versions = await this.versions(room, id);
    const file = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
    const row = file === undefined ? null : await this.#row(file);
    if (file === undefined || row === null) throw fileNotFound();
    if (!replace && (await target.exists()))
      throw new KeyboxUsageFault('file-exists', 'something has that name already');
    const transfer = await this.#downloadOf(row, target, file.name);
    try {
      await new Download(this.#session, this.#store, { transfer, row, target, options }).run();
    } catch (cause) {
      await this.#tellDamage(row, cause);
      throw cause;
    }
    const { media_type: mediaType, size_bytes: sizeBytes } = row;
    const place = { room: row.room, record: row.id };
    const read = target.read.bind(target);
    await indexFileText(this.#session.history, { ...place, mediaType, sizeBytes, read });
    await target.commit({ replace });
    await this.#store.remove(transfer.id);
    return file;
  }

  /** Takes all versions of a file back, or one: here, at the server, and on the devices of the members. */
  async remove(room: string, id: string, options: { readonly version?: number } = {}): Promise<void> {
    const kept = await this.#room(room);
    const versions = (await this.versions(room, id)).filter(
      ({ version }) => options.version === undefined || version === options.version,
    );
    if (versions.length === 0) throw fileNotFound();
    for (const { record } of versions) await this.#messages.delete(kept, record);
  }

  /** What was begun and is not over, oldest first. */
  async transfers(): Promise<readonly TransferView[]> {
    return this.#store.list();
  }

  /** Gives a transfer up. The part of a download is its target's to discard. */
  async cancel(id: string): Promise<void> {
    await this.#abandon(await this.#transfer(id));
  }

  async #newUpload(
    room: Uint8Array,
    { source, sizeBytes, file }: { readonly source: ByteSource; readonly sizeBytes: number; readonly file: NewFile },
  ): Promise<Uint8Array> {
    const before = file.replaces === undefined ? null : (await this.versions(hex(room), file.replaces)).at(-1);
    return this.#addUpload({
      room,
      place: source.place,
      name: file.name,
      sizeBytes,
      facts: {
        mediaType: file.mediaType ?? 'application/octet-stream',
        version: (before?.version ?? 0) + 1,
        replaces: before == null ? null : parseHex(before.record),
        sendKey: file.key ?? null,
        ...(file.voice === undefined ? {} : { voice: file.voice }),
      },
    });
  }

  /** Key, nonces and id are fresh: nothing of another upload comes back. */
  async #addUpload({ room, place, name, sizeBytes, facts }: UploadFacts): Promise<Uint8Array> {
    const { primitives, clock } = this.#session;
    const id = primitives.randomBytes(16);
    const key = primitives.randomBytes(32);
    using secret = new Secret(key);
    using chunks = createStreamChunks(primitives, fileStreamKey(secret, { room, record: id, sizeBytes }));
    const { head } = chunks;
    const { mediaType, version, replaces, sendKey, voice } = facts;
    const spoken = voice === undefined ? {} : { voice };
    const state: TransferState = {
      mediaType,
      version,
      replaces,
      sendKey,
      ...spoken,
      key,
      head,
      upload: null,
      sent: null,
    };
    await this.#store.add({ id, kind: 'upload', room, record: id, place, name, sizeBytes, at: clock.now(), state });
    return id;
  }

  async #again({ room, place, name, state }: Transfer, source: ByteSource): Promise<Transfer> {
    const sizeBytes = await checkedSize(source);
    return this.#transfer(hex(await this.#addUpload({ room, place, name, sizeBytes, facts: state })));
  }

  async #abandon({ id, kind, state }: Transfer): Promise<void> {
    await this.#store.remove(id);
    if (kind !== 'upload' || state.upload === null) return;
    try {
      await this.#session.link.call('blobs.cancel', { upload: state.upload });
    } catch (cause) {
      // The server lets it go by itself after some days.
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    }
  }

  async #downloadOf(row: FileRow, target: ByteTarget, name: string): Promise<Transfer> {
    const known = await this.#store.about({ kind: 'download', room: row.room, place: target.place });
    const same = known.find(({ record }) => equal(record, row.id));
    if (same !== undefined) return same;
    for (const other of known) await this.#store.remove(other.id);
    await target.discard();
    const { primitives, clock } = this.#session;
    const state: TransferState = {
      key: null,
      head: null,
      upload: null,
      mediaType: row.media_type,
      version: row.version,
      replaces: null,
      sendKey: null,
      sent: null,
    };
    const transfer: Transfer = {
      id: primitives.randomBytes(16),
      kind: 'download',
      room: row.room,
      record: row.id,
      place: target.place,
      name,
      sizeBytes: row.size_bytes,
      at: clock.now(),
      state,
    };
    await this.#store.add(transfer);
    return transfer;
  }

  async #tellDamage({ room, id }: FileRow, cause: unknown): Promise<void> {
    if (!(cause instanceof KeyboxPeerFault)) return;
    const { keys, clock } = this.#session;
    const text = `room ${hex(room)}: the content of file ${hex(id)} was refused: ${cause.message}`;
    await keys.apply([keyLogEntryOnce(clock, { event: 'refused', text, cause })]);
  }

  async #views(room: KeptRoom): Promise<readonly (readonly FileView[])[]> {
    const files = await readVersions(this.#session.history, room.state.id);
    const names = distinctNames(files.map((versions) => (versions.at(-1) as FileRow).name));
    const shown: FileView[][] = [];
    for (const [i, versions] of files.entries()) {
      const views: FileView[] = [];
      for (const row of versions) {
        const { author, at } = await this.#history.find(room, hex(row.id));
        views.push(fileView(row, { name: names[i] as string, author, at }));
      }
      shown.push(views);
    }
    return shown;
  }

  async #row({ room, record }: FileView): Promise<FileRow | null> {
    const [row] = await this.#session.history.query<FileRow>('SELECT * FROM file WHERE room = ? AND id = ?', [
      parseHex(room),
      parseHex(record),
    ]);
    return row ?? null;
  }

  async #transfer(id: string): Promise<Transfer> {
    const transfer = /^[0-9a-f]{32}$/.test(id) ? await this.#store.find(parseHex(id)) : null;
    if (transfer === null) throw new KeyboxUsageFault('not-found', 'no transfer of that id is under way');
    return transfer;
  }

  async #room(id: string): Promise<KeptRoom> {
    const room = await readRoom(this.#session.keys, parseHex(id));
    if (room === null) throw roomNotFound(id);
    return room;
  }
}

export interface GetOptions extends TransferOptions {
  readonly target: ByteTarget;
  /** By default the newest. */
  readonly version?: number | undefined;
  /** Whether the target may take the place of what has its name. */
  readonly replace?: boolean;
}

interface UploadFacts {
  readonly room: Uint8Array;
  readonly place: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly facts: Pick<TransferState, 'mediaType' | 'version' | 'replaces' | 'sendKey' | 'voice'>;
}

async function checkedSize(source: ByteSource): Promise<number> {
  const sizeBytes = await source.sizeBytes();
  if (sizeBytes > MAX_FILE_BYTES) throw new KeyboxUsageFault('file-too-large', 'a file has at most 2^40 bytes');
  return sizeBytes;
}

function isMismatch(cause: unknown): boolean {
  return cause instanceof Fault && cause.code === 'blob-mismatch';
}

function fileNotFound(): KeyboxUsageFault {
  return new KeyboxUsageFault('not-found', 'the room has no such file');
}

const MAX_CHANGES = 3;
