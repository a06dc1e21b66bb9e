import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/**
 * The language-neutral vectors of `vectors/NAME`. They are made once, by `make`, when the file is missing and
 * SOTTO_WRITE_VECTORS is 1; from then on the file is the truth, and tests compute from the inputs stored in it.
 */
export async function vectorFile<Vectors extends object>(name: string, make: () => Promise<Vectors>): Promise<Vectors> {
  const path = join(ROOT, 'vectors', name);
  if (!existsSync(path)) {
    if (process.env['SOTTO_WRITE_VECTORS'] !== '1')
      throw new Error(`${path} is missing; SOTTO_WRITE_VECTORS=1 makes it`);
    writeFileSync(path, `${JSON.stringify(await make(), null, 2)}\n`);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Vectors;
}

/**
 * The text of one file of official vectors, `folder/name`, in the folder that SOTTO_FOREIGN_VECTORS names; null when
 * it is not there, which is said once on the console with the place to get it from.
 */
export function foreignVectors(name: string): string | null {
  const bytes = foreignBytes(name);
  return bytes === null ? null : bytes.toString('utf8');
}

/** As `foreignVectors`, of a file that is no text. */
export function foreignBytes(name: string): Buffer<ArrayBuffer> | null {
  const folder = process.env['SOTTO_FOREIGN_VECTORS'];
  const path = folder === undefined ? null : join(isAbsolute(folder) ? folder : join(ROOT, folder), name);
  if (path !== null && existsSync(path)) return readFileSync(path);
  const source = SOURCES[name.split('/')[0] ?? ''] ?? 'its publisher';
  console.warn(`skipped: official vectors ${name} (from ${source}; SOTTO_FOREIGN_VECTORS names their folder)`);
  return null;
}

const ROOT = join(import.meta.dirname, '../../..');

const SOURCES: Readonly<Record<string, string>> = {
  wycheproof: 'https://github.com/C2SP/wycheproof, testvectors_v1',
  hpke: 'https://github.com/google/boringssl, crypto/hpke',
  xwing: 'https://github.com/dconnolly/draft-connolly-cfrg-xwing-kem, spec/test-vectors.json',
  opaque: 'https://github.com/cfrg/draft-irtf-cfrg-opaque, poc/vectors',
  'sip-torture': 'https://github.com/resiprocate/resiprocate, resip/stack/test',
  sframe: 'https://github.com/sframe-wg/sframe, test-vectors',
};
