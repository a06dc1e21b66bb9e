import { compare, equal } from '@sotto/bytes';
import { deriveKey, type Primitives, Secret, sha256 } from '@sotto/crypto';
import { parseCertificate, type UnverifiedCertificate } from '../certificate.ts';
import { PkiPeerFault, PkiUsageFault } from '../fault.ts';
import { MAX_CONTAINER_RECIPIENTS } from '../limits.ts';
import type { CertificateSigner } from '../signer.ts';
import { encodeAttributes, readSender, recipientSetHash } from './attributes.ts';
import { type AuthEnvelopedData, encodeAuthEnvelopedData, parseAuthEnvelopedData } from './auth-enveloped-data.ts';
import { offProfile, openFailed } from './fault.ts';
import {
  type ContainerKey,
  type ContainerRecipient,
  isFor,
  openContentKey,
  type ResolvedRecipient,
  resolveRecipient,
  sealContentKey,
} from './recipient.ts';
import { encodeRecipientInfo, recipientHash } from './recipient-info.ts';
import { isSignedData, type SignedContent, signContent, verifyContent } from './signed-data.ts';

/** What a container is for; one made for one purpose is refused for any other. */
export type ContainerPurpose = 'data' | 'message' | 'mail' | 'invitation' | 'keys' | 'signalling' | 'slot';

export interface ContainerOrder {
  readonly primitives: Primitives;
  readonly content: Uint8Array;
  readonly purpose: ContainerPurpose;
  readonly atMs: number;
  readonly sender: ContainerSender;
  /** The sender's own key need not be named again: it is always among them. */
  readonly recipients: readonly ContainerRecipient[];
}

export interface ContainerSender {
  /** Of the account, 32 bytes. */
  readonly fingerprint: Uint8Array;
  /** 32 bytes. */
  readonly deviceId: Uint8Array;
  /** Of the device; its key signs. */
  readonly certificate: Uint8Array;
  readonly signer: CertificateSigner;
  /** The sender's own user key. */
  readonly recipient: ContainerRecipient;
}

/**
 * Seals content for named recipients as CMS in DER: AuthEnvelopedData around SignedData, spec in
 * `docs/spec/container.md`. Throws `recipient-unsuitable`, `key-unsuitable`, `der-malformed`.
 */
export async function sealContainer(order: ContainerOrder): Promise<Uint8Array<ArrayBuffer>> {
  const { primitives } = order;
  const recipients = resolveRecipients([order.sender.recipient, ...order.recipients]);
  using contentKey = randomKey(primitives);
  const recipientInfos: Uint8Array[] = [encodeRecipientInfo({ type: 'commitment', commitment: commitTo(contentKey) })];
  for (const recipient of recipients) recipientInfos.push(await sealContentKey(primitives, recipient, contentKey));
  const signed = await signFor(order, recipients);
  const nonce = primitives.randomBytes(NONCE_BYTES);
  const sealed = await primitives.aes256Gcm.seal({ key: contentKey, nonce, aad: NO_AAD }, signed);
  return encodeAuthEnvelopedData({ recipientInfos, nonce, sealed });
}

export interface ContainerOpening {
  readonly primitives: Primitives;
  /** DER; see `parseContainerFile` for other spellings. */
  readonly container: Uint8Array;
  /** The opener's own container keys, all generations. */
  readonly keys: readonly ContainerKey[];
  /** What the caller is ready to take. */
  readonly purposes: readonly ContainerPurpose[];
}

/**
 * `valid`: the certificate's key signed content, sender, recipients and purpose. It says nothing yet about who that is:
 * the caller checks that an active device of the chain with this fingerprint lists the certificate's key.
 * `unbound`: signed by this certificate in the manner of other programs, for nobody in particular.
 * `unsigned`: sender unknown. The latter two are never attributed, threaded or used to deliver keys.
 */
export type OpenedContainer =
  | {
      readonly status: 'valid';
      readonly content: Uint8Array;
      readonly purpose: ContainerPurpose;
      readonly signedMs: number;
      readonly sender: ContainerAuthor;
    }
  | { readonly status: 'unbound'; readonly content: Uint8Array; readonly certificate: UnverifiedCertificate }
  | { readonly status: 'unsigned'; readonly content: Uint8Array };

export interface ContainerAuthor {
  readonly fingerprint: Uint8Array;
  readonly deviceId: Uint8Array;
  readonly certificate: UnverifiedCertificate;
  /** SHA-256 of the certificate's SubjectPublicKeyInfo, as device statements carry it. */
  readonly spkiHash: Uint8Array;
}

/**
 * Opens a container, ours or another program's. Throws `der-malformed`, `container-profile`,
 * `container-not-recipient`, `container-signature`, `container-recipients`, `container-purpose`; `open-failed` of crypto.
 */
