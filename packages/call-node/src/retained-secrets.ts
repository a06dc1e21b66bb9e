import type { Secret } from '@sotto/crypto';
import type { KnownSecrets } from '@sotto/zrtp';

/** What earlier calls left (RFC 6189 section 4.9); a vault keeps it. */
export interface RetainedSecrets {
  /** What was kept for this partner; all null for a new one. */
  find(zid: Uint8Array): Promise<Omit<KnownSecrets, 'aux'>>;
  /** `rs1` becomes the first, what was the first the second. The secret is lent until the session is closed. Told again with `verified` when the person compared. */
  keep(entry: { readonly zid: Uint8Array; readonly rs1: Secret; readonly verified: boolean }): Promise<void>;
  /** The other end lacks what was kept: nothing is forgotten, but it counts as verified no longer. */
  doubt(zid: Uint8Array): Promise<void>;
}
