import { PeerFault, PolicyFault, UsageFault, WireFault } from '@sotto/bytes';

/** Bytes that are no item of the format that was asked for. */
export type ProtocolWireCode =
  | 'format-malformed'
  | 'format-unsupported'
  | 'address-malformed'
  | 'device-name-malformed'
  | 'invitation-malformed'
  | 'link-code-malformed'
  | 'recovery-key-malformed'
  | 'comparison-malformed'
  | 'card-malformed'
  | 'frame-malformed';

/** Signed or chained items that contradict what they claim or what is known. */
export type ProtocolPeerCode =
  // sigchains
  | 'chain-genesis-invalid'
  | 'chain-broken'
  | 'chain-stale'
  | 'chain-signer-invalid'
  | 'chain-closed'
  | 'chain-body-invalid'
  | 'device-unendorsed'
  // room logs
  | 'roster-invalid'
  | 'roster-stale'
  | 'log-broken'
  | 'era-table-invalid'
  | 'era-commitment-mismatch'
  | 'record-invalid'
  | 'record-author-unknown'
  | 'wrong-room'
  | 'era-superseded'
  | 'seq-gap'
  | 'seq-conflict'
  | 'bad-seen'
  | 'pending-chain'
  // heads
  | 'head-invalid'
  | 'rollback'
  | 'split-view'
  | 'room-forked'
  // contacts and bundles
  | 'contact-invalid'
  | 'profile-invalid'
  | 'identity-conflict'
  | 'bundle-invalid'
  // policies and the audit log
  | 'policy-invalid'
  | 'policy-rollback'
  | 'policy-split'
  | 'audit-broken'
  | 'link-request-invalid'
  | 'link-answer-invalid'
  // the channel
  | 'channel-broken';

/** Refused by a rule of the room, the account or the server. */
export type ProtocolPolicyCode =
  | 'role-insufficient'
  | 'room-closed'
  | 'room-frozen'
  | 'rekey-due'
  | 'member-limit'
  | 'era-parts-missing'
  | 'member-exists'
  | 'member-unknown'
  | 'not-a-member'
  | 'successor-needed'
  | 'suite-too-weak'
  | 'not-contact'
  | 'blocked'
  | 'invitation-unknown'
  | 'invitation-used'
  | 'invitation-expired'
  | 'address-taken'
  | 'address-look-alike'
  | 'policy-key-mismatch'
  | 'throttled'
  | 'proof-of-work-needed'
  | 'quota-exceeded'
  | 'not-authorised'
  | 'blob-unknown'
  | 'blob-mismatch'
  | 'blob-store-gone'
  | 'disk-full'
  | 'restored-unconfirmed'
  | 'device-revoked'
  | 'device-unknown'
  | 'account-suspended'
  | 'last-owner'
  | 'policy-forbids'
  | 'policy-outdated'
  | 'member-suspended'
  | 'sign-up-incomplete'
  | 'sign-up-expired'
  // new devices
  | 'link-unknown'
  | 'link-used'
  | 'link-expired'
  | 'recovery-unknown';

/** `unavailable`: the server's database is out of reach; what was asked may have been done or not. */
export type ProtocolUsageCode = 'not-found' | 'operation-unknown' | 'message-too-long' | 'server-error' | 'unavailable';

export class ProtocolWireFault extends WireFault<ProtocolWireCode> {}
export class ProtocolPeerFault extends PeerFault<ProtocolPeerCode> {}
export class ProtocolPolicyFault extends PolicyFault<ProtocolPolicyCode> {}
export class ProtocolUsageFault extends UsageFault<ProtocolUsageCode> {}

export type ProtocolCode = ProtocolWireCode | ProtocolPeerCode | ProtocolPolicyCode | ProtocolUsageCode;
