import type { Extension, GeneralName } from './extension.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  type KeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
} from './extension.ts';
import { CLUSTER_CERTIFICATE_DAYS, DEVICE_CERTIFICATE_DAYS } from './limits.ts';
import { deviceUri, isAddressOf, isDeviceName, isDomain, leafName } from './name.ts';
import { oids } from './oids.ts';
import { isStrongRsa, keyIdentifier, type PublicKey } from './public-key.ts';

/** Whom a certificate names, by its profile; the closed list of what a cluster's CA issues. */
export type Subject =
  | { readonly profile: 'device'; readonly address: string; readonly device: string }
  | { readonly profile: 'user-key'; readonly address: string }
  | { readonly profile: 'channel' }
  | { readonly profile: 'head' }
  | {
      readonly profile: 'tls-server';
      readonly dnsNames: readonly string[];
      readonly ipAddresses: readonly Uint8Array[];
    };

export type CertificateProfile = Subject['profile'];

/** What is fixed for all certificates of one profile. */
export interface ProfileRules {
  readonly days: number;
  readonly name: Uint8Array;
  readonly keyUsage: KeyUsage;
  readonly extendedKeyUsage: Extension;
  isKey(key: PublicKey): boolean;
}

export const profiles: Readonly<Record<CertificateProfile, ProfileRules>> = {
  device: {
    days: DEVICE_CERTIFICATE_DAYS,
    name: leafName('Sotto device'),
    keyUsage: 'digitalSignature',
    extendedKeyUsage: extendedKeyUsage([oids.clientAuth, oids.emailProtection], false),
    isKey: (key) => key.algorithm === 'ed25519' || key.algorithm === 'ecdsa-p384' || isStrongRsa(key),
  },
  'user-key': {
    days: DEVICE_CERTIFICATE_DAYS,
    name: leafName('Sotto user key'),
    keyUsage: 'keyEncipherment',
    extendedKeyUsage: extendedKeyUsage([oids.emailProtection], false),
    isKey: isStrongRsa,
  },
  channel: {
    days: CLUSTER_CERTIFICATE_DAYS,
    name: leafName('Sotto channel'),
    keyUsage: 'digitalSignature',
    extendedKeyUsage: extendedKeyUsage([oids.kpChannel], true),
    isKey: (key) => key.algorithm === 'ed25519',
  },
  head: {
    days: CLUSTER_CERTIFICATE_DAYS,
    name: leafName('Sotto head'),
    keyUsage: 'digitalSignature',
    extendedKeyUsage: extendedKeyUsage([oids.kpHead], true),
    isKey: (key) => key.algorithm === 'ed25519',
  },
  'tls-server': {
    days: CLUSTER_CERTIFICATE_DAYS,
    name: leafName('Sotto server'),
    keyUsage: 'digitalSignature',
    extendedKeyUsage: extendedKeyUsage([oids.serverAuth], false),
    isKey: (key) => key.algorithm === 'ecdsa-p384' || key.algorithm === 'ecdsa-p256',
  },
};

/** The extensions of a CA, all of them, in their order. */
export function authorityExtensions(domain: string, publicKey: Uint8Array): Extension[] {
  return [
    basicConstraints(),
    subjectKeyIdentifier(keyIdentifier(publicKey)),
    keyUsage('keyCertSign and cRLSign'),
    nameConstraints(domain),
  ];
}

/** The extensions of a leaf, all of them, in their order. */
export function leafExtensions(subject: Subject, publicKey: Uint8Array, authorityKey: Uint8Array): Extension[] {
  const rules = profiles[subject.profile];
  return [
    authorityKeyIdentifier(authorityKey),
    subjectKeyIdentifier(keyIdentifier(publicKey)),
    keyUsage(rules.keyUsage),
    rules.extendedKeyUsage,
    subjectAltName(subjectNames(subject)),
  ];
}

/** The subject that these alternative names stand for, null if a cluster of `domain` may not issue them. */
export function parseSubject(
  profile: CertificateProfile,
  names: readonly GeneralName[],
  domain: string,
): Subject | null {
  const subject = readSubject(profile, names);
  return subject !== null && isIssuable(subject, domain) ? subject : null;
}

/** True if a cluster of `domain` may name this subject. */
export function isIssuable(subject: Subject, domain: string): boolean {
  switch (subject.profile) {
    case 'device':
      return isAddressOf(domain, subject.address) && isDeviceName(subject.device);
    case 'user-key':
      return isAddressOf(domain, subject.address);
    case 'tls-server':
      return subject.dnsNames.length > 0 && subject.dnsNames.every((name) => isWithin(domain, name));
    case 'channel':
    case 'head':
      return true;
  }
}

function subjectNames(subject: Subject): GeneralName[] {
  switch (subject.profile) {
    case 'device':
      return [
        { type: 'rfc822Name', value: subject.address },
        { type: 'uri', value: deviceUri(subject.address, subject.device) },
      ];
    case 'user-key':
      return [{ type: 'rfc822Name', value: subject.address }];
    case 'channel':
    case 'head':
      return [{ type: 'uri', value: `sotto:cluster/${subject.profile}` }];
    case 'tls-server':
      return [
        ...subject.dnsNames.map((value) => ({ type: 'dnsName', value }) as const),
        ...subject.ipAddresses.map((value) => ({ type: 'ipAddress', value }) as const),
      ];
  }
}

function readSubject(profile: CertificateProfile, names: readonly GeneralName[]): Subject | null {
  switch (profile) {
    case 'device': {
      const [mail, uri] = names;
      if (mail?.type !== 'rfc822Name' || uri?.type !== 'uri') return null;
      return { profile, address: mail.value, device: uri.value.slice(deviceUri(mail.value, '').length) };
    }
    case 'user-key':
      return names[0]?.type === 'rfc822Name' ? { profile, address: names[0].value } : null;
    case 'channel':
    case 'head':
      return { profile };
    case 'tls-server':
      return {
        profile,
        dnsNames: names.flatMap((name) => (name.type === 'dnsName' ? [name.value] : [])),
        ipAddresses: names.flatMap((name) => (name.type === 'ipAddress' ? [name.value] : [])),
      };
  }
}

function isWithin(domain: string, name: string): boolean {
  return isDomain(name) && (name === domain || name.endsWith(`.${domain}`));
}
