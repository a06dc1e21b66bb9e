import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The variables that name data and programs kept outside the repository: official test vectors and sources of
 * foreign peers. What the environment says counts; else the folder beside the repository, if there is one. Tests
 * that find a variable unset say that they were skipped and where the files come from.
 */
export function foreignFolders(): Readonly<Record<string, string>> {
  const folders: Record<string, string> = {};
  for (const [variable, folder] of Object.entries(defaults)) {
    const path = process.env[variable] ?? fileURLToPath(new URL(`../../shared/${folder}`, import.meta.url));
    if (existsSync(path)) folders[variable] = path;
  }
  return folders;
}

const defaults: Readonly<Record<string, string>> = { SOTTO_FOREIGN_VECTORS: 'vectors', SOTTO_PEERS: 'peers' };
