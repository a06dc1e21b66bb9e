import { type Blame, Fault } from '@sotto/bytes';
import type { FileToRead, TaskId, VaultEvent, Vaults } from '@sotto/keybox-web';
import { Pace } from './upload-pace.ts';

/** One version of a file, as screens know it. */
export interface FileSubject {
  readonly room: string;
  readonly id: string;
  readonly version: number;
  /** Safe to show and to write. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** `saved`: all of it was checked against what its sender signed, and the browser has it. */
type DownloadState = 'running' | 'saved' | 'failed';

export interface DownloadView {
  readonly id: TaskId;
  readonly file: FileSubject;
  readonly state: DownloadState;
  readonly doneBytes: number;
  readonly secondsLeft: number | null;
  readonly fault: Error | null;
}

/** The downloads that this page began, until they are put away. */
export class Downloads {
  readonly #vaults: Vaults;
  readonly #views = new Map<TaskId, DownloadView>();
  readonly #paces = new Map<TaskId, Pace>();
  readonly #listeners = new Set<() => void>();
  #list: readonly DownloadView[] = [];

  constructor(vaults: Vaults) {
    this.#vaults = vaults;
  }

  /** Has the browser save a file: streamed by the service worker, or small ones out of memory where there is none. */
  async start(file: FileSubject): Promise<void> {
    const id = this.#vaults.newTask();
    this.#set({ id, file, state: 'running', doneBytes: 0, secondsLeft: null, fault: null });
    const { room, version } = file;
    const input: FileToRead = { task: id, room, file: file.id, version };
    try {
      if (navigator.serviceWorker?.controller == null) {
        save(await this.#vaults.tools.readFile(input), file.name);
        this.#change(id, { state: 'saved' });
      } else openHidden((await this.#vaults.tools.offerFile(input)).path);
    } catch (cause) {
      this.#fail(id, cause);
    }
  }

  /** Breaks it off: the browser keeps nothing of it. */
  cancel(id: TaskId): void {
    void this.#vaults.gate.cancel(id);
    this.dismiss(id);
  }

  dismiss(id: TaskId): void {
    this.#views.delete(id);
    this.#paces.delete(id);
    this.#changed();
  }

  clear(): void {
    this.#views.clear();
    this.#paces.clear();
    this.#changed();
  }

  hear(event: VaultEvent): void {
    if (event.kind === 'over' && event.fault !== null) this.#fail(event.task, new BrokenOff(event.fault));
    else if (event.kind === 'over') this.#change(event.task, { state: 'saved', secondsLeft: null });
    if (event.kind !== 'progress' || event.done === null) return;
    const view = this.#views.get(event.task);
    if (view === undefined) return;
    const now = performance.now();
    const pace = this.#paces.get(event.task) ?? new Pace(now, event.done);
    this.#paces.set(event.task, pace);
    pace.step(now, event.done);
    this.#change(event.task, { doneBytes: event.done, secondsLeft: pace.secondsLeft(view.file.sizeBytes) });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): readonly DownloadView[] {
    return this.#list;
  }

  #fail(id: TaskId, cause: unknown): void {
    const fault = cause instanceof Error ? cause : new Error(String(cause));
    this.#change(id, { state: 'failed', secondsLeft: null, fault });
  }

  #change(id: TaskId, change: Partial<DownloadView>): void {
    const view = this.#views.get(id);
    if (view !== undefined) this.#set({ ...view, ...change });
  }

  #set(view: DownloadView): void {
    this.#views.set(view.id, view);
    this.#changed();
  }

  #changed(): void {
    this.#list = [...this.#views.values()];
    for (const listener of this.#listeners) listener();
  }
}

/** What broke a download off in the vault's worker. */
class BrokenOff extends Fault {
  readonly blame: Blame;

  constructor({ code, blame }: { readonly code: string; readonly blame: Blame }) {
    super(code, 'the download broke off');
    this.blame = blame;
  }
}

/** An answer that is an attachment is saved, and the page stays where it is. */
function openHidden(path: string): void {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = path;
  document.body.append(frame);
  setTimeout(() => frame.remove(), FRAME_MILLISECONDS);
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FRAME_MILLISECONDS);
}

/** By then the browser has begun. */
const FRAME_MILLISECONDS = 60_000;
