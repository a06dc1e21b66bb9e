import { equal, hex, parseHex } from '@sotto/bytes';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { History } from '../history.ts';
import { logKeyOnce } from '../key-log.ts';
import type { Messages, Sent } from '../messages.ts';
import type { ByteSource, ByteTarget } from '../ports.ts';
import { type KeptRoom, readRoom } from '../room-store.ts';
import { roomNotFound } from '../rooms.ts';
import type { Session } from '../session.ts';
import type { FileView, TransferView } from '../views.ts';
import type { FileRow } from './file-history.ts';
import { distinctNames, fileView, readVersions } from './file-views.ts';
import type { Begun, NewFile, Sending } from './sending.ts';
import { type Transfer, type TransferState, TransferStore } from './transfer-store.ts';
import type { TransferOptions } from './upload.ts';

/**
 * Files of rooms. Sending is `begin`, `upload`, `publish`, each of which can be repeated after a crash; only the upload
 * takes long, and it needs nothing of the account but its own rows, so that others may work with the vault meanwhile.
 */
export class Files {
  readonly #session: Session;
  readonly #history: History;
  readonly #messages: Messages;
  readonly #store: TransferStore;
  #sending: Sending | null = null;

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

  /** Makes ready to send: `Sending.begin`. A file that it replaces is the file's newest version. */
  async begin(room: string, source: ByteSource, { replaces, ...file }: NewFile): Promise<Begun> {
    const newest = replaces === undefined ? null : ((await this.versions(room, replaces)).at(-1) ?? null);
    const before = newest === null ? null : { record: parseHex(newest.record), version: newest.version };
    return (await this.#sender()).begin(await this.#room(room), source, { ...file, before });
  }

  /** Brings the content to the server: `Sending.upload`. */
  async upload(id: string, source: ByteSource, options: TransferOptions = {}): Promise<string> {
    return (await this.#sender()).upload(await this.#transfer(id), source, options);
  }

  /** Queues the record of an upload that is whole, and sends it if the server is in reach: `Sending.publish`. */
  async publish(id: string, source: ByteSource | null = null): Promise<Sent> {
    return (await this.#sender()).publish(await this.#transfer(id), source);
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
    const { Download } = await import('./download.ts');
    try {
      await new Download(this.#session, this.#store, { transfer, row, target, options }).run();
    } catch (cause) {
      await this.#tellDamage(row, cause);
      throw cause;
    }
    const { media_type: mediaType, size_bytes: sizeBytes } = row;
    const place = { room: row.room, record: row.id };
    const read = target.read.bind(target);
    const { indexFileText } = await import('../search/file-text.ts');
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
    await (await this.#sender()).abandon(await this.#transfer(id));
  }

  /** Most that is asked of files is what there are. */
  async #sender(): Promise<Sending> {
    const { Sending } = await import('./sending.ts');
    this.#sending ??= new Sending(this.#session, this.#store, this.#messages);
    return this.#sending;
  }

  async #downloadOf(row: FileRow, target: ByteTarget, name: string): Promise<Transfer> {
    const known = await this.#store.about({ kind: 'download', room: row.room, place: target.place });
    const same = known.find(({ record }) => equal(record, row.id));
    if (same !== undefined) return same;
    for (const other of known) await this.#store.remove(other.id);
    await target.discard();
    const { primitives, clock } = this.#session;
    const state: TransferState = {
      stream: new Uint8Array(),
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
    const entry = { event: 'refused/file-content', room: hex(room), file: hex(id), reason: cause.message } as const;
    await keys.apply([logKeyOnce(clock, entry, cause)]);
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

function fileNotFound(): KeyboxUsageFault {
  return new KeyboxUsageFault('not-found', 'the room has no such file');
}
