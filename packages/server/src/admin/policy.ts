import {
  defaultPolicy,
  type Policy,
  type PolicyValues,
  ProtocolPolicyFault,
  policy as policyFormat,
  type SignedPolicy,
} from '@sotto/protocol';
import type { Database } from '../store/store.ts';

/** The newest policy as it was published; null before the first. */
export async function publishedPolicy(database: Database): Promise<SignedPolicy | null> {
  const row = await database
    .selectFrom('policies')
    .select(['signed', 'signature', 'public_key'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { signed: row.signed, signature: row.signature, publicKey: row.public_key };
}

/** The newest policy's content; null before the first. */
export async function newestPolicy(database: Database): Promise<Policy | null> {
  const published = await publishedPolicy(database);
  return published === null ? null : policyFormat.parse(published.signed);
}

/** The rules that hold now. The server keeps its half of them; clients keep theirs. */
export async function policyInForce(database: Database): Promise<PolicyValues> {
  return (await newestPolicy(database))?.values ?? defaultPolicy;
}

/** Checks the number of an account's installations, in the transaction that added one. Throws `policy-forbids`. */
export async function checkDeviceLimit(database: Database, accountId: number): Promise<void> {
  const { maxDevices } = await policyInForce(database);
  const { count } = await database
    .selectFrom('devices')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'keybox')
    .where('revoked', '=', 0)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) > maxDevices) throw forbidden(`more than ${maxDevices} devices for an account`);
}

export function forbidden(what: string): ProtocolPolicyFault {
  return new ProtocolPolicyFault('policy-forbids', `the policy of the organisation forbids ${what}`);
}
