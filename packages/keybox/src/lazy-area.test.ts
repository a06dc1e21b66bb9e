import { codeOf } from '@sotto/testing';
import { assert, test } from 'vitest';
import { lazyArea } from './lazy-area.ts';

class Counter {
  stopped = 0;
  readonly #step: number;

  constructor(step: number) {
    this.#step = step;
  }

  async twice(): Promise<number> {
    return this.#step * 2;
  }

  async *count(from: number): AsyncIterable<number> {
    try {
      for (let next = from; ; next += this.#step) yield next;
    } finally {
      this.stopped += 1;
    }
  }
}

type Area = Pick<Counter, 'twice' | 'count'>;

test('nothing is loaded before it is asked for, and then once', async () => {
  let loads = 0;
  const area = lazyArea<Area>(async () => {
    loads += 1;
    return new Counter(3);
  }, 'count');
  assert.strictEqual(await area, area);
  assert.strictEqual(loads, 0);
  assert.deepEqual(await Promise.all([area.twice(), area.twice()]), [6, 6]);
  assert.strictEqual(loads, 1);
});

test('an iteration begins when it is read, and ends where its reader stops', async () => {
  const counter = new Counter(2);
  const read: number[] = [];
  for await (const next of lazyArea<Area>(async () => counter, 'count').count(5)) {
    read.push(next);
    if (read.length === 3) break;
  }
  assert.deepEqual(read, [5, 7, 9]);
  assert.strictEqual(counter.stopped, 1);
});

test('what cannot be loaded is tried again', async () => {
  let isAway = true;
  const area = lazyArea<Area>(async () => {
    if (isAway) throw new TypeError('no such chunk');
    return new Counter(1);
  }, 'count');
  assert.strictEqual(await codeOf(() => area.twice()), 'unreachable');
  isAway = false;
  assert.strictEqual(await area.twice(), 2);
});
