import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domain } from '@sotto/protocol';
import { z } from 'zod';
import { ServerUsageFault } from './fault.ts';
import type { StoreKind } from './store/store.ts';

/** What the first start chose and every later one takes again unless it is told otherwise. */
export interface FirstStart {
  readonly domain: string;
  /** The kind of database; where it is and how it is entered is said at each start. */
  readonly database: StoreKind;
  /** Ports of the listeners. */
  readonly web: number;
  readonly native: number;
}

/** Null before the first start. Throws `data-unusable` for a file that says something else. */
export function readFirstStart(dataDirectory: string): FirstStart | null {
  let text: string;
  try {
    text = readFileSync(join(dataDirectory, FILE), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw unusable(cause);
  }
  try {
    return firstStart.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(cause);
  }
}

export function writeFirstStart(dataDirectory: string, chosen: FirstStart): void {
  const path = join(dataDirectory, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(chosen)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

function unusable(cause: unknown): ServerUsageFault {
  return new ServerUsageFault(
    'data-unusable',
    `${FILE} cannot be read: mend it, or remove it and say --domain and --listen anew`,
    {
      cause,
    },
  );
}

const port = z.int().min(1).max(65_535);
const firstStart = z.strictObject({
  domain,
  database: z.enum(['sqlite', 'postgres']).default('sqlite'),
  web: port,
  native: port,
});

const FILE = 'first-start.json';
