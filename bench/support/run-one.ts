import { writeFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { circumstances } from './machine.ts';
import { table } from './page.ts';
import type { Measured } from './results.ts';

/** One bench in this process. Words: its name, the file that takes what it measured, and its own words. */
async function main([name, file = '', ...words]: readonly string[]): Promise<void> {
  const { bench } = (await import(`../${name}.ts`)) as { readonly bench: Bench };
  const { title, about } = bench;
  console.log(`\n${name}: ${title}`);
  const where = circumstances(bench);
  const result = await bench.run(words);
  const measured: Measured = { title, about, ...where, ...result };
  console.log(`${table(result.figures)}\n${[...(result.notes ?? [])].join('\n')}`);
  writeFileSync(file, JSON.stringify(measured));
}

await main(process.argv.slice(2));
