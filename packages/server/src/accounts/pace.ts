import { activeDevice, type Chain, type Envelope, statement } from '@sotto/protocol';
import type { HandlerContext } from '../handler.ts';
import { slowDown } from '../sessions/dispatch.ts';
import type { Store } from '../store/store.ts';
import { TokenBuckets } from '../throttle/token-bucket.ts';

/**
 * Bounds what an account makes all who know it read, verify and answer with new eras. Asked only for statements that
 * were verified, so that nobody spends another's; what shuts a device out, and what a recovery kit signs, always passes.
 * Throws `throttled`.
 */
export function checkPace(
  { store, now }: Pick<HandlerContext, 'store' | 'now'>,
  chain: Chain,
  { accountId, envelopes }: { readonly accountId: number; readonly envelopes: readonly Envelope[] },
): void {
  for (const { signed } of envelopes) {
    const { type, signers } = statement.parse(signed);
    const isFree = !PACED.has(type) || signers.some((id) => activeDevice(chain, id)?.kind === 'recovery');
    const wait = isFree ? 0 : bucketsOf(store, now).take(String(accountId));
    if (wait > 0) throw slowDown(wait, 'too many devices and user keys in a short time');
  }
}

function bucketsOf(store: Store, now: () => number): TokenBuckets {
  const known = buckets.get(store);
  if (known !== undefined) return known;
  const made = new TokenBuckets({ now }, PACE);
  buckets.set(store, made);
  return made;
}

const buckets = new WeakMap<Store, TokenBuckets>();
const PACED: ReadonlySet<string> = new Set(['device.add', 'userkey.rotate']);
/** A month of use in an hour, and then one every ten minutes. */
const PACE = { burst: 100, perSecond: 1 / 600 } as const;
