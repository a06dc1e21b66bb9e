import { equal } from '@sotto/bytes';
import { type ContactStatement, type Envelope, envelope as envelopeFormat, ProtocolPolicyFault } from '@sotto/protocol';
import { type Account, accountAt, accountOf } from '../../accounts/accounts.ts';
import { checkRequests } from '../../accounts/pace.ts';
import { areMutual, standingOf } from '../../contacts/contacts.ts';
import { verifyOwn } from '../../contacts/statement.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { type Delivered, deliver } from '../../mailboxes.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/**
 * Keeps a request and tells its receiver, if there is one who may be told; the answer is the same in every case. Throws
 * the faults of the statement, `blocked` for an address that the caller blocked, `quota-exceeded`, `throttled`.
 */
export const request: Handler<'contacts.request'> = async ({ envelope }, context) => {
  const { store } = context;
  const session = deviceSession(context);
  const statement = await verifyOwn(context, session, { envelope, type: 'request' });
  checkRequests(context, { by: session.accountId, to: statement.to });
  const told = await store.transact((database) => record(database, context, { statement, envelope, session }));
  context.notify(session.accountId, { event: 'contacts' });
  if (told === null) return {};
  context.notify(told.receiver, { event: 'contacts' });
  if (told.last !== null) context.notify(told.receiver, { event: 'mailbox', last: told.last });
  return {};
};

interface NewRequest {
  readonly statement: ContactStatement & { readonly type: 'request' };
  readonly envelope: Envelope;
  readonly session: { readonly accountId: number };
}

async function record(
  database: Database,
  { now }: HandlerContext,
  { statement, envelope, session }: NewRequest,
): Promise<{ readonly receiver: number; readonly last: Delivered } | null> {
  const own = await accountOf(database, session.accountId);
  if ((await standingOf(database, own.id, statement.to)) === 'blocked') {
    throw new ProtocolPolicyFault('blocked', 'blocked by yourself');
  }
  const target = await accountAt(database, statement.to);
  if (target !== null && (await areMutual(database, own, target))) return null;
  const known = await requestTo(database, own.id, statement.to);
  if (known === null) await checkQuota(database, own.id);
  const receiver = target !== null && (await isWelcome(database, { own, target, statement })) ? target.id : null;
  await database
    .insertInto('contact_requests')
    .values({ account_id: own.id, address: statement.to, receiver_id: receiver })
    .onConflict((conflict) => conflict.columns(['account_id', 'address']).doUpdateSet({ receiver_id: receiver }))
    .execute();
  // A request that waits already is not delivered again: nobody rings twice.
  if (receiver === null || known?.receiver_id === receiver) return null;
  const item = envelopeFormat.encode(envelope);
  return { receiver, last: await deliver(database, { accountId: receiver, kind: 'contact', item, at: now() }) };
}

async function isWelcome(
  database: Database,
  {
    own,
    target,
    statement,
  }: { readonly own: Account; readonly target: Account; readonly statement: NewRequest['statement'] },
): Promise<boolean> {
  const { expected } = statement;
  if (expected !== null && !equal(expected, target.fingerprint as Uint8Array)) return false;
  return (await standingOf(database, target.id, own.address)) !== 'blocked';
}

async function requestTo(database: Database, accountId: number, address: string) {
  const row = await database
    .selectFrom('contact_requests')
    .select('receiver_id')
    .where('account_id', '=', accountId)
    .where('address', '=', address)
    .executeTakeFirst();
  return row ?? null;
}

async function checkQuota(database: Database, accountId: number): Promise<void> {
  const { count } = await database
    .selectFrom('contact_requests')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (count >= MAX_OPEN_REQUESTS) throw new ProtocolPolicyFault('quota-exceeded', 'too many open requests');
}

const MAX_OPEN_REQUESTS = 1000;
