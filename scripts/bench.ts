/** Runs one of `bench/`: `npm run bench -- NAME [words]`. */
async function main([name, ...words]: readonly string[]): Promise<void> {
  if (name === undefined || !/^[a-z-]+$/.test(name)) throw new Error('which one? npm run bench -- archive');
  const { run } = (await import(`../bench/${name}.ts`)) as { run(words: readonly string[]): Promise<void> };
  await run(words);
}

await main(process.argv.slice(2));
