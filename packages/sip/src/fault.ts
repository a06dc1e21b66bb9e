import { PeerFault, PolicyFault, UsageFault, WireFault } from '@sotto/bytes';

/**
 * `message-malformed`: bytes that are no SIP message. `version-unsupported`: a message of another version of SIP.
 * `uri-malformed`: text that is no URI. `description-malformed`: bytes that are no SDP. `stream-malformed`: a stream in
 * which the next message cannot be found.
 */
export type SipWireCode =
  | 'message-malformed'
  | 'version-unsupported'
  | 'uri-malformed'
  | 'description-malformed'
  | 'stream-malformed';

/** `answer-contradicts`: an answer that does not fit what was offered. */
export type SipPeerCode = 'answer-contradicts';

/**
 * `media-unprotected`: media without ZRTP, or with keys that travel in the signalling. `media-unsupported`: nothing in
 * common: no audio, another codec, a name where an address is wanted.
 */
export type SipPolicyCode = 'media-unprotected' | 'media-unsupported';

/** `not-sendable`: a value that has no form in a message. `no-such-call`: it has ended, or never was. `too-many-calls`. */
export type SipUsageCode = 'not-sendable' | 'no-such-call' | 'too-many-calls';

export class SipWireFault extends WireFault<SipWireCode> {}
export class SipPeerFault extends PeerFault<SipPeerCode> {}
export class SipPolicyFault extends PolicyFault<SipPolicyCode> {}
export class SipUsageFault extends UsageFault<SipUsageCode> {}
