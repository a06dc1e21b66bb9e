import { type CborValue, PeerFault, PolicyFault, UsageFault, WireFault } from '@sotto/bytes';

export type ChannelWireCode = 'frame-malformed';

/**
 * `channel-broken`: a frame was dropped, repeated, reordered, altered or out of place. `channel-interrupted`: the
 * carrier closed without a close frame. `channel-timeout`: the handshake took too long. `channel-unauthenticated`:
 * the server's signature does not verify.
 */
export type ChannelPeerCode = 'channel-broken' | 'channel-interrupted' | 'channel-timeout' | 'channel-unauthenticated';

export type ChannelUsageCode = 'channel-closed' | 'message-too-long';

/** Why a server lets a client in no further than the handshake. */
export type RefusalCode = (typeof refusalCodes)[number];

/** What a server answers instead of going on; `challenge` is what a proof of work is about. */
export interface Refusal {
  readonly error: RefusalCode;
  readonly retryAfterSeconds: number | null;
  readonly challenge: CborValue;
}

export class ChannelWireFault extends WireFault<ChannelWireCode> {}
export class ChannelPeerFault extends PeerFault<ChannelPeerCode> {}
export class ChannelUsageFault extends UsageFault<ChannelUsageCode> {}

/** The server's refusal, as the client meets it and as the server's own `acceptChannel` ends. */
export class ChannelRefusedFault extends PolicyFault<RefusalCode> {
  readonly retryAfterSeconds: number | null;
  readonly challenge: CborValue;

  constructor({ error, retryAfterSeconds, challenge }: Refusal) {
    super(error, 'the server refused the channel', {
      detail: retryAfterSeconds === null ? {} : { retryAfterSeconds },
    });
    this.retryAfterSeconds = retryAfterSeconds;
    this.challenge = challenge;
  }
}

export const refusalCodes = [
  'device-unknown',
  'device-revoked',
  'throttled',
  'proof-of-work-needed',
  'account-suspended',
  'sign-up-incomplete',
  'not-authorised',
  'server-error',
] as const;

export function broken(why: string, cause?: unknown): ChannelPeerFault {
  return new ChannelPeerFault('channel-broken', `the channel is broken: ${why}`, cause === undefined ? {} : { cause });
}
