import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** What ran between two looks: for each function that ran, the parts of it that did not. */
export interface Run {
  readonly functions: readonly RunFunction[];
  /** How often blocks were entered, over all counted sources: work that no busy machine changes. */
  readonly work: number;
}

interface RunFunction {
  readonly key: string;
  readonly missed: readonly Span[];
}

type Span = readonly [start: number, end: number];

/** Which blocks of the sources have ever run, by the block coverage of V8's inspector. */
export class Coverage {
  readonly #session = new Session();
  readonly #isCounted: (url: string) => boolean;
  /** For each function that ever ran, the parts that never did. */
  readonly #missing = new Map<string, readonly Span[]>();

  constructor(isCounted: (url: string) => boolean) {
    this.#isCounted = isCounted;
    // What compilers inline is not counted, and when they come to it is chance: the interpreter counts everything.
    for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran since the last look. */
  take(): Run {
    const { result } = this.#post('Profiler.takePreciseCoverage') as { readonly result: readonly Script[] };
    const functions: RunFunction[] = [];
    let work = 0;
    for (const { url, functions: called } of result) {
      if (!this.#isCounted(url)) continue;
      for (const { functionName, ranges } of called) {
        const whole = ranges[0];
        if (whole === undefined || whole.count === 0) continue;
        for (const { count } of ranges) work += count;
        const missed = ranges.filter(({ count }) => count === 0);
        functions.push({
          key: `${url} ${functionName} ${whole.startOffset}`,
          missed: missed.map(({ startOffset, endOffset }): Span => [startOffset, endOffset]),
        });
      }
    }
    return { functions, work };
  }

  /** Whether a block ran that had never run before. */
  isNew({ functions }: Run): boolean {
    return functions.some(({ key, missed }) => this.#shrunk(key, missed) !== null);
  }

  add({ functions }: Run): void {
    for (const { key, missed } of functions) {
      const still = this.#shrunk(key, missed);
      if (still !== null) this.#missing.set(key, still);
    }
  }

  get functions(): number {
    return this.#missing.size;
  }

  close(): void {
    this.#post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** What is missing in the function after a run, null if no less than before. */
  #shrunk(key: string, missed: readonly Span[]): readonly Span[] | null {
    const before = this.#missing.get(key);
    if (before === undefined) return missed;
    if (before.length === 0) return null;
    const still = intersection(before, missed);
    return size(still) < size(before) ? still : null;
  }

  /** The inspector answers synchronously within its own thread. */
  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown;
    this.#session.post(method, parameters, (error: Error | null, result?: object) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer;
  }
}

interface Script {
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
  }[];
}

/** Both lists ascend and have no overlaps. */
function intersection(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  const common: Span[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [a, b] = [left[i] as Span, right[j] as Span];
    const [start, end] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
    if (start < end) common.push([start, end]);
    if (a[1] < b[1]) i++;
    else j++;
  }
  return common;
}

function size(spans: readonly Span[]): number {
  return spans.reduce((sum, [start, end]) => sum + end - start, 0);
}
