import { concat, utf8 } from '@sotto/bytes';

/**
 * Every signature that a statement, channel, head, policy or release key makes is over one of these tags and the bytes that
 * travel. The list is closed: a signature without a tag cannot be made. `strength` says which of a hybrid signer's
 * keys must sign: `full` both Ed25519 and ML-DSA-65, `light` Ed25519 alone.
 */
export const signatureTags: Readonly<Record<SignatureTag, 'full' | 'light'>> = {
  'sotto/statement/v1': 'full',
  'sotto/roster/v1': 'full',
  'sotto/contact/v1': 'full',
  'sotto/profile/v1': 'full',
  'sotto/policy/v1': 'full',
  'sotto/record/v1': 'light',
  'sotto/frames/v1': 'light',
  'sotto/head/v1': 'light',
  'sotto/channel/v1': 'light',
  'sotto/checkpoint/v1': 'light',
  'sotto/web-release/v1': 'light',
};

export type SignatureTag =
  | 'sotto/statement/v1'
  | 'sotto/roster/v1'
  | 'sotto/contact/v1'
  | 'sotto/profile/v1'
  | 'sotto/policy/v1'
  | 'sotto/record/v1'
  | 'sotto/frames/v1'
  | 'sotto/head/v1'
  | 'sotto/channel/v1'
  | 'sotto/checkpoint/v1'
  | 'sotto/web-release/v1';

/** The input of every signature: u8(length of tag) | tag | message. */
export function taggedMessage(tag: SignatureTag, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = utf8(tag);
  return concat(Uint8Array.of(label.length), label, message);
}
