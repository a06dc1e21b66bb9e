import type { CallPeerCode, CallUsageCode, CallWireCode } from '@sotto/call-node';
import type { SipPeerCode, SipPolicyCode, SipUsageCode, SipWireCode } from '@sotto/sip';
import type { SrtpPeerCode, SrtpUsageCode, SrtpWireCode } from '@sotto/srtp';
import type { ZrtpPeerCode, ZrtpUsageCode, ZrtpWireCode } from '@sotto/zrtp';
import type { CliCallCode } from './fault.ts';
import { forged, type Outcome, report } from './outcome.ts';

/** What calls end with, and nothing else that a command does. */
export type CallCode =
  | CliCallCode
  | Exclude<
      | CallWireCode
      | CallPeerCode
      | CallUsageCode
      | SipWireCode
      | SipPeerCode
      | SipPolicyCode
      | SipUsageCode
      | SrtpWireCode
      | SrtpPeerCode
      | SrtpUsageCode
      | ZrtpWireCode
      | ZrtpPeerCode
      | ZrtpUsageCode,
      SharedCode
    >;

/** What other commands end with as well. */
type SharedCode = 'address-malformed' | 'key-malformed' | 'unreachable';

const intruder =
  'Somebody is between you and the other end, or one of the two is not who was announced: say nothing, and call again.';
const gaveUp = 'Call again; the other end shows why it ended the call.';
const softphone = 'What the softphone sends is not understood; try another one.';

export const callOutcomes: Readonly<Record<CallCode, Outcome>> = {
  'call-declined': { exit: 1, hint: 'Try later, or write a message.' },
  'call-occupied': { exit: 1, hint: 'Try later, or write a message.' },
  'call-unanswered': { exit: 1, hint: 'They find the call in their log; try later, or write a message.' },
  'call-unheard': {
    exit: 1,
    hint: 'They are away or do not show that they are there, or the server does not pass calls on. They find the call in their log.',
  },
  'call-elsewhere': { exit: 1, hint: 'Go on there; `sotto call log` lists it.' },
  'call-failed': {
    exit: 1,
    hint: 'Call again; the code in the message says why this end gave up, and `sotto log list` keeps a note of what was refused.',
  },
  'call-peer-failed': { exit: 1, hint: gaveUp },
  'no-audio-device': {
    exit: 1,
    hint: 'Name files with --play and --record, or install alsa-utils and connect a device.',
  },
  'wav-malformed': { exit: 2, hint: 'Give a WAV file.' },
  'wav-unsupported': { exit: 2, hint: 'Give a WAV file of 16-bit samples in one or two channels.' },
  'address-unavailable': { exit: 2, hint: 'Give --listen an IP address of this machine.' },
  'too-many-candidates': { exit: 1, hint: forged },
  'media-silent': { exit: 6, hint: 'The network between you is gone; call again.' },
  'auxiliary-mismatch': { exit: 5, hint: intruder },
  'hello-hash-mismatch': { exit: 5, hint: intruder },
  'hash-chain-broken': { exit: 5, hint: intruder },
  'commitment-broken': { exit: 5, hint: intruder },
  'confirm-refused': { exit: 5, hint: intruder },
  'public-value-refused': { exit: 5, hint: intruder },
  'relayed-sas-refused': { exit: 5, hint: intruder },
  'clear-refused': { exit: 5, hint: intruder },
  'zid-equal': { exit: 5, hint: intruder },
  'source-equal': { exit: 5, hint: intruder },
  'nonce-reused': { exit: 5, hint: intruder },
  'shared-secret-missing': { exit: 5, hint: intruder },
  'version-unsupported': { exit: 1, hint: 'The other end speaks another ZRTP; one of the two programs is too old.' },
  'algorithm-unsupported': { exit: 1, hint: 'The other end speaks another ZRTP; one of the two programs is too old.' },
  'timed-out': { exit: 6, hint: 'No address of the other end can be reached from here: see --listen, at both ends.' },
  'peer-gave-up': { exit: 1, hint: gaveUp },
  'sip-uri-malformed': { exit: 2, hint: 'Write the softphone as sip:NAME@HOST or sip:NAME@HOST:PORT.' },
  'media-unprotected': {
    exit: 5,
    hint: 'Switch ZRTP on at the softphone, as mandatory if it can; if it was on, somebody in between took it away.',
  },
  'media-unsupported': { exit: 1, hint: 'Switch Opus on at the softphone.' },
  'answer-contradicts': { exit: 1, hint: softphone },
  'message-malformed': { exit: 1, hint: softphone },
  'description-malformed': { exit: 1, hint: softphone },
  'stream-malformed': { exit: 1, hint: softphone },
  'uri-malformed': { exit: 1, hint: softphone },
  'no-such-call': { exit: 1, hint: 'The other end has hung up; call again.' },
  'too-many-calls': { exit: 1, hint: report },
  'not-sendable': { exit: 1, hint: report },
  'packet-malformed': { exit: 1, hint: forged },
  'packet-refused': { exit: 1, hint: forged },
  'packet-replayed': { exit: 1, hint: forged },
  'packet-clear': { exit: 1, hint: forged },
  'too-many-sources': { exit: 1, hint: forged },
  'key-exhausted': { exit: 1, hint: 'Call again: no key protects so many packets.' },
  'no-algorithm': { exit: 1, hint: report },
  'not-secure': { exit: 1, hint: report },
  'key-too-long': { exit: 1, hint: report },
  'rtp-malformed': { exit: 1, hint: forged },
  'rtcp-malformed': { exit: 1, hint: forged },
};
