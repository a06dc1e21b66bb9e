import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@sotto/bytes';
import { createLogger, errorFacts, openTarget, type ServerOptions, startServer } from '@sotto/server';
import closeWithGrace from 'close-with-grace';
import manifest from '../package.json' with { type: 'json' };
import { obeyCopy } from './copies.ts';
import { type Command, parseCommand, type StartOptions, wantsJson } from './options.ts';
import { loadSuites } from './suites.ts';
import { failureText, helpText, startedText } from './text.ts';

/** Runs the program to the point where it serves, or to its end; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await obey(parseCommand(args, process.env));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    process.stderr.write(failureText(error, wantsJson(args)));
    return USAGE_CODES.has(error.code) ? 2 : 1;
  }
}

async function obey(command: Command): Promise<number> {
  if (command.name === 'help') process.stdout.write(helpText);
  else if (command.name === 'version') process.stdout.write(`sotto-server ${manifest.version}\n`);
  else if (command.name === 'start') await start(command.options);
  else {
    const { text, exitCode } = await obeyCopy(command);
    process.stdout.write(text);
    return exitCode;
  }
  return 0;
}

async function start(options: StartOptions): Promise<void> {
  const { data, suiteModules, logLevel, json, replica, web, ...rest } = options;
  const logger = createLogger(logLevel);
  const suiteFactories = await loadSuites(suiteModules);
  const server = await startServer({
    ...rest,
    dataDir: data,
    web: webFolder(web),
    replica: openReplica(replica),
    suiteFactories,
    logger,
  });
  closeWithGrace({ delay: STOP_MILLISECONDS, logger: false }, async ({ err }) => {
    if (err !== undefined) logger.error('crashed', errorFacts(err));
    await server.close();
  });
  process.stdout.write(startedText(server, { json, data }));
  void server.lost.then(async (fault) => {
    process.stderr.write(failureText(fault, json));
    await server.close();
    process.exit(1);
  });
}

/** That of the checkout, if it was built. */
function webFolder(chosen: StartOptions['web']): string | undefined {
  if (chosen !== undefined) return chosen ?? undefined;
  return existsSync(join(BUILT_CLIENT, 'release.cbor')) ? BUILT_CLIENT : undefined;
}

function openReplica(replica: StartOptions['replica']): ServerOptions['replica'] {
  if (replica === undefined) return undefined;
  const { place, intervalSeconds } = replica;
  const target = openTarget(place, process.env);
  return { target, intervalMilliseconds: intervalSeconds * 1000, program: manifest.version };
}

const BUILT_CLIENT = join(import.meta.dirname, '../../web/dist');

/** Longer than a server takes to let everybody finish. */
const STOP_MILLISECONDS = 20_000;

/** What another command line would mend. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'usage',
  'replica-malformed',
  'audit-log-unusable',
  'suite-module-unusable',
  'suite-invalid',
  'listen-malformed',
  'url-malformed',
  'web-client-unusable',
  'plain-http-refused',
  'domain-mismatch',
  'database-malformed',
  'database-mismatch',
  'database-password-exposed',
]);
