import { Fault, hex } from '@sotto/bytes';
import { type Address, envelope } from '@sotto/protocol';
import type { Heads } from '../heads.ts';
import { logKey } from '../key-log.ts';
import { readCounter, writeCounter } from '../meta.ts';
import type { Session } from '../session.ts';

/**
 * Gives a restored server back what it lost of a sigchain, up to the newest head that it once signed; whether it took
 * them. The bytes are those that were verified here.
 */
export async function giveBackChain(
  { session, heads }: { readonly session: Session; readonly heads: Heads },
  fingerprint: Uint8Array,
  { from }: { readonly from: number },
): Promise<boolean> {
  const { keys, link, clock } = session;
  const head = await heads.newest({ kind: 'chain', id: fingerprint });
  if (head === null) return false;
  const rows = await keys.query<{ address: Address; envelope: Uint8Array }>(
    'SELECT address, envelope FROM chain WHERE fingerprint = ? AND seq >= ? AND seq < ? ORDER BY seq',
    [fingerprint, from, head.length],
  );
  if (rows.length === 0 || from + rows.length !== head.length) return false;
  const who = rows[0]?.address ?? hex(fingerprint);
  const statements = rows.map((row) => envelope.parse(row.envelope));
  try {
    await link.call('chains.restore', { account: fingerprint, head, statements });
  } catch (cause) {
    if (!(cause instanceof Fault) || !REFUSED.has(cause.code)) throw cause;
    await keys.apply([logKey(clock, { event: 'head/keys-not-restored', who }, cause)]);
    return false;
  }
  await keys.apply([logKey(clock, { event: 'head/keys-restored', who, count: rows.length })]);
  return true;
}

/** Tells a restored server how long this device knows its own chain to be, until it is open for new statements. */
export async function confirmOwnChain({
  session,
  heads,
}: {
  readonly session: Session;
  readonly heads: Heads;
}): Promise<void> {
  const { identity, keys, link } = session;
  const head = await heads.newest({ kind: 'chain', id: identity.fingerprint });
  if (head === null || head.incarnation <= Math.max(FIRST, await readCounter(keys, OPEN))) return;
  const { open } = await link.call('chains.confirm', { head });
  if (open) await keys.apply([writeCounter(OPEN, head.incarnation)]);
}

/** Refusals that another attempt will not change. */
const REFUSED: ReadonlySet<string> = new Set([
  'address-taken',
  'address-look-alike',
  'chain-broken',
  'head-invalid',
  'message-too-long',
  'split-view',
]);
const OPEN = 'restored/chain';
const FIRST = 1;
