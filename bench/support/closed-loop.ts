import { setTimeout } from 'node:timers/promises';

/** One who writes and one who reads: messages come out in the order in which they go in. */
export interface Lane {
  /** Puts in so many messages more. */
  send(count: number): void;
  /** Called with every message that came out on the other side; set before the first is sent. */
  delivered: () => void;
}

export interface Loop {
  /** Messages of a lane that are under way at a time: one that is delivered makes room for the next. */
  readonly window: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface Delivery {
  /** All of them, those of warm-up and end too. */
  readonly delivered: number;
  readonly perSecond: number;
  /** Milliseconds from the moment at which a message could go until it was delivered. */
  readonly latencies: readonly number[];
}

/** Keeps all lanes full for a while, lets them run empty, and counts what was delivered in between. */
export async function closedLoop(lanes: readonly Lane[], { window, warmUpSeconds, seconds }: Loop): Promise<Delivery> {
  const latencies: number[] = [];
  let phase: 'warm-up' | 'count' | 'end' = 'warm-up';
  let underWay = 0;
  let delivered = 0;
  const empty = Promise.withResolvers<void>();
  for (const lane of lanes) {
    const born: number[] = [];
    const put = (count: number): void => {
      underWay += count;
      for (let i = 0; i < count; i++) born.push(performance.now());
      lane.send(count);
    };
    lane.delivered = () => {
      const at = performance.now();
      const since = born.shift();
      if (since === undefined) throw new Error('delivered what was not sent');
      underWay -= 1;
      delivered += 1;
      if (phase === 'count') latencies.push(at - since);
      if (phase !== 'end') put(1);
      else if (underWay === 0) empty.resolve();
    };
    put(window);
  }
  await setTimeout(warmUpSeconds * 1000);
  phase = 'count';
  const started = performance.now();
  await setTimeout(seconds * 1000);
  phase = 'end';
  const lasted = (performance.now() - started) / 1000;
  await empty.promise;
  return { delivered, perSecond: latencies.length / lasted, latencies };
}

/** The value that `share` of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const value = sorted[Math.ceil(sorted.length * share) - 1];
  if (value === undefined) throw new Error('nothing was delivered');
  return value;
}
