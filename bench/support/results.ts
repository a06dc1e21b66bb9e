import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from '../../test/support/program.ts';
import type { Bench, Result } from './bench.ts';
import { drawChart } from './chart.ts';
import type { Circumstances } from './machine.ts';
import { writePage } from './page.ts';

/** What one bench measured when it last ran whole, with what is said of it. */
export interface Measured extends Circumstances, Result, Pick<Bench, 'title' | 'about'> {}

/** By name of the bench. */
export type Results = Readonly<Record<string, Measured>>;

/** Puts the results of benches in the place of their older ones, and writes page and chart anew. */
export function keepResults(fresh: Results): void {
  const all = Object.entries({ ...readResults(), ...fresh }).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const results: Results = Object.fromEntries(all);
  writeFileSync(path('json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const [ending, text] of Object.entries(pagesOf(results))) writeFileSync(path(ending), text);
}

export function readResults(): Results {
  return existsSync(path('json')) ? (JSON.parse(readFileSync(path('json'), 'utf8')) as Results) : {};
}

/** What is written from results, by the ending of the file's name. */
export function pagesOf(results: Results): { readonly md: string; readonly svg: string } {
  return { md: writePage(results), svg: drawChart(Object.values(results).flatMap(({ growth = [] }) => growth)) };
}

export function path(ending: string): string {
  return `${root}docs/benchmarks.${ending}`;
}
