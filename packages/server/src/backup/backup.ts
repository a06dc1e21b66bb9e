import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, hex } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { copyDurably, type FileFacts, hashFile, syncPath, writeDurably } from '../adapters/durable-files.ts';
import { ServerUsageFault } from '../fault.ts';
import { readFirstStart } from '../first-start.ts';
import type { AccessOptions } from '../store/postgres/access.ts';
import { exportPostgres } from '../store/postgres/export.ts';
import { connect } from '../store/sqlite.ts';
import { databaseFacts, namedBlobs, readDatabase } from './database.ts';
import {
  type BackupFile,
  BLOBS,
  DATABASE,
  encodeManifest,
  FIRST_START,
  KEYS,
  MANIFEST,
  type Manifest,
} from './manifest.ts';
import { readKeyFiles, sealKeys } from './sealed-keys.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** Where the data directory's database is, if that is PostgreSQL; a role that reads is enough. */
  readonly database?: AccessOptions | undefined;
  /** An empty folder or one that is not there yet. */
  readonly target: string;
  /** Seals the keys and puts them beside the database; null leaves them out. */
  readonly keysPassphrase: string | null;
  readonly program: string;
  readonly primitives: Primitives;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Copies a home server, running or not: the database as it is at one moment, always as a file of SQLite, then the blobs
 * beside it, which never change; the manifest last, so that a copy that was cut off is none. Throws `target-not-empty`,
 * `target-unusable`, `data-unusable`, `database-mismatch`, `schema-newer`, and what opening a database of PostgreSQL
 * throws; what was written is removed again then.
 */
export async function backupServer(options: BackupOptions): Promise<Manifest> {
  const { target, dataDir, database } = options;
  checkEngine(dataDir, database);
  if (database === undefined && !existsSync(join(dataDir, DATABASE))) {
    throw new ServerUsageFault('data-unusable', `there is no database of a home server at ${dataDir}`);
  }
  const existed = openTarget(target);
  try {
    return await fill(options);
  } catch (cause) {
    clear(target, existed);
    if (cause instanceof Fault) throw cause;
    throw new ServerUsageFault('target-unusable', 'the backup cannot be written', { cause });
  }
}

async function fill(options: BackupOptions): Promise<Manifest> {
  const { target, dataDir, keysPassphrase, program, primitives, now } = options;
  const at = now();
  const files = await copyData(options);
  const { schema, ca, incarnation } = databaseFacts(join(target, DATABASE));
  const domain = readFirstStart(dataDir)?.domain;
  if (domain === undefined || ca === null) {
    throw new ServerUsageFault('data-unusable', `the home server at ${dataDir} has never been started`);
  }
  files.push({ path: FIRST_START, ...copyDurably(join(dataDir, FIRST_START), join(target, FIRST_START)) });
  const described = { format: 1, program, schema, domain, ca: hex(ca), incarnation, at } as const;
  if (keysPassphrase !== null) {
    const keys = readKeyFiles(join(dataDir, 'keys'));
    writeDurably(join(target, KEYS), await sealKeys(primitives, keysPassphrase, { files: keys, manifest: described }));
    files.push({ path: KEYS, ...hashFile(join(target, KEYS)) });
  }
  const manifest = { ...described, files };
  writeDurably(join(target, MANIFEST), encodeManifest(manifest));
  return manifest;
}

/** Throws `database-mismatch` unless PostgreSQL is named where the data directory belongs to it, and nowhere else. */
export function checkEngine(dataDir: string, database: AccessOptions | undefined): void {
  const isPostgres = readFirstStart(dataDir)?.database === 'postgres';
  if (isPostgres === (database !== undefined)) return;
  const message = isPostgres
    ? 'this home server keeps its data in PostgreSQL: say --database'
    : 'this home server keeps its data in SQLite: leave --database out';
  throw new ServerUsageFault('database-mismatch', message);
}

/** The database and the blobs that it names: a blob that was dropped between the two is no longer named by a new copy. */
async function copyData(options: BackupOptions): Promise<BackupFile[]> {
  const { target, dataDir } = options;
  const copied = join(target, DATABASE);
  for (let attempt = 1; ; attempt++) {
    const files = [{ path: DATABASE, ...(await snapshot(options, copied)) }];
    const named = readDatabase(copied, namedBlobs).map(blobPath);
    const present = named.filter((path) => existsSync(join(dataDir, path)));
    if (present.length < named.length && attempt < MAX_ATTEMPTS) {
      rmSync(copied);
      continue;
    }
    for (const path of present) {
      const blob = join(target, path);
      files.push({ path, ...(existsSync(blob) ? hashFile(blob) : copyDurably(join(dataDir, path), blob)) });
    }
    return files;
  }
}

/** Where a blob lies in a data directory or a backup. */
export function blobPath(hash: string): string {
  return `${BLOBS}/${hash.slice(0, 2)}/${hash}`;
}

/** The database as one reader sees it, without what lies free in it; writers go on meanwhile. */
async function snapshot({ dataDir, database }: BackupOptions, target: string): Promise<FileFacts> {
  if (database === undefined) vacuumInto(join(dataDir, DATABASE), target);
  else await exportPostgres(database, target);
  syncPath(target);
  return hashFile(target);
}

function vacuumInto(source: string, target: string): void {
  const connection = connect(source, { readonly: true, maxBytes: null });
  try {
    // SQLite takes an empty file as it is, and would make one that everybody may read.
    writeDurably(target, new Uint8Array());
    connection.prepare('vacuum into ?').run(target);
  } finally {
    connection.close();
  }
}

/** Paths of all blobs: `blobs/xx/HASH`. */
export function blobPaths(directory: string): string[] {
  const folder = join(directory, BLOBS);
  if (!existsSync(folder)) return [];
  const prefixes = readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return prefixes.toSorted().flatMap((prefix) =>
    readdirSync(join(folder, prefix))
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .toSorted()
      .map((name) => `${BLOBS}/${prefix}/${name}`),
  );
}

/** True if the folder was there before. */
function openTarget(target: string): boolean {
  try {
    const existed = existsSync(target);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    const [name] = readdirSync(target).filter((entry) => entry !== 'lost+found');
    if (name === undefined) return existed;
  } catch (cause) {
    throw new ServerUsageFault('target-unusable', 'the folder of the backup cannot be made or entered', { cause });
  }
  throw new ServerUsageFault('target-not-empty', `${target} holds something already`);
}

function clear(target: string, existed: boolean): void {
  for (const name of [DATABASE, `${DATABASE}-journal`, FIRST_START, BLOBS, KEYS, MANIFEST]) {
    for (const suffix of ['', '.new']) rmSync(join(target, name + suffix), { recursive: true, force: true });
  }
  if (!existed) rmSync(target, { recursive: true, force: true });
}

/** The sealed keys of a backup; null if it has none. */
export function readSealedKeys(backup: string): Uint8Array | null {
  const path = join(backup, KEYS);
  return existsSync(path) ? Uint8Array.from(readFileSync(path)) : null;
}

/** Copies of the database until no blob that it names has gone; then one that is missing is missing. */
const MAX_ATTEMPTS = 3;