export async function openContainer(opening: ContainerOpening): Promise<OpenedContainer> {
  const { primitives, container, keys, purposes } = opening;
  const enveloped = parseAuthEnvelopedData(Uint8Array.from(container));
  const { plaintext, isCommitted } = await openEnvelope(primitives, enveloped, keys);
  if (!isSignedData(plaintext)) return { status: 'unsigned', content: plaintext };
  const signed = await verifyContent(primitives, plaintext);
  const sender = readSender(signed.attributes, signed.messageDigest);
  if (sender === null) return { status: 'unbound', content: signed.content, certificate: signed.signer };
  if (!isCommitted || !signed.isOurProfile || !hasOurRecipients(enveloped))
    throw offProfile('half a container of ours');
  checkBinding(signed, sender, enveloped);
  const purpose = purposes.find((accepted) => accepted === sender.purpose);
  if (purpose === undefined) throw refused('container-purpose', 'a container for another purpose');
  const { fingerprint, deviceId, signedMs } = sender;
  const certificate = signed.signer;
  const author = { fingerprint, deviceId, certificate, spkiHash: sha256(certificate.publicKey) };
  return { status: 'valid', content: signed.content, purpose, signedMs, sender: author };
}

function resolveRecipients(recipients: readonly ContainerRecipient[]): readonly ResolvedRecipient[] {
  const byKey = new Map<string, ResolvedRecipient>();
  for (const recipient of recipients.map(resolveRecipient)) {
    const id = sha256(recipient.spki).join();
    if (!byKey.has(id)) byKey.set(id, recipient);
  }
  if (byKey.size >= MAX_CONTAINER_RECIPIENTS) throw new PkiUsageFault('recipient-unsuitable', 'too many recipients');
  return [...byKey.values()];
}

function signFor(order: ContainerOrder, recipients: readonly ResolvedRecipient[]): Promise<Uint8Array> {
  const { fingerprint, deviceId, certificate, signer } = order.sender;
  if (!equal(parseCertificate(certificate).publicKey, signer.publicKey)) {
    throw new PkiUsageFault('key-unsuitable', 'the certificate is not that of the signing key');
  }
  const sender = {
    signedMs: Math.floor(order.atMs / 1000) * 1000,
    certificateHash: sha256(certificate),
    fingerprint,
    deviceId,
    recipientSet: recipientSetHash(recipients.map(({ identifier }) => recipientHash(identifier))),
    purpose: order.purpose,
  };
  const attributes = (messageDigest: Uint8Array) => encodeAttributes(messageDigest, sender);
  return signContent({ content: order.content, signer, certificate, attributes });
}

async function openEnvelope(
  primitives: Primitives,
  { recipientInfos, nonce, sealed }: AuthEnvelopedData,
  keys: readonly ContainerKey[],
): Promise<{ readonly plaintext: Uint8Array; readonly isCommitted: boolean }> {
  const commitments = recipientInfos.flatMap((info) => (info.type === 'commitment' ? [info.commitment] : []));
  if (commitments.length > 1) throw offProfile('two commitments');
  for (const key of keys) {
    const info = recipientInfos.find((candidate) => isFor(key, candidate));
    if (info === undefined) continue;
    using contentKey = await openContentKey(primitives, key, info);
    const [commitment] = commitments;
    if (commitment !== undefined && !equal(commitment, commitTo(contentKey))) throw openFailed();
    const plaintext = await primitives.aes256Gcm.open({ key: contentKey, nonce, aad: NO_AAD }, sealed);
    return { plaintext, isCommitted: commitment !== undefined };
  }
  throw refused('container-not-recipient', 'sealed for others');
}

/** Ours are sealed by OAEP with SHA-256 or X-Wing, and to nobody else. */
function hasOurRecipients({ recipientInfos }: AuthEnvelopedData): boolean {
  return recipientInfos.every(
    (info) => info.type !== 'other' && !(info.type === 'key-transport' && info.hash !== 'sha256'),
  );
}

function checkBinding(
  { signer }: SignedContent,
  sender: { readonly certificateHash: Uint8Array; readonly recipientSet: Uint8Array },
  { recipientInfos }: AuthEnvelopedData,
): void {
  if (!equal(sender.certificateHash, sha256(signer.der))) throw offProfile('signed for another certificate');
  const hashes = recipientInfos
    .flatMap((info) => ('recipient' in info ? [recipientHash(info.recipient)] : []))
    .toSorted(compare);
  const isSet = hashes.every((hash, i) => i === 0 || compare(hashes[i - 1] as Uint8Array, hash) < 0);
  if (!isSet || hashes.some(({ length }) => length !== 32) || !equal(recipientSetHash(hashes), sender.recipientSet)) {
    throw refused('container-recipients', 'sealed to others than the signer names');
  }
}

/** Derived from the content key, so that one container opens to one content for all recipients. */
function commitTo(contentKey: Secret): Uint8Array<ArrayBuffer> {
  using commitment = deriveKey(contentKey, 'sotto/container/commitment/v1');
  return commitment.use((bytes) => Uint8Array.from(bytes));
}

function randomKey(primitives: Primitives): Secret {
  const bytes = primitives.randomBytes(32);
  const key = new Secret(bytes);
  bytes.fill(0);
  return key;
}

function refused(
  code: 'container-not-recipient' | 'container-recipients' | 'container-purpose',
  message: string,
): PkiPeerFault {
  return new PkiPeerFault(code, message);
}

const NONCE_BYTES = 12;
const NO_AAD = new Uint8Array();
