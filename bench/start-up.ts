import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { TemporaryFolder } from '../test/support/folder.ts';
import { HomeServer } from '../test/support/home-server.ts';
import { Person, signUp } from '../test/support/person.ts';
import { root } from '../test/support/program.ts';
import type { Bench, Figure, Goal, Result } from './support/bench.ts';
import { inTurns } from './support/turns.ts';

/** Words: rounds. */
export const bench: Bench = {
  title: 'how long commands take to start',
  about: `
Whole processes, taken in turns with a Node that does nothing (\`node -e 0\`); medians. The agent holds the account, which has one
room. \`sotto\` is the program of a checkout: its TypeScript is stripped of types by the runtime, which keeps the result.`,
  run,
};

async function run([rounds = '20']: readonly string[]): Promise<Result> {
  using folder = new TemporaryFolder();
  await using server = await HomeServer.start({ data: folder.at('server') });
  const ada = new Person({ folder: folder.at('ada'), name: 'ada' });
  await signUp(ada, server.invitation);
  await ada.line('room', 'create', 'ward');
  await ada.line('agent', 'start');
  try {
    return await compare({ env: { ...process.env, SOTTO_HOME: ada.home }, rounds: Number(rounds) });
  } finally {
    await ada.line('agent', 'stop');
  }
}

async function compare({ env, rounds }: { readonly env: NodeJS.ProcessEnv; readonly rounds: number }): Promise<Result> {
  const starts = [bare, ...commands].map((command) => [nameOf(command), () => start(command, env)] as const);
  const times = await inTurns(Object.fromEntries(starts), { rounds, count: 1 });
  const figure = (command: Command): Figure => ({
    what: `\`${nameOf(command)}\``,
    against: 'bare node',
    ours: { value: times[nameOf(command)] ?? 0, unit: 'ms' },
    theirs: { value: times[nameOf(bare)] ?? 0, unit: 'ms' },
    better: 'less',
    asked: command.asked,
  });
  const limit =
    "What `room list` takes beyond a bare Node is spent on loading some 45 small modules and the runtime's own for sockets, hardly on the work: bundled into one file the same program took about 10 ms of processor time less. Programs run from their sources, so there is no bundle.";
  return { figures: commands.map(figure), notes: [limit] };
}

function start({ program, words }: Command, env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(program, words, { env, stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${status}`);
}

function nameOf({ program, words }: Command): string {
  return `${basename(program)} ${words.join(' ')}`;
}

interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly asked: Goal | null;
}

const bare: Command = { program: `${root}node_modules/.bin/node`, words: ['-e', '0'], asked: null };
const sotto = `${root}bin/sotto`;
const commands: readonly Command[] = [
  { program: sotto, words: ['--version'], asked: { timesAsMuch: 1.5 } },
  { program: sotto, words: ['room', 'list'], asked: { timesAsMuch: 2 } },
  { program: sotto, words: ['message', 'list', 'ward'], asked: null },
];
