import { errorFacts, type Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import { appendAudit } from './audit.ts';

export interface SignInFailuresOptions {
  readonly store: Store;
  readonly logger: Logger;
  now(): number;
}

/** Tells the audit log of failed sign-ins: of each source at once, then at most once a minute with their number. */
export class SignInFailures {
  readonly #options: SignInFailuresOptions;
  readonly #sources = new Map<string, { toldAt: number; untold: number }>();

  constructor(options: SignInFailuresOptions) {
    this.#options = options;
  }

  /** `label` stands for the source and changes with every start. */
  note(label: string): void {
    const now = this.#options.now();
    const known = this.#sources.get(label) ?? this.#take(label);
    known.untold += 1;
    if (now - known.toldAt < PAUSE_MILLISECONDS) return;
    const failures = known.untold;
    known.toldAt = now;
    known.untold = 0;
    this.#tell(label, failures);
  }

  #take(label: string): { toldAt: number; untold: number } {
    if (this.#sources.size >= MAX_SOURCES) this.#sources.delete(this.#sources.keys().next().value as string);
    const fresh = { toldAt: Number.NEGATIVE_INFINITY, untold: 0 };
    this.#sources.set(label, fresh);
    return fresh;
  }

  #tell(label: string, failures: number): void {
    const { store, logger, now } = this.#options;
    const note = { at: now(), actor: null, event: 'sign-in.failed', subject: label, detail: { failures } } as const;
    store
      .transact((database) => appendAudit(database, note))
      .catch((error: unknown) => logger.error('audit-failed', errorFacts(error)));
  }
}

const PAUSE_MILLISECONDS = 60_000;
const MAX_SOURCES = 10_000;
