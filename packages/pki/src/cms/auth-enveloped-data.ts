import { concat } from '@sotto/bytes';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { integer, octetString, oid, sequence, setOf, taggedContent } from '../der/writer.ts';
import { MAX_CONTAINER_BYTES, MAX_CONTAINER_RECIPIENTS } from '../limits.ts';
import { oids } from '../oids.ts';
import { contentInfo, readContentInfo } from './content-info.ts';
import { offProfile } from './fault.ts';
import { type RecipientInfo, readRecipientInfo } from './recipient-info.ts';

/** AuthEnvelopedData with AES-256-GCM (RFC 5083, RFC 5084). */
export interface AuthEnvelopedData {
  readonly recipientInfos: readonly RecipientInfo[];
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** Ciphertext and its tag of 16 bytes. */
  readonly sealed: Uint8Array;
}

/** `recipientInfos` are encoded RecipientInfos. */
export function encodeAuthEnvelopedData(input: {
  readonly recipientInfos: readonly Uint8Array[];
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const { recipientInfos, nonce, sealed } = input;
  const parameters = sequence(octetString(nonce), integer(ICV_BYTES));
  const encryptedContentInfo = sequence(
    oid(oids.data),
    sequence(oid(oids.aes256Gcm), parameters),
    taggedContent(0, sealed.subarray(0, -ICV_BYTES)),
  );
  const mac = octetString(sealed.subarray(-ICV_BYTES));
  return contentInfo(oids.authEnvelopedData, sequence(integer(0), setOf(...recipientInfos), encryptedContentInfo, mac));
}

/** Throws `der-malformed`, `container-profile`. */
export function parseAuthEnvelopedData(der: Uint8Array): AuthEnvelopedData {
  const { type, content } = readContentInfo(DerReader.open(der, MAX_CONTAINER_BYTES));
  if (type !== oids.authEnvelopedData) throw offProfile('not authenticated-enveloped data');
  return readSequence(DerReader.open(content, MAX_CONTAINER_BYTES), (fields) => {
    if (fields.smallInteger() !== 0) throw offProfile('authenticated-enveloped data of another version');
    const recipientInfos = fields.set().all(readRecipientInfo);
    if (recipientInfos.length === 0 || recipientInfos.length > MAX_CONTAINER_RECIPIENTS) {
      throw offProfile('no recipient, or too many');
    }
    const { nonce, ciphertext } = readSequence(fields, readEncryptedContentInfo);
    if (fields.next !== tag.OCTET_STRING) throw offProfile('authenticated attributes');
    const mac = fields.octetString();
    if (mac.length !== ICV_BYTES) throw offProfile('a tag that is not of 16 bytes');
    if (fields.next !== null) throw offProfile('unauthenticated attributes');
    return { recipientInfos, nonce, sealed: concat(ciphertext, mac) };
  });
}

function readEncryptedContentInfo(fields: DerReader): { readonly nonce: Uint8Array; readonly ciphertext: Uint8Array } {
  if (fields.oid() !== oids.data) throw offProfile('content of another type');
  const nonce = readSequence(fields, (algorithm) => {
    if (algorithm.oid() !== oids.aes256Gcm) throw offProfile('a content encryption that is not AES-256-GCM');
    return readSequence(algorithm, readParameters);
  });
  if (fields.next === null) throw offProfile('content that is elsewhere');
  return { nonce, ciphertext: fields.content(tag.implicit(0)) };
}

function readParameters(fields: DerReader): Uint8Array {
  const nonce = fields.octetString();
  // Absent means a tag of 12 bytes (RFC 5084 section 3.2).
  const icvBytes = fields.next === null ? 12 : fields.smallInteger();
  if (nonce.length !== 12 || icvBytes !== ICV_BYTES) throw offProfile('a nonce or tag of another length');
  return nonce;
}

const ICV_BYTES = 16;
