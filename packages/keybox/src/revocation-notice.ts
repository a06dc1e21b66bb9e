import { type Address, address, type DeviceName, deviceName, type Format, format, milliseconds } from '@sotto/protocol';
import { z } from 'zod/mini';

/** What is left of a vault whose device was revoked, for telling its user. */
export interface RevocationNotice {
  readonly v: 1;
  readonly address: Address;
  readonly deviceName: DeviceName;
  readonly at: number;
}

const revocationNotice: Format<RevocationNotice> = format(
  'revocation notice',
  z.strictObject({ v: z.literal(1), address, deviceName, at: milliseconds }),
);

export function encodeRevocationNotice(notice: RevocationNotice): Uint8Array {
  return revocationNotice.encode(notice);
}
