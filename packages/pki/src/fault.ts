import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** Bytes that are not DER, or not PEM, or not the structure they stand for. */
export type PkiWireCode = 'der-malformed' | 'pem-malformed';

/**
 * `certificate-profile`: well-formed, and not one of our five certificates to the letter. `request-profile`,
 * `crl-profile`, `pkcs12-profile` and `container-profile` say the same of the other formats: an algorithm, field or
 * size that the spec does not list. Failed decryption and wrong passwords are `open-failed` of crypto; iteration counts
 * out of bounds its `kdf-downgrade` and `kdf-too-costly`.
 */
export type PkiPeerCode =
  | 'certificate-profile'
  | 'certificate-issuer'
  | 'certificate-signature'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-revoked'
  | 'request-profile'
  | 'request-signature'
  | 'crl-profile'
  | 'crl-signature'
  | 'crl-stale'
  | 'crl-rollback'
  | 'pkcs12-profile'
  | 'container-profile'
  | 'container-signature'
  | 'container-recipients'
  | 'container-purpose'
  | 'container-not-recipient';

/** `recipient-unsuitable`: a certificate or key that no container can be sealed to. */
export type PkiUsageCode = 'name-malformed' | 'key-unsuitable' | 'recipient-unsuitable';

export class PkiWireFault extends WireFault<PkiWireCode> {}
export class PkiPeerFault extends PeerFault<PkiPeerCode> {}
export class PkiUsageFault extends UsageFault<PkiUsageCode> {}
