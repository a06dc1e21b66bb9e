import {
  type Argon2Parameters,
  argon2Floor,
  CryptoPeerFault,
  openCommitting,
  Secret,
  sealCommitting,
  stretch,
} from '@sotto/crypto';
import { boundedBytes, fixedBytes } from '@sotto/protocol';
import { z } from 'zod/mini';
import type { Platform } from './ports.ts';

/** A vault secret under a passphrase, kept on the device: Argon2id, then a committing seal. */
export interface PassphraseWrap {
  /** Random. */
  readonly salt: Uint8Array;
  readonly parameters: Argon2Parameters;
  readonly sealed: Uint8Array;
}

export const passphraseWrap: z.ZodMiniType<PassphraseWrap> = z.strictObject({
  salt: fixedBytes(16),
  parameters: z.strictObject({ memoryKib: z.int(), passes: z.int(), parallelism: z.int() }),
  sealed: boundedBytes(256, 1),
});

/** What a wrap is for, and what it is bound to; nothing of it is carried in the wrap. */
export interface WrapBinding {
  readonly label: 'sotto/vault/offline/v1' | 'sotto/vault/advanced/v1';
  readonly vaultId: Uint8Array;
  /** Milliseconds since the epoch; null for a wrap that stays. */
  readonly expiresAt: number | null;
}

export async function wrapVaultSecret(
  { primitives }: Pick<Platform, 'primitives'>,
  passphrase: string,
  { binding, vaultSecret }: { readonly binding: WrapBinding; readonly vaultSecret: Secret },
): Promise<PassphraseWrap> {
  const salt = primitives.randomBytes(16);
  using key = await stretch(primitives, passphrase, { salt, parameters: argon2Floor });
  const plaintext = vaultSecret.unsafeExpose('wrapped under a passphrase');
  const sealed = await sealCommitting(primitives, key, committing(binding), plaintext);
  plaintext.fill(0);
  return { salt, parameters: { ...argon2Floor }, sealed };
}

/** Null for a wrong passphrase. Throws `kdf-downgrade` or `kdf-too-costly` before anything runs. */
export async function unwrapVaultSecret(
  { primitives }: Pick<Platform, 'primitives'>,
  passphrase: string,
  { binding, wrap }: { readonly binding: WrapBinding; readonly wrap: PassphraseWrap },
): Promise<Secret | null> {
  const { salt, parameters, sealed } = wrap;
  using key = await stretch(primitives, passphrase, { salt, parameters });
  try {
    const plaintext = await openCommitting(primitives, key, committing(binding), sealed);
    const secret = new Secret(plaintext);
    plaintext.fill(0);
    return secret;
  } catch (cause) {
    if (cause instanceof CryptoPeerFault && cause.code === 'open-failed') return null;
    throw cause;
  }
}

function committing({ label, vaultId, expiresAt }: WrapBinding) {
  return { label, context: { vault: vaultId, expiresAt } };
}
