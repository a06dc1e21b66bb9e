import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, hex } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { authorityFingerprint, parsePem } from '@sotto/pki';
import { copyDurably, syncPath, writeDurably } from '../adapters/durable-files.ts';
import { ServerUsageFault } from '../fault.ts';
import { readFirstStart, writeFirstStart } from '../first-start.ts';
import { migrate } from '../store/migrate.ts';
import type { AccessOptions } from '../store/postgres/access.ts';
import { checkEmpty, importPostgres } from '../store/postgres/import.ts';
import { type Connection, connect } from '../store/sqlite.ts';
import type { StoreKind } from '../store/store.ts';
import { readSealedKeys } from './backup.ts';
import { databaseFacts } from './database.ts';
import { DATABASE, KEYS, type Manifest } from './manifest.ts';
import { type KeyFileContents, openKeys } from './sealed-keys.ts';
import { assertSound, verifyBackup } from './verify.ts';

export interface RestoreOptions {
  readonly backup: string;
  /** Not there yet, empty, or holding the folder `keys` alone. */
  readonly dataDir: string;
  /**
   * An empty database of PostgreSQL that takes the data instead of SQLite, whichever the backup was made of; by a role
   * that may make the schema.
   */
  readonly database?: AccessOptions | undefined;
  /** The backup with the sealed keys, where it is another one. */
  readonly keysFrom?: string | undefined;
  /** Opens the sealed keys; null where `keys` is there already or comes later. */
  readonly keysPassphrase: string | null;
  /** How long a room may wait for all its members' devices before one of them is enough. */
  readonly settleMilliseconds: number;
  readonly primitives: Primitives;
  readonly now: () => number;
}

export interface Restored {
  readonly manifest: Manifest;
  readonly incarnation: number;
  /** Whether the keys of the cluster are in place: without them the server does not start. */
  readonly keys: boolean;
}

/**
 * Restores a home server into an empty data directory and begins a new life of its data, so that clients know it from
 * a server that shows an old state. Throws `backup-missing`, `backup-damaged`, `schema-newer`, `target-not-empty`,
 * `target-unusable`, `keys-mismatch`, `backup-passphrase`, and what opening a database of
 * PostgreSQL throws; nothing is left in the data directory then.
 */
export async function restoreServer(options: RestoreOptions): Promise<Restored> {
  const { backup, dataDir, database } = options;
  const hadKeys = checkTarget(dataDir);
  const { manifest } = verified(backup);
  if (database !== undefined) await checkEmpty(database);
  if (hadKeys) checkKeys(dataDir, manifest);
  const keys = await sealedKeys(options, manifest);
  try {
    return await fill(options, { manifest, keys, hadKeys });
  } catch (cause) {
    clear(dataDir, hadKeys);
    if (cause instanceof Fault) throw cause;
    throw new ServerUsageFault('target-unusable', 'the data directory cannot be written', { cause });
  }
}

async function fill(
  { backup, dataDir, database, settleMilliseconds, now }: RestoreOptions,
  { manifest, keys, hadKeys }: { readonly manifest: Manifest; readonly keys: KeyFileContents | null; hadKeys: boolean },
): Promise<Restored> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // A server refuses to start here until the restore has come to its end.
  writeFileSync(join(dataDir, UNFINISHED), '', { mode: 0o600, flush: true });
  for (const { path } of manifest.files) {
    if (path !== DATABASE && path !== KEYS) copyDurably(join(backup, path), join(dataDir, path));
  }
  chooseEngine(dataDir, database === undefined ? 'sqlite' : 'postgres');
  for (const [name, bytes] of Object.entries(keys ?? {})) writeDurably(join(dataDir, 'keys', name), bytes);
  const copied = join(dataDir, `${DATABASE}.restoring`);
  copyDurably(join(backup, DATABASE), copied);
  const incarnation = beginLife(copied, { now: now(), settleMilliseconds });
  syncPath(copied);
  syncPath(dataDir);
  if (database === undefined) renameSync(copied, join(dataDir, DATABASE));
  else await moveInto(database, copied);
  syncPath(dataDir);
  rmSync(join(dataDir, UNFINISHED));
  return { manifest, incarnation, keys: hadKeys || keys !== null };
}

