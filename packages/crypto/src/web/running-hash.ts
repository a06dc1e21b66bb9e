import { sha256 } from '@noble/hashes/sha2.js';
import { createSHA256, type IHasher } from 'hash-wasm';

/** SHA-256 over bytes that come piece by piece; `digest` ends it. */
export interface RunningSha256 {
  update(bytes: Uint8Array): void;
  /** 32 bytes. */
  digest(): Uint8Array;
}

/**
 * Begins a hash: by WebAssembly once that is loaded, which the first call sees to, and by noble before that and when
 * more are under way than are kept ready.
 */
export function runningSha256(): RunningSha256 {
  fill();
  const hasher = ready.pop();
  return hasher === undefined ? portable() : native(hasher);
}

function native(hasher: IHasher): RunningSha256 {
  hasher.init();
  return {
    update: (bytes) => void hasher.update(bytes),
    digest() {
      const hash = hasher.digest('binary');
      ready.push(hasher);
      return hash;
    },
  };
}

function portable(): RunningSha256 {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => Uint8Array.from(hash.digest()) };
}

/** Hashes that were begun and left do not come back: as many are made again. */
function fill(): void {
  if (loading || ready.length > 0) return;
  loading = true;
  Promise.all(Array.from({ length: KEPT_READY }, () => createSHA256()))
    .then((hashers) => void ready.push(...hashers))
    .finally(() => {
      loading = false;
    })
    // Where WebAssembly is not to be had noble does it all.
    .catch(() => undefined);
}

const ready: IHasher[] = [];
let loading = false;
const KEPT_READY = 8;
