import { ProtocolPolicyFault } from '@sotto/protocol';

/** What a failed call of the file system means to a client; anything unknown stays what it is. */
export function storageFault(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (FULL.has(code)) return new ProtocolPolicyFault('disk-full', 'the server cannot store more', { cause });
  if (GONE.has(code)) return new ProtocolPolicyFault('blob-store-gone', 'the server cannot reach its blobs', { cause });
  return cause;
}

/** Runs what touches the disk; its failures become typed. */
export async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw storageFault(cause);
  }
}

export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const GONE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EIO',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENXIO',
  'ENODEV',
  'ESTALE',
  'ENOTCONN',
  'EMFILE',
  'ENFILE',
]);
