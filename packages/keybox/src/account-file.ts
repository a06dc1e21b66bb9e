import {
  type Address,
  address,
  type DeviceName,
  deviceName,
  domain,
  type Format,
  fixedBytes,
  format,
} from '@sotto/protocol';
import { z } from 'zod/mini';
import { deviceRevoked } from './devices/revocation.ts';
import { KeyboxPeerFault, KeyboxUsageFault } from './fault.ts';
import type { VaultStorage } from './ports.ts';

/** How the vault secret is kept: at the home server, or here under a passphrase of its own. */
export const vaultModes = ['normal', 'advanced'] as const;
export type VaultMode = (typeof vaultModes)[number];

/** What must be known of an account before its vault is open. No secret of content is in it. */
export interface AccountFile {
  readonly v: 1;
  readonly address: Address;
  readonly suite: number;
  readonly deviceName: DeviceName;
  readonly origin: string;
  readonly domain: string;
  readonly caFingerprint: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly deviceId: Uint8Array;
  readonly vaultId: Uint8Array;
  readonly vaultMode: VaultMode;
  /** Spares this installation the delays that others' guesses cause. */
  readonly exemption: Uint8Array;
  /** The passphrase's Argon2id parameters when the server was last believed; they never fall. */
  readonly parameters: { readonly memoryKib: number; readonly passes: number; readonly parallelism: number };
}

export const accountFile: Format<AccountFile> = format(
  'account file',
  z.strictObject({
    v: z.literal(1),
    address,
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    deviceName,
    origin: z.string().check(z.maxLength(512)),
    domain,
    caFingerprint: fixedBytes(32),
    fingerprint: fixedBytes(32),
    deviceId: fixedBytes(32),
    vaultId: fixedBytes(16),
    vaultMode: z.enum(vaultModes),
    exemption: fixedBytes(32),
    parameters: z.strictObject({ memoryKib: z.int(), passes: z.int(), parallelism: z.int() }),
  }),
);

/** Throws `no-account`, or `vault-damaged` where there is a vault without its account file. */
export async function readAccountFile(storage: VaultStorage): Promise<AccountFile> {
  const content = await storage.read('account');
  if (content !== null) return parseVaultFile(accountFile, content);
  if ((await storage.read('sign-up')) !== null) {
    throw new KeyboxUsageFault(
      'no-account',
      'the sign-up is not finished: run `account create` again with the same name',
    );
  }
  if ((await storage.read('enrolment')) !== null) {
    throw new KeyboxUsageFault('no-account', 'this device is not ready: run the command again that began to make it');
  }
  if ((await storage.read('revoked')) !== null) throw deviceRevoked();
  if ((await storage.read('keystore')) === null)
    throw new KeyboxUsageFault('no-account', 'no account of that name here');
  throw new KeyboxPeerFault('vault-damaged', 'the account file of this vault is missing: restore it from a backup');
}

/** Parses one of the vault's own files. Throws `vault-damaged`. */
export function parseVaultFile<Value>(expected: Format<Value>, content: Uint8Array): Value {
  try {
    return expected.parse(content);
  } catch (cause) {
    throw new KeyboxPeerFault('vault-damaged', 'a file of the vault is damaged: restore it from a backup', { cause });
  }
}
