import { equal, utf8 } from '@sotto/bytes';
import { domain } from '@sotto/protocol';
import { z } from 'zod';
import { type FileFacts, hashBytes } from '../adapters/durable-files.ts';
import { ServerUsageFault } from '../fault.ts';

/** One file of a backup, by its path inside it. */
export interface BackupFile extends FileFacts {
  readonly path: string;
}

/** What a backup says of itself. */
export interface Manifest {
  readonly format: 1;
  /** Version of the program that made it. */
  readonly program: string;
  /** Schema of the database. */
  readonly schema: number;
  readonly domain: string;
  /** Fingerprint of the CA, hexadecimal. */
  readonly ca: string;
  readonly incarnation: number;
  /** When the database was copied, milliseconds since the epoch. */
  readonly at: number;
  readonly files: readonly BackupFile[];
}

/** The bytes of `manifest.json`: one line of JSON in this order of keys, the SHA-256 of everything else last. */
export function encodeManifest({ format, program, schema, domain, ca, incarnation, at, files }: Manifest): Uint8Array {
  const facts = files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
  const content = { format, program, schema, domain, ca, incarnation, at, files: facts };
  const checksum = hashBytes(utf8(JSON.stringify(content)));
  return utf8(`${JSON.stringify({ ...content, checksum })}\n`);
}

/** Throws `backup-damaged` for bytes that `encodeManifest` did not make. */
export function parseManifest(bytes: Uint8Array): Manifest {
  try {
    const { checksum, ...parsed } = manifest.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    if (equal(encodeManifest(parsed), bytes)) return parsed;
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged(undefined);
}

function damaged(cause: unknown): ServerUsageFault {
  return new ServerUsageFault('backup-damaged', 'the manifest of the backup is damaged', { cause });
}

const hexHash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

/** Relative, of plain segments: nothing in a manifest leads out of its backup. */
const filePath = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/);

const manifest = z.strictObject({
  format: z.literal(1),
  program: z.string().max(64),
  schema: count,
  domain,
  ca: hexHash,
  incarnation: count,
  at: count,
  files: z.array(z.strictObject({ path: filePath, bytes: count, sha256: hexHash })),
  checksum: hexHash,
});

export const MANIFEST = 'manifest.json';
/** Names inside a backup. */
export const DATABASE = 'sotto.db';
export const FIRST_START = 'first-start.json';
export const KEYS = 'keys.sealed';
export const BLOBS = 'blobs';
