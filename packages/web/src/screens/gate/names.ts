import type { Address, DeviceName } from '@sotto/protocol';

/** The beginning of an address as a person types it, in its one spelling; null for what can be none. */
export function nameOf(typed: string): string | null {
  const name = typed.trim().toLowerCase();
  return LOCAL_PART.test(name) && name.length <= 64 ? name : null;
}

/** An address as a person types it; null for what can be none. The worker checks it again. */
export function addressOf(typed: string): Address | null {
  const address = typed.trim().toLowerCase();
  const at = address.indexOf('@');
  const isAddress = nameOf(address.slice(0, Math.max(0, at))) !== null && DOMAIN.test(address.slice(at + 1));
  return isAddress ? (address as Address) : null;
}

export function deviceNameOf(typed: string): DeviceName | null {
  const name = typed.trim().toLowerCase();
  return DEVICE_NAME.test(name) ? (name as DeviceName) : null;
}

/** A name for this browser that its owner knows it by: `firefox-linux`. */
export function suggestedDeviceName(agent: string = navigator.userAgent): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1] ?? 'browser';
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return system === undefined ? browser : `${browser}-${system}`;
}

const LOCAL_PART = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const DEVICE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** The first that fits: most of them also say that they are Chrome or Safari. */
const BROWSERS = [
  [/Firefox\//, 'firefox'],
  [/Edg\//, 'edge'],
  [/OPR\//, 'opera'],
  [/Chrome\//, 'chrome'],
  [/Safari\//, 'safari'],
] as const;

const SYSTEMS = [
  [/Android/, 'android'],
  [/iPhone|iPad/, 'ios'],
  [/Windows/, 'windows'],
  [/Mac OS X/, 'mac'],
  [/CrOS/, 'chromebook'],
  [/Linux/, 'linux'],
] as const;
