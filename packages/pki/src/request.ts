import { equal } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { encodeSigned } from './certificate.ts';
import { DerReader, readSequence } from './der/reader.ts';
import * as tag from './der/tag.ts';
import { integer, sequence, tagged } from './der/writer.ts';
import { PkiPeerFault } from './fault.ts';
import { profiles } from './profile.ts';
import { type PublicKey, parsePublicKey } from './public-key.ts';
import { type CertificateSigner, signatureAlgorithm, signatureAlgorithmOf, signDer, verifyDer } from './signer.ts';

/**
 * Makes a certification request (PKCS#10, RFC 2986) in DER: the device's name, the public key, no attributes. It
 * proves possession of the key and names nobody: the CA takes the names from the channel on which it came.
 */
export async function createRequest(signer: CertificateSigner): Promise<Uint8Array<ArrayBuffer>> {
  const content = encodeContent(signer.publicKey);
  return encodeSigned(content, signatureAlgorithm(signer.algorithm), await signDer(signer, content));
}

/**
 * Verifies a request and gives the key whose possession it proves. Throws `der-malformed`, `request-profile` (a field
 * or key that a device certificate does not take), `request-signature`.
 */
export async function verifyRequest(primitives: Primitives, der: Uint8Array): Promise<PublicKey> {
  const { content, algorithm, signature, key } = parseRequest(Uint8Array.from(der));
  if (!profiles.device.isKey(key)) throw refused('request-profile', 'a key that no device certificate takes');
  const expected = signatureAlgorithmOf(key);
  const isProfile = equal(content, encodeContent(key.der)) && equal(algorithm, signatureAlgorithm(expected));
  if (!isProfile) throw refused('request-profile', 'not a request of our profile');
  const proven = await verifyDer(primitives, key, { algorithm: expected, message: content, signature });
  if (!proven) throw refused('request-signature', 'no proof of possession');
  return key;
}

interface UnverifiedRequest {
  readonly content: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: PublicKey;
}

function parseRequest(der: Uint8Array): UnverifiedRequest {
  return readSequence(DerReader.open(der), (fields) => {
    const content = fields.raw(tag.SEQUENCE);
    const algorithm = fields.raw(tag.SEQUENCE);
    return { content, algorithm, signature: fields.bitString(), key: parsePublicKey(requestedKey(content)) };
  });
}

function requestedKey(content: Uint8Array): Uint8Array {
  return readSequence(DerReader.open(content), (fields) => {
    fields.smallInteger();
    fields.raw(tag.SEQUENCE);
    const publicKey = fields.raw(tag.SEQUENCE);
    fields.raw(tag.constructed(0));
    return publicKey;
  });
}

/** CertificationRequestInfo. */
function encodeContent(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(integer(0), profiles.device.name, publicKey, tagged(0));
}

function refused(code: 'request-profile' | 'request-signature', message: string): PkiPeerFault {
  return new PkiPeerFault(code, message);
}
