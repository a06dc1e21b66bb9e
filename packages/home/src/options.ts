import { parseArgs } from 'node:util';
import { type DatabaseOptions, type LogLevel, logLevels } from '@sotto/server';
import { type CopyCommand, copyOptions, parseCopyCommand } from './copy-options.ts';
import { HomeUsageFault, usage } from './usage.ts';

/** What the command line asks for. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | { readonly name: 'start'; readonly options: StartOptions }
  | CopyCommand;

export interface StartOptions {
  readonly data: string;
  readonly domain: string | undefined;
  readonly listen: string | undefined;
  readonly nativeListen: string | undefined;
  readonly url: string | undefined;
  /** Folder of the built web client; undefined for that of the checkout, null for none. */
  readonly web: string | null | undefined;
  /** Undefined for SQLite in the data directory. */
  readonly database: DatabaseOptions | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly behindProxy: boolean;
  /** A folder or `s3://BUCKET/PREFIX`. */
  readonly replica: { readonly place: string; readonly intervalSeconds: number } | undefined;
  readonly acceptRestored: boolean;
  readonly suiteModules: readonly string[];
  readonly auditLog: string | undefined;
  readonly auditSyslog: readonly string[];
  readonly logLevel: LogLevel;
  readonly json: boolean;
}

/** Reads arguments and the level that SOTTO_LOG names. Throws `usage`. */
export function parseCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, positionals } = parse(args);
  if (values.help === true || positionals[0] === 'help') return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const database = parseDatabase(values, environment['PGPASSFILE']);
  const copy = parseCopyCommand(values, positionals, database);
  if (copy !== null) return copy;
  if (positionals.length !== 1 || positionals[0] !== 'start') {
    throw usage('the commands are: start, backup, verify, restore');
  }
  if (values.data === undefined) throw usage('--data must name the data directory');
  return {
    name: 'start',
    options: {
      data: values.data,
      domain: values.domain,
      listen: values.listen,
      nativeListen: values['native-listen'],
      url: values.url,
      web: parseWeb(values.web, values['no-web']),
      database,
      tls: parseTls(values['tls-cert'], values['tls-key']),
      behindProxy: values['behind-proxy'] ?? false,
      replica: parseReplica(values.replica, values['replica-interval']),
      acceptRestored: values['accept-restored'] ?? false,
      suiteModules: values['suite-module'] ?? [],
      auditLog: values['audit-log'],
      auditSyslog: values['audit-syslog'] ?? [],
      logLevel: parseLogLevel(values['log-level'] ?? environment['SOTTO_LOG'] ?? 'info'),
      json: values.json ?? false,
    },
  };
}

/** Whether errors are to be printed as JSON, even if the rest of the line makes no sense. */
export function wantsJson(args: readonly string[]): boolean {
  return args.includes('--json');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new HomeUsageFault('usage', cause instanceof Error ? cause.message : 'arguments that make no sense', {
      cause,
    });
  }
}

function parseWeb(folder: string | undefined, without = false): StartOptions['web'] {
  if (without && folder !== undefined) throw usage('--web and --no-web exclude each other');
  return without ? null : folder;
}

function parseReplica(place: string | undefined, interval = '10'): StartOptions['replica'] {
  if (!/^[1-9][0-9]{0,5}$/.test(interval)) throw usage('--replica-interval takes seconds');
  return place === undefined ? undefined : { place, intervalSeconds: Number(interval) };
}

function parseTls(certFile: string | undefined, keyFile: string | undefined): StartOptions['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw usage('--tls-cert and --tls-key come together');
  return { certFile, keyFile };
}

function parseDatabase(
  values: ReturnType<typeof parse>['values'],
  passFile: string | undefined,
): DatabaseOptions | undefined {
  const { database, 'migration-database': migration } = values;
  if (database === undefined) {
    const orphan = DATABASE_WORDS.find((word) => values[word] !== undefined);
    if (orphan !== undefined) throw usage(`--${orphan} comes with --database`);
    return undefined;
  }
  return {
    url: database,
    passwordFile: values['database-password-file'],
    caFile: values['database-ca'],
    passFile,
    migration:
      migration === undefined ? undefined : { url: migration, passwordFile: values['migration-password-file'] },
  };
}

function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((candidate) => candidate === text);
  if (level === undefined) throw usage(`a log level is one of ${logLevels.join(', ')}`);
  return level;
}

const DATABASE_WORDS = [
  'database-password-file',
  'database-ca',
  'migration-database',
  'migration-password-file',
] as const;

const OPTIONS = {
  data: { type: 'string' },
  domain: { type: 'string' },
  listen: { type: 'string' },
  'native-listen': { type: 'string' },
  url: { type: 'string' },
  web: { type: 'string' },
  'no-web': { type: 'boolean' },
  database: { type: 'string' },
  'database-password-file': { type: 'string' },
  'database-ca': { type: 'string' },
  'migration-database': { type: 'string' },
  'migration-password-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  replica: { type: 'string' },
  'replica-interval': { type: 'string' },
  'accept-restored': { type: 'boolean' },
  'suite-module': { type: 'string', multiple: true },
  'audit-log': { type: 'string' },
  'audit-syslog': { type: 'string', multiple: true },
  'log-level': { type: 'string' },
  json: { type: 'boolean' },
  ...copyOptions,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;
