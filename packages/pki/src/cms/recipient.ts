import { equal } from '@sotto/bytes';
import { hkdfSha256, type Primitives, Secret, unwrapKey, wrapKey, X_WING_PUBLIC_KEY_BYTES, xWing } from '@sotto/crypto';
import { extensionValue, parseCertificate, type UnverifiedCertificate } from '../certificate.ts';
import { DerReader } from '../der/reader.ts';
import { integer, sequence } from '../der/writer.ts';
import { PkiUsageFault } from '../fault.ts';
import { oids } from '../oids.ts';
import { encodePublicKey, isStrongRsa, keyIdentifier, parsePublicKey } from '../public-key.ts';
import { openFailed } from './fault.ts';
import { encodeRecipientInfo, kemOtherInfo, type RecipientIdentifier, type RecipientInfo } from './recipient-info.ts';

/** Whom a container is sealed to: an account's container key as its suite has it, or somebody's certificate. */
export type ContainerRecipient =
  /** `UserKeyPairs.container`: X-Wing, raw, 1216 bytes; or RSA, SubjectPublicKeyInfo. */
  | { readonly publicKey: Uint8Array }
  /** X.509, RSA of 3072 or 4096 bits; keyEncipherment if it limits its uses. */
  | { readonly certificate: Uint8Array };

/** A key that may open a container. */
export interface ContainerKey {
  /** As in `ContainerRecipient`. */
  readonly publicKey: Uint8Array;
  readonly secretKey: Secret;
  /** Certificates of this key, old ones too: other programs name a recipient by issuer and serial number. */
  readonly certificates?: readonly Uint8Array[];
}

/** A recipient in the form that sealing needs. */
export interface ResolvedRecipient {
  readonly identifier: RecipientIdentifier;
  readonly algorithm: 'rsa' | 'x-wing';
  /** As `Primitives` takes it: SPKI, or raw. */
  readonly publicKey: Uint8Array;
  readonly spki: Uint8Array;
}

/** Throws `recipient-unsuitable`, `der-malformed`. */
export function resolveRecipient(recipient: ContainerRecipient): ResolvedRecipient {
  if ('publicKey' in recipient) return resolveKey(recipient.publicKey);
  const certificate = parseCertificate(recipient.certificate);
  const resolved = resolveKey(certificate.publicKey);
  if (resolved.algorithm !== 'rsa' || !isForEncryption(certificate)) throw unsuitable('its certificate');
  const isOurs = equal(subjectKey(certificate), keyIdentifier(certificate.publicKey));
  return isOurs ? resolved : { ...resolved, identifier: certificateIdentifier(certificate) };
}

/** Encrypts the content key for one recipient: an encoded RecipientInfo. */
export async function sealContentKey(
  primitives: Primitives,
  { identifier: recipient, algorithm, publicKey }: ResolvedRecipient,
  contentKey: Secret,
): Promise<Uint8Array> {
  if (algorithm === 'rsa') {
    // Lent until the promise settles.
    const encryptedKey = await contentKey.use((key) => primitives.rsaOaep.encrypt(publicKey, key));
    return encodeRecipientInfo({ type: 'key-transport', recipient, hash: 'sha256', encryptedKey });
  }
  const { ciphertext, sharedSecret } = await xWing(primitives).encapsulate(publicKey);
  using shared = sharedSecret;
  using keyEncryptionKey = deriveKeyEncryptionKey(shared);
  const encryptedKey = wrapKey(keyEncryptionKey, contentKey);
  return encodeRecipientInfo({ type: 'kem', recipient, ciphertext, encryptedKey });
}

