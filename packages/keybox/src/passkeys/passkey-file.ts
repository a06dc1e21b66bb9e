import { equal } from '@sotto/bytes';
import { CryptoPeerFault, deriveKey, openCommitting, Secret, sealCommitting } from '@sotto/crypto';
import { boundedBytes, boundedText, type Format, fixedBytes, format, milliseconds } from '@sotto/protocol';
import { z } from 'zod/mini';
import { parseVaultFile } from '../account-file.ts';
import type { Platform, VaultStorage } from '../ports.ts';

/** The vault secret under what one passkey gives for `salt` (WebAuthn, extension `prf`). docs/spec/vault.md. */
export interface PasskeyWrap {
  /** As the authenticator names the passkey. */
  readonly credentialId: Uint8Array;
  /** What the authenticator is asked with. */
  readonly salt: Uint8Array;
  /** What its owner calls it. */
  readonly name: string;
  readonly at: number;
  readonly sealed: Uint8Array;
}

interface PasskeyFile {
  readonly v: 1;
  readonly vaultId: Uint8Array;
  readonly passkeys: readonly PasskeyWrap[];
}

export const MAX_PASSKEYS = 8;

const passkeyFile: Format<PasskeyFile> = format(
  'passkeys',
  z.strictObject({
    v: z.literal(1),
    vaultId: fixedBytes(16),
    passkeys: z
      .array(
        z.strictObject({
          credentialId: boundedBytes(1023, 1),
          salt: fixedBytes(32),
          name: boundedText(256, 1),
          at: milliseconds,
          sealed: boundedBytes(256, 1),
        }),
      )
      .check(z.maxLength(MAX_PASSKEYS)),
  }),
);

/** Those of the vault; none for a file of another one. Throws `vault-damaged`. */
export async function readPasskeys(storage: VaultStorage, vaultId: Uint8Array): Promise<readonly PasskeyWrap[]> {
  const content = await storage.read('passkeys');
  if (content === null) return [];
  const file = parseVaultFile(passkeyFile, content);
  return equal(file.vaultId, vaultId) ? file.passkeys : [];
}

export async function writePasskeys(
  storage: VaultStorage,
  vaultId: Uint8Array,
  passkeys: readonly PasskeyWrap[],
): Promise<void> {
  if (passkeys.length === 0) return storage.remove('passkeys');
  await storage.replace('passkeys', passkeyFile.encode({ v: 1, vaultId, passkeys }));
}

/** What a wrap is bound to. */
export interface PasskeyBinding {
  readonly vaultId: Uint8Array;
  readonly credentialId: Uint8Array;
}

export async function sealForPasskey(
  { primitives }: Pick<Platform, 'primitives'>,
  prf: Secret,
  { binding, vaultSecret }: { readonly binding: PasskeyBinding; readonly vaultSecret: Secret },
): Promise<Uint8Array> {
  const { label, context } = committing(binding);
  using key = deriveKey(prf, label, context);
  const plaintext = vaultSecret.unsafeExpose('wrapped under a passkey');
  const sealed = await sealCommitting(primitives, key, { label, context }, plaintext);
  plaintext.fill(0);
  return sealed;
}

/** Null for what another passkey gives, or a wrap that is bound to something else. */
export async function openByPasskey(
  { primitives }: Pick<Platform, 'primitives'>,
  prf: Secret,
  { binding, sealed }: { readonly binding: PasskeyBinding; readonly sealed: Uint8Array },
): Promise<Secret | null> {
  const { label, context } = committing(binding);
  using key = deriveKey(prf, label, context);
  try {
    const plaintext = await openCommitting(primitives, key, { label, context }, sealed);
    const secret = new Secret(plaintext);
    plaintext.fill(0);
    return secret;
  } catch (cause) {
    if (cause instanceof CryptoPeerFault && cause.code === 'open-failed') return null;
    throw cause;
  }
}

function committing({ vaultId, credentialId }: PasskeyBinding) {
  return { label: 'sotto/vault/passkey/v1', context: { vault: vaultId, credential: credentialId } };
}
