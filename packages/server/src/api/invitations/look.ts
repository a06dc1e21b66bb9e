import { checkInvitation } from '../../accounts/invitations.ts';
import { publishedPolicy } from '../../admin/policy.ts';
import type { Handler } from '../../handler.ts';

/** Throws `invitation-unknown`, `invitation-used`, `invitation-expired`. */
export const look: Handler<'invitations.look'> = async ({ code }, { store, cluster, now }) => {
  return store.read(async (database) => {
    const invitation = await checkInvitation(database, code, now());
    const { policy_key } = await database.selectFrom('cluster').select('policy_key').executeTakeFirstOrThrow();
    const policy = await publishedPolicy(database);
    return { domain: cluster.domain, expiresAt: invitation.expires_at, policyKey: policy_key, policy };
  });
};