/** The content key from a RecipientInfo that names `key`. Throws `open-failed`. */
export async function openContentKey(primitives: Primitives, key: ContainerKey, info: RecipientInfo): Promise<Secret> {
  const { algorithm } = resolveKey(key.publicKey);
  if (info.type === 'key-transport' && algorithm === 'rsa') return openTransport(primitives, key, info);
  if (info.type !== 'kem' || algorithm !== 'x-wing') throw openFailed();
  using shared = await xWing(primitives).decapsulate(key.secretKey, info.ciphertext);
  using keyEncryptionKey = deriveKeyEncryptionKey(shared);
  return checkedKey(unwrapKey(keyEncryptionKey, info.encryptedKey));
}

/** True if the RecipientInfo names this key. */
export function isFor(key: ContainerKey, info: RecipientInfo): boolean {
  if (info.type !== 'key-transport' && info.type !== 'kem') return false;
  const named = info.recipient;
  if (named.type === 'key') return equal(named.keyIdentifier, keyIdentifier(resolveKey(key.publicKey).spki));
  return (key.certificates ?? []).some((der) => {
    const certificate = parseCertificate(der);
    return equal(certificate.publicKey, key.publicKey) && equal(issuerAndSerial(certificate), named.issuerAndSerial);
  });
}

/** IssuerAndSerialNumber (RFC 5652 section 10.2.4). */
export function issuerAndSerial({ issuer, serial }: UnverifiedCertificate): Uint8Array<ArrayBuffer> {
  return sequence(issuer, integer(serial));
}

function resolveKey(publicKey: Uint8Array): ResolvedRecipient {
  if (publicKey.length === X_WING_PUBLIC_KEY_BYTES) {
    const spki = encodePublicKey('x-wing', publicKey);
    return { identifier: keyName(spki), algorithm: 'x-wing', publicKey, spki };
  }
  if (!isStrongRsa(parsePublicKey(publicKey))) throw unsuitable('its key');
  return { identifier: keyName(publicKey), algorithm: 'rsa', publicKey, spki: publicKey };
}

async function openTransport(
  primitives: Primitives,
  { secretKey }: ContainerKey,
  { hash, encryptedKey }: Extract<RecipientInfo, { type: 'key-transport' }>,
): Promise<Secret> {
  const decrypted =
    hash === 'sha256'
      ? await primitives.rsaOaep.decrypt(secretKey, encryptedKey)
      : await primitives.foreignRsa.decryptOaepSha1(secretKey, encryptedKey);
  const contentKey = new Secret(decrypted);
  decrypted.fill(0);
  return checkedKey(contentKey);
}

function checkedKey(contentKey: Secret): Secret {
  if (contentKey.length !== 32) throw openFailed();
  return contentKey;
}

function deriveKeyEncryptionKey(sharedSecret: Secret): Secret {
  const derived = sharedSecret.use((bytes) =>
    hkdfSha256(bytes, { salt: new Uint8Array(), info: kemOtherInfo, length: 32 }),
  );
  const key = new Secret(derived);
  derived.fill(0);
  return key;
}

function keyName(spki: Uint8Array): RecipientIdentifier {
  return { type: 'key', keyIdentifier: keyIdentifier(spki) };
}

function certificateIdentifier(certificate: UnverifiedCertificate): RecipientIdentifier {
  return { type: 'certificate', issuerAndSerial: issuerAndSerial(certificate) };
}

function subjectKey(certificate: UnverifiedCertificate): Uint8Array {
  const value = extensionValue(certificate, oids.subjectKeyIdentifier);
  return value === null ? new Uint8Array() : DerReader.open(value).octetString();
}

/** keyEncipherment is the third bit of KeyUsage; a certificate without the extension has no limits (RFC 5280 section 4.2.1.3). */
function isForEncryption(certificate: UnverifiedCertificate): boolean {
  const value = extensionValue(certificate, oids.keyUsage);
  if (value === null) return true;
  const [, octet = 0] = DerReader.open(value).content(0x03);
  return (octet & 0x20) !== 0;
}

function unsuitable(what: string): PkiUsageFault {
  return new PkiUsageFault('recipient-unsuitable', `a container cannot be sealed to this recipient: ${what}`);
}
