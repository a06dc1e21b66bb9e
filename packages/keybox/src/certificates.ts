import { equal } from '@sotto/bytes';
import { type KeyPair, type Secret, type Suite, sha256 } from '@sotto/crypto';
import { createRequest, keySigner, parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import type { OperationInput, OperationOutput, Operations } from '@sotto/protocol';
import { writeDeviceKeyFile } from './device-p12.ts';
import { META } from './enrolment.ts';
import { KeyboxPeerFault } from './fault.ts';
import { writeMeta } from './meta.ts';
import type { Part, Platform, VaultStorage } from './ports.ts';

export interface CertificateOrder {
  readonly address: string;
  readonly deviceName: OperationInput<Operations['devices.certify']>['name'];
  readonly suite: Suite;
  readonly caFingerprint: Uint8Array;
  readonly certificateKey: Secret;
  /** Public container key of the user key in force. */
  readonly containerKey: Uint8Array;
}

export interface CertificateHome {
  readonly storage: VaultStorage;
  readonly keys: Part;
  /** Of `device.p12`. */
  readonly password: Secret;
}

type Certify = (
  input: OperationInput<Operations['devices.certify']>,
) => Promise<OperationOutput<Operations['devices.certify']>>;

/**
 * Orders the device's certificate, and that of the user key where it is RSA, checks what comes against what was asked,
 * and keeps it: first `device.p12`, then the part `keys`. Throws `certificate-mismatch` and the faults of pki.
 */
export async function orderCertificates(
  platform: Platform,
  home: CertificateHome,
  { order, certify }: { readonly order: CertificateOrder; readonly certify: Certify },
): Promise<void> {
  const { primitives } = platform;
  const signer = await keySigner(primitives, order.suite.certificateKey.algorithm, order.certificateKey);
  const userKey = order.suite.certificateKey.algorithm.startsWith('rsa') ? order.containerKey : null;
  const csr = await createRequest(signer);
  const issued = await certify({ name: order.deviceName, csr, userKey });
  await checkIssued(platform, order, { issued, spki: signer.publicKey, userKey });
  await writeDeviceKeyFile({ primitives, storage: home.storage }, home.password, {
    certificate: issued.certificate,
    authority: issued.ca,
    secretKey: order.certificateKey,
  });
  await home.keys.apply([
    writeMeta(META.certificate, issued.certificate),
    writeMeta(META.authority, issued.ca),
    ...(issued.userKeyCertificate === null ? [] : [writeMeta(META.userKeyCertificate, issued.userKeyCertificate)]),
    { sql: 'DELETE FROM meta WHERE name = ?', parameters: [META.certificateKey] },
  ]);
}

/** True in the last 30 days of a certificate. */
export function isRenewalDue(certificate: Uint8Array, now: number): boolean {
  return parseCertificate(certificate).notAfterMs - now < RENEWAL_MILLISECONDS;
}

/** The public half of a certificate key, as certificates and the device id name it. */
export function certificateKeyPair({ secretKey, publicKey }: KeyPair, spki: Uint8Array): KeyPair {
  if (equal(sha256(publicKey), spki)) return { secretKey, publicKey };
  throw mismatch('device.p12 holds another key than the account says');
}

async function checkIssued(
  { primitives, clock }: Platform,
  { address, deviceName, caFingerprint }: CertificateOrder,
  { issued, spki, userKey }: Issued,
): Promise<void> {
  const ca = await verifyAuthority(issued.ca, { primitives, fingerprint: caFingerprint });
  const options = { primitives, ca, atMs: clock.now() };
  const device = await verifyCertificate(parseCertificate(issued.certificate), { ...options, profile: 'device' });
  const { subjectNames, publicKey } = device;
  if (subjectNames.address !== address || subjectNames.device !== deviceName || !equal(publicKey, spki)) {
    throw mismatch('the server certified another name or key than was asked for');
  }
  if ((userKey === null) !== (issued.userKeyCertificate === null))
    throw mismatch('a user-key certificate too many or few');
  if (userKey === null || issued.userKeyCertificate === null) return;
  const parsed = parseCertificate(issued.userKeyCertificate);
  const user = await verifyCertificate(parsed, { ...options, profile: 'user-key' });
  if (user.subjectNames.address !== address || !equal(user.publicKey, userKey)) {
    throw mismatch('the server certified another user key than was asked for');
  }
}

interface Issued {
  readonly issued: OperationOutput<Operations['devices.certify']>;
  readonly spki: Uint8Array;
  readonly userKey: Uint8Array | null;
}

function mismatch(what: string): KeyboxPeerFault {
  return new KeyboxPeerFault('certificate-mismatch', what);
}

const RENEWAL_MILLISECONDS = 30 * 24 * 3600 * 1000;
