import { PassThrough, Readable } from 'node:stream';
import { runProgram } from './program.ts';

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, at no terminal. */
export async function runLine(
  words: readonly string[],
  { env = {}, stdin = '' }: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exit = await runProgram(words, {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    env,
    stopped: () => AbortSignal.abort(),
  });
  return { exit, stdout: said(stdout), stderr: said(stderr) };
}

function said(stream: PassThrough): string {
  return (stream.read() as Buffer | null)?.toString('utf8') ?? '';
}
