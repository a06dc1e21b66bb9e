import { expand as hkdfExpand, extract as hkdfExtract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { BugFault, concat, utf8 } from '@sotto/bytes';
import { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { HASH_BYTES } from './limits.ts';

/** HKDF-Extract with an empty salt. */
export function extract(keyMaterial: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hkdfExtract(sha512, keyMaterial, new Uint8Array()));
}

/** HKDF-Expand with the label after its parameter, as RFC 9807 joins them. */
export function expand(key: Uint8Array, info: readonly [Uint8Array, string], length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hkdfExpand(sha512, key, concat(info[0], utf8(info[1])), length));
}

/** HMAC-SHA-512: 64 bytes. */
export function mac(key: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hmac(sha512, key, message));
}

/** opaque<0..2^16-1>: u16 length and the bytes. */
export function vector(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length > 0xffff) throw new BugFault('an OPAQUE vector holds at most 65535 bytes');
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

export interface Transcript {
  readonly binding: OpaqueBinding;
  readonly clientPublicKey: Uint8Array;
  readonly serverPublicKey: Uint8Array;
  readonly ke1: Uint8Array;
  /** KE2 without its MAC: credential response, server nonce, server key share. */
  readonly ke2Head: Uint8Array;
}

export interface AuthenticationKeys {
  readonly serverMac: Uint8Array<ArrayBuffer>;
  readonly clientMac: Uint8Array<ArrayBuffer>;
  readonly sessionKey: Secret;
}

/** Both MACs and the session key of three shared elements (RFC 9807 sections 6.4.2 to 6.4.4). */
export function authenticationKeys(
  shared: readonly [Uint8Array, Uint8Array, Uint8Array],
  transcript: Transcript,
): AuthenticationKeys {
  const preamble = sha512.create().update(preambleOf(transcript));
  const preambleHash = preamble.clone().digest();
  const material = concat(...shared);
  const prk = extract(material);
  const handshakeSecret = deriveSecret(prk, 'HandshakeSecret', preambleHash);
  const sessionKey = deriveSecret(prk, 'SessionKey', preambleHash);
  const km2 = deriveSecret(handshakeSecret, 'ServerMAC', new Uint8Array());
  const km3 = deriveSecret(handshakeSecret, 'ClientMAC', new Uint8Array());
  const serverMac = mac(km2, preambleHash);
  const clientMac = mac(km3, preamble.update(serverMac).digest());
  const keys = { serverMac, clientMac, sessionKey: new Secret(sessionKey) };
  for (const bytes of [...shared, material, prk, handshakeSecret, sessionKey, km2, km3]) bytes.fill(0);
  return keys;
}

function preambleOf({ binding, clientPublicKey, serverPublicKey, ke1, ke2Head }: Transcript): Uint8Array {
  return concat(
    utf8('OPAQUEv1-'),
    vector(binding.context),
    vector(binding.clientIdentity ?? clientPublicKey),
    ke1,
    vector(binding.serverIdentity ?? serverPublicKey),
    ke2Head,
  );
}

function deriveSecret(secret: Uint8Array, label: string, transcriptHash: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = utf8(`OPAQUE-${label}`);
  const info = concat(
    Uint8Array.of(0, HASH_BYTES, name.length),
    name,
    Uint8Array.of(transcriptHash.length),
    transcriptHash,
  );
  return Uint8Array.from(hkdfExpand(sha512, secret, info, HASH_BYTES));
}
