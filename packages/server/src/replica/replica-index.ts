import { equal, utf8 } from '@sotto/bytes';
import { domain } from '@sotto/protocol';
import { z } from 'zod';
import { hashBytes } from '../adapters/durable-files.ts';
import { ServerUsageFault } from '../fault.ts';

/** What a replica holds: a database cut into chunks, and blobs, each under its hash. */
export interface ReplicaIndex {
  readonly format: 1;
  readonly program: string;
  readonly schema: number;
  readonly domain: string;
  /** Fingerprint of the CA, hexadecimal. */
  readonly ca: string;
  readonly incarnation: number;
  /** The state of the server at this time, milliseconds. */
  readonly at: number;
  /** Content of `first-start.json`. */
  readonly firstStart: string;
  readonly database: {
    readonly bytes: number;
    readonly sha256: string;
    /** Hashes of its pieces of `CHUNK_BYTES`, in order. */
    readonly chunks: readonly string[];
  };
  readonly blobs: readonly string[];
  /** Chunks and blobs of the state before, which a reader of that may still want. */
  readonly retired: readonly string[];
}

/** The bytes of `replica.json`: one line of JSON, the SHA-256 of everything else last. */
export function encodeIndex(index: ReplicaIndex): Uint8Array {
  const { format, program, schema, domain: name, ca, incarnation, at, firstStart, database, blobs, retired } = index;
  const { bytes, sha256, chunks } = database;
  const facts = { format, program, schema, domain: name, ca, incarnation, at, firstStart };
  const content = { ...facts, database: { bytes, sha256, chunks }, blobs, retired };
  return utf8(`${JSON.stringify({ ...content, checksum: hashBytes(utf8(JSON.stringify(content))) })}\n`);
}

/** Throws `backup-damaged` for bytes that `encodeIndex` did not make. */
export function parseIndex(bytes: Uint8Array): ReplicaIndex {
  try {
    const { checksum, ...index } = replicaIndex.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (equal(encodeIndex(index), bytes)) return index;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged(undefined);
}

/** Where a chunk lies. */
export function chunkName(hash: string): string {
  return `chunks/${hash.slice(0, 2)}/${hash}`;
}

function damaged(cause: unknown): ServerUsageFault {
  return new ServerUsageFault('backup-damaged', 'the index of the replica is damaged', { cause });
}

const hexHash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const replicaIndex = z.strictObject({
  format: z.literal(1),
  program: z.string().max(64),
  schema: count,
  domain,
  ca: hexHash,
  incarnation: count,
  at: count,
  firstStart: z.string().max(4096),
  database: z.strictObject({ bytes: count, sha256: hexHash, chunks: z.array(hexHash) }),
  blobs: z.array(hexHash),
  retired: z.array(z.string().regex(/^(chunks|blobs)\/[0-9a-f]{2}\/[0-9a-f]{64}$/)),
  checksum: hexHash,
});

export const INDEX = 'replica.json';
/** Sixteen pages of SQLite: small enough that a message moves little, large enough that the index stays small. */
export const CHUNK_BYTES: number = 64 * 1024;
