import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { hex } from '@sotto/bytes';
import { eachChunk, hashBytes, hashFile } from '../adapters/durable-files.ts';
import { databaseFacts, namedBlobs, readDatabase } from '../backup/database.ts';
import { connect } from '../store/sqlite.ts';
import { CHUNK_BYTES } from './replica-index.ts';
import type { Snapshot, SnapshotOrder } from './snapshot.ts';

const { source, target } = workerData as SnapshotOrder;
parentPort?.postMessage(await snapshot());

async function snapshot(): Promise<Snapshot> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(target + suffix, { force: true });
  await copyPages();
  const { schema, ca, incarnation } = databaseFacts(target);
  const chunks: string[] = [];
  eachChunk(target, (chunk) => void chunks.push(hashBytes(chunk)), CHUNK_BYTES);
  const blobs = readDatabase(target, namedBlobs);
  return { ...hashFile(target), schema, ca: ca === null ? null : hex(ca), incarnation, chunks, blobs };
}

/** Pages keep their places, so that what did not change has the same bytes as before. */
async function copyPages(): Promise<void> {
  const reading = connect(source, { readonly: true, maxBytes: null });
  try {
    await reading.backup(target, { progress: () => Number.MAX_SAFE_INTEGER });
  } finally {
    reading.close();
  }
  const copy = connect(target, { readonly: false, maxBytes: null });
  copy.pragma('journal_mode = delete');
  copy.close();
}
