import { type CborValue, encodeCbor, equal } from '@sotto/bytes';
import { opaque, sha256 } from '@sotto/crypto';
import { type AccountRole, addressSkeleton, type OperationInput, type Operations } from '@sotto/protocol';
import { checkInvitation } from '../../accounts/invitations.ts';
import { checkName, expireSignUps } from '../../accounts/names.ts';
import type { Handler } from '../../handler.ts';
import type { Database } from '../../store/store.ts';

type Input = OperationInput<Operations['accounts.register-finish']>;

/** Reserves name and invitation for an hour. Throws the faults of invitations and names, `opaque-malformed`, `suite-unknown`. */
export const registerFinish: Handler<'accounts.register-finish'> = async (input, { store, cluster, suites, now }) => {
  suites.byId(input.suite);
  opaque.checkRecord(input.record);
  await store.transact(async (database) => {
    await expireSignUps(database, now());
    if (await isRepeated(database, input)) return;
    const invitation = await checkInvitation(database, input.invitation, now());
    await checkName(database, input.address, { domain: cluster.domain, now: now() });
    const role = invitation.kind;
    const accountId = await insertAccount(database, input, { role, reservedUntil: now() + RESERVATION_MILLISECONDS });
    await database.updateTable('invitations').set({ account_id: accountId }).where('id', '=', invitation.id).execute();
  });
  return {};
};

async function isRepeated(database: Database, input: Input): Promise<boolean> {
  const known = await database
    .selectFrom('accounts')
    .select('registration')
    .where('sign_up', '=', input.signUp)
    .executeTakeFirst();
  return known !== undefined && equal(known.registration, registrationHash(input));
}

async function insertAccount(
  database: Database,
  input: Input,
  { role, reservedUntil }: { readonly role: AccountRole; readonly reservedUntil: number },
): Promise<number> {
  const { address, suite, record, bundle, signUp, vault, exemption } = input;
  const { id } = await database
    .insertInto('accounts')
    .values({
      address,
      skeleton: addressSkeleton(address),
      suite,
      role,
      record,
      bundle,
      sign_up: signUp,
      registration: registrationHash(input),
      step: 'registered',
      reserved_until: reservedUntil,
      fingerprint: null,
      room: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database.insertInto('exemptions').values({ account_id: id, token_hash: exemption, device_id: null }).execute();
  if (vault !== null) {
    const { id: vault_id, blob } = vault;
    const values = { account_id: id, vault_id, blob, next_blob: null, device_id: null };
    await database.insertInto('vaults').values(values).execute();
  }
  return id;
}

function registrationHash(input: Input): Uint8Array {
  return sha256(encodeCbor(input as unknown as CborValue));
}

const RESERVATION_MILLISECONDS = 3600 * 1000;
