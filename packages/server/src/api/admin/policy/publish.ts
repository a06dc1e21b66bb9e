import { equal } from '@sotto/bytes';
import { type Policy, ProtocolPolicyFault, type SignedPolicy, verifyPolicy } from '@sotto/protocol';
import { owner } from '../../../admin/administrator.ts';
import { appendAudit } from '../../../admin/audit.ts';
import { newestPolicy, publishedPolicy } from '../../../admin/policy.ts';
import type { Handler } from '../../../handler.ts';
import type { Database } from '../../../store/store.ts';

/** Throws `policy-invalid` for one that the organisation's key did not sign, `policy-outdated` unless it is the next version. */
export const publish: Handler<'admin.policy.publish'> = async ({ policy: signed }, context) => {
  const { store, suites, cluster, now, sessions } = context;
  const policyKey = await store.read(policyKeyOf);
  const policy = await verifyPolicy(suites, signed, { policyKey, domain: cluster.domain });
  const isNew = await store.transact(async (database) => {
    const actor = await owner(database, context);
    if (await isRepeated(database, signed)) return false;
    await keep(database, { policy, signed, at: now() });
    const detail = { version: policy.version };
    await appendAudit(database, { at: now(), actor: actor.fingerprint, event: 'policy.published', detail });
    return true;
  });
  if (isNew) sessions.broadcast({ event: 'policy' });
  return { version: policy.version };
};

async function policyKeyOf(database: Database): Promise<Uint8Array> {
  const { policy_key } = await database.selectFrom('cluster').select('policy_key').executeTakeFirstOrThrow();
  return policy_key ?? new Uint8Array();
}

async function isRepeated(database: Database, { signed }: SignedPolicy): Promise<boolean> {
  const newest = await publishedPolicy(database);
  return newest !== null && equal(newest.signed, signed);
}

async function keep(
  database: Database,
  { policy, signed, at }: { readonly policy: Policy; readonly signed: SignedPolicy; readonly at: number },
): Promise<void> {
  const newest = await newestPolicy(database);
  if (policy.version !== (newest?.version ?? 0) + 1) {
    throw new ProtocolPolicyFault('policy-outdated', `the policy in force is version ${newest?.version ?? 0}`);
  }
  await database
    .insertInto('policies')
    .values({
      version: policy.version,
      signed: signed.signed,
      signature: signed.signature,
      public_key: signed.publicKey,
      at,
    })
    .execute();
}
