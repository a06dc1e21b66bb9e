/** One of the things that are compared: `count` operations, one after the other. */
type Contender = (count: number) => Promise<void> | void;

interface Turns {
  readonly rounds: number;
  /** Operations of one contender in one round; before the first round each warms up with as many. */
  readonly count: number;
}

/**
 * Lets contenders take turns, so that whatever else the machine does meets all of them alike. Returns for each the
 * median over the rounds of the milliseconds that one operation took.
 */
export async function inTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, count }: Turns,
): Promise<Record<Name, number>> {
  const names = Object.keys(contenders) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (const name of names) await contenders[name](count);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const start = performance.now();
      await contenders[name](count);
      times.get(name)?.push((performance.now() - start) / count);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>;
}

/** Of an even number of values the greater of the two in the middle. */
function median(values: readonly number[]): number {
  const middle = values.toSorted((left, right) => left - right)[values.length >> 1];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
