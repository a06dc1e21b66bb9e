import { PeerFault, PolicyFault, UsageFault, WireFault } from '@sotto/bytes';

/** Malformed keys, signatures and envelopes. */
export type CryptoWireCode = 'key-malformed' | 'sealed-malformed' | 'opaque-malformed';

/**
 * `open-failed` is the one answer to every failed decryption; `bad-signature` to every failed verification;
 * `bad-share` to a public key or share that its group refuses; `server-auth-failed` to every OPAQUE message that
 * does not prove knowledge of the record (wrong passphrase, unknown account, forged or replayed answer alike).
 */
export type CryptoPeerCode = 'open-failed' | 'bad-signature' | 'bad-share' | 'server-auth-failed';

/** Password hashing below the floor or above the ceiling; a suite below the minimum. */
export type CryptoPolicyCode = 'kdf-downgrade' | 'kdf-too-costly' | 'suite-refused';

export type CryptoUsageCode = 'suite-unknown' | 'suite-invalid' | 'stream-too-long';

export class CryptoWireFault extends WireFault<CryptoWireCode> {}
export class CryptoPeerFault extends PeerFault<CryptoPeerCode> {}
export class CryptoPolicyFault extends PolicyFault<CryptoPolicyCode> {}
export class CryptoUsageFault extends UsageFault<CryptoUsageCode> {}
