import { type CborValue, encodeCbor } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';
import { z } from 'zod/mini';
import { type DeviceName, deviceName } from './address.ts';
import { boundedBytes, hash32 } from './format.ts';

/** `keybox`: a real installation; `roaming`: keys sealed at the server; `recovery`: keys on paper. */
const deviceKinds = ['keybox', 'roaming', 'recovery'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** What a statement says of a device it admits. */
export interface DeviceDescription {
  readonly kind: DeviceKind;
  readonly name: DeviceName;
  /** Public signing key in its suite's form. */
  readonly signing: Uint8Array;
  /** Public KEM key in its suite's form. */
  readonly kem: Uint8Array;
  /** SHA-256 of the certificate's SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

export const deviceDescription: z.ZodMiniType<DeviceDescription> = z.strictObject({
  kind: z.enum(deviceKinds),
  name: deviceName,
  signing: boundedBytes(4096, 1),
  kem: boundedBytes(4096, 1),
  spki: hash32,
});

/** The device id: 32 bytes, a hash over the suite and all public keys; the name is no part of it. */
export function deviceId(suite: number, { signing, kem, spki }: DeviceDescription): Uint8Array<ArrayBuffer> {
  const keys: CborValue = { suite, signing, kem, spki };
  return taggedHash('sotto/device/v1', encodeCbor(keys));
}
