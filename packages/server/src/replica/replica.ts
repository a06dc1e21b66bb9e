import { existsSync, readFileSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobPath } from '../backup/backup.ts';
import { DATABASE, FIRST_START } from '../backup/manifest.ts';
import { ServerUsageFault } from '../fault.ts';
import { readFirstStart } from '../first-start.ts';
import { CHUNK_BYTES, chunkName, encodeIndex, INDEX, parseIndex, type ReplicaIndex } from './replica-index.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { ReplicaTarget } from './target.ts';

export interface ReplicaSource {
  readonly dataDir: string;
  readonly program: string;
  readonly now: () => number;
}

/** Brings a replica up to the present, sending what changed alone. */
export class Replica {
  readonly #target: ReplicaTarget;
  readonly #source: ReplicaSource;
  /** What the target holds; undefined before it was asked. */
  #index: ReplicaIndex | null | undefined;

  constructor(target: ReplicaTarget, source: ReplicaSource) {
    this.#target = target;
    this.#source = source;
  }

  /**
   * Ships the database as it is now, then the blobs that it names, then the index that makes both count. What the state
   * before needed goes one state later. Throws `replica-foreign` if the target is of another server or of a later life of
   * this one, and what the target throws.
   */
  async ship(): Promise<void> {
    const { dataDir, now } = this.#source;
    const at = now();
    const copied = join(dataDir, SNAPSHOT);
    try {
      const snapshot = await takeSnapshot({ source: join(dataDir, DATABASE), target: copied });
      const before = await this.#held(snapshot);
      const next = this.#next(snapshot, { before, at });
      await this.#putChunks(copied, snapshot, new Set(before?.database.chunks));
      await this.#putBlobs(snapshot, new Set(before?.blobs));
      await this.#target.put(INDEX, encodeIndex(next));
      this.#index = next;
      const needed = new Set(namesOf(next));
      for (const name of before?.retired ?? []) {
        if (!needed.has(name) && !next.retired.includes(name)) await this.#target.remove(name);
      }
    } finally {
      rmSync(copied, { force: true });
    }
  }

  async #held({ ca, incarnation }: Snapshot): Promise<ReplicaIndex | null> {
    if (this.#index === undefined) {
      const bytes = await this.#target.read(INDEX);
      this.#index = bytes === null ? null : parseIndex(bytes);
    }
    const held = this.#index;
    if (held !== null && (held.ca !== ca || held.incarnation > incarnation)) {
      throw new ServerUsageFault('replica-foreign', 'the replica is of another server, or of a later life of this one');
    }
    return held;
  }

  #next(
    { schema, ca, incarnation, bytes, sha256, chunks, blobs }: Snapshot,
    { before, at }: { readonly before: ReplicaIndex | null; readonly at: number },
  ): ReplicaIndex {
    const { dataDir, program } = this.#source;
    const chosen = readFirstStart(dataDir);
    if (chosen === null || ca === null) throw new ServerUsageFault('data-unusable', 'the server has not started yet');
    const firstStart = readFileSync(join(dataDir, FIRST_START), 'utf8');
    const facts = { format: 1, program, schema, domain: chosen.domain, ca, incarnation, at, firstStart } as const;
    const present = blobs.filter((hash) => existsSync(join(dataDir, blobPath(hash))));
    const index = { ...facts, database: { bytes, sha256, chunks }, blobs: present, retired: [] };
    const needed = new Set(namesOf(index));
    return {
      ...index,
      retired: before === null ? [] : [...new Set(namesOf(before))].filter((name) => !needed.has(name)),
    };
  }

  async #putChunks(copied: string, { chunks }: Snapshot, held: ReadonlySet<string>): Promise<void> {
    await using file = await open(copied, 'r');
    const due = new Map<string, number>();
    for (const [i, hash] of chunks.entries()) if (!held.has(hash)) due.set(hash, i);
    await atOnce([...due], async ([hash, i]) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, i * CHUNK_BYTES);
      await this.#target.put(chunkName(hash), buffer.subarray(0, bytesRead));
    });
  }

  async #putBlobs({ blobs }: Snapshot, held: ReadonlySet<string>): Promise<void> {
    for (const hash of blobs) {
      const path = join(this.#source.dataDir, blobPath(hash));
      if (held.has(hash) || !existsSync(path)) continue;
      await this.#target.put(blobPath(hash), await readFile(path));
    }
  }
}

function namesOf({ database, blobs }: Pick<ReplicaIndex, 'database' | 'blobs'>): readonly string[] {
  return [...database.chunks.map(chunkName), ...blobs.map(blobPath)];
}

/** Several at a time: the way to a bucket is long, and it serves many. All are over when it resolves or throws. */
async function atOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
}

const LANES = 8;
/** The copy that is being shipped, in the data directory. */
const SNAPSHOT = 'replica.tmp';
