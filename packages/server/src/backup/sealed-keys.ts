import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCbor, encodeCbor, Fault, parseHex } from '@sotto/bytes';
import { argon2Floor, openCommitting, type Primitives, sealCommitting, stretch } from '@sotto/crypto';
import { boundedBytes, fixedBytes } from '@sotto/protocol';
import { z } from 'zod';
import { ServerUsageFault } from '../fault.ts';
import type { Manifest } from './manifest.ts';

/** Files of `keys/` by their names. */
export type KeyFileContents = Readonly<Record<string, Uint8Array>>;

/** Every file of a key folder. */
export function readKeyFiles(folder: string): KeyFileContents {
  const names = readdirSync(folder).filter((name) => KEY_NAME.test(name) && !name.endsWith('.new'));
  return Object.fromEntries(names.map((name) => [name, Uint8Array.from(readFileSync(join(folder, name)))]));
}

/** Seals the cluster's keys under a passphrase: Argon2id, then a committing seal, bound to domain and CA. */
export async function sealKeys(
  primitives: Primitives,
  passphrase: string,
  { files, manifest }: { readonly files: KeyFileContents; readonly manifest: Pick<Manifest, 'domain' | 'ca'> },
): Promise<Uint8Array> {
  const salt = primitives.randomBytes(16);
  using key = await stretch(primitives, passphrase, { salt, parameters: argon2Floor });
  const sealed = await sealCommitting(primitives, key, binding(manifest), encodeCbor({ ...files }));
  return encodeCbor({ v: 1, salt, parameters: { ...argon2Floor }, sealed });
}

/** Throws `backup-passphrase` for a wrong one, `backup-damaged` for bytes that `sealKeys` did not make. */
export async function openKeys(
  primitives: Primitives,
  passphrase: string,
  { bytes, manifest }: { readonly bytes: Uint8Array; readonly manifest: Pick<Manifest, 'domain' | 'ca'> },
): Promise<KeyFileContents> {
  const { salt, parameters, sealed } = parseSealed(bytes);
  using key = await stretch(primitives, passphrase, { salt, parameters });
  try {
    const opened = await openCommitting(primitives, key, binding(manifest), sealed);
    return keyFiles.parse(decodeCbor(opened, MAX_KEYS_BYTES));
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'open-failed') throw cause;
    throw new ServerUsageFault('backup-passphrase', 'the passphrase does not open the keys of this backup', { cause });
  }
}

function parseSealed(bytes: Uint8Array) {
  try {
    return sealedKeys.parse(decodeCbor(bytes, MAX_KEYS_BYTES));
  } catch (cause) {
    throw new ServerUsageFault('backup-damaged', 'the sealed keys of the backup are damaged', { cause });
  }
}

function binding({ domain, ca }: Pick<Manifest, 'domain' | 'ca'>) {
  return { label: 'sotto/backup/keys/v1', context: { domain, ca: parseHex(ca) } };
}

const KEY_NAME = /^[a-z0-9][a-z0-9.-]*$/;
const MAX_KEYS_BYTES = 4 * 1024 * 1024;
const keyFiles = z.record(z.string().regex(KEY_NAME), boundedBytes(1024 * 1024));
const sealedKeys = z.strictObject({
  v: z.literal(1),
  salt: fixedBytes(16),
  parameters: z.strictObject({ memoryKib: z.int(), passes: z.int(), parallelism: z.int() }),
  sealed: boundedBytes(MAX_KEYS_BYTES, 1),
});
