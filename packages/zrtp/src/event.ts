import type { Fault } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import type { Agreed } from './agreed.ts';

/** What a stream has for whoever carries it; in this order. */
export type ZrtpEvent =
  | { readonly kind: 'send'; readonly packet: Uint8Array<ArrayBuffer> }
  /** The other end is known: `provideSecrets` must say what was kept for it. */
  | { readonly kind: 'secrets-wanted'; readonly zid: Uint8Array }
  | { readonly kind: 'secure'; readonly agreed: Agreed }
  /** To be kept for this partner, in the place of what was kept before. */
  | { readonly kind: 'keep-secret'; readonly zid: Uint8Array; readonly rs1: Secret; readonly verified: boolean }
  /** No keys, and there will be none. */
  | { readonly kind: 'failed'; readonly fault: Fault }
  /** Asked for something that is not done here: nothing changed. */
  | { readonly kind: 'refused'; readonly fault: Fault };
