import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Coverage } from './coverage.ts';
import { type Parser, type Target, tryInput } from './target.ts';

/** The kept inputs of a target: a file each, named by parser and hash, so that their order is the same everywhere. */
export function readCorpus(target: string): ReadonlyMap<string, readonly Uint8Array[]> {
  const folder = corpusFolder(target);
  const corpus = new Map<string, Uint8Array[]>();
  for (const name of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
    const parser = name.slice(0, name.lastIndexOf('.'));
    const inputs = corpus.get(parser) ?? [];
    corpus.set(parser, [...inputs, new Uint8Array(readFileSync(join(folder, name)))]);
  }
  return corpus;
}

/**
 * Keeps the fewest inputs, short ones first, that together reach what all of them reach beyond the seeds, and writes
 * them in place of the corpus. Returns how many there are.
 */
export async function writeCorpus(
  target: Target,
  candidates: ReadonlyMap<string, readonly Uint8Array[]>,
): Promise<number> {
  const folder = corpusFolder(target.name);
  rmSync(folder, { recursive: true, force: true });
  let written = 0;
  for (const parser of target.parsers) {
    const inputs = candidates.get(parser.name) ?? [];
    for (const input of await minimise(parser, inputs, target.isCounted)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${parser.name}.${hashOf(input)}`), input);
      written++;
    }
  }
  return written;
}

export function hashOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}

async function minimise(
  parser: Parser,
  inputs: readonly Uint8Array[],
  isCounted: Target['isCounted'],
): Promise<readonly Uint8Array[]> {
  const coverage = new Coverage(isCounted ?? ((url) => url.includes('/packages/')));
  const answers = new Set<string>();
  const reaches = async (input: Uint8Array): Promise<boolean> => {
    coverage.take();
    const answer = await tryInput(parser, input);
    const run = coverage.take();
    const isNew = coverage.isNew(run) || !answers.has(answer);
    coverage.add(run);
    answers.add(answer);
    return isNew;
  };
  for (const seed of parser.seeds) await reaches(seed);
  const kept: Uint8Array[] = [];
  for (const input of inputs.toSorted((left, right) => left.length - right.length)) {
    if (input.length <= MAX_KEPT_BYTES && (await reaches(input))) kept.push(input);
  }
  coverage.close();
  return kept;
}

function corpusFolder(target: string): string {
  return fileURLToPath(new URL(`corpus/${target}`, import.meta.url));
}

/** Longer ones are found again when they are needed: the corpus stays small. */
const MAX_KEPT_BYTES = 2560;