async function moveInto(database: AccessOptions, copied: string): Promise<void> {
  await importPostgres(database, copied);
  rmSync(copied);
}

/** A backup knows which engine it was made of; what it becomes is chosen anew. */
function chooseEngine(dataDir: string, database: StoreKind): void {
  const chosen = readFirstStart(dataDir);
  if (chosen !== null && chosen.database !== database) writeFirstStart(dataDir, { ...chosen, database });
}

/** Brings a copy to the newest schema and begins its new life. */
function beginLife(path: string, times: LifeTimes): number {
  const connection = connect(path, { readonly: false, maxBytes: null });
  try {
    migrate(connection);
    const incarnation = beginIncarnation(connection, times);
    connection.pragma('journal_mode = delete');
    return incarnation;
  } finally {
    connection.close();
  }
}

interface LifeTimes {
  readonly now: number;
  readonly settleMilliseconds: number;
}

/**
 * Gives a restored database an incarnation above any that the cluster may have had, and returns it. Mailboxes go on far
 * beyond what was ever given out, so that no item hides behind a cursor of the lost life.
 */
export function beginIncarnation(connection: Connection, { now, settleMilliseconds }: LifeTimes): number {
  const { incarnation: last } = connection.prepare('select incarnation from cluster').get() as {
    incarnation: number;
  };
  const incarnation = Math.max(last + 1, now);
  connection.transaction(() => {
    connection.prepare('update cluster set incarnation = ?, settled_at = ?').run(incarnation, now + settleMilliseconds);
    connection.prepare('update devices set next_seq = next_seq + ?').run(MAILBOX_LEAP);
  })();
  return incarnation;
}

/** True if the keys are there already. Throws `target-not-empty`. */
function checkTarget(dataDir: string): boolean {
  if (!existsSync(dataDir)) return false;
  const names = readdirSync(dataDir).filter((name) => name !== 'lost+found');
  const others = names.filter((name) => name !== 'keys');
  if (others.length > 0) throw new ServerUsageFault('target-not-empty', `${dataDir} holds something already`);
  return names.length > 0 && readdirSync(join(dataDir, 'keys')).length > 0;
}

function verified(backup: string): { readonly manifest: Manifest } {
  const verification = verifyBackup(backup);
  // A newer program's database is whole, and its own verification fits it alone.
  if (existsSync(join(backup, DATABASE))) databaseFacts(join(backup, DATABASE));
  assertSound(verification);
  return { manifest: verification.manifest as Manifest };
}

function checkKeys(dataDir: string, { ca }: Manifest): void {
  const path = join(dataDir, 'keys', 'ca.pem');
  const [der] = existsSync(path) ? parsePem('CERTIFICATE', readFileSync(path, 'utf8')) : [];
  if (der !== undefined && hex(authorityFingerprint(der)) === ca) return;
  throw new ServerUsageFault('keys-mismatch', 'the keys in the data directory are not those of the backup');
}

async function sealedKeys(
  { backup, keysFrom = backup, dataDir, keysPassphrase, primitives }: RestoreOptions,
  manifest: Manifest,
): Promise<KeyFileContents | null> {
  if (keysPassphrase === null) return null;
  const bytes = readSealedKeys(keysFrom);
  if (bytes === null) throw new ServerUsageFault('backup-missing', 'the backup holds no keys');
  if (existsSync(join(dataDir, 'keys'))) {
    throw new ServerUsageFault('target-not-empty', 'there are keys in the data directory already');
  }
  return openKeys(primitives, keysPassphrase, { bytes, manifest });
}

function clear(dataDir: string, hadKeys: boolean): void {
  if (!existsSync(dataDir)) return;
  for (const name of readdirSync(dataDir)) {
    if (name === 'lost+found' || (hadKeys && name === 'keys')) continue;
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

/** While it lies in a data directory, that holds no whole server. */
export const UNFINISHED = 'restore-unfinished';
/** More items than a mailbox is given between two backups. */
const MAILBOX_LEAP = 1_000_000_000;
