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
    const wait = isFree ? 0 : bucketsOf(store, now).statements.take(String(accountId));
    if (wait > 0) throw slowDown(wait, 'too many devices and user keys in a short time');
  }
}

/**
 * Bounds how often the OPRF is evaluated for who chooses a passphrase: each evaluation is also a guess, which passes by
 * what slows sign-ins down. `by` is an account, or an invitation. Throws `throttled`.
 */
export function checkEvaluations({ store, now }: Pick<HandlerContext, 'store' | 'now'>, by: number | string): void {
  const wait = bucketsOf(store, now).evaluations.take(typeof by === 'number' ? `account ${by}` : by);
  if (wait > 0) throw slowDown(wait, 'too many passphrases were chosen in a short time');
}

/**
 * Bounds how often an account rings at one address: whoever takes a request back and makes it again would fill the
 * mailbox there, and leave no place for what others send. Counted whether the address exists or not. Throws `throttled`.
 */
export function checkRequests(
  { store, now }: Pick<HandlerContext, 'store' | 'now'>,
  request: { readonly by: number; readonly to: string },
): void {
  const wait = bucketsOf(store, now).requests.take(`${request.by} ${request.to}`);
  if (wait > 0) throw slowDown(wait, 'too many contact requests to one address');
}

/** Bounds what an account sends that others' devices have to open. Throws `throttled`. */
export function checkSignals({ store, now }: Pick<HandlerContext, 'store' | 'now'>, by: number): void {
  const wait = bucketsOf(store, now).signals.take(String(by));
  if (wait > 0) throw slowDown(wait, 'too many signals in a short time');
}

function bucketsOf(store: Store, now: () => number): Buckets {
  const known = buckets.get(store);
  if (known !== undefined) return known;
  const made = {
    statements: new TokenBuckets({ now }, STATEMENTS),
    evaluations: new TokenBuckets({ now }, EVALUATIONS),
    requests: new TokenBuckets({ now }, REQUESTS),
    signals: new TokenBuckets({ now }, SIGNALS),
  };
  buckets.set(store, made);
  return made;
}

interface Buckets {
  readonly statements: TokenBuckets;
  readonly evaluations: TokenBuckets;
  readonly requests: TokenBuckets;
  readonly signals: TokenBuckets;
}

const buckets = new WeakMap<Store, Buckets>();
const PACED: ReadonlySet<string> = new Set(['device.add', 'userkey.rotate']);
/** A month of use in an hour, and then one every ten minutes. */
const STATEMENTS = { burst: 100, perSecond: 1 / 600 } as const;
/** A sign-up that breaks off again and again fits. */
const EVALUATIONS = { burst: 60, perSecond: 1 / 300 } as const;
/** Two people who make up their minds again and again fit. */
const REQUESTS = { burst: 10, perSecond: 1 / 3600 } as const;
/** A call is some twenty. */
const SIGNALS = { burst: 120, perSecond: 2 } as const;
