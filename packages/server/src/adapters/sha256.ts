import { createHash } from 'node:crypto';

/** SHA-256 over bytes that come piece by piece, as fast as the machine can. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** 32 bytes; ends it. */
  digest(): Uint8Array<ArrayBuffer>;
}

export function runningSha256(): RunningHash {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => Uint8Array.from(hash.digest()),
  };
}
