import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@sotto/bytes';
import { hashFile } from '../adapters/durable-files.ts';
import { ServerUsageFault } from '../fault.ts';
import type { AccessOptions } from '../store/postgres/access.ts';
import { exportPostgres } from '../store/postgres/export.ts';
import { blobPath, blobPaths, checkEngine } from './backup.ts';
import { checkChains, checkIntegrity, checkRooms } from './check-database.ts';
import { databaseFacts, namedBlobs, readDatabase } from './database.ts';
import { DATABASE, MANIFEST, type Manifest, parseManifest } from './manifest.ts';

/** What was examined, and everything that was found wrong; nothing wrong is sound. */
export interface Verification {
  readonly sound: boolean;
  /** Null for a data directory. */
  readonly manifest: Manifest | null;
  readonly counts: { readonly files: number; readonly rooms: number; readonly chains: number; readonly blobs: number };
  readonly problems: readonly Problem[];
  /** Blobs that the database names and that are not there: lost before the copy was made. */
  readonly missing: readonly string[];
}

export interface Problem {
  /** A file of the backup, `room ID` or `chain FINGERPRINT`. */
  readonly subject: string;
  readonly problem: string;
}

/** Examines a backup: its manifest, every file, and all that `verifyData` does. Throws `backup-missing`. */
export function verifyBackup(backup: string): Verification {
  const path = join(backup, MANIFEST);
  if (!existsSync(path)) throw new ServerUsageFault('backup-missing', `there is no complete backup at ${backup}`);
  const problems: Problem[] = [];
  const manifest = attempt(problems, MANIFEST, () => parseManifest(Uint8Array.from(readFileSync(path))));
  for (const { path: name, bytes, sha256 } of manifest?.files ?? []) {
    attempt(problems, name, () => checkFile(join(backup, name), { bytes, sha256 }));
  }
  return { ...examine(backup, problems), manifest };
}

/**
 * Examines the database and the blobs of a data directory, of a server that runs or not: SQLite's own check, the hash
 * chain of every room's log and every sigchain against the lengths beside them, and blobs against their names. Throws
 * `backup-missing` if there is none, `database-mismatch`.
 */
export function verifyData(dataDir: string): Verification {
  checkEngine(dataDir, undefined);
  if (!existsSync(join(dataDir, DATABASE))) {
    throw new ServerUsageFault('backup-missing', `there is no database of a home server at ${dataDir}`);
  }
  return { ...examine(dataDir, []), manifest: null };
}

/**
 * Examines a data directory whose database is PostgreSQL in the same way: one moment of it, as a file in the folder for
 * temporary ones. Throws `database-mismatch`, `data-unusable`, and what opening the database throws.
 */
export async function verifyPostgres(dataDir: string, database: AccessOptions): Promise<Verification> {
  checkEngine(dataDir, database);
  const folder = mkdtempSync(join(tmpdir(), 'sotto-verify-'));
  try {
    const path = join(folder, DATABASE);
    await exportPostgres(database, path);
    return { ...examine(dataDir, [], path), manifest: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function examine(
  directory: string,
  problems: Problem[],
  path: string = join(directory, DATABASE),
): Omit<Verification, 'manifest'> {
  const missing: string[] = [];
  const counts = { files: 0, rooms: 0, chains: 0, blobs: 0 };
  attempt(problems, DATABASE, () => {
    databaseFacts(path);
    readDatabase(path, (connection) => {
      checkIntegrity(connection);
      const tell = (subject: string, problem: string): void => void problems.push({ subject, problem });
      counts.rooms = checkRooms(connection, tell);
      counts.chains = checkChains(connection, tell);
      missing.push(
        ...namedBlobs(connection)
          .map(blobPath)
          .filter((blob) => !existsSync(join(directory, blob))),
      );
    });
  });
  for (const blob of blobPaths(directory)) {
    counts.blobs++;
    attempt(problems, blob, () => checkBlob(join(directory, blob), blob));
  }
  counts.files = counts.blobs + 1;
  return { sound: problems.length === 0, counts, problems, missing };
}

function checkFile(path: string, expected: { readonly bytes: number; readonly sha256: string }): void {
  if (!existsSync(path)) throw damaged('the file is missing');
  if (statSync(path).size !== expected.bytes) throw damaged('the file has another length than the manifest says');
  if (hashFile(path).sha256 !== expected.sha256) throw damaged('the file is not the one that the manifest names');
}

function checkBlob(path: string, name: string): void {
  const { sha256 } = hashFile(path);
  if (!name.endsWith(`${sha256.slice(0, 2)}/${sha256}`)) throw damaged('the blob is not what its name says');
}

/** Runs a check; a fault that it throws becomes a problem, and the answer null. */
function attempt<Result>(problems: Problem[], subject: string, check: () => Result): Result | null {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    problems.push({ subject, problem: cause.message });
    return null;
  }
}

function damaged(what: string): ServerUsageFault {
  return new ServerUsageFault('backup-damaged', what);
}

/** Throws `backup-damaged` naming the first problem, unless there is none. */
export function assertSound({ problems }: Verification): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  throw damaged(`${first.subject}: ${first.problem}${more}`);
}
