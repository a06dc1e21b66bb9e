import { runProgram } from './program.ts';

const stopping = new AbortController();

process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // Who reads the output may stop reading, as `head` does.
  if (cause.code === 'EPIPE') process.exit(0);
  throw cause;
});

process.exitCode = await runProgram(process.argv.slice(2), {
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
