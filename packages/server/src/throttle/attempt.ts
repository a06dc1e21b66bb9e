/** Attempts that were counted under one key, and when the last one was; what is kept across restarts. */
export interface AttemptCount {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Seconds before the next attempt of this pair of account and source, 0 for at once: three are free, then the wait
 * doubles from 5 seconds to a quarter of an hour. A clock that was set back counts as waited.
 */
export function delaySeconds(last: AttemptCount | null, now: number): number {
  const { count, at } = recent(last, now);
  if (count < FREE_ATTEMPTS) return 0;
  const delay = Math.min(FIRST_DELAY_SECONDS * 2 ** (count - FREE_ATTEMPTS), LONGEST_DELAY_SECONDS);
  const waited = (now - at) / 1000;
  return waited < 0 ? 0 : Math.max(0, Math.ceil(delay - waited));
}

/** True once all sources together have used up what an account allows without proof of work. */
export function isBudgetSpent(last: AttemptCount | null, now: number): boolean {
  return drained(last, now).count >= BUDGET_ATTEMPTS;
}

/** One attempt more by this pair; a day without any forgets all. */
export function countAttempt(last: AttemptCount | null, now: number): AttemptCount {
  return { count: recent(last, now).count + 1, at: now };
}

/** One attempt more against this account; the budget drains by one in ten minutes. */
export function chargeBudget(last: AttemptCount | null, now: number): AttemptCount {
  const { count, at } = drained(last, now);
  return { count: Math.min(count + 1, 2 * BUDGET_ATTEMPTS), at };
}

/** Gives back what a source charged before it proved that it knows the passphrase. */
export function creditBudget(last: AttemptCount | null, attempts: number, now: number): AttemptCount {
  const { count, at } = drained(last, now);
  return { count: Math.max(0, count - attempts), at };
}

function recent(last: AttemptCount | null, now: number): AttemptCount {
  return last === null || now - last.at >= FORGET_MILLISECONDS ? { count: 0, at: now } : last;
}

function drained(last: AttemptCount | null, now: number): AttemptCount {
  if (last === null || last.at > now) return { count: last?.count ?? 0, at: now };
  const steps = Math.floor((now - last.at) / DRAIN_MILLISECONDS);
  return { count: Math.max(0, last.count - steps), at: last.at + steps * DRAIN_MILLISECONDS };
}

/** After this long a count says nothing any more and its row may go. */
export const FORGET_MILLISECONDS: number = 24 * 3600 * 1000;

const FREE_ATTEMPTS = 3;
const FIRST_DELAY_SECONDS = 5;
const LONGEST_DELAY_SECONDS = 900;
const BUDGET_ATTEMPTS = 20;
const DRAIN_MILLISECONDS = 10 * 60 * 1000;
