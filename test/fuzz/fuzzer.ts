import { crc32 } from 'node:zlib';
import { type Cost, checkCost, isDear, measure } from './bounds.ts';
import { Coverage } from './coverage.ts';
import { dictionaryOf } from './dictionary.ts';
import { mutate } from './mutate.ts';
import type { Material } from './mutate-bytes.ts';
import { Numbers } from './numbers.ts';
import { type Parser, type Target, tryInput, Violation } from './target.ts';

export interface FuzzOptions {
  /** Decides every input, together with the corpus. */
  readonly seed: string;
  /** Kept inputs of earlier runs, by the name of their parser. */
  readonly corpus: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Whether to go on after so many executions and findings. */
  readonly goesOn: (executions: number, findings: number) => boolean;
  /** False for the blind comparison: nothing is kept, whatever it covers. */
  readonly isGuided?: boolean;
  /** Called before every input, with what would say which one if it never came back. */
  readonly watch?: (parser: Parser, input: Uint8Array) => void;
}

/** An input with which a rule was broken, cut down as far as it is broken still. */
export interface Finding {
  readonly parser: string;
  readonly input: Uint8Array;
  readonly violation: Violation;
}

export interface FuzzReport {
  readonly executions: number;
  readonly findings: readonly Finding[];
  /** Inputs that reached something new; those of the corpus and the seeds are not among them. */
  readonly kept: readonly { readonly parser: string; readonly input: Uint8Array }[];
  readonly coveredFunctions: number;
  /** Kinds of answers that were seen: taken, and each refusal. */
  readonly answers: number;
  /** Over all inputs in their order. */
  readonly inputsHash: number;
}

/** Tries inputs on a target's parsers until it is told to stop, building on those that reach new blocks or answers. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzReport> {
  const fuzzer = new Fuzzer(target, options);
  try {
    return await fuzzer.run();
  } finally {
    fuzzer.close();
  }
}

/** An input on its way to a parser. */
interface Trial {
  readonly queue: Queue;
  readonly input: Uint8Array;
  /** What the input was made of; empty for one to start with. */
  readonly base: Uint8Array;
}

/** One parser with the inputs that its next ones are made of. */
interface Queue {
  readonly parser: Parser;
  readonly inputs: Uint8Array[];
}

class Fuzzer {
  readonly #options: FuzzOptions;
  readonly #numbers: Numbers;
  readonly #coverage: Coverage;
  readonly #words: Pick<Material, 'dictionary' | 'words'>;
  readonly #queues: readonly Queue[];
  readonly #answers = new Set<string>();
  readonly #findings = new Map<string, Finding>();
  readonly #kept: Trial[] = [];
  /** What is tried every other time, before anything is left to chance. */
  readonly #due: Trial[] = [];
  #executions = 0;
  #inputsHash = 0;

  constructor({ parsers, sources, isCounted = isOurs }: Target, options: FuzzOptions) {
    this.#options = options;
    this.#numbers = new Numbers(options.seed);
    this.#coverage = new Coverage(isCounted);
    const dictionary = dictionaryOf(sources);
    this.#words = { dictionary, words: dictionary.map((word) => new TextDecoder().decode(word)) };
    this.#queues = parsers.map((parser) => ({ parser, inputs: [] }));
  }

