import type { Secret } from '@sotto/crypto';
import { type Format, fixedBytes, format, milliseconds } from '@sotto/protocol';
import { z } from 'zod/mini';
import { parseVaultFile } from './account-file.ts';
import {
  type PassphraseWrap,
  passphraseWrap,
  unwrapVaultSecret,
  type WrapBinding,
  wrapVaultSecret,
} from './passphrase-wrap.ts';
import type { Platform, VaultStorage } from './ports.ts';

/** What opens the vault without the server for a while: the vault secret under the account's passphrase. */
interface OfflineWrap {
  readonly v: 1;
  readonly vaultId: Uint8Array;
  readonly expiresAt: number;
  readonly wrap: PassphraseWrap;
}

const offlineWrap: Format<OfflineWrap> = format(
  'offline wrap',
  z.strictObject({ v: z.literal(1), vaultId: fixedBytes(16), expiresAt: milliseconds, wrap: passphraseWrap }),
);

/** Writes a new offline wrap, good for 30 days from now. */
export async function writeOfflineWrap(
  platform: Platform,
  storage: VaultStorage,
  { passphrase, vaultId, vaultSecret }: OfflineWrapInput,
): Promise<void> {
  const expiresAt = platform.clock.now() + OFFLINE_MILLISECONDS;
  const wrap = await wrapVaultSecret(platform, passphrase, { binding: bindingOf(vaultId, expiresAt), vaultSecret });
  await storage.replace('offline', offlineWrap.encode({ v: 1, vaultId, expiresAt, wrap }));
}

export interface OfflineWrapInput {
  readonly passphrase: string;
  readonly vaultId: Uint8Array;
  readonly vaultSecret: Secret;
}

export type OfflineOpening =
  | { readonly kind: 'opened'; readonly vaultSecret: Secret; readonly ageMilliseconds: number }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'absent' };

/**
 * Tries the offline wrap. `absent` also for one that has expired, is of another vault or is damaged: the server can
 * make up for all of them.
 */
export async function openOfflineWrap(
  platform: Platform,
  storage: VaultStorage,
  { passphrase, vaultId }: Omit<OfflineWrapInput, 'vaultSecret'>,
): Promise<OfflineOpening> {
  const content = await storage.read('offline');
  if (content === null) return { kind: 'absent' };
  const { expiresAt, wrap } = parseVaultFile(offlineWrap, content);
  const left = expiresAt - platform.clock.now();
  if (left <= 0 || left > OFFLINE_MILLISECONDS) return { kind: 'absent' };
  const vaultSecret = await unwrapVaultSecret(platform, passphrase, { binding: bindingOf(vaultId, expiresAt), wrap });
  if (vaultSecret === null) return { kind: 'rejected' };
  return { kind: 'opened', vaultSecret, ageMilliseconds: OFFLINE_MILLISECONDS - left };
}

function bindingOf(vaultId: Uint8Array, expiresAt: number): WrapBinding {
  return { label: 'sotto/vault/offline/v1', vaultId, expiresAt };
}

const OFFLINE_MILLISECONDS = 30 * 24 * 3600 * 1000;
