import { type Application, buildApplication, buildRouteMap, run } from '@stricli/core';
import type { CliContext, World } from './context.ts';
import type { ExitCode } from './outcome.ts';
import { type Routes, routesFor } from './routes/alone.ts';
import { readVersion } from './version.ts';

/** Runs one command line and returns its exit code. */
export async function runProgram(words: readonly string[], world: World): Promise<ExitCode> {
  let exit: ExitCode | null = null;
  let complaint = '';
  const line = commandFirst(words);
  const application = buildProgram(await routesFor(line[0]));
  const context: CliContext & { readonly process: { exitCode?: number | string | null } } = {
    world,
    application,
    end: (code) => {
      exit = code;
    },
    process: {
      stdout: { write: (text) => void world.stdout.write(text), getColorDepth: () => 1 },
      // What the parser of the command line complains about is told like every other fault.
      stderr: {
        write: (text) => {
          complaint += text;
        },
        getColorDepth: () => 1,
      },
    },
  };
  await run(application, line, context);
  if (complaint === '') return exit ?? 0;
  const [{ reportFailure }, { CliFault }] = await Promise.all([import('./failure.ts'), import('./fault.ts')]);
  return reportFailure(world, new CliFault('usage', complaint.trim()), { json: words.includes('--json') });
}

/** A tree of commands: the whole, or the branch of it that a line needs. */
function buildProgram(routes: Routes): Application<CliContext> {
  return buildApplication(
    buildRouteMap({
      routes,
      docs: {
        brief: 'End-to-end encrypted rooms on a server that can read nothing',
        fullDescription: [
          'End-to-end encrypted rooms on a server that can read nothing.',
          '',
          'Start with `sotto account create NAME --invitation URL`. Every command explains itself with --help and answers in',
          'JSON with --json. The profile is the folder that SOTTO_HOME names.',
        ].join('\n'),
        ...('complete' in routes ? { hideRoute: { complete: true } } : {}),
      },
    }),
    {
      name: 'sotto',
      versionInfo: { getCurrentVersion: async () => readVersion() },
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      documentation: { caseStyle: 'convert-camel-to-kebab', disableAnsiColor: true, onlyRequiredInUsageLine: true },
    },
  );
}

/** `sotto --json room list` means `sotto room list --json`. */
function commandFirst(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !MOVABLE.has(word));
  if (start <= 0) return words;
  const end = words.indexOf('--');
  return end < 0
    ? [...words.slice(start), ...words.slice(0, start)]
    : [...words.slice(start, end), ...words.slice(0, start), ...words.slice(end)];
}

const MOVABLE = new Set(['--json', '--quiet', '--yes', '--no-input']);
