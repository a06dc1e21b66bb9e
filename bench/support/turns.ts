/** `count` operations, one after the other. */
type Operations = (count: number) => Promise<void> | void;

/** One of the things that are compared; what `prepare` does is not counted. */
export type Contender = Operations | { readonly prepare: Operations; readonly run: Operations };

interface Turns {
  readonly rounds: number;
  /** Operations of one contender in one round; before the first round each warms up with as many. */
  readonly count: number;
  /** What is counted: time that passes, unless it is that of processors, all threads of this process together. */
  readonly clock?: Clock;
}

/** Milliseconds since whenever. */
type Clock = () => number;

/** For what only computes: whoever else uses the machine counts for less in it. */
export const processorTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Lets contenders take turns, so that whatever else the machine does meets all of them alike. Returns for each the
 * median over the rounds of the milliseconds of one operation.
 */
export async function inTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, count, clock = () => performance.now() }: Turns,
): Promise<Record<Name, number>> {
  const names = Object.keys(contenders) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (const name of names) await measure(contenders[name], count, clock);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times.get(name)?.push((await measure(contenders[name], count, clock)) / count);
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

async function measure(contender: Contender, count: number, clock: Clock): Promise<number> {
  const { prepare, run } = typeof contender === 'function' ? { prepare: null, run: contender } : contender;
  await prepare?.(count);
  globalThis.gc?.();
  const start = clock();
  await run(count);
  return clock() - start;
}

/** Of an even number of values the greater of the two in the middle. */
function median(values: readonly number[]): number {
  const middle = values.toSorted((left, right) => left - right)[values.length >> 1];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
