import { equal } from '@sotto/bytes';
import { opaque, sha256 } from '@sotto/crypto';
import { ProtocolPeerFault, statement } from '@sotto/protocol';
import { accountOf, notAuthorised } from '../../accounts/accounts.ts';
import { growChain } from '../../accounts/growth.ts';
import { appendAudit } from '../../admin/audit.ts';
import type { Handler } from '../../handler.ts';
import { chainHead } from '../accounts/genesis.ts';
import { deviceSession } from '../session.ts';

/**
 * Record, bundle and statement at once. Throws `bundle-invalid` if the statement names another bundle, `not-authorised`
 * for another type of statement, `opaque-malformed`, `chain-stale`, the faults of `extendChain`.
 */
export const finish: Handler<'passphrase.finish'> = async ({ record, bundle, envelope }, context) => {
  const { accountId, fingerprint } = deviceSession(context);
  opaque.checkRecord(record);
  const parsed = statement.parse(envelope.signed);
  if (parsed.type !== 'passphrase.change') throw notAuthorised('no change of passphrase');
  if (!equal(parsed.body.bundle.hash, sha256(bundle))) {
    throw new ProtocolPeerFault('bundle-invalid', 'bundle: not the one that the statement names');
  }
  const account = await context.store.read((database) => accountOf(database, accountId));
  await growChain(context, account, {
    envelopes: [envelope],
    async beside(database) {
      await database.updateTable('accounts').set({ record, bundle }).where('id', '=', accountId).execute();
      const { address: subject } = account;
      const note = { at: context.now(), actor: fingerprint, event: 'account.passphrase-changed', subject } as const;
      await appendAudit(database, note);
    },
  });
  return { head: await chainHead(context, fingerprint) };
};
