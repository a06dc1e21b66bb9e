import type { DatabaseOptions } from '@sotto/server';
import { usage } from './usage.ts';

/** What makes, examines and takes back copies of a home server. */
export type CopyCommand =
  | {
      readonly name: 'backup';
      readonly data: string;
      readonly database: DatabaseOptions | undefined;
      readonly out: string;
      readonly withKeys: string | null;
      readonly json: boolean;
    }
  | { readonly name: 'verify'; readonly place: VerifiedPlace; readonly json: boolean }
  | {
      readonly name: 'restore';
      readonly source: string;
      readonly data: string;
      /** PostgreSQL to restore into; undefined for SQLite. */
      readonly database: DatabaseOptions | undefined;
      readonly withKeys: string | null;
      readonly keysFrom: string | undefined;
      readonly settleMinutes: number;
      readonly json: boolean;
    };

type VerifiedPlace =
  | { readonly data: string; readonly database: DatabaseOptions | undefined }
  | { readonly backup: string };

/** Options that the copy commands add. */
export const copyOptions = {
  out: { type: 'string' },
  'with-keys': { type: 'string' },
  'keys-from': { type: 'string' },
  settle: { type: 'string' },
} as const;

interface Values {
  readonly 'migration-database'?: string | undefined;
  readonly data?: string | undefined;
  readonly out?: string | undefined;
  readonly 'with-keys'?: string | undefined;
  readonly 'keys-from'?: string | undefined;
  readonly settle?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Null for another command; `database` is what the line says of PostgreSQL. Throws `usage`. */
export function parseCopyCommand(
  values: Values,
  [name, ...rest]: readonly string[],
  database: DatabaseOptions | undefined,
): CopyCommand | null {
  if (name !== 'backup' && name !== 'verify' && name !== 'restore') return null;
  if (values['migration-database'] !== undefined) throw usage('--migration-database comes with start');
  const json = values.json ?? false;
  if (name === 'verify') return { name, place: parsePlace(values, rest, database), json };
  const parsed = name === 'backup' ? parseBackup(values, rest) : parseRestore(values, rest);
  return { ...parsed, database, json };
}

type Parsed<Name extends CopyCommand['name']> = Omit<CopyCommand & { readonly name: Name }, 'database' | 'json'>;

function parseBackup({ data, out, 'with-keys': withKeys }: Values, rest: readonly string[]): Parsed<'backup'> {
  if (rest.length > 0) throw usage('backup takes --data and --out');
  if (data === undefined) throw usage('--data must name the data directory');
  if (out === undefined) throw usage('--out must name a folder for the backup');
  return { name: 'backup', data, out, withKeys: withKeys ?? null };
}

function parsePlace(
  { data }: Values,
  [backup, ...more]: readonly string[],
  database: DatabaseOptions | undefined,
): VerifiedPlace {
  if (more.length > 0 || (backup === undefined) === (data === undefined)) {
    throw usage('verify takes either a backup or --data');
  }
  if (backup === undefined) return { data: data as string, database };
  if (database !== undefined) throw usage('a backup is examined without --database');
  return { backup };
}

function parseRestore(values: Values, [source, ...more]: readonly string[]): Parsed<'restore'> {
  const { data, 'with-keys': withKeys, 'keys-from': keysFrom, settle = '10' } = values;
  if (source === undefined || more.length > 0) throw usage('restore takes one backup');
  if (data === undefined) throw usage('--data must name the data directory');
  if (keysFrom !== undefined && withKeys === undefined) throw usage('--keys-from comes with --with-keys');
  if (!/^[0-9]{1,6}$/.test(settle)) throw usage('--settle takes minutes');
  return { name: 'restore', source, data, withKeys: withKeys ?? null, keysFrom, settleMinutes: Number(settle) };
}
