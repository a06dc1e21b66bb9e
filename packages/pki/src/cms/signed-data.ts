import { equal } from '@sotto/bytes';
import { type Primitives, sha256, sha384, sha512 } from '@sotto/crypto';
import {
  algorithmOf,
  algorithms,
  type DigestAlgorithm,
  digestForms,
  foreignRsaForms,
  type SignatureAlgorithm,
  signatureForms,
} from '../algorithm.ts';
import { parseCertificate, type UnverifiedCertificate } from '../certificate.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { integer, octetString, oid, sequence, setOf, tagged } from '../der/writer.ts';
import { PkiPeerFault } from '../fault.ts';
import { MAX_CONTAINER_BYTES } from '../limits.ts';
import { oids } from '../oids.ts';
import { isStrongRsa, parsePublicKey } from '../public-key.ts';
import { type CertificateSigner, signatureAlgorithm, signDer, verifyDer } from '../signer.ts';
import { checkContentAttributes, parseAttributes } from './attributes.ts';
import { contentInfo, readContentInfo } from './content-info.ts';
import { offProfile } from './fault.ts';
import { issuerAndSerial } from './recipient.ts';

/** SignedData of one signer with signed attributes around id-data; its signature has been verified. */
export interface SignedContent {
  readonly content: Uint8Array;
  /** SignedAttributes as a SET OF. */
  readonly attributes: Uint8Array;
  readonly messageDigest: Uint8Array;
  readonly signer: UnverifiedCertificate;
  /** True if every algorithm and field is as we write it; others' messages may be signed in more ways. */
  readonly isOurProfile: boolean;
}

export interface SignedDataOrder {
  readonly content: Uint8Array;
  readonly signer: CertificateSigner;
  readonly certificate: Uint8Array;
  /** Makes the SignedAttributes from the message digest. */
  attributes(messageDigest: Uint8Array): Uint8Array;
}

/** ContentInfo with SignedData (RFC 5652 section 5), version 1: one signer, its certificate, nothing else. */
export async function signContent(order: SignedDataOrder): Promise<Uint8Array<ArrayBuffer>> {
  const { content, signer, certificate } = order;
  const digest = digestOf[signer.algorithm];
  const attributes = order.attributes(hashes[digest](content));
  return encodeSignedData({
    content,
    certificate,
    sid: issuerAndSerial(parseCertificate(certificate)),
    digest,
    attributes,
    signatureAlgorithm: signatureAlgorithm(signer.algorithm),
    signature: await signDer(signer, attributes),
  });
}

/** True if these bytes begin as a ContentInfo with SignedData does; whether they are one is for `verifyContent`. */
export function isSignedData(bytes: Uint8Array): boolean {
  const type = oid(oids.signedData);
  const start = bytes[0] === tag.SEQUENCE ? contentStart(bytes) : 0;
  return start > 0 && equal(bytes.subarray(start, start + type.length), type);
}

/** Parses and verifies. Throws `der-malformed`, `container-profile`, `container-signature`. */
export async function verifyContent(primitives: Primitives, der: Uint8Array): Promise<SignedContent> {
  const parsed = parseSignedData(der);
  const { content, digest, attributes, signature, signatureAlgorithm: algorithm } = parsed;
  const messageDigest = hashes[digest](content);
  checkContentAttributes(parseAttributes(attributes), messageDigest);
  const signer = parsed.certificates.find((candidate) => equal(issuerAndSerial(candidate), parsed.sid));
  if (signer === undefined) throw offProfile('the certificate of the signer is missing');
  const verified = await verifySignature(primitives, signer, { algorithm, digest, message: attributes, signature });
  if (!verified) throw new PkiPeerFault('container-signature', 'the signature of the container does not verify');
  return { content, attributes, messageDigest, signer, isOurProfile: isOurProfile(der, parsed) };
}

interface ParsedSignedData extends SignedDataFields {
  readonly certificates: readonly UnverifiedCertificate[];
}

