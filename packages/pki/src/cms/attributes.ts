import { compare, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { octetString, oid, sequence, setOf, time, utf8String } from '../der/writer.ts';
import { oids } from '../oids.ts';
import { offProfile } from './fault.ts';

/** What a signer of ours states about a container, all of it always. */
export interface SenderAttributes {
  readonly signedMs: number;
  /** SHA-256 of the signer's certificate. */
  readonly certificateHash: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly deviceId: Uint8Array;
  readonly recipientSet: Uint8Array;
  readonly purpose: string;
}

/** Signed attributes by type, each with its one value in DER. */
export type Attributes = ReadonlyMap<string, Uint8Array>;

/** SignedAttributes as a SET OF: what is signed (RFC 5652 section 5.4). */
export function encodeAttributes(messageDigest: Uint8Array, sender: SenderAttributes): Uint8Array<ArrayBuffer> {
  const attribute = (type: string, value: Uint8Array) => sequence(oid(type), setOf(value));
  return setOf(
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octetString(messageDigest)),
    attribute(oids.signingTime, time(sender.signedMs)),
    attribute(oids.signingCertificateV2, encodeSigningCertificate(sender.certificateHash)),
    attribute(oids.senderFingerprint, octetString(sender.fingerprint)),
    attribute(oids.senderDevice, octetString(sender.deviceId)),
    attribute(oids.recipientSet, octetString(sender.recipientSet)),
    attribute(oids.purpose, utf8String(sender.purpose)),
  );
}

/** Reads a SET OF Attribute: no type twice, one value each. */
export function parseAttributes(set: Uint8Array): Attributes {
  const attributes = new Map<string, Uint8Array>();
  for (const [type, value] of DerReader.open(set).set().all(readAttribute)) {
    if (attributes.has(type)) throw offProfile('an attribute twice');
    attributes.set(type, value);
  }
  return attributes;
}

/** Checks what every signer states: the content type, and the digest of the content. */
export function checkContentAttributes(attributes: Attributes, messageDigest: Uint8Array): void {
  const type = attributes.get(oids.contentType);
  if (type === undefined || !equal(type, oid(oids.data))) throw offProfile('signed attributes for another content');
  const digest = attributes.get(oids.messageDigest);
  if (digest === undefined || !equal(digest, octetString(messageDigest))) throw offProfile('another message digest');
}

/**
 * The attributes of a signer of ours, null if there is none of them. `set` must be what `encodeAttributes` makes of
 * them, else `container-profile`.
 */
export function readSender(set: Uint8Array, messageDigest: Uint8Array): SenderAttributes | null {
  const attributes = parseAttributes(set);
  if (!OURS.some((type) => attributes.has(type))) return null;
  const value = (type: string) => DerReader.open(attributes.get(type) ?? missing());
  const sender: SenderAttributes = {
    signedMs: value(oids.signingTime).time(),
    certificateHash: readSigningCertificate(value(oids.signingCertificateV2)),
    fingerprint: hashOf(value(oids.senderFingerprint)),
    deviceId: hashOf(value(oids.senderDevice)),
    recipientSet: hashOf(value(oids.recipientSet)),
    purpose: value(oids.purpose).utf8String(),
  };
  if (!equal(encodeAttributes(messageDigest, sender), set)) throw offProfile('attributes that are not ours alone');
  return sender;
}

/** SHA-256 of the sorted hashes that stand for the recipients. */
export function recipientSetHash(hashes: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return sha256(...hashes.toSorted(compare));
}

function readAttribute(reader: DerReader): readonly [string, Uint8Array] {
  return readSequence(reader, (fields) => {
    const type = fields.oid();
    const values = fields.set();
    const value = values.raw();
    values.end();
    return [type, value] as const;
  });
}

/** SigningCertificateV2 with one ESSCertIDv2, SHA-256 by default (RFC 5035 section 3). */
function encodeSigningCertificate(certificateHash: Uint8Array): Uint8Array {
  return sequence(sequence(sequence(octetString(certificateHash))));
}

function readSigningCertificate(reader: DerReader): Uint8Array {
  return hashOf(reader.sequence().sequence().sequence());
}

function hashOf(reader: DerReader): Uint8Array {
  const hash = reader.content(tag.OCTET_STRING);
  if (hash.length !== 32) throw offProfile('a hash of the wrong length');
  return hash;
}

function missing(): never {
  throw offProfile('an attribute is missing');
}

const OURS = [oids.senderFingerprint, oids.senderDevice, oids.recipientSet, oids.purpose];
