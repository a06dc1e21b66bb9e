import type { Session } from '../session.ts';
import { startTimer } from '../timer.ts';

export interface AttendanceParts {
  hear(container: Uint8Array): void;
  /** Time has passed; `isCareDue`: enough of it to look at the other end's keys once more. */
  tick(isCareDue: boolean): void;
}

/** Whether a device is there for calls: hears what its server brings of them, and notices the time. */
export class Attendance {
  readonly #session: Session;
  readonly #parts: AttendanceParts;
  #stopHearing: (() => void) | null = null;
  #stopTimer: (() => void) | null = null;
  #caredAt = 0;

  constructor(session: Session, parts: AttendanceParts) {
    this.#session = session;
    this.#parts = parts;
  }

  /** One tick is due at a time: the next one when this is said again. */
  change({ hears, ticks }: { readonly hears: boolean; readonly ticks: boolean }): void {
    const { link, clock } = this.#session;
    if (hears) {
      this.#stopHearing ??= link.onEvent((event) => {
        if (event.event === 'signal') this.#parts.hear(event.container);
      });
    } else {
      this.#stopHearing?.();
      this.#stopHearing = null;
    }
    if (ticks) {
      this.#stopTimer ??= startTimer(clock, TICK_MILLISECONDS, () => this.#tick());
    } else {
      this.#stopTimer?.();
      this.#stopTimer = null;
    }
  }

  #tick(): void {
    this.#stopTimer = null;
    const now = this.#session.clock.now();
    const isCareDue = now - this.#caredAt >= CARE_MILLISECONDS;
    if (isCareDue) this.#caredAt = now;
    this.#parts.tick(isCareDue);
  }
}

const TICK_MILLISECONDS = 400;
/** How often the other end's keys are looked at while a call stands. */
const CARE_MILLISECONDS = 20_000;
