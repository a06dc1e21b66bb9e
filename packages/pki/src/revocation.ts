import { type Branded, compare, equal, hex, parseHex } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { algorithms } from './algorithm.ts';
import type { CertificateAuthority } from './authority.ts';
import { encodeSigned } from './certificate.ts';
import { malformed } from './der/fault.ts';
import { DerReader, readSequence } from './der/reader.ts';
import * as tag from './der/tag.ts';
import { integer, sequence, tagged, time } from './der/writer.ts';
import { authorityKeyIdentifier, encodeExtension, readExtensions } from './extension.ts';
import { PkiPeerFault } from './fault.ts';
import { oids } from './oids.ts';
import { keyIdentifier, parsePublicKey } from './public-key.ts';
import { signDer, verifyDer } from './signer.ts';
import type { AuthorityCertificate } from './verify.ts';

/** A CRL that its CA signed and that is not out of date. */
export type RevocationList = Branded<UnverifiedRevocationList, 'RevocationList'>;

export interface UnverifiedRevocationList {
  readonly der: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number;
  /** Serial numbers in hexadecimal, and when each was revoked in milliseconds since the epoch. */
  readonly serials: ReadonlyMap<string, number>;
  /** CRL number; rises with every list. */
  readonly number: number;
}

export interface RevocationOrder {
  readonly serials: ReadonlyMap<string, number>;
  readonly number: number;
  readonly atMs: number;
  readonly nextUpdateMs: number;
}

/** Issues a CRL (version 2, entries by ascending serial number) in DER. */
export async function issueRevocationList(
  { certificate, signer }: CertificateAuthority,
  order: RevocationOrder,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = encodeContent(certificate, order);
  return encodeSigned(content, algorithms.ecdsaP384, await signDer(signer, content));
}

/** What a reader holds a CRL against. */
export interface RevocationVerification {
  readonly primitives: Primitives;
  readonly ca: AuthorityCertificate;
  readonly atMs: number;
  /** The newest number seen so far; a list below it is an old one served again. */
  readonly newestNumber?: number;
}

/**
 * Parses and verifies a CRL. Throws `der-malformed`, `crl-profile`, `crl-signature`, `crl-stale` (past its next update
 * or from the future), `crl-rollback`.
 */
export async function verifyRevocationList(der: Uint8Array, options: RevocationVerification): Promise<RevocationList> {
  const { primitives, ca, atMs, newestNumber } = options;
  const { list, content, signature } = parseSignedList(der);
  const order = { ...list, atMs: list.thisUpdateMs };
  if (!equal(content, encodeContent(ca, order))) throw refused('crl-profile', 'not a CRL of this CA and our profile');
  const signed = { algorithm: 'ecdsa-p384', message: content, signature } as const;
  if (!(await verifyDer(primitives, parsePublicKey(ca.publicKey), signed)))
    throw refused('crl-signature', 'not signed by the CA');
  if (atMs > list.nextUpdateMs || atMs < list.thisUpdateMs - CLOCK_TOLERANCE_MS)
    throw refused('crl-stale', 'not of today');
  if (newestNumber !== undefined && list.number < newestNumber)
    throw refused('crl-rollback', 'older than one seen before');
  return list as RevocationList;
}

/** Parses a CRL without verifying it. Throws `der-malformed`. */
export function parseRevocationList(der: Uint8Array): UnverifiedRevocationList {
  return parseSignedList(der).list;
}

interface SignedList {
  readonly list: UnverifiedRevocationList;
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

function parseSignedList(der: Uint8Array): SignedList {
  const copy = Uint8Array.from(der);
  return readSequence(DerReader.open(copy), (fields) => {
    const content = fields.raw(tag.SEQUENCE);
    if (!equal(fields.raw(tag.SEQUENCE), algorithms.ecdsaP384)) throw malformed('a CRL of another algorithm');
    const list = readSequence(DerReader.open(content), (inner) => readContent(inner, copy));
    return { list, content, signature: fields.bitString() };
  });
}

function encodeContent(
  ca: AuthorityCertificate,
  { serials, number, atMs, nextUpdateMs }: RevocationOrder,
): Uint8Array<ArrayBuffer> {
  const entries = [...serials]
    .map(([serial, revokedMs]) => ({ serial: parseHex(serial), revokedMs }))
    .toSorted((left, right) => compare(left.serial, right.serial))
    .map(({ serial, revokedMs }) => sequence(integer(serial), time(revokedMs)));
  const extensions = [
    authorityKeyIdentifier(keyIdentifier(ca.publicKey)),
    { id: oids.crlNumber, critical: false, value: integer(number) },
  ];
  return sequence(
    integer(VERSION_2),
    algorithms.ecdsaP384,
    ca.subject,
    time(atMs),
    time(nextUpdateMs),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    tagged(0, sequence(...extensions.map(encodeExtension))),
  );
}

function readContent(fields: DerReader, der: Uint8Array): UnverifiedRevocationList {
  if (fields.smallInteger() !== VERSION_2) throw malformed('a CRL of another version');
  fields.raw(tag.SEQUENCE);
  const issuer = fields.raw(tag.SEQUENCE);
  const thisUpdateMs = fields.time();
  const nextUpdateMs = fields.time();
  const serials = fields.next === tag.SEQUENCE ? readEntries(fields) : new Map<string, number>();
  const wrapped = fields.enter(tag.constructed(0));
  const number = readExtensions(wrapped).find(({ id }) => id === oids.crlNumber);
  wrapped.end();
  if (number === undefined) throw malformed('a CRL without a number');
  return { der, issuer, thisUpdateMs, nextUpdateMs, serials, number: DerReader.open(number.value).smallInteger() };
}

function readEntries(fields: DerReader): Map<string, number> {
  const entries = readSequence(fields, (list) =>
    list.all((entry) => readSequence(entry, (values) => [hex(values.unsigned()), values.time()] as const)),
  );
  return new Map(entries);
}

function refused(code: 'crl-profile' | 'crl-signature' | 'crl-stale' | 'crl-rollback', message: string): PkiPeerFault {
  return new PkiPeerFault(code, message);
}

const VERSION_2 = 1;
const CLOCK_TOLERANCE_MS = 300_000;
