export {
  authorityFingerprint,
  type CertificateAuthority,
  type CertificateOrder,
  createCertificateAuthority,
  issueCertificate,
  type NewAuthority,
  openCertificateAuthority,
} from './authority.ts';
export { parseCertificate, type TbsCertificate, type UnverifiedCertificate } from './certificate.ts';
export {
  type ContainerAuthor,
  type ContainerOpening,
  type ContainerOrder,
  type ContainerPurpose,
  type ContainerSender,
  type OpenedContainer,
  openContainer,
  sealContainer,
} from './cms/container.ts';
export { parseContainerFile } from './cms/file.ts';
export type { ContainerKey, ContainerRecipient } from './cms/recipient.ts';
export {
  type PkiPeerCode,
  PkiPeerFault,
  type PkiUsageCode,
  PkiUsageFault,
  type PkiWireCode,
  PkiWireFault,
} from './fault.ts';
export { encodePem, type PemLabel, parsePem } from './pem.ts';
export { type KeyFile, type KeyFileEntry, openKeyFile, type SealedKeyFile, sealKeyFile } from './pkcs12/key-file.ts';
export type { CertificateProfile, Subject } from './profile.ts';
export {
  encodePublicKey,
  keyIdentifier,
  type PublicKey,
  type PublicKeyAlgorithm,
  parsePublicKey,
} from './public-key.ts';
export { createRequest, verifyRequest } from './request.ts';
export {
  issueRevocationList,
  parseRevocationList,
  type RevocationList,
  type RevocationOrder,
  type RevocationVerification,
  type UnverifiedRevocationList,
  verifyRevocationList,
} from './revocation.ts';
export { type CertificateSigner, keySigner } from './signer.ts';
export {
  type AuthorityCertificate,
  type AuthorityVerification,
  type Verification,
  type VerifiedCertificate,
  verifyAuthority,
  verifyCertificate,
} from './verify.ts';
