import { ia5String, oid, sequence, setOf, utf8String } from './der/writer.ts';
import { PkiUsageFault } from './fault.ts';
import { oids } from './oids.ts';

/** Distinguished name of a cluster's CA: the labels of its domain as DC, then CN=Sotto CA (RFC 2247). */
export function authorityName(domain: string): Uint8Array<ArrayBuffer> {
  const labels = domain.split('.').toReversed();
  return sequence(
    ...labels.map((label) => relativeName(oids.domainComponent, ia5String(label))),
    relativeName(oids.commonName, utf8String('Sotto CA')),
  );
}

/** Distinguished name of every leaf of one profile: it says nothing, the alternative names say who. */
export function leafName(commonName: string): Uint8Array<ArrayBuffer> {
  return sequence(relativeName(oids.commonName, utf8String(commonName)));
}

export function deviceUri(address: string, device: string): string {
  return `sotto:${address}/${device}`;
}

/** Throws `name-malformed` for a name that no certificate of ours may carry. */
export function checkDomain(domain: string): void {
  if (!isDomain(domain)) throw new PkiUsageFault('name-malformed', 'not a domain in lower-case LDH form');
}

export function isDomain(text: string): boolean {
  return text.length <= 253 && DOMAIN.test(text);
}

export function isAddressOf(domain: string, address: string): boolean {
  const at = address.indexOf('@');
  return at > 0 && at <= 64 && LOCAL_PART.test(address.slice(0, at)) && address.slice(at + 1) === domain;
}

export function isDeviceName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);
}

function relativeName(type: string, value: Uint8Array): Uint8Array {
  return setOf(sequence(oid(type), value));
}

const LOCAL_PART = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
