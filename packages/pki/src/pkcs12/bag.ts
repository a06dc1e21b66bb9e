import { Secret } from '@sotto/crypto';
import { contentInfo, readContentInfo } from '../cms/content-info.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { element, integer, octetString, oid, sequence, setOf, tagged, taggedContent } from '../der/writer.ts';
import { MAX_KEY_FILE_BAGS } from '../limits.ts';
import { oids } from '../oids.ts';
import { decodeBmp, encodeBmp } from './bmp.ts';
import { offProfile } from './fault.ts';
import { type Pbes2Cipher, readPbes2 } from './pbes2.ts';

export type Bag = CertificateBag | KeyBag;

interface Labels {
  /** friendlyName, empty if there is none. */
  readonly name: string;
  readonly localKeyId: Uint8Array | null;
}

interface CertificateBag extends Labels {
  readonly type: 'certificate';
  readonly certificate: Uint8Array;
}

export interface KeyBag extends Labels {
  readonly type: 'key';
  /** PKCS#8. */
  readonly secretKey: Secret;
}

/** AuthenticatedSafe: certificates in id-encryptedData, shrouded keys in id-data (RFC 7292 section 4.1). */
export async function encodeBags(cipher: Pbes2Cipher, bags: readonly Bag[]): Promise<Uint8Array> {
  const certificates: Uint8Array[] = [];
  const keys: Uint8Array[] = [];
  for (const bag of bags) {
    if (bag.type === 'certificate') certificates.push(encodeCertificateBag(bag));
    else keys.push(await encodeKeyBag(cipher, bag));
  }
  const { algorithm, ciphertext } = await cipher.encrypt(sequence(...certificates));
  const encrypted = sequence(oid(oids.data), algorithm, taggedContent(0, ciphertext));
  return sequence(
    contentInfo(oids.encryptedData, sequence(integer(0), encrypted)),
    contentInfo(oids.data, octetString(sequence(...keys))),
  );
}

/** All bags of an AuthenticatedSafe, decrypted. Throws `der-malformed`, `pkcs12-profile`, and what decryption throws. */
export async function readBags(cipher: Pbes2Cipher, authSafe: Uint8Array): Promise<Bag[]> {
  const parts = readSequence(DerReader.open(authSafe), (list) => list.all(readContentInfo));
  const bags: Bag[] = [];
  for (const part of parts) {
    const contents = await openContents(cipher, part);
    const raw = readSequence(DerReader.open(contents), (list) => list.all((bag) => bag.raw(tag.SEQUENCE)));
    if (bags.length + raw.length > MAX_KEY_FILE_BAGS) throw offProfile('too many bags');
    for (const bag of raw) bags.push(await readBag(cipher, bag));
  }
  return bags;
}

async function openContents(
  cipher: Pbes2Cipher,
  { type, content }: { readonly type: string; readonly content: Uint8Array },
): Promise<Uint8Array> {
  if (type === oids.data) return DerReader.open(content).octetString();
  if (type !== oids.encryptedData) throw offProfile('contents that are neither plain nor sealed by a password');
  const { parameters, ciphertext } = readSequence(DerReader.open(content), (fields) => {
    if (fields.smallInteger() !== 0) throw offProfile('encrypted data of another version');
    return readSequence(fields, (info) => {
      if (info.oid() !== oids.data) throw offProfile('encrypted data of another type');
      return { parameters: readPbes2(info), ciphertext: info.content(tag.implicit(0)) };
    });
  });
  return cipher.decrypt(parameters, ciphertext);
}

async function readBag(cipher: Pbes2Cipher, der: Uint8Array): Promise<Bag> {
  const { type, value, labels } = readSequence(DerReader.open(der), (fields) => {
    const type = fields.oid();
    const wrapped = fields.enter(tag.constructed(0));
    const value = wrapped.raw(tag.SEQUENCE);
    wrapped.end();
    return { type, value, labels: fields.next === null ? noLabels : readLabels(fields.set()) };
  });
  if (type === oids.certBag) return { type: 'certificate', certificate: readCertificate(value), ...labels };
  if (type !== oids.shroudedKeyBag) throw offProfile('a bag of another type');
  const sealed = readSequence(DerReader.open(value), (info) => ({
    parameters: readPbes2(info),
    ciphertext: info.octetString(),
  }));
  const pkcs8 = await cipher.decrypt(sealed.parameters, sealed.ciphertext);
  const secretKey = new Secret(pkcs8);
  pkcs8.fill(0);
  return { type: 'key', secretKey, ...labels };
}

function readCertificate(value: Uint8Array): Uint8Array {
  return readSequence(DerReader.open(value), (fields) => {
    if (fields.oid() !== oids.x509Certificate) throw offProfile('a certificate of another kind');
    const wrapped = fields.enter(tag.constructed(0));
    const certificate = wrapped.octetString();
    wrapped.end();
    return certificate;
  });
}

function readLabels(attributes: DerReader): Labels {
  let { name, localKeyId } = noLabels;
  const seen = new Set<string>();
  while (attributes.next !== null) {
    const [type, value] = readSequence(attributes, (fields) => [fields.oid(), singleValue(fields.set())] as const);
    if (seen.has(type)) throw offProfile('an attribute twice');
    seen.add(type);
    if (type === oids.friendlyName) name = decodeBmp(DerReader.open(value).content(tag.BMP_STRING));
    else if (type === oids.localKeyId) localKeyId = DerReader.open(value).octetString();
    else throw offProfile('an attribute that is not known');
  }
  return { name, localKeyId };
}

function singleValue(values: DerReader): Uint8Array {
  const value = values.raw();
  values.end();
  return value;
}

function encodeCertificateBag(bag: CertificateBag): Uint8Array {
  const value = sequence(oid(oids.x509Certificate), tagged(0, octetString(bag.certificate)));
  return sequence(oid(oids.certBag), tagged(0, value), ...encodeLabels(bag));
}

async function encodeKeyBag(cipher: Pbes2Cipher, bag: KeyBag): Promise<Uint8Array> {
  // Lent until the ciphertext is there: the promise settles before the caller can dispose of the key.
  const { algorithm, ciphertext } = await bag.secretKey.use((pkcs8) => cipher.encrypt(pkcs8));
  const value = sequence(algorithm, octetString(ciphertext));
  return sequence(oid(oids.shroudedKeyBag), tagged(0, value), ...encodeLabels(bag));
}

function encodeLabels({ name, localKeyId }: Labels): Uint8Array[] {
  const attribute = (type: string, value: Uint8Array) => sequence(oid(type), setOf(value));
  const attributes = [
    ...(name === '' ? [] : [attribute(oids.friendlyName, element(tag.BMP_STRING, encodeBmp(name)))]),
    ...(localKeyId === null ? [] : [attribute(oids.localKeyId, octetString(localKeyId))]),
  ];
  return attributes.length === 0 ? [] : [setOf(...attributes)];
}

const noLabels: Labels = { name: '', localKeyId: null };
