import { type CborValue, concat, encodeCbor, equal, utf8 } from '@sotto/bytes';
import { hkdfSha256 } from './hash.ts';
import type { Primitives } from './ports.ts';
import { openFailed } from './refusal.ts';
import { Secret } from './secret.ts';

/** What a committing seal is for; both parts are authenticated, neither is carried. */
export interface CommittingBinding {
  /** The use, one of its own: `sotto/.../v1`. */
  readonly label: string;
  readonly context: CborValue;
}

/**
 * Authenticated encryption that commits to the key, the label and the context: no output opens under two of them.
 * Gives salt (32) | commitment (32) | AES-256-GCM ciphertext and tag (plaintext + 16).
 */
export async function sealCommitting(
  primitives: Primitives,
  key: Secret,
  binding: CommittingBinding,
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const salt = primitives.randomBytes(SALT_BYTES);
  const { contentKey, commitment } = deriveCommitting(key, binding, salt);
  using held = contentKey;
  const sealed = await primitives.aes256Gcm.seal({ key: held, nonce: ZERO_NONCE, aad: EMPTY }, plaintext);
  return concat(salt, commitment, sealed);
}

/** Opens what `sealCommitting` made, comparing the commitment first. Throws `open-failed` whatever the reason. */
export async function openCommitting(
  primitives: Primitives,
  key: Secret,
  binding: CommittingBinding,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sealed.length < COMMITTING_OVERHEAD_BYTES) throw openFailed();
  const { contentKey, commitment } = deriveCommitting(key, binding, sealed.subarray(0, SALT_BYTES));
  using held = contentKey;
  if (!equal(commitment, sealed.subarray(SALT_BYTES, HEADER_BYTES))) throw openFailed();
  return await primitives.aes256Gcm.open({ key: held, nonce: ZERO_NONCE, aad: EMPTY }, sealed.subarray(HEADER_BYTES));
}

function deriveCommitting(
  key: Secret,
  { label, context }: CommittingBinding,
  salt: Uint8Array,
): { contentKey: Secret; commitment: Uint8Array } {
  const text = utf8(label);
  const info = concat(Uint8Array.of(text.length), text, encodeCbor(context));
  const derived = key.use((bytes) => hkdfSha256(bytes, { salt, info, length: 64 }));
  const contentKey = new Secret(derived.subarray(0, 32));
  derived.fill(0, 0, 32);
  return { contentKey, commitment: derived.subarray(32) };
}

const SALT_BYTES = 32;
const HEADER_BYTES = 64;
/** Salt, commitment and tag. */
export const COMMITTING_OVERHEAD_BYTES: number = 80;
/** The content key is used once: it derives from a random salt. */
const ZERO_NONCE = new Uint8Array(12);
const EMPTY = new Uint8Array();
