import {
  type Address,
  address,
  type DeviceName,
  deviceName,
  domain,
  type Format,
  fixedBytes,
  format,
  hash32,
} from '@sotto/protocol';
import { z } from 'zod/mini';
import { parseVaultFile, type VaultMode, vaultModes } from './account-file.ts';
import type { VaultStorage } from './ports.ts';

/**
 * How far a sign-up has come, by what is durable here: `registering` means that the server was asked and may or may
 * not have heard it; the vault exists once there is a keystore, the certificate once there is `device.p12`.
 */
const signUpStages = ['started', 'registering', 'registered'] as const;

/** The `sign-up` file: what a broken-off sign-up goes on with. */
export interface SignUp {
  readonly v: 1;
  /** Random; by it the server knows who goes on. */
  readonly id: Uint8Array;
  readonly stage: (typeof signUpStages)[number];
  readonly invitation: string;
  readonly address: Address;
  readonly domain: string;
  readonly suite: number;
  readonly deviceName: DeviceName;
  readonly roaming: boolean;
  readonly vaultMode: VaultMode;
  readonly vaultId: Uint8Array;
  readonly exemption: Uint8Array;
  /** SHA-256 of the organisation's policy key; null for the owner, who makes it. */
  readonly policyKey: Uint8Array | null;
}

const signUp: Format<SignUp> = format(
  'sign-up file',
  z.strictObject({
    v: z.literal(1),
    id: fixedBytes(16),
    stage: z.enum(signUpStages),
    invitation: z.string().check(z.maxLength(1024)),
    address,
    domain,
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    deviceName,
    roaming: z.boolean(),
    vaultMode: z.enum(vaultModes),
    vaultId: fixedBytes(16),
    exemption: fixedBytes(32),
    policyKey: z.nullable(hash32),
  }),
);

export async function readSignUp(storage: VaultStorage): Promise<SignUp | null> {
  const content = await storage.read('sign-up');
  return content === null ? null : parseVaultFile(signUp, content);
}

/** Makes a sign-up durable and returns it. */
export async function keepSignUp(storage: VaultStorage, value: SignUp): Promise<SignUp> {
  await storage.replace('sign-up', signUp.encode(value));
  return value;
}
