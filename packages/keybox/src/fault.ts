import { PeerFault, PolicyFault, UsageFault } from '@sotto/bytes';

export type KeyboxPeerCode =
  | 'vault-damaged'
  | 'vault-rolled-back'
  | 'state-forked'
  | 'account-room-missing'
  | 'room-missing'
  | 'clock-skew'
  | 'server-restored'
  | 'certificate-mismatch'
  | 'answer-malformed'
  | 'key-missing'
  | 'body-withheld'
  | 'file-damaged'
  | 'blob-withheld'
  | 'revocation-unproven'
  | 'log-withheld'
  | 'call-stranger'
  | 'call-expired'
  | 'call-dialog'
  | 'call-replayed'
  | 'call-transcript'
  | 'call-flood';

export type KeyboxPolicyCode =
  | 'wrong-passphrase'
  | 'wrong-passkey'
  | 'passphrase-needed'
  | 'locked'
  | 'passphrase-too-weak'
  | 'unverified'
  | 'head-too-old'
  | 'roaming-off'
  | 'kit-needed'
  | 'sign-up-unfinished'
  | 'recovery-revoked'
  | 'second-signer-needed';

export type KeyboxUsageCode =
  | 'unreachable'
  | 'tls-refused'
  | 'vault-needs-server'
  | 'passkey-unknown'
  | 'vault-busy'
  | 'disk-full'
  | 'no-account'
  | 'account-exists'
  | 'not-found'
  | 'ambiguous'
  | 'comparison-other'
  | 'policy-key-missing'
  | 'not-classic'
  | 'queued'
  | 'search-malformed'
  | 'file-exists'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'file-changed'
  | 'file-too-large'
  | 'file-name-unsafe'
  | 'profile-malformed'
  | 'voice-malformed'
  | 'device-own'
  | 'device-kit'
  | 'device-last'
  | 'call-busy'
  | 'call-media-unfit'
  | 'cancelled';

export class KeyboxPeerFault extends PeerFault<KeyboxPeerCode> {}
export class KeyboxPolicyFault extends PolicyFault<KeyboxPolicyCode> {}
export class KeyboxUsageFault extends UsageFault<KeyboxUsageCode> {}
