import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  type Address,
  beginChain,
  type Chain,
  chainExtent,
  currentUserKey,
  type Envelope,
  ProtocolPeerFault,
  ProtocolPolicyFault,
} from '@sotto/protocol';
import { type Account, accountOf } from '../../accounts/accounts.ts';
import { appendStatements, chainOf } from '../../accounts/chains.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import type { Database } from '../../store/store.ts';
import { sessionAccount } from '../session.ts';

/**
 * Publishes the first statement of an account's chain. Throws `chain-genesis-invalid` (also for a second one),
 * `policy-key-mismatch`, `device-unendorsed` if a key of it has no certificate, the faults of `beginChain`.
 */
export const genesis: Handler<'accounts.genesis'> = async ({ envelope }, context) => {
  const { store, suites, now } = context;
  const accountId = sessionAccount(context);
  const account = await store.read((database) => accountOf(database, accountId));
  if (account.fingerprint === null) {
    const chain = await beginChain(suites, envelope, account.address as Address);
    checkChain(context, account, chain);
    await store.transact((database) => publish(database, accountId, { envelope, chain, at: now() }));
  } else if (!equal(account.fingerprint, sha256(envelope.signed))) {
    throw invalid('the account has another');
  }
  return { head: await chainHead(context, sha256(envelope.signed)) };
};

/** The signed head of an account's chain as it stands. */
export async function chainHead({ store, cluster }: HandlerContext, fingerprint: Uint8Array) {
  const chain = (await chainOf(store, fingerprint)) as Chain;
  return cluster.heads.sign({ kind: 'chain', id: fingerprint }, chainExtent(chain));
}

function checkChain({ cluster }: HandlerContext, account: Account, chain: Chain): void {
  if (chain.suite !== account.suite) throw invalid('not of the suite that was registered');
  if (!equal(chain.ca, cluster.caFingerprint)) throw invalid('not of this cluster');
}

async function publish(
  database: Database,
  accountId: number,
  { envelope, chain, at }: { readonly envelope: Envelope; readonly chain: Chain; readonly at: number },
): Promise<void> {
  const account = await accountOf(database, accountId);
  if (account.fingerprint !== null) throw invalid('the account has one');
  await settlePolicyKey(database, account, chain.policyKey);
  await checkCertificates(database, account, chain);
  await appendStatements(database, accountId, { envelopes: [envelope], chain, at });
  await database
    .updateTable('accounts')
    .set({ step: 'enrolled', fingerprint: chain.fingerprint, reserved_until: null })
    .where('id', '=', accountId)
    .execute();
  await database.updateTable('invitations').set({ used_at: at }).where('account_id', '=', accountId).execute();
}

/** The owner's genesis brings the organisation's policy key, all later ones repeat it. */
async function settlePolicyKey(database: Database, { role }: Account, policyKey: Uint8Array): Promise<void> {
  const { policy_key } = await database.selectFrom('cluster').select('policy_key').executeTakeFirstOrThrow();
  if (policy_key === null && role === 'owner') {
    await database.updateTable('cluster').set({ policy_key: policyKey }).execute();
  } else if (policy_key === null || !equal(policy_key, policyKey)) {
    throw new ProtocolPolicyFault('policy-key-mismatch', "not the organisation's policy key");
  }
}

async function checkCertificates(database: Database, account: Account, chain: Chain): Promise<void> {
  const issued = await database
    .selectFrom('certificates')
    .select(['name', 'spki'])
    .where('account_id', '=', account.id)
    .execute();
  const [device] = chain.devices.values();
  const userKey = sha256(currentUserKey(chain).container);
  const hasDevice = issued.some(({ name, spki }) => name === device?.name && equal(spki, device?.spki as Uint8Array));
  const hasUserKey = issued.every(({ name, spki }) => name !== null || equal(spki, userKey));
  if (hasDevice && hasUserKey) return;
  throw new ProtocolPeerFault('device-unendorsed', 'keys other than those that were certified');
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-genesis-invalid', `genesis: ${what}`);
}
