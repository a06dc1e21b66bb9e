import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nodePrimitives } from '@sotto/crypto/node';
import {
  backupServer,
  type DatabaseOptions,
  fetchReplica,
  isRemote,
  openTarget,
  REPLICA_INDEX,
  restoreServer,
  type Verification,
  verifyBackup,
  verifyData,
  verifyPostgres,
} from '@sotto/server';
import manifest from '../package.json' with { type: 'json' };
import type { CopyCommand } from './copy-options.ts';
import { backupText, restoredText, verifiedText } from './copy-text.ts';
import { usage } from './usage.ts';

/** What a command says on standard output, and its exit code. */
export interface Said {
  readonly text: string;
  readonly exitCode: number;
}

/** Makes, examines or takes back a copy. */
export async function obeyCopy(command: CopyCommand): Promise<Said> {
  if (command.name === 'verify') return verify(command);
  return { text: await (command.name === 'backup' ? backup(command) : restore(command)), exitCode: 0 };
}

async function backup({ data, database, out, withKeys, json }: CopyCommand & { name: 'backup' }): Promise<string> {
  const made = await backupServer({
    dataDir: data,
    database,
    target: out,
    keysPassphrase: readPassphrase(withKeys),
    program: manifest.version,
    primitives: nodePrimitives(),
    now: Date.now,
  });
  return backupText(made, { json, out });
}

async function verify({ place, json }: CopyCommand & { name: 'verify' }): Promise<Said> {
  const found: Verification =
    'data' in place
      ? await verifyServer(place)
      : await withBackup(place.backup, tmpdir(), async (backup) => verifyBackup(backup));
  return { text: verifiedText(found, json), exitCode: found.sound && found.missing.length === 0 ? 0 : 1 };
}

function verifyServer({
  data,
  database,
}: {
  readonly data: string;
  readonly database: DatabaseOptions | undefined;
}): Verification | Promise<Verification> {
  return database === undefined ? verifyData(data) : verifyPostgres(data, database);
}

async function restore(command: CopyCommand & { name: 'restore' }): Promise<string> {
  const { source, data, database, withKeys, keysFrom, settleMinutes, json } = command;
  const restored = await withBackup(source, dirname(resolve(data)), (backup) =>
    restoreServer({
      backup,
      dataDir: data,
      database,
      keysFrom,
      keysPassphrase: readPassphrase(withKeys),
      settleMilliseconds: settleMinutes * 60_000,
      primitives: nodePrimitives(),
      now: Date.now,
    }),
  );
  return restoredText(restored, { json, data });
}

/** A backup as it lies, or what a replica holds as a backup in a folder beside, for as long as `use` takes. */
async function withBackup<Result>(
  source: string,
  beside: string,
  use: (backup: string) => Promise<Result>,
): Promise<Result> {
  if (!isRemote(source) && !existsSync(join(source, REPLICA_INDEX))) return use(source);
  const folder = mkdtempSync(join(beside, 'sotto-replica-'));
  try {
    const backup = join(folder, 'backup');
    await fetchReplica(openTarget(source, process.env), backup);
    return await use(backup);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first line of a file. */
function readPassphrase(path: string | null): string | null {
  if (path === null) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw usage(`the passphrase file ${path} cannot be read: ${cause instanceof Error ? cause.message : 'unknown'}`);
  }
  const [line = ''] = text.split(/\r?\n/);
  if ([...line].length < MIN_PASSPHRASE_LENGTH) {
    throw usage(`the passphrase of the keys has at least ${MIN_PASSPHRASE_LENGTH} characters`);
  }
  return line;
}

/** Nothing slows who tries to guess it but Argon2id. */
const MIN_PASSPHRASE_LENGTH = 16;
