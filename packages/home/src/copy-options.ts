import { usage } from './usage.ts';

/** What makes, examines and takes back copies of a home server. */
export type CopyCommand =
  | {
      readonly name: 'backup';
      readonly data: string;
      readonly out: string;
      readonly withKeys: string | null;
      readonly json: boolean;
    }
  | { readonly name: 'verify'; readonly place: VerifiedPlace; readonly json: boolean }
  | {
      readonly name: 'restore';
      readonly source: string;
      readonly data: string;
      readonly withKeys: string | null;
      readonly keysFrom: string | undefined;
      readonly settleMinutes: number;
      readonly json: boolean;
    };

type VerifiedPlace = { readonly data: string } | { readonly backup: string };

/** Options that the copy commands add. */
export const copyOptions = {
  out: { type: 'string' },
  'with-keys': { type: 'string' },
  'keys-from': { type: 'string' },
  settle: { type: 'string' },
} as const;

interface Values {
  readonly data?: string | undefined;
  readonly out?: string | undefined;
  readonly 'with-keys'?: string | undefined;
  readonly 'keys-from'?: string | undefined;
  readonly settle?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Null for another command. Throws `usage`. */
export function parseCopyCommand(values: Values, [name, ...rest]: readonly string[]): CopyCommand | null {
  const json = values.json ?? false;
  if (name === 'backup') return parseBackup(values, rest, json);
  if (name === 'verify') return { name, place: parsePlace(values, rest), json };
  if (name === 'restore') return parseRestore(values, rest, json);
  return null;
}

function parseBackup(
  { data, out, 'with-keys': withKeys }: Values,
  rest: readonly string[],
  json: boolean,
): CopyCommand {
  if (rest.length > 0) throw usage('backup takes --data and --out');
  if (data === undefined) throw usage('--data must name the data directory');
  if (out === undefined) throw usage('--out must name a folder for the backup');
  return { name: 'backup', data, out, withKeys: withKeys ?? null, json };
}

function parsePlace({ data }: Values, [backup, ...more]: readonly string[]): VerifiedPlace {
  if (more.length > 0 || (backup === undefined) === (data === undefined)) {
    throw usage('verify takes either a backup or --data');
  }
  return backup === undefined ? { data: data as string } : { backup };
}

function parseRestore(values: Values, [source, ...more]: readonly string[], json: boolean): CopyCommand {
  const { data, 'with-keys': withKeys, 'keys-from': keysFrom, settle = '10' } = values;
  if (source === undefined || more.length > 0) throw usage('restore takes one backup');
  if (data === undefined) throw usage('--data must name the data directory');
  if (keysFrom !== undefined && withKeys === undefined) throw usage('--keys-from comes with --with-keys');
  if (!/^[0-9]{1,6}$/.test(settle)) throw usage('--settle takes minutes');
  return { name: 'restore', source, data, withKeys: withKeys ?? null, keysFrom, settleMinutes: Number(settle), json };
}
