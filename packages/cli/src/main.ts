import { readVersion } from './version.ts';

const stopping = new AbortController();

process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // Who reads the output may stop reading, as `head` does.
  if (cause.code === 'EPIPE') process.exit(0);
  throw cause;
});

const words = process.argv.slice(2);

// The version alone is told before anything else is loaded.
if (words.length === 1 && words[0] === '--version') process.stdout.write(`${readVersion()}\n`);
else {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(words, {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    stopped: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
      return stopping.signal;
    },
  });
}
