import { opaque } from '@sotto/crypto';
import { checkInvitation } from '../../accounts/invitations.ts';
import { checkName } from '../../accounts/names.ts';
import { checkEvaluations } from '../../accounts/pace.ts';
import type { Handler } from '../../handler.ts';

/** Throws the faults of invitations and names, `opaque-malformed`, `throttled`. */
export const registerStart: Handler<'accounts.register-start'> = async ({ invitation, address, request }, context) => {
  const { store, cluster, now } = context;
  const { domain } = cluster;
  await store.read(async (database) => {
    await checkInvitation(database, invitation, now());
    await checkName(database, address, { domain, now: now() });
  });
  checkEvaluations(context, invitation);
  const binding = opaque.opaqueBinding(address, domain);
  return { response: opaque.registrationResponse(cluster.opaque, request, binding) };
};
