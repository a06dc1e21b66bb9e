import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** Where a connection comes from, for limits alone: an IPv4 address, or the /64 that one IPv6 subscriber has. */
export function sourceOf(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return 'unknown';
  const mapped = /^::ffff:([0-9.]+)$/i.exec(remoteAddress)?.[1];
  if (mapped !== undefined) return mapped;
  if (remoteAddress === '::1') return remoteAddress;
  return isIPv6(remoteAddress) ? networkOf(remoteAddress) : remoteAddress;
}

/**
 * The client behind our own reverse proxy: what the proxy appended to X-Forwarded-For. Everything before the last
 * comma is the client's own tale.
 */
export function forwardedSource(
  header: string | readonly string[] | undefined,
  remoteAddress: string | undefined,
): string {
  const last = [header ?? ''].flat().join(',').split(',').at(-1)?.trim() ?? '';
  return sourceOf(/^[0-9a-f.:]{2,45}$/i.test(last) ? last : remoteAddress);
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** A request that a program of this machine makes of us by a name of this machine, and through no proxy. */
export function isLocalRequest({ headers, socket }: IncomingMessage): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const host = (headers.host ?? '').replace(/:[0-9]+$/, '').replaceAll(/[[\]]/g, '');
  return !isForwarded && isLoopbackHost(sourceOf(socket.remoteAddress)) && isLoopbackHost(host);
}

function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...missing, ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
