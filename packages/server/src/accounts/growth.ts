import { equal, hex } from '@sotto/bytes';
import { type Chain, type Envelope, extendChain, ProtocolPeerFault, statement } from '@sotto/protocol';
import { noteGrowth } from '../admin/growth.ts';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';
import { type Account, accountOf, accountSuspended } from './accounts.ts';
import { appendStatements, chainOf, statementsOf } from './chains.ts';
import { checkPace } from './pace.ts';

export interface Growth {
  readonly envelopes: readonly Envelope[];
  /** What belongs to the statements and is stored in the same transaction. */
  beside?(database: Database): Promise<void>;
}

/**
 * Verifies statements and appends them to an account's chain, all or none, ends the sessions of devices that they
 * revoke, and tells the others. True if they were there already, to the byte: then nothing is done. Throws
 * `chain-stale` for the loser of a race, `throttled`, `account-suspended`, `policy-forbids` for a device too many, the faults of
 * `extendChain`.
 */
export async function growChain(context: HandlerContext, account: Account, growth: Growth): Promise<boolean> {
  const { store, suites, now } = context;
  const { id, fingerprint } = account;
  const before = (await chainOf(store, fingerprint as Uint8Array)) as Chain;
  const [first] = growth.envelopes as readonly [Envelope];
  const { seq } = statement.parse(first.signed);
  if (seq < before.hashes.length) {
    const there = await store.read((database) => statementsOf(database, id, seq, growth.envelopes.length));
    if (there.length === growth.envelopes.length && there.every(isSame(growth.envelopes))) return true;
    throw new ProtocolPeerFault('chain-stale', 'the chain has moved on');
  }
  let chain = before;
  for (const envelope of growth.envelopes) chain = await extendChain(suites, chain, envelope);
  checkPace(context, before, { accountId: id, envelopes: growth.envelopes });
  const { revoked } = await store.transact(async (database) => {
    if ((await accountOf(database, id)).suspended_at !== null) throw accountSuspended();
    await growth.beside?.(database);
    const change = await appendStatements(database, id, { envelopes: growth.envelopes, chain, at: now() });
    await noteGrowth(database, account, { chain, first: before.hashes.length, at: now() });
    return change;
  });
  endSessions(context, revoked);
  context.notify(id, { event: 'chain' });
  return false;
}

/** Each once it was answered: the device that revokes itself learns that it did. */
function endSessions({ sessions }: HandlerContext, revoked: readonly Uint8Array[]): void {
  const ended = new Set(revoked.map(hex));
  for (const { id, identity } of sessions.list()) {
    if (identity.kind === 'device' && ended.has(hex(identity.deviceId))) sessions.end(id);
  }
}

function isSame(envelopes: readonly Envelope[]): (there: Envelope, index: number) => boolean {
  return ({ signed }, index) => equal(signed, (envelopes[index] as Envelope).signed);
}
