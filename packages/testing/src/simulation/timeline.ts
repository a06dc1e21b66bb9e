/** Virtual time: what happens, happens in the order of its moment and, at one moment, of its ticket. */
export class Timeline {
  /** Milliseconds since the epoch. */
  now: number;
  /** Events that have happened. */
  steps = 0;
  readonly #due: Due[] = [];
  #ticket = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** Returns what takes it back. */
  after(milliseconds: number, run: () => void): () => void {
    const due: Due = { at: this.now + Math.max(0, milliseconds), ticket: this.#ticket++, run };
    push(this.#due, due);
    return () => {
      due.run = null;
    };
  }

  /**
   * Lets time pass until `done`, at most so long; false if it did not come to that. After every event everything that
   * follows from it has run before the next one.
   */
  async until(done: () => boolean, atMostMilliseconds: number): Promise<boolean> {
    const end = this.now + atMostMilliseconds;
    for (;;) {
      await settled();
      if (done()) return true;
      const next = this.#next();
      if (next === null || next.at > end) {
        this.now = end;
        return false;
      }
      pop(this.#due);
      this.now = Math.max(this.now, next.at);
      this.steps += 1;
      next.run?.();
    }
  }

  /** Lets so much time pass. */
  async pass(milliseconds: number): Promise<void> {
    await this.until(() => false, milliseconds);
  }

  /** Lets time pass until the work is done; throws what it throws, and an error if it does not end in time. */
  async finish<Result>(work: Promise<Result>, atMostMilliseconds: number): Promise<Result> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    work.then(over, over);
    if (!(await this.until(() => isOver, atMostMilliseconds))) throw new Error('work that does not come to an end');
    return work;
  }

  #next(): Due | null {
    while (this.#due.length > 0 && this.#due[0]?.run === null) pop(this.#due);
    return this.#due[0] ?? null;
  }
}

/** Everything that waits for no event has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Due {
  readonly at: number;
  readonly ticket: number;
  run: (() => void) | null;
}

function isBefore(left: Due, right: Due): boolean {
  return left.at < right.at || (left.at === right.at && left.ticket < right.ticket);
}

/** A binary heap. */
function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(due, heap[parent] as Due)) break;
    heap[at] = heap[parent] as Due;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[at] = heap[child] as Due;
    at = child;
  }
  heap[at] = last;
}
