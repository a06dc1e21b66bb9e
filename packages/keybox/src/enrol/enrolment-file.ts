import {
  type Address,
  address,
  type DeviceName,
  deviceName,
  domain,
  type Extent,
  extent,
  type Format,
  fixedBytes,
  format,
  hash32,
} from '@sotto/protocol';
import { z } from 'zod/mini';
import { parseVaultFile, type VaultMode, vaultModes } from '../account-file.ts';
import type { VaultStorage } from '../ports.ts';

/** What a new device was told about the account it joins, by something that only the account's owner can have made. */
export interface AccountFacts {
  readonly address: Address;
  readonly suite: number;
  readonly fingerprint: Uint8Array;
  /** The sigchain passes through it. */
  readonly chain: Extent;
  readonly accountRoom: Uint8Array;
  readonly caFingerprint: Uint8Array;
}

/** The `enrolment` file: what a broken-off enrolment goes on with. docs/spec/vault.md lists what is durable when. */
export interface Enrolment {
  readonly v: 1;
  readonly facts: AccountFacts;
  readonly origin: string;
  readonly domain: string;
  /** The wanted name; the chain says what it became. */
  readonly deviceName: DeviceName;
  readonly vaultMode: VaultMode;
  readonly vaultId: Uint8Array;
  readonly exemption: Uint8Array;
}

const enrolment: Format<Enrolment> = format(
  'enrolment file',
  z.strictObject({
    v: z.literal(1),
    facts: z.strictObject({
      address,
      suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
      fingerprint: hash32,
      chain: extent,
      accountRoom: hash32,
      caFingerprint: hash32,
    }),
    origin: z.string().check(z.maxLength(512)),
    domain,
    deviceName,
    vaultMode: z.enum(vaultModes),
    vaultId: fixedBytes(16),
    exemption: fixedBytes(32),
  }),
);

export async function readEnrolment(storage: VaultStorage): Promise<Enrolment | null> {
  const content = await storage.read('enrolment');
  return content === null ? null : parseVaultFile(enrolment, content);
}

/** Makes an enrolment durable and returns it. */
export async function keepEnrolment(storage: VaultStorage, value: Enrolment): Promise<Enrolment> {
  await storage.replace('enrolment', enrolment.encode(value));
  return value;
}
