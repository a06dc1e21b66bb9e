/**
 * What a bench is. Each is one file `bench/NAME.ts` that exports `bench`; `npm run bench -- NAME` runs it in a process of
 * its own, and what it measured goes into docs/benchmarks.json, from which docs/benchmarks.md and its chart are written.
 */
export interface Bench {
  /** Heading of its part of the page. */
  readonly title: string;
  /** How it is measured and what is counted, as Markdown; of both sides, so that a reader can judge whether it is fair. */
  readonly about: string;
  /** Binaries that it compares with; those of Debian are installed where that is possible without asking. */
  readonly programs?: readonly string[];
  /** Packages of bench/package.json that it compares with. */
  readonly packages?: readonly string[];
  /** Words behind the name on the command line set sizes; what is run with words is printed and not written down. */
  run(words: readonly string[]): Promise<Result>;
}

export interface Result {
  readonly figures: readonly Figure[];
  readonly growth?: readonly Growth[];
  /** What the figures do not say: limits, and why a figure is missed. Markdown, a paragraph each. */
  readonly notes?: readonly string[];
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  /** Whom it is compared with; null for a figure that stands alone. */
  readonly against: string | null;
  readonly ours: Quantity;
  readonly theirs: Quantity | null;
  /** Whether less (time, memory) or more (a rate) is better. */
  readonly better: 'less' | 'more';
  /** Null for a figure that was asked for without a bound. */
  readonly asked: Goal | null;
}

export interface Quantity {
  readonly value: number;
  readonly unit: 'ns' | 'µs' | 'ms' | 's' | 'B' | 'KiB' | 'MiB' | 'MiB/s' | 'kbit/s' | '/s' | '%';
}

/** `timesBetter: 2` is half the time or twice the rate; `timesAsMuch: 2` is at most twice of what is theirs. */
export type Goal = { readonly timesBetter: number } | { readonly timesAsMuch: number } | { readonly atMost: number };

/** Figures over a size, drawn as one panel of the chart. Sizes and values rise from 0 on even scales. */
export interface Growth {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
  /** The formula that fits, for people; null if none was looked for. */
  readonly fit: string | null;
}

/** How many times better ours is; null if there is nothing to compare with. */
export function timesBetter({ ours, theirs, better }: Figure): number | null {
  if (theirs === null) return null;
  return better === 'less' ? theirs.value / ours.value : ours.value / theirs.value;
}

/** Null if nothing was asked, or if there was nothing to compare with. */
export function isReached(figure: Figure): boolean | null {
  const { asked, ours } = figure;
  if (asked === null) return null;
  if ('atMost' in asked) return ours.value <= asked.atMost;
  const ratio = timesBetter(figure);
  if (ratio === null) return null;
  return 'timesBetter' in asked ? ratio >= asked.timesBetter : 1 / ratio <= asked.timesAsMuch;
}
