import type { Fault, FaultOptions } from '@sotto/bytes';
import {
  type ProtocolPeerCode,
  ProtocolPeerFault,
  type ProtocolPolicyCode,
  ProtocolPolicyFault,
  type ProtocolUsageCode,
  ProtocolUsageFault,
  type ProtocolWireCode,
  ProtocolWireFault,
  type ServerMessage,
} from '@sotto/protocol';
import { KeyboxUsageFault } from './fault.ts';

/** The fault that a server's refusal stands for; a code that is not of the protocol becomes `server-error`. */
export function serverFault({ code, message, detail }: ServerMessage & { readonly type: 'fault' }): Fault {
  const options: FaultOptions = { detail };
  // A server without its database is as good as none: what was asked is asked again.
  if (code === 'unavailable')
    return new KeyboxUsageFault('unreachable', 'the home server has trouble: try again later');
  if (has(wireCodes, code)) return new ProtocolWireFault(code, message, options);
  if (has(peerCodes, code)) return new ProtocolPeerFault(code, message, options);
  if (has(policyCodes, code)) return new ProtocolPolicyFault(code, message, options);
  if (has(usageCodes, code)) return new ProtocolUsageFault(code, message, options);
  return new ProtocolUsageFault('server-error', `the server refused: ${message}`, options);
}

function has<Code extends string>(codes: Readonly<Record<Code, true>>, code: string): code is Code {
  return Object.hasOwn(codes, code);
}

const wireCodes: Readonly<Record<ProtocolWireCode, true>> = {
  'format-malformed': true,
  'format-unsupported': true,
  'address-malformed': true,
  'device-name-malformed': true,
  'invitation-malformed': true,
  'link-code-malformed': true,
  'recovery-key-malformed': true,
  'comparison-malformed': true,
  'card-malformed': true,
  'frame-malformed': true,
};

const peerCodes: Readonly<Record<ProtocolPeerCode, true>> = {
  'chain-genesis-invalid': true,
  'chain-broken': true,
  'chain-stale': true,
  'chain-signer-invalid': true,
  'chain-closed': true,
  'chain-body-invalid': true,
  'device-unendorsed': true,
  'profile-invalid': true,
  'roster-invalid': true,
  'roster-stale': true,
  'log-broken': true,
  'era-table-invalid': true,
  'era-commitment-mismatch': true,
  'record-invalid': true,
  'record-author-unknown': true,
  'wrong-room': true,
  'era-superseded': true,
  'seq-gap': true,
  'seq-conflict': true,
  'bad-seen': true,
  'pending-chain': true,
  'head-invalid': true,
  rollback: true,
  'split-view': true,
  'room-forked': true,
  'contact-invalid': true,
  'identity-conflict': true,
  'bundle-invalid': true,
  'policy-invalid': true,
  'policy-rollback': true,
  'policy-split': true,
  'audit-broken': true,
  'link-request-invalid': true,
  'link-answer-invalid': true,
  'channel-broken': true,
};

const policyCodes: Readonly<Record<ProtocolPolicyCode, true>> = {
  'role-insufficient': true,
  'room-closed': true,
  'room-frozen': true,
  'rekey-due': true,
  'member-limit': true,
  'era-parts-missing': true,
  'member-exists': true,
  'member-unknown': true,
  'not-a-member': true,
  'successor-needed': true,
  'suite-too-weak': true,
  'not-contact': true,
  blocked: true,
  'invitation-unknown': true,
  'invitation-used': true,
  'invitation-expired': true,
  'address-taken': true,
  'address-look-alike': true,
  'policy-key-mismatch': true,
  throttled: true,
  'proof-of-work-needed': true,
  'quota-exceeded': true,
  'not-authorised': true,
  'blob-unknown': true,
  'blob-mismatch': true,
  'blob-store-gone': true,
  'disk-full': true,
  'restored-unconfirmed': true,
  'device-revoked': true,
  'device-unknown': true,
  'account-suspended': true,
  'last-owner': true,
  'policy-forbids': true,
  'policy-outdated': true,
  'member-suspended': true,
  'sign-up-incomplete': true,
  'sign-up-expired': true,
  'link-unknown': true,
  'link-used': true,
  'link-expired': true,
  'recovery-unknown': true,
};

const usageCodes: Readonly<Record<ProtocolUsageCode, true>> = {
  'not-found': true,
  'operation-unknown': true,
  'message-too-long': true,
  'server-error': true,
  unavailable: true,
};
