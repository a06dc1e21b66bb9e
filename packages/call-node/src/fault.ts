import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `rtp-malformed`, `rtcp-malformed`: bytes that are no such packet. `wav-malformed`: a file that is no WAV file. */
export type CallWireCode = 'rtp-malformed' | 'rtcp-malformed' | 'wav-malformed';

/**
 * Why a call has no media, or no more. `hello-hash-mismatch`: who answers is not who was announced. `auxiliary-mismatch`:
 * the secret of the signalling is not the same at both ends. `media-silent`: nothing genuine has come for long.
 */
export type CallPeerCode = 'hello-hash-mismatch' | 'auxiliary-mismatch' | 'media-silent';

/**
 * `no-audio-device`: no program that records or plays. `wav-unsupported`: a WAV file of another kind than 16-bit PCM.
 * `address-malformed`: no IP address of one machine, or no port. `address-unavailable`: no socket could be opened there.
 * `too-many-candidates`: more addresses than an end has. `sip-uri-malformed`: no address of a softphone. `unreachable`:
 * nobody there.
 */
export type CallUsageCode =
  | 'no-audio-device'
  | 'wav-unsupported'
  | 'address-malformed'
  | 'address-unavailable'
  | 'too-many-candidates'
  | 'sip-uri-malformed'
  | 'unreachable';

export class CallWireFault extends WireFault<CallWireCode> {}
export class CallPeerFault extends PeerFault<CallPeerCode> {}
export class CallUsageFault extends UsageFault<CallUsageCode> {}
