import { Fault } from '@sotto/bytes';
import type { TaskId, VaultEvent, Vaults } from '@sotto/keybox-web';
import { safeFileName, type VoiceNote } from '@sotto/protocol';
import { claimUpload } from './upload-claims.ts';
import { Pace } from './upload-pace.ts';

/** A file that a person wants to send. */
export interface NewUpload {
  readonly content: File;
  /** By default the file's own, made safe. */
  readonly name?: string;
  /** Id of the file that it is the next version of. */
  readonly replaces?: string;
  /** Makes it a recording to be heard at once. */
  readonly voice?: VoiceNote;
}

/** `waiting`: the server is out of reach; it goes on by itself. */
type UploadState = 'queued' | 'running' | 'paused' | 'waiting' | 'failed';

/** One upload as it stands; gone from the list once its message is in the room. */
export interface UploadView {
  readonly id: string;
  readonly room: string;
  readonly name: string;
  /** The name that was given, where it could not stay. */
  readonly renamedFrom: string | null;
  readonly sizeBytes: number;
  readonly state: UploadState;
  readonly doneBytes: number;
  readonly secondsLeft: number | null;
  /** Why it `failed`. */
  readonly fault: Error | null;
}

interface Entry {
  readonly file: NewUpload;
  readonly release: () => void;
  view: UploadView;
  task: TaskId | null;
  pace: Pace | null;
  /** What to do with it once its task has stopped. */
  wish: 'pause' | 'cancel' | null;
}

/**
 * The uploads of this page, in all rooms: a few at a time, each of which can be stopped and gone on with. They live as
 * long as the page has the files; what it leaves unfinished waits in the vault for its file to be chosen again.
 */
export class Uploads {
  readonly #vaults: Vaults;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #list: readonly UploadView[] = [];

  constructor(vaults: Vaults) {
    this.#vaults = vaults;
  }

  /** Queues files for a room, in their order. */
  add(room: string, files: readonly NewUpload[]): void {
    for (const file of files) {
      const id = crypto.randomUUID();
      const given = file.name ?? file.content.name;
      const name = safeFileName(given);
      const sizeBytes = file.content.size;
      const renamedFrom = name === given ? null : given;
      const facts = { id, room, name, renamedFrom, sizeBytes };
      const view: UploadView = { ...facts, state: 'queued', doneBytes: 0, secondsLeft: null, fault: null };
      const release = claimUpload({ room, name, sizeBytes });
      this.#entries.set(id, { file, view, release, task: null, pace: null, wish: null });
    }
    this.#changed();
    this.#startNext();
  }

  /** Stops it where it is. */
  pause(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (entry.task === null) this.#set(entry, { state: 'paused', secondsLeft: null });
    else this.#stop(entry, 'pause');
  }

  /** Goes on with what was paused, or failed, or waits. */
  resume(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.task !== null) return;
    this.#set(entry, { state: 'queued', fault: null });
    this.#startNext();
  }

  /** Gives it up, here and at the server. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (entry.task === null) void this.#giveUp(entry);
    else this.#stop(entry, 'cancel');
  }

  /** Goes on with everything that waits for the server. */
  wake(): void {
    for (const { view } of this.#entries.values()) if (view.state === 'waiting') this.resume(view.id);
  }

  /** Lets go of all files, without a word to the server: the account was locked. */
  clear(): void {
    for (const entry of this.#entries.values()) entry.release();
    this.#entries.clear();
    this.#changed();
  }

  hear(event: VaultEvent): void {
    if (event.kind !== 'progress') return;
    const entry = [...this.#entries.values()].find(({ task }) => task === event.task);
    if (entry === undefined || event.done === null) return;
    const now = performance.now();
    entry.pace ??= new Pace(now, event.done);
    entry.pace.step(now, event.done);
    this.#set(entry, { doneBytes: event.done, secondsLeft: entry.pace.secondsLeft(entry.view.sizeBytes) });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** In the order in which they were added; another array whenever something is other than it was. */
  list(): readonly UploadView[] {
    return this.#list;
  }

  #startNext(): void {
    const entries = [...this.#entries.values()];
    const running = entries.filter(({ task }) => task !== null).length;
    const next = entries.filter(({ view, task }) => view.state === 'queued' && task === null);
    for (const entry of next.slice(0, Math.max(0, AT_ONCE - running))) void this.#run(entry);
  }

  async #run(entry: Entry): Promise<void> {
    const { content, replaces, voice } = entry.file;
    const { room, name } = entry.view;
    const task = this.#vaults.newTask();
    Object.assign(entry, { task, pace: null, wish: null });
    this.#set(entry, { state: 'running' });
    const mediaType = content.type === '' ? 'application/octet-stream' : content.type;
    const kind = { ...(replaces === undefined ? {} : { replaces }), ...(voice === undefined ? {} : { voice }) };
    try {
      await this.#vaults.tools.sendFile({ task, room, content, name, mediaType, ...kind });
      this.#forget(entry);
    } catch (cause) {
      entry.task = null;
      await this.#stopped(entry, cause);
    }
    this.#startNext();
  }

  async #stopped(entry: Entry, cause: unknown): Promise<void> {
    if (entry.wish === 'cancel') return this.#giveUp(entry);
    const fault = cause instanceof Error ? cause : new Error(String(cause));
    if (entry.wish === 'pause') return this.#set(entry, { state: 'paused', secondsLeft: null });
    const waits = fault instanceof Fault && AWAY.has(fault.code);
    this.#set(entry, { state: waits ? 'waiting' : 'failed', secondsLeft: null, fault: waits ? null : fault });
  }

  #stop(entry: Entry, wish: 'pause' | 'cancel'): void {
    entry.wish = wish;
    if (entry.task !== null) void this.#vaults.gate.cancel(entry.task);
  }

  async #giveUp(entry: Entry): Promise<void> {
    const { room, name, sizeBytes } = entry.view;
    this.#forget(entry);
    const { files } = this.#vaults.box;
    const begun = (await files.transfers()).find(
      (each) => each.kind === 'upload' && each.room === room && each.name === name && each.sizeBytes === sizeBytes,
    );
    if (begun !== undefined) await files.cancel(begun.id);
  }

  #forget(entry: Entry): void {
    entry.release();
    this.#entries.delete(entry.view.id);
    this.#changed();
  }

  #set(entry: Entry, view: Partial<UploadView>): void {
    entry.view = { ...entry.view, ...view };
    if (this.#entries.has(entry.view.id)) this.#changed();
  }

  #changed(): void {
    this.#list = [...this.#entries.values()].map(({ view }) => view);
    for (const listener of this.#listeners) listener();
  }
}

const AT_ONCE = 2;
/** What passes by itself; the last one is that the tab with the vaults was closed. */
const AWAY: ReadonlySet<string> = new Set([
  'unreachable',
  'channel-broken',
  'server-error',
  'blob-store-gone',
  'worker-lost',
]);
