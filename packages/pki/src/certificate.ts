import { equal } from '@sotto/bytes';
import { malformed } from './der/fault.ts';
import { DerReader, readSequence } from './der/reader.ts';
import * as tag from './der/tag.ts';
import { bitString, integer, sequence, tagged, time } from './der/writer.ts';
import { type Extension, encodeExtension, readExtensions } from './extension.ts';
import { MAX_CERTIFICATE_BYTES } from './limits.ts';

/** The fields of a certificate that its issuer signs (RFC 5280 section 4.1.2). Names and keys stay in DER. */
export interface TbsCertificate {
  /** Magnitude of the serial number, big-endian. */
  readonly serial: Uint8Array;
  /** AlgorithmIdentifier. */
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** An X.509v3 certificate that is well-formed, whoever issued it; nothing in it has been verified. */
export interface UnverifiedCertificate extends TbsCertificate {
  readonly der: Uint8Array;
  /** TBSCertificate: the bytes that are signed. */
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
}

/** Parses a certificate, strictly DER, at most 16 KiB. Throws `der-malformed`. */
export function parseCertificate(der: Uint8Array): UnverifiedCertificate {
  const copy = Uint8Array.from(der);
  return readSequence(DerReader.open(copy, MAX_CERTIFICATE_BYTES), (fields) => {
    const tbs = fields.raw(tag.SEQUENCE);
    const certificate = readSequence(DerReader.open(tbs), readTbs);
    if (!equal(certificate.signatureAlgorithm, fields.raw(tag.SEQUENCE))) throw malformed('two signature algorithms');
    return { ...certificate, tbs, signature: fields.bitString(), der: copy };
  });
}

export function encodeTbsCertificate(tbs: TbsCertificate): Uint8Array<ArrayBuffer> {
  return sequence(
    tagged(0, integer(VERSION_3)),
    integer(tbs.serial),
    tbs.signatureAlgorithm,
    tbs.issuer,
    sequence(time(tbs.notBeforeMs), time(tbs.notAfterMs)),
    tbs.subject,
    tbs.publicKey,
    tagged(3, sequence(...tbs.extensions.map(encodeExtension))),
  );
}

/** Joins what was signed with its signature: certificates, requests and CRLs have this form. */
export function encodeSigned(
  content: Uint8Array,
  algorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return sequence(content, algorithm, bitString(signature));
}

export function extensionValue(certificate: TbsCertificate, id: string): Uint8Array | null {
  return certificate.extensions.find((extension) => extension.id === id)?.value ?? null;
}

function readTbs(fields: DerReader): TbsCertificate {
  const version = fields.enter(tag.constructed(0));
  if (version.smallInteger() !== VERSION_3) throw malformed('a certificate of another version');
  version.end();
  const serial = fields.unsigned();
  const signatureAlgorithm = fields.raw(tag.SEQUENCE);
  const issuer = fields.raw(tag.SEQUENCE);
  const [notBeforeMs, notAfterMs] = readSequence(fields, (validity) => [validity.time(), validity.time()] as const);
  const subject = fields.raw(tag.SEQUENCE);
  const publicKey = fields.raw(tag.SEQUENCE);
  const wrapped = fields.enter(tag.constructed(3));
  const extensions = readExtensions(wrapped);
  wrapped.end();
  return { serial, signatureAlgorithm, issuer, notBeforeMs, notAfterMs, subject, publicKey, extensions };
}

const VERSION_3 = 2;
