import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { equal } from '@sotto/bytes';
import type { KeyPair } from '../ports.ts';
import { keyMalformed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { intoSecret, plainBytes } from './bytes.ts';

/** What a DER key must be. */
export interface DerKeyProfile {
  readonly name: string;
  isKey(key: KeyObject): boolean;
}

/** RSA keys of 3072 or 4096 bits with exponent 65537. */
export const rsa: DerKeyProfile = {
  name: 'RSA',
  isKey({ asymmetricKeyType, asymmetricKeyDetails }) {
    const size = asymmetricKeyDetails?.modulusLength;
    const exponent = asymmetricKeyDetails?.publicExponent;
    return asymmetricKeyType === 'rsa' && (size === 3072 || size === 4096) && exponent === 65537n;
  },
};

export const p384: DerKeyProfile = {
  name: 'P-384',
  isKey({ asymmetricKeyType, asymmetricKeyDetails }) {
    return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'secp384r1';
  },
};

/** Reads an SPKI in DER and nothing but DER. Throws `key-malformed`. */
export function publicKeyOf(spki: Uint8Array, profile: DerKeyProfile): KeyObject {
  const key = parse(profile, () => createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' }));
  if (!profile.isKey(key) || !equal(exportSpki(key), spki)) throw keyMalformed(`${profile.name} public key`);
  return key;
}

/** Reads a PKCS#8 in DER. Throws `key-malformed`. */
export function privateKeyOf(pkcs8: Secret, profile: DerKeyProfile): KeyObject {
  const key = parse(profile, () =>
    pkcs8.use((der) => createPrivateKey({ key: asBuffer(der), format: 'der', type: 'pkcs8' })),
  );
  if (!profile.isKey(key)) throw keyMalformed(`${profile.name} secret key`);
  return key;
}

export function exportSpki(key: KeyObject): Uint8Array<ArrayBuffer> {
  return plainBytes(key.export({ format: 'der', type: 'spki' }));
}

export function exportPair(pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): KeyPair {
  return {
    publicKey: exportSpki(pair.publicKey),
    secretKey: intoSecret(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

function parse(profile: DerKeyProfile, create: () => KeyObject): KeyObject {
  try {
    return create();
  } catch (cause) {
    throw keyMalformed(`${profile.name} key that is not DER`, cause);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