  async run(): Promise<FuzzReport> {
    await this.#begin();
    let batchSize = SMALLEST_BATCH;
    while (this.#findings.size < MOST_FINDINGS && this.#options.goesOn(this.#executions, this.#findings.size)) {
      const batch = Array.from({ length: batchSize }, () => this.#next());
      const isNew = await this.#tryBatch(batch, (trial) => void this.#keep(trial));
      batchSize = isNew ? Math.max(SMALLEST_BATCH, batchSize >> 1) : Math.min(LARGEST_BATCH, batchSize << 1);
    }
    return this.#report();
  }

  close(): void {
    this.#coverage.close();
  }

  /** Seeds and corpus are where everything starts, whether they reach something new or not. */
  async #begin(): Promise<void> {
    for (const queue of this.#queues) {
      const { parser, inputs } = queue;
      const known = this.#options.corpus.get(parser.name) ?? [];
      inputs.push(...parser.seeds, ...known);
      if (inputs.length === 0) inputs.push(new Uint8Array());
      const trials = inputs.map((input) => ({ queue, input, base: NOTHING }));
      await this.#tryBatch(trials, () => undefined);
      const seeds = trials.slice(0, parser.seeds.length);
      if (this.#options.isGuided !== false) this.#due.push(...seeds.filter(isSwept).flatMap(sweep));
    }
  }

  #next(): Trial {
    const numbers = this.#numbers;
    const due = numbers.once(2) ? this.#due.pop() : undefined;
    if (due !== undefined) return due;
    const { queue, input: base } = this.#chooseBase();
    const { parser, inputs } = queue;
    const input = mutate(parser.shape, base, { numbers, other: numbers.pick(inputs), ...this.#words });
    return { queue, input: input.subarray(0, parser.maxBytes ?? MAX_INPUT_BYTES), base };
  }

  /** What was found last leads on, more often than not. */
  #chooseBase(): Omit<Trial, 'base'> {
    const numbers = this.#numbers;
    const latest = this.#kept.slice(-LATEST);
    if (latest.length > 0 && numbers.once(2)) return numbers.pick(latest);
    const queue = numbers.pick(this.#queues);
    return { queue, input: numbers.pickLate(queue.inputs) };
  }

  /** Tries all of a batch, then looks once; only where something is new are the inputs told apart. */
  async #tryBatch(batch: readonly Trial[], keep: (trial: Trial) => void): Promise<boolean> {
    const fresh: Trial[] = [];
    this.#coverage.take();
    const cost = await measure(async () => {
      for (const trial of batch) if (await this.#try(trial)) fresh.push(trial);
    });
    const isNew = this.#coverage.isNew(this.#coverage.take());
    for (const trial of fresh) keep(trial);
    if (isNew) await this.#tellHalvesApart(batch, keep);
    await this.#checkCosts(batch, cost);
    return isNew || fresh.length > 0;
  }

  /** Runs one input; whether its answer was never heard before. */
  async #try({ queue: { parser }, input }: Trial): Promise<boolean> {
    this.#executions++;
    this.#inputsHash = crc32(input, this.#inputsHash);
    this.#options.watch?.(parser, input);
    try {
      const answer = `${parser.name}: ${await tryInput(parser, input)}`;
      if (this.#answers.has(answer) || this.#answers.size >= MOST_ANSWERS) return false;
      this.#answers.add(answer);
      return true;
    } catch (violation) {
      await this.#found(parser, input, violation);
      return false;
    }
  }

  async #tellHalvesApart(batch: readonly Trial[], keep: (trial: Trial) => void): Promise<void> {
    const half = batch.length >> 1;
    await this.#tellApart(batch.slice(0, half), keep);
    await this.#tellApart(batch.slice(half), keep);
  }

  async #tellApart(batch: readonly Trial[], keep: (trial: Trial) => void): Promise<void> {
    this.#coverage.take();
    for (const trial of batch) await this.#try(trial);
    const run = this.#coverage.take();
    if (!this.#coverage.isNew(run)) return;
    const [only, ...others] = batch;
    if (only === undefined) return;
    if (others.length > 0) return this.#tellHalvesApart(batch, keep);
    this.#coverage.add(run);
    keep(only);
  }

  #keep(trial: Trial): void {
    if (this.#options.isGuided === false) return;
    trial.queue.inputs.push(trial.input);
    this.#kept.push(trial);
    if (isSwept(trial)) this.#due.push(...sweep(trial));
  }

  async #checkCosts(batch: readonly Trial[], cost: Cost): Promise<void> {
    const patience = Math.max(1, ...batch.map(({ queue }) => queue.parser.patience ?? 1));
    const bytes = batch.reduce((sum, { input }) => sum + input.length, 0);
    if (!isDear(cost, batch.length * patience, bytes * patience)) return;
    for (const { queue, input } of batch) {
      try {
        await checkCost(queue.parser, input);
      } catch (violation) {
        await this.#found(queue.parser, input, violation);
      }
    }
  }

  async #found(parser: Parser, input: Uint8Array, violation: unknown): Promise<void> {
    if (!(violation instanceof Violation)) throw violation;
    const key = `${parser.name}: ${kindOf(violation)}`;
    if (this.#findings.has(key)) return;
    this.#findings.set(key, { parser: parser.name, input, violation });
    this.#findings.set(key, await cutDown(parser, { parser: parser.name, input, violation }));
  }

  #report(): FuzzReport {
    return {
      executions: this.#executions,
      findings: [...this.#findings.values()],
      kept: this.#kept.map(({ queue, input }) => ({ parser: queue.parser.name, input })),
      coveredFunctions: this.#coverage.functions,
      answers: this.#answers.size,
      inputsHash: this.#inputsHash,
    };
  }
}

function isSwept({ input }: Trial): boolean {
  return input.length <= LONGEST_SWEPT_BYTES;
}

/**
 * Where a byte led on, its neighbour is what is most likely looked at next: every value of it. So a word that is compared
 * letter by letter is guessed letter by letter.
 */
function sweep({ queue, input, base }: Trial): readonly Trial[] {
  let at = 0;
  while (at < base.length && input[at] === base[at]) at++;
  const next = base === NOTHING ? 0 : Math.min(at + 1, input.length);
  return Array.from({ length: 256 }, (_, value) => {
    const changed = new Uint8Array(Math.max(input.length, next + 1));
    changed.set(input);
    changed[next] = value;
    return { queue, input: changed, base: input };
  });
}

/** Takes bytes away for as long as the same rule is broken. Costs are not looked into again. */
async function cutDown(parser: Parser, finding: Finding): Promise<Finding> {
  let { input } = finding;
  let tries = 2_000;
  for (let length = input.length >> 1; length > 0; length >>= 1) {
    for (let start = 0; start + length <= input.length && tries-- > 0; ) {
      const shorter = new Uint8Array([...input.subarray(0, start), ...input.subarray(start + length)]);
      if (await breaks(parser, shorter, kindOf(finding.violation))) input = shorter;
      else start += length;
    }
  }
  return { ...finding, input };
}

async function breaks(parser: Parser, input: Uint8Array, kind: string): Promise<boolean> {
  try {
    await tryInput(parser, input);
    return false;
  } catch (error) {
    return error instanceof Violation && kindOf(error) === kind;
  }
}

/** Violations of one kind have one cause, most likely: the same words, thrown in the same place. */
function kindOf({ message, cause }: Violation): string {
  const place = cause instanceof Error ? (cause.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '') : '';
  return `${message.replaceAll(/\d+|["'`].*["'`]/g, '#')} ${place.trim()}`;
}

function isOurs(url: string): boolean {
  return /\/packages\/[^/]+\/src\//.test(url);
}

const NOTHING = new Uint8Array();
const LONGEST_SWEPT_BYTES = 64;
const LATEST = 4;
const SMALLEST_BATCH = 16;
const LARGEST_BATCH = 512;
const MAX_INPUT_BYTES = 4096;
const MOST_ANSWERS = 5_000;
const MOST_FINDINGS = 8;
