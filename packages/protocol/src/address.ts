import type { Branded } from '@sotto/bytes';
import { z } from 'zod/mini';
import { ProtocolWireFault } from './fault.ts';

/** `local@domain` in its one canonical spelling. */
export type Address = Branded<string, 'Address'>;

/** The name of a device inside its account: `laptop` in `alpha@example.org/laptop`. */
export type DeviceName = Branded<string, 'DeviceName'>;

/**
 * Parses an address as a person may type it: surrounding space and ASCII capitals are folded, everything else
 * must be canonical. Local part: 1-64 of a-z 0-9 and single inner . _ -; no other script, so that nothing can pose
 * as an ASCII letter. Throws `address-malformed`.
 */
export function parseAddress(text: string): Address {
  const folded = text.trim().replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (!isAddress(folded)) {
    throw new ProtocolWireFault('address-malformed', 'an address is name@domain, from a-z, 0-9 and inner . _ -');
  }
  return folded;
}

export function isAddress(text: string): text is Address {
  const at = text.indexOf('@');
  return at > 0 && isLocalPart(text.slice(0, at)) && isDomain(text.slice(at + 1));
}

export function isLocalPart(text: string): boolean {
  return text.length <= 64 && LOCAL_PART.test(text);
}

/** DNS name in LDH form, lower case, at most 253 characters. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && DOMAIN.test(text);
}

export function localPart(address: Address): string {
  return address.slice(0, address.indexOf('@'));
}

export function addressDomain(address: Address): string {
  return address.slice(address.indexOf('@') + 1);
}

/**
 * What the eye takes an address for: two addresses with one skeleton look alike, and a server gives out only
 * the first of them.
 */
export function addressSkeleton(address: Address): string {
  const local = localPart(address)
    .replaceAll(/[._-]/g, '')
    .replaceAll(/[1i]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd');
  return `${local}@${addressDomain(address)}`;
}

/** 1-32 of a-z 0-9 and inner hyphens. Throws `device-name-malformed`. */
export function parseDeviceName(text: string): DeviceName {
  if (!isDeviceName(text)) {
    throw new ProtocolWireFault('device-name-malformed', 'a device name has 1-32 of a-z, 0-9 and inner hyphens');
  }
  return text;
}

export function isDeviceName(text: string): text is DeviceName {
  return /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);
}

export const address: z.ZodMiniType<Address> = z.custom<Address>(
  (value) => typeof value === 'string' && isAddress(value),
);
export const deviceName: z.ZodMiniType<DeviceName> = z.custom<DeviceName>(
  (value) => typeof value === 'string' && isDeviceName(value),
);
export const domain: z.ZodMiniType<string> = z.string().check(z.refine(isDomain));

const LOCAL_PART = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
