import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { TemporaryFolder } from '../test/support/folder.ts';
import { HomeServer } from '../test/support/home-server.ts';
import { Person, signUp } from '../test/support/person.ts';
import { root } from '../test/support/program.ts';

/** How long commands take to start, as multiples of a Node that does nothing, taken in turns. Words: rounds. */
export async function run([rounds = '20']: readonly string[]): Promise<void> {
  using folder = new TemporaryFolder();
  await using server = await HomeServer.start({ data: folder.at('server') });
  const ada = new Person({ folder: folder.at('ada'), name: 'ada' });
  await signUp(ada, server.invitation);
  await ada.line('room', 'create', 'ward');
  await ada.line('agent', 'start');
  try {
    compare({ env: { ...process.env, SOTTO_HOME: ada.home }, rounds: Number(rounds) });
  } finally {
    await ada.line('agent', 'stop');
  }
}

function compare({ env, rounds }: { readonly env: NodeJS.ProcessEnv; readonly rounds: number }): void {
  const times = commands.map(() => [] as number[]);
  for (let left = rounds; left > 0; left--) {
    for (const [i, [program, ...words]] of commands.entries()) {
      const start = performance.now();
      const { status } = spawnSync(program, words, { env, stdio: 'ignore' });
      if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}`);
      times[i]?.push(performance.now() - start);
    }
  }
  const medians = times.map((list) => list.toSorted((left, right) => left - right)[rounds >> 1] ?? 0);
  for (const [i, [program, ...words]] of commands.entries()) {
    const ratio = ((medians[i] ?? 0) / (medians[0] ?? 1)).toFixed(2);
    console.log(
      `${ratio}  ${(medians[i] ?? 0).toFixed(0).padStart(5)} ms  ${program.slice(root.length)} ${words.join(' ')}`,
    );
  }
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
}

/** The first is what the others are compared with. */
const commands: readonly (readonly [string, ...string[]])[] = [
  [`${root}node_modules/.bin/node`, '-e', '0'],
  [`${root}bin/sotto`, '--version'],
  [`${root}bin/sotto`, 'room', 'list'],
  [`${root}bin/sotto`, 'message', 'list', 'ward'],
];
