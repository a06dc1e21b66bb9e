export { type CallAgreement, type CallKey, callAgreements } from './call-agreements.ts';
export { type CommittingBinding, openCommitting, sealCommitting } from './committing.ts';
export {
  type CryptoPeerCode,
  CryptoPeerFault,
  type CryptoPolicyCode,
  CryptoPolicyFault,
  type CryptoUsageCode,
  CryptoUsageFault,
  type CryptoWireCode,
  CryptoWireFault,
} from './fault.ts';
export { deriveKey, type HashTag, hkdfSha256, hmacSha256, sha256, sha384, sha512, taggedHash } from './hash.ts';
export type { HpkeKem } from './hpke.ts';
export { unwrapKey, wrapKey } from './key-wrap.ts';
export * as opaque from './opaque/index.ts';
export type { PacketAead, PacketCiphers, PacketHash, PacketOpening, PacketSealing } from './packet-ciphers.ts';
export {
  argon2Ceiling,
  argon2Floor,
  checkArgon2Parameters,
  passphraseBytes,
  type StretchOptions,
  stretch,
} from './password.ts';
export { type BlockCipher, type Pkcs12MacParameters, pbes2Aes256Cbc, pkcs12MacKey } from './pkcs12.ts';
export { portablePacketCiphers } from './portable-packet-ciphers.ts';
export type {
  Aead,
  AeadInput,
  Argon2Parameters,
  DiffieHellman,
  ForeignRsa,
  GeneratedSigner,
  KeyEncapsulation,
  KeyPair,
  Primitives,
  RsaOaep,
  RsaSize,
  SeedSigner,
  Signer,
} from './ports.ts';
export { Secret } from './secret.ts';
export {
  type ChunkPlace,
  createStreamChunks,
  DRIVE_CHUNK_BYTES,
  openStream,
  restoreStreamChunks,
  STREAM_CHUNK_BYTES,
  STREAM_HEAD_BYTES,
  STREAM_TAG_BYTES,
  type StreamChunks,
  type StreamKey,
  sealStream,
} from './stream.ts';
export type {
  PublishedUserKeys,
  SealBinding,
  SealPurpose,
  Suite,
  SuiteCertificateKey,
  SuiteFactory,
  SuiteKem,
  SuiteSignature,
  Suites,
  SuiteUserKeys,
  UserKeyPairs,
} from './suite.ts';
export { classic } from './suites/classic.ts';
export { openHpke, sealHpke } from './suites/committing-hpke.ts';
export { hybrid } from './suites/hybrid.ts';
export { createSuites } from './suites/registry.ts';
export { type SignatureTag, signatureTags, taggedMessage } from './tags.ts';
export { proveVrf, type VrfResult, verifyVrf, vrfPublicKey } from './vrf.ts';
export { X_WING_CIPHERTEXT_BYTES, X_WING_PUBLIC_KEY_BYTES, xWing } from './x-wing.ts';