interface SignedDataFields {
  readonly content: Uint8Array;
  readonly sid: Uint8Array;
  readonly digest: DigestAlgorithm;
  readonly attributes: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

function parseSignedData(der: Uint8Array): ParsedSignedData {
  const { type, content } = readContentInfo(DerReader.open(der, MAX_CONTAINER_BYTES));
  if (type !== oids.signedData) throw offProfile('not signed data');
  return readSequence(DerReader.open(content, MAX_CONTAINER_BYTES), (fields) => {
    if (fields.smallInteger() !== 1) throw offProfile('signed data of another version');
    fields.set();
    const encapsulated = readSequence(fields, readEncapsulated);
    if (fields.next !== tag.constructed(0)) throw offProfile('signed data without certificates');
    const certificates = fields.enter(tag.constructed(0)).all((list) => parseCertificate(list.raw()));
    if (fields.next !== tag.SET) throw offProfile('signed data with revocation lists');
    const signerInfos = fields.set();
    const signerInfo = signerInfos.next === null ? null : readSequence(signerInfos, readSignerInfo);
    if (signerInfo === null || signerInfos.next !== null) throw offProfile('not exactly one signer');
    return { content: encapsulated, certificates, ...signerInfo };
  });
}

function readEncapsulated(fields: DerReader): Uint8Array {
  if (fields.oid() !== oids.data) throw offProfile('signed content of another type');
  if (fields.next === null) throw offProfile('signed content that is elsewhere');
  const wrapped = fields.enter(tag.constructed(0));
  const content = wrapped.octetString();
  wrapped.end();
  return content;
}

function readSignerInfo(fields: DerReader): Omit<SignedDataFields, 'content'> {
  if (fields.smallInteger() !== 1) throw offProfile('a signer of another version');
  const sid = fields.raw(tag.SEQUENCE);
  const digest = algorithmOf(fields.raw(tag.SEQUENCE), digestForms);
  if (digest === null) throw offProfile('a digest that is not SHA-2');
  if (fields.next !== tag.constructed(0)) throw offProfile('a signer without signed attributes');
  const attributes = retagged(fields.raw(), tag.SET);
  const signatureAlgorithm = fields.raw(tag.SEQUENCE);
  const signature = fields.octetString();
  if (fields.next !== null) throw offProfile('unsigned attributes');
  return { sid, digest, attributes, signatureAlgorithm, signature };
}

async function verifySignature(
  primitives: Primitives,
  signer: UnverifiedCertificate,
  signed: { algorithm: Uint8Array; digest: DigestAlgorithm; message: Uint8Array; signature: Uint8Array },
): Promise<boolean> {
  const { message, signature, digest } = signed;
  const key = parsePublicKey(signer.publicKey);
  const algorithm: SignatureAlgorithm | null = algorithmOf(signed.algorithm, signatureForms);
  if (algorithm !== null && digestOf[algorithm] === digest) {
    return verifyDer(primitives, key, { algorithm, message, signature });
  }
  const isForeignRsa = digest === 'sha256' && foreignRsaForms.some((form) => equal(form, signed.algorithm));
  if (!isForeignRsa || !isStrongRsa(key)) throw offProfile('a signature by other algorithms than ours');
  return primitives.foreignRsa.verifyPkcs1Sha256(key.der, message, signature);
}

/** What we write has one form: build it again and compare. */
function isOurProfile(der: Uint8Array, parsed: ParsedSignedData): boolean {
  const [certificate] = parsed.certificates;
  if (certificate === undefined || parsed.certificates.length !== 1) return false;
  const signature = algorithmOf(parsed.signatureAlgorithm, signatureForms);
  if (signature === null || !equal(parsed.signatureAlgorithm, signatureAlgorithm(signature))) return false;
  return equal(der, encodeSignedData({ ...parsed, certificate: certificate.der }));
}

function encodeSignedData(fields: SignedDataFields & { readonly certificate: Uint8Array }): Uint8Array<ArrayBuffer> {
  const digestAlgorithm = algorithms[fields.digest];
  const signerInfo = sequence(
    integer(1),
    fields.sid,
    digestAlgorithm,
    retagged(fields.attributes, tag.constructed(0)),
    fields.signatureAlgorithm,
    octetString(fields.signature),
  );
  const encapsulated = sequence(oid(oids.data), tagged(0, octetString(fields.content)));
  const certificates = tagged(0, fields.certificate);
  return contentInfo(
    oids.signedData,
    sequence(integer(1), setOf(digestAlgorithm), encapsulated, certificates, setOf(signerInfo)),
  );
}

function retagged(encoded: Uint8Array, type: number): Uint8Array {
  const copy = Uint8Array.from(encoded);
  copy[0] = type;
  return copy;
}

function contentStart(bytes: Uint8Array): number {
  const octets = (bytes[1] ?? 0) < 0x80 ? 0 : (bytes[1] as number) & 0x7f;
  return 2 + octets;
}

const hashes = { sha256: (content: Uint8Array) => sha256(content), sha384, sha512 };

/** The digest that goes with each signature (RFC 8419 section 2.3 for Ed25519). */
const digestOf: Readonly<Record<SignatureAlgorithm, DigestAlgorithm>> = {
  'rsa-pss': 'sha256',
  'ecdsa-p384': 'sha384',
  ed25519: 'sha512',
};
