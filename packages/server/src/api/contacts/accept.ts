import { equal } from '@sotto/bytes';
import {
  type ContactStatement,
  chainExtends,
  type Envelope,
  envelope as envelopeFormat,
  ProtocolPeerFault,
} from '@sotto/protocol';
import { type Account, accountAt, accountOf, notFound } from '../../accounts/accounts.ts';
import { chainOf } from '../../accounts/chains.ts';
import { areMutual, becomeMutual, isPending } from '../../contacts/contacts.ts';
import { verifyOwn } from '../../contacts/statement.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { type Delivered, deliver } from '../../mailboxes.ts';
import { introduce } from '../../presence/announce.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/**
 * Accepts a request that waits, and tells the one who asked; repeating it is answered alike. Throws the faults of the
 * statement, `not-found` if no request waits, `identity-conflict` if it names another account or past.
 */
export const accept: Handler<'contacts.accept'> = async ({ envelope }, context) => {
  const { store } = context;
  const session = deviceSession(context);
  const statement = await verifyOwn(context, session, { envelope, type: 'accept' });
  const peer = await store.read((database) => acceptable(database, session.accountId, statement.to));
  await checkPeer(context, peer, statement);
  const settled = await store.transact((database) =>
    settle(database, context, { envelope, peer, ownId: session.accountId }),
  );
  if (settled === null) return {};
  const own = await store.read((database) => accountOf(database, session.accountId));
  context.notify(session.accountId, { event: 'contacts' });
  context.notify(peer.id, { event: 'contacts' });
  if (settled.last !== null) context.notify(peer.id, { event: 'mailbox', last: settled.last });
  await introduce(context, own, peer);
  return {};
};

/** The account of an address that has asked to be a contact, or is one. */
async function acceptable(database: Database, ownId: number, address: string): Promise<Account> {
  const own = await accountOf(database, ownId);
  const peer = await accountAt(database, address);
  if (peer === null) throw notFound();
  if ((await isPending(database, peer.id, ownId)) || (await areMutual(database, own, peer))) return peer;
  throw notFound();
}

async function checkPeer(
  { store }: HandlerContext,
  peer: Account,
  statement: ContactStatement & { readonly type: 'accept' },
): Promise<void> {
  const chain = equal(statement.peer, peer.fingerprint as Uint8Array) ? await chainOf(store, statement.peer) : null;
  if (chain !== null && chainExtends(chain, statement.peerChain)) return;
  throw new ProtocolPeerFault('identity-conflict', 'accepts another account than the one that asked');
}

async function settle(
  database: Database,
  { now }: HandlerContext,
  { envelope, peer, ownId }: { readonly envelope: Envelope; readonly peer: Account; readonly ownId: number },
): Promise<{ readonly last: Delivered } | null> {
  const own = await accountOf(database, ownId);
  if (await areMutual(database, own, peer)) return null;
  if (!(await isPending(database, peer.id, ownId))) throw notFound();
  await becomeMutual(database, own, peer);
  const item = envelopeFormat.encode(envelope);
  return { last: await deliver(database, { accountId: peer.id, kind: 'contact', item, at: now() }) };
}
