import { opaque } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import { accountOf } from '../../accounts/accounts.ts';
import { checkEvaluations } from '../../accounts/pace.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `opaque-malformed`, `throttled`. */
export const start: Handler<'passphrase.start'> = async ({ request }, context) => {
  const { store, cluster } = context;
  const { accountId } = deviceSession(context);
  checkEvaluations(context, accountId);
  const { address } = await store.read((database) => accountOf(database, accountId));
  const binding = opaque.opaqueBinding(address as Address, cluster.domain);
  return { response: opaque.registrationResponse(cluster.opaque, request, binding) };
};
