import { concat } from '@sotto/bytes';
import { deriveKey, hmacSha256, Secret } from '@sotto/crypto';

export type Side = 'client' | 'server';

/** The handshake key of a direction. */
export function handshakeKey(kemSecret: Secret, sender: Side, transcriptHash: Uint8Array): Secret {
  return deriveKey(kemSecret, `sotto/channel/v1 handshake ${sender}`, transcriptHash);
}

export interface TrafficSecrets {
  readonly kemSecret: Secret;
  /** Empty for an anonymous client. */
  readonly sessionKey: Secret;
  /** Over the whole handshake. */
  readonly transcriptHash: Uint8Array;
}

export interface DirectionSecrets {
  readonly trafficKey: Secret;
  /** MAC over the whole handshake: what this direction's first frame holds. */
  readonly finished: Uint8Array<ArrayBuffer>;
}

/** What a direction's sender and receiver hold once both secrets are known. */
export function directionSecrets(
  { kemSecret, sessionKey, transcriptHash }: TrafficSecrets,
  sender: Side,
): DirectionSecrets {
  using secret = joined(kemSecret, sessionKey);
  using finishedKey = deriveKey(secret, `sotto/channel/v1 finished ${sender}`, transcriptHash);
  return {
    trafficKey: deriveKey(secret, `sotto/channel/v1 ${sender}`, transcriptHash),
    finished: finishedKey.use((key) => hmacSha256(key, transcriptHash)),
  };
}

/** The key after this one, in the same direction. */
export function nextTrafficKey(key: Secret): Secret {
  return deriveKey(key, 'sotto/channel/v1 update');
}

function joined(left: Secret, right: Secret): Secret {
  const bytes = left.use((first) => right.use((second) => concat(first, second)));
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}
