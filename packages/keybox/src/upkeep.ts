import { BugFault, Fault } from '@sotto/bytes';
import type { KeyBox } from './keybox.ts';
import type { Clock } from './ports.ts';
import type { Session } from './session.ts';
import type { MessageView } from './views.ts';

/** How far an account is up to date. */
export interface Freshness {
  readonly online: boolean;
  /** What single rooms were refused for. */
  readonly faults: readonly Fault[];
  /** Why the whole account is not up to date, if it is not for want of a network alone. */
  readonly refused: Fault | null;
}

export interface UpkeepStatus {
  readonly connected: boolean;
  /** Milliseconds since the epoch; null before the first. */
  readonly lastSync: number | null;
}

/**
 * Keeps one open account up to date for as long as it is open: at every hint of the server, after an interruption as
 * soon as the server can be reached again, and now and then in any case. That sends what waits in the outbox, too.
 */
export class Upkeep {
  readonly #box: KeyBox;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #watchers = new Set<() => void>();
  #wake = new AbortController();
  /** Something may have changed at the server since the last sync began. */
  #isDue = true;
  #running: Promise<void> | null = null;
  #last: Freshness | null = null;
  #lastSync: number | null = null;
  readonly #ended: Promise<void>;

  constructor(box: KeyBox, { link, clock }: Session) {
    this.#box = box;
    this.#clock = clock;
    const hinted = (): void => {
      this.#isDue = true;
      this.#wake.abort();
    };
    link.onEvent(({ event }) => {
      // Whoever watches calls hears it; there is nothing more to read.
      if (event !== 'signal') hinted();
    });
    link.onEnd(hinted);
    this.#ended = this.#keep();
  }

  /**
   * Answers at once if all is known to be up to date, or if the server is known to be away and is not `needed`; else
   * brings the account up to date first, `wanted` and `tried` for a few seconds at most.
   */
  async freshen(server: 'needed' | 'wanted' | 'tried'): Promise<Freshness> {
    const isCurrent = this.#last?.online === true && !this.#isDue && this.#running === null;
    if (isCurrent) return this.#last ?? AWAY;
    if (server === 'needed') await this.#sync();
    else if (this.#last === null || this.#last.online) await this.#soon();
    return this.#last ?? AWAY;
  }

  /** What comes or changes from now on, until the signal aborts or the account is locked. */
  async *watch(signal: AbortSignal): AsyncIterable<readonly MessageView[]> {
    const ended = AbortSignal.any([signal, this.#stop.signal]);
    let { cursor } = await this.#box.changes(-1);
    let changed = new AbortController();
    const notice = (): void => changed.abort();
    this.#watchers.add(notice);
    try {
      while (!ended.aborted) {
        await this.#clock.sleep(WATCH_MILLISECONDS, AbortSignal.any([ended, changed.signal]));
        changed = new AbortController();
        if (this.#stop.signal.aborted) return;
        const batch = await this.#box.changes(cursor);
        cursor = batch.cursor;
        if (batch.messages.length > 0) yield batch.messages;
      }
    } finally {
      this.#watchers.delete(notice);
    }
  }

  status(): UpkeepStatus {
    return { connected: this.#last?.online === true, lastSync: this.#lastSync };
  }

  /** Told whenever something may be other than it was. Returns what takes the listener off again. */
  onNotice(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  /** How far the account is up to date; null before the first look. */
  get freshness(): Freshness | null {
    return this.#last;
  }

  /** Something was done here that watchers may want to show. */
  notice(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Resolves when nothing of it uses the account any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    this.notice();
    this.#box.close();
    await this.#ended;
  }

  async #keep(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      await this.#sync();
      failures = this.#last?.online === true ? 0 : failures + 1;
      if (failures === 0) await this.#fetchArchive();
      if (failures === 0 && !this.#isDue) await this.#audit();
      if (this.#isDue && failures === 0) continue;
      // A server that hints and then fails is not asked faster for it.
      if (failures > 0) await this.#clock.sleep(backoff(failures), this.#stop.signal);
      else await this.#clock.sleep(IDLE_MILLISECONDS, AbortSignal.any([this.#stop.signal, this.#wake.signal]));
    }
  }

  /** What is old comes while nothing new does. */
  async #fetchArchive(): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    try {
      const isOpen = await this.#box.archive.isOpen();
      if (!isOpen) return;
      await this.#box.archive.fetch({ signal, onProgress: () => this.notice() });
      // What came with it may be acknowledged, and sent upon.
      this.#isDue ||= !(await this.#box.archive.isOpen());
    } catch (cause) {
      this.#last = { online: false, faults: [], refused: cause instanceof Fault ? cause : null };
    }
    this.notice();
  }

  /** Verifies once more what is here, until something new comes. */
  async #audit(): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    try {
      await this.#box.auditor.run({ signal, pauseMilliseconds: AUDIT_PAUSE_MILLISECONDS });
    } catch (cause) {
      this.#last = { online: false, faults: [], refused: cause instanceof Fault ? cause : null };
    }
  }

  async #soon(): Promise<void> {
    const done = new AbortController();
    const sync = this.#sync().finally(() => done.abort());
    await Promise.race([sync, this.#clock.sleep(PATIENCE_MILLISECONDS, done.signal)]);
  }

  /** One at a time; who asks while one runs that began before the last hint gets the next one. */
  async #sync(): Promise<void> {
    await this.#running;
    if (this.#running !== null) return this.#running;
    this.#isDue = false;
    this.#wake = new AbortController();
    this.#running = this.#syncOnce().finally(() => {
      this.#running = null;
    });
    await this.#running;
    this.notice();
  }

  async #syncOnce(): Promise<void> {
    try {
      const { online, faults, fault } = await this.#box.sync({ archive: 'newest' });
      this.#last = { online, faults, refused: fault ?? null };
      if (online) this.#lastSync = this.#clock.now();
    } catch (cause) {
      const refused = cause instanceof Fault ? cause : new BugFault('keeping up to date failed', { cause });
      this.#last = { online: false, faults: [], refused };
    }
  }
}

/** 1, 2, 4 ... seconds, at most a quarter of a minute. */
function backoff(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(failures - 1, 4), 15_000);
}

const AWAY: Freshness = { online: false, faults: [], refused: null };
/** How long a connection that was lost in silence goes unnoticed. */
const IDLE_MILLISECONDS = 20_000;
const PATIENCE_MILLISECONDS = 3000;
/** A page of an audit takes a tenth of it. */
const AUDIT_PAUSE_MILLISECONDS = 2000;
const WATCH_MILLISECONDS = 60_000;
