import type { StrayFile } from '@sotto/keybox';

/** Every file of this origin's private file system that is none of a vault's, with its beginning. */
export async function strayFiles(): Promise<readonly StrayFile[]> {
  const strays: StrayFile[] = [];
  for await (const [path, handle] of filesIn(await navigator.storage.getDirectory(), '')) {
    if (OWN.test(path)) continue;
    const file = await handle.getFile();
    const raw = new Uint8Array(await file.slice(0, MOST_BYTES).arrayBuffer());
    strays.push({ path: `opfs:/${path}`, raw, sizeBytes: file.size });
  }
  return strays;
}

async function* filesIn(
  directory: FileSystemDirectoryHandle,
  at: string,
): AsyncGenerator<readonly [string, FileSystemFileHandle]> {
  for await (const [name, handle] of directory.entries()) {
    if (handle.kind === 'directory') yield* filesIn(handle as FileSystemDirectoryHandle, `${at}${name}/`);
    else yield [at + name, handle as FileSystemFileHandle];
  }
}

/** What `OpfsStorage` and the profile keep. */
const OWN =
  /^sotto\/(?:current\.[01]|accounts\/[^/]+\/(?:(?:keys|contacts|history)\.db(?:-wal|-journal)?|(?:keystore|offline|passkeys|device\.p12|sign-up|enrolment|account|revoked)\.[01]))$/;
const MOST_BYTES = 65_536;
