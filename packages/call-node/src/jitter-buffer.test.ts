import { assert, describe, test } from 'vitest';
import { JitterBuffer } from './jitter-buffer.ts';
import { MAX_WAITING_PACKETS } from './limits.ts';

interface Arrival {
  readonly at: number;
  readonly sequence: number;
}

describe('the jitter buffer', () => {
  test('plays everything in order on an even way', () => {
    const { played, buffer } = play(arrivals(200, () => 30));
    assert.deepEqual(played, counted(200));
    const { late, lost, skipped } = buffer.statistics;
    assert.deepEqual({ late, lost, skipped }, { late: 0, lost: 0, skipped: 0 });
  });

  test('waits for slow packets, and puts them into order', () => {
    const random = seeded(1);
    const { played, buffer } = play(arrivals(1500, () => 20 + 200 * random()));
    assert.isTrue(played.every((sequence, i) => i === 0 || sequence > (played[i - 1] as number)));
    // What came late came in the first seconds, while it learned how slow the way is.
    assert.isAbove(played.filter((sequence) => sequence >= 500).length, 940);
    assert.isBelow(buffer.delayMilliseconds, 300);
  });

  test('leaves out what was lost, and waits no longer for it', () => {
    const random = seeded(2);
    const lost = new Set(counted(500).filter(() => random() < 0.2));
    const { played, buffer } = play(arrivals(500, () => 40).filter(({ sequence }) => !lost.has(sequence)));
    assert.deepEqual(
      played,
      counted(500).filter((sequence) => !lost.has(sequence)),
    );
    assert.isBelow(buffer.delayMilliseconds, 60);
  });

  test.each([
    ['faster', 0.99],
    ['slower', 1.01],
  ])('keeps up with a clock that is one percent %s', (_, rate) => {
    const all = counted(6000).map((sequence) => ({ sequence, at: 30 + sequence * 20 * rate }));
    const { played, delays } = play(all);
    assert.isAbove(played.length, 5500);
    assert.isBelow(Math.max(...delays.slice(-1000)), 200);
  });

  test('goes on after a minute of nothing, and after a sender that jumps', () => {
    const far = arrivals(100, () => 30).map(({ at, sequence }) => ({ at: at + 60_000, sequence: sequence + 30_000 }));
    const { played } = play([...arrivals(100, () => 30), ...far]);
    assert.isAbove(played.length, 190);
    const jump = arrivals(100, () => 30).map(({ at, sequence }) => ({ at: at + 2000, sequence: sequence + 30_000 }));
    assert.isAbove(play([...arrivals(100, () => 30), ...jump]).played.length, 190);
  });

  test('holds no more than it may', () => {
    const buffer = new JitterBuffer();
    for (let sequence = 0; sequence < 5000; sequence++) buffer.put(packet(sequence), 0);
    let count = 0;
    for (let now = 1000; now < 100_000; now += 20) if (buffer.take(now).kind === 'packet') count += 1;
    assert.isAtMost(count, MAX_WAITING_PACKETS);
  });
});

/** Runs a buffer over what arrives, one take every 20 ms. */
function play(all: readonly Arrival[]): {
  readonly played: readonly number[];
  readonly delays: readonly number[];
  readonly buffer: JitterBuffer;
} {
  const [buffer, played, delays] = [new JitterBuffer(), [] as number[], [] as number[]];
  const queue = all.toSorted((left, right) => left.at - right.at);
  const end = (queue.at(-1)?.at ?? 0) + 1000;
  const arrivedAt = new Map(queue.map(({ at, sequence }) => [sequence, at]));
  for (let [now, next] = [0, 0]; now < end; now += 20) {
    for (; next < queue.length && (queue[next] as Arrival).at <= now; next++) {
      const { sequence, at } = queue[next] as Arrival;
      buffer.put(packet(sequence), at);
    }
    const playable = buffer.take(now);
    if (playable.kind !== 'packet') continue;
    const sequence = new DataView(playable.payload.buffer).getUint32(0);
    played.push(sequence);
    delays.push(now - (arrivedAt.get(sequence) ?? 0));
  }
  return { played, delays, buffer };
}

function arrivals(count: number, delay: () => number): readonly Arrival[] {
  return counted(count).map((sequence) => ({ sequence, at: sequence * 20 + delay() }));
}

function counted(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function packet(sequence: number) {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, sequence);
  return { sequence, timestamp: sequence * 960, payload };
}

function seeded(state: number): () => number {
  let [value] = [state];
  return () => {
    value = (value * 1_103_515_245 + 12_345) % 2 ** 31;
    return value / 2 ** 31;
  };
}
