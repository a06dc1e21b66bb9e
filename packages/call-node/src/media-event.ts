import type { Fault } from '@sotto/bytes';
import type { Agreed } from '@sotto/zrtp';

/** What a call tells whoever shows it. */
export type MediaEvent =
  /** Both ends have the same keys: `sas` is to be compared by voice, unless it was in an earlier call. */
  | {
      readonly kind: 'secure';
      readonly sas: string;
      readonly previouslyVerified: boolean;
      /** `mismatch`: the other end does not have what an earlier call left. To be told loudly. */
      readonly continuity: Agreed['cache'];
      /** Whether the post-quantum secret of the signalling went into the keys. */
      readonly auxiliary: boolean;
      readonly algorithms: { readonly [kind in 'agreement' | 'cipher' | 'hash' | 'authTag']: string };
      readonly peerClient: string;
      /** The other end says that it passes the talk on, and so hears it: to be told loudly. */
      readonly peerIsExchange: boolean;
    }
  /** The first sound of the other end. */
  | { readonly kind: 'audio' }
  /** The other end asked for less protection; nothing changed. */
  | { readonly kind: 'refused'; readonly fault: Fault }
  /** `fault`: null if the other end hung up. The session is to be closed. */
  | { readonly kind: 'ended'; readonly fault: Fault | null };

/** What a call tells once both ends have keys. */
export function secureEvent(agreed: Agreed): MediaEvent & { readonly kind: 'secure' } {
  const { sas, previouslyVerified, cache, auxiliary, algorithms, peerClient, peerIsExchange } = agreed;
  const { agreement, cipher, hash, authTag } = algorithms;
  return {
    kind: 'secure',
    sas: sas ?? '',
    previouslyVerified,
    continuity: cache,
    auxiliary: auxiliary === 'matched',
    algorithms: { agreement, cipher, hash: hash.name, authTag },
    peerClient,
    peerIsExchange,
  };
}
