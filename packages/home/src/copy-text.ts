import type { Manifest, Restored, Verification } from '@sotto/server';

/** What a backup says when it is made: JSON for programs, or two lines for people. */
export function backupText(
  manifest: Manifest,
  { json, out }: { readonly json: boolean; readonly out: string },
): string {
  const { program, schema, domain, ca, incarnation, at, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const keys = files.some(({ path }) => path === 'keys.sealed');
  if (json) {
    const line = {
      backup: out,
      program,
      schema,
      domain,
      caFingerprint: ca,
      incarnation,
      at,
      files: files.length,
      bytes,
      keys,
    };
    return `${JSON.stringify(line)}\n`;
  }
  const way = keys
    ? 'with the sealed keys of the cluster'
    : 'without the keys of the cluster: keep a copy of keys/ elsewhere';
  return `Backup of ${domain} at ${out}: ${files.length} files, ${bytes} bytes, ${way}\n`;
}

export function verifiedText({ sound, manifest, counts, problems, missing }: Verification, json: boolean): string {
  if (json) {
    const { files: _files, ...facts } = manifest ?? { files: [] };
    return `${JSON.stringify({ sound, manifest: manifest === null ? null : facts, counts, problems, missing })}\n`;
  }
  const { rooms, chains, blobs } = counts;
  const examined = `${rooms} rooms, ${chains} sigchains, ${blobs} blobs`;
  const lost = missing.map((blob) => `${blob}: lost before this copy was made\n`).join('');
  if (sound) return `${lost}Sound: ${examined}\n`;
  return `${problems.map(({ subject, problem }) => `${subject}: ${problem}\n`).join('')}Damaged: ${problems.length} problems in ${examined}\n`;
}

export function restoredText(
  { manifest, incarnation, keys }: Restored,
  { json, data }: { readonly json: boolean; readonly data: string },
): string {
  const { domain, at } = manifest;
  if (json) return `${JSON.stringify({ data, domain, at, incarnation, keys })}\n`;
  const state = new Date(at).toISOString();
  const way = keys ? 'start it' : `put the keys of the cluster into ${data}/keys, then start it`;
  return `Restored ${domain} to ${data} as it was at ${state}; ${way}\n`;
}
