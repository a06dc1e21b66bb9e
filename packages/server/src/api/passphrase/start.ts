import { opaque } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import { accountOf } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `opaque-malformed`. */
export const start: Handler<'passphrase.start'> = async ({ request }, context) => {
  const { store, cluster } = context;
  const { address } = await store.read((database) => accountOf(database, deviceSession(context).accountId));
  const binding = opaque.opaqueBinding(address as Address, cluster.domain);
  return { response: opaque.registrationResponse(cluster.opaque, request, binding) };
};
