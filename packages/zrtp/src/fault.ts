import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `packet-malformed`: bytes that are no ZRTP packet, or whose check sum is wrong. `message-malformed`: a message that is not its type's. */
export type ZrtpWireCode = 'packet-malformed' | 'message-malformed';

/**
 * Why no keys were agreed; each has its number in RFC 6189 section 5.9, or is told to the person alone.
 * `hello-hash-mismatch`: the Hello is not the one that the signalling announced. `hash-chain-broken`: messages that are
 * not of one sender. `timed-out`: no answer. `peer-gave-up`: the other end sent an Error and then nothing more.
 */
export type ZrtpPeerCode =
  | 'version-unsupported'
  | 'algorithm-unsupported'
  | 'public-value-refused'
  | 'commitment-broken'
  | 'confirm-refused'
  | 'relayed-sas-refused'
  | 'clear-refused'
  | 'zid-equal'
  | 'source-equal'
  | 'nonce-reused'
  | 'shared-secret-missing'
  | 'hello-hash-mismatch'
  | 'hash-chain-broken'
  | 'timed-out'
  | 'peer-gave-up';

/**
 * `no-algorithm`: a set of algorithms that lacks what every ZRTP end must have. `not-secure`: what only an agreed stream has.
 * `key-too-long`: longer than what the hash of the call gives.
 */
export type ZrtpUsageCode = 'no-algorithm' | 'not-secure' | 'key-too-long';

export class ZrtpWireFault extends WireFault<ZrtpWireCode> {}
export class ZrtpPeerFault extends PeerFault<ZrtpPeerCode> {}
export class ZrtpUsageFault extends UsageFault<ZrtpUsageCode> {}
