import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { algorithmOf, algorithms, oaepForms } from '../algorithm.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { integer, octetString, oid, sequence, tagged, taggedContent } from '../der/writer.ts';
import { oids } from '../oids.ts';
import { offProfile } from './fault.ts';

/** How a RecipientInfo names its recipient: a key identifier, or IssuerAndSerialNumber in DER. */
export type RecipientIdentifier =
  | { readonly type: 'key'; readonly keyIdentifier: Uint8Array }
  | { readonly type: 'certificate'; readonly issuerAndSerial: Uint8Array };

/** The RecipientInfos of a container (RFC 5652 section 6.2, RFC 9629). */
export type RecipientInfo =
  | {
      readonly type: 'key-transport';
      readonly recipient: RecipientIdentifier;
      readonly hash: 'sha256' | 'sha1';
      readonly encryptedKey: Uint8Array;
    }
  | {
      readonly type: 'kem';
      readonly recipient: RecipientIdentifier;
      readonly ciphertext: Uint8Array;
      readonly encryptedKey: Uint8Array;
    }
  /** Ours: HKDF of the content key, so that all recipients open the same one. */
  | { readonly type: 'commitment'; readonly commitment: Uint8Array }
  /** For somebody else, by a mechanism that we do not have. */
  | { readonly type: 'other' };

export function encodeRecipientInfo(info: Exclude<RecipientInfo, { type: 'other' }>): Uint8Array<ArrayBuffer> {
  switch (info.type) {
    case 'key-transport':
      return sequence(
        integer(info.recipient.type === 'key' ? 2 : 0),
        encodeIdentifier(info.recipient),
        algorithms.rsaesOaepSha256,
        octetString(info.encryptedKey),
      );
    case 'kem':
      return tagged(4, oid(oids.oriKem), encodeKem(info));
    case 'commitment':
      return tagged(4, oid(oids.keyCommitment), octetString(info.commitment));
  }
}

/** Throws `container-profile` for PKCS#1 v1.5 and every other key transport than OAEP, whomever it is for. */
export function readRecipientInfo(reader: DerReader): RecipientInfo {
  if (reader.next === tag.SEQUENCE) return readSequence(reader, readKeyTransport);
  if (reader.next !== tag.constructed(4)) {
    reader.raw();
    return { type: 'other' };
  }
  const fields = reader.enter(tag.constructed(4));
  const type = fields.oid();
  const value = fields.raw();
  fields.end();
  if (type === oids.oriKem) return readSequence(DerReader.open(value), readKem);
  if (type !== oids.keyCommitment) return { type: 'other' };
  const commitment = DerReader.open(value).octetString();
  if (commitment.length !== 32) throw offProfile('a commitment of the wrong length');
  return { type: 'commitment', commitment };
}

/** DER of CMSORIforKEMOtherInfo: what the key derivation of every KEM recipient binds (RFC 9629 section 5). */
export const kemOtherInfo: Uint8Array = sequence(algorithms.aes256Wrap, integer(32));

/** 32 bytes that stand for one recipient in the signed recipient set. */
export function recipientHash(recipient: RecipientIdentifier): Uint8Array {
  return recipient.type === 'key' ? recipient.keyIdentifier : sha256(recipient.issuerAndSerial);
}

function readKeyTransport(fields: DerReader): RecipientInfo {
  const version = fields.smallInteger();
  const recipient = readIdentifier(fields);
  if (version !== (recipient.type === 'key' ? 2 : 0)) throw offProfile('a recipient of another version');
  const hash = algorithmOf(fields.raw(tag.SEQUENCE), oaepForms);
  if (hash === null) throw offProfile('a key transport that is not RSA-OAEP');
  return { type: 'key-transport', recipient, hash, encryptedKey: fields.octetString() };
}

function encodeKem({
  recipient,
  ciphertext,
  encryptedKey,
}: Extract<RecipientInfo, { type: 'kem' }>): Uint8Array<ArrayBuffer> {
  return sequence(
    integer(0),
    encodeIdentifier(recipient),
    algorithms.xWing,
    octetString(ciphertext),
    algorithms.hkdfSha256,
    integer(32),
    algorithms.aes256Wrap,
    octetString(encryptedKey),
  );
}

function readKem(fields: DerReader): RecipientInfo {
  if (fields.smallInteger() !== 0) throw offProfile('a KEM recipient of another version');
  const recipient = readIdentifier(fields);
  const kem = fields.raw(tag.SEQUENCE);
  const ciphertext = fields.octetString();
  const [kdf, kekLength, wrap] = [fields.raw(tag.SEQUENCE), fields.smallInteger(), fields.raw()];
  const isOurs =
    equal(kem, algorithms.xWing) &&
    equal(kdf, algorithms.hkdfSha256) &&
    kekLength === 32 &&
    equal(wrap, algorithms.aes256Wrap);
  if (!isOurs) throw offProfile('a KEM recipient with other algorithms');
  return { type: 'kem', recipient, ciphertext, encryptedKey: fields.octetString() };
}

function encodeIdentifier(recipient: RecipientIdentifier): Uint8Array {
  return recipient.type === 'key' ? taggedContent(0, recipient.keyIdentifier) : recipient.issuerAndSerial;
}

function readIdentifier(fields: DerReader): RecipientIdentifier {
  if (fields.next === tag.implicit(0)) return { type: 'key', keyIdentifier: fields.content(tag.implicit(0)) };
  return { type: 'certificate', issuerAndSerial: fields.raw(tag.SEQUENCE) };
}
