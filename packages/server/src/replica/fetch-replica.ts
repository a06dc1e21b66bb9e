import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, utf8 } from '@sotto/bytes';
import { hashBytes, writeDurably } from '../adapters/durable-files.ts';
import { blobPath } from '../backup/backup.ts';
import { type BackupFile, DATABASE, encodeManifest, FIRST_START, MANIFEST } from '../backup/manifest.ts';
import { ServerUsageFault } from '../fault.ts';
import { chunkName, INDEX, parseIndex, type ReplicaIndex } from './replica-index.ts';
import type { ReplicaTarget } from './target.ts';

/**
 * Turns what a replica holds into a backup in an empty folder, every piece compared with its name. Throws
 * `backup-missing` where there is no replica, `backup-damaged` for pieces that are missing or altered, `replica-unreachable`.
 */
export async function fetchReplica(target: ReplicaTarget, folder: string): Promise<void> {
  const bytes = await reached(target.read(INDEX));
  if (bytes === null) throw new ServerUsageFault('backup-missing', 'there is no replica at this place');
  const index = parseIndex(bytes);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await fetchDatabase(target, join(folder, DATABASE), index);
  const firstStart = utf8(index.firstStart);
  writeDurably(join(folder, FIRST_START), firstStart);
  const { bytes: size, sha256 } = index.database;
  const files: BackupFile[] = [
    { path: DATABASE, bytes: size, sha256 },
    { path: FIRST_START, bytes: firstStart.length, sha256: hashBytes(firstStart) },
  ];
  for (const hash of index.blobs) {
    const blob = await piece(target, blobPath(hash), hash);
    writeDurably(join(folder, blobPath(hash)), blob);
    files.push({ path: blobPath(hash), bytes: blob.length, sha256: hash });
  }
  const { format, program, schema, domain, ca, incarnation, at } = index;
  const manifest = { format, program, schema, domain, ca, incarnation, at, files };
  writeDurably(join(folder, MANIFEST), encodeManifest(manifest));
}

async function fetchDatabase(target: ReplicaTarget, path: string, { database }: ReplicaIndex): Promise<void> {
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const hash of database.chunks) {
      const chunk = await piece(target, chunkName(hash), hash);
      for (let written = 0; written < chunk.length; ) written += writeSync(file, chunk, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function piece(target: ReplicaTarget, name: string, hash: string): Promise<Uint8Array> {
  const bytes = await reached(target.read(name));
  if (bytes !== null && hashBytes(bytes) === hash) return bytes;
  throw new ServerUsageFault('backup-damaged', `the replica lacks ${name}, or it was altered`);
}

async function reached<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new ServerUsageFault('replica-unreachable', 'the replica cannot be read', { cause });
  }
}
