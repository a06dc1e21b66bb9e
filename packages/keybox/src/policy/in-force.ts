import { type CborValue, decodeCbor, encodeCbor, hex } from '@sotto/bytes';
import {
  defaultPolicy,
  type Policy,
  type PolicyField,
  type PolicyValues,
  ProtocolPolicyFault,
  policyFieldNames,
  policyFields,
  policy as policyFormat,
  policyWhilePending,
  type SignedPolicy,
  signedPolicy,
} from '@sotto/protocol';
import { verifiedContacts } from '../contact-book.ts';
import { KeyboxPolicyFault } from '../fault.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';

/** The newest policy that was verified, as it came; null before the first. */
export async function keptPolicy(
  keys: Part,
): Promise<{ readonly signed: SignedPolicy; readonly policy: Policy } | null> {
  const kept = await readMeta(keys, NEWEST);
  if (kept === null) return null;
  const signed = signedPolicy.parse(kept);
  return { signed, policy: policyFormat.parse(signed.signed) };
}

export function keepPolicy(signed: SignedPolicy): SqlStatement {
  return writeMeta(NEWEST, signedPolicy.encode(signed));
}

/** What this account's user has said yes to, of the fields that need it. */
export async function acceptedValues(keys: Part): Promise<PolicyValues> {
  const kept = await readMeta(keys, ACCEPTED);
  return kept === null ? defaultPolicy : { ...defaultPolicy, ...(decodeCbor(kept) as Partial<PolicyValues>) };
}

export function acceptValues(values: PolicyValues): SqlStatement {
  const asked = policyFieldNames.filter((field) => policyFields[field].needsConsent);
  const accepted = Object.fromEntries(asked.map((field) => [field, values[field]]));
  return writeMeta(ACCEPTED, encodeCbor(accepted as CborValue));
}

/** The rules that this device obeys now: the newest policy, with what its user has not accepted held back. */
export async function policyInForce({ keys }: { readonly keys: Part }): Promise<PolicyValues> {
  const kept = await keptPolicy(keys);
  return kept === null ? defaultPolicy : policyWhilePending(await acceptedValues(keys), kept.policy.values);
}

/** Fingerprints, in hexadecimal, of those to whom nothing is sealed any more. */
export async function suspendedAccounts({ keys }: { readonly keys: Part }): Promise<ReadonlySet<string>> {
  return new Set((await keptPolicy(keys))?.policy.suspended.map(hex));
}

/** Somebody to whom something is about to be sealed. */
export interface Recipient {
  readonly fingerprint: Uint8Array;
  readonly address: string;
}

/**
 * Checks that something may be sealed to all of them. Throws `account-suspended`, and `unverified` where the policy asks
 * for verified contacts.
 */
export async function checkRecipients(
  session: { readonly keys: Part; readonly contacts: Part },
  recipients: readonly Recipient[],
): Promise<void> {
  const suspended = await suspendedAccounts(session);
  const out = recipients.find(({ fingerprint }) => suspended.has(hex(fingerprint)));
  if (out !== undefined) {
    throw new ProtocolPolicyFault('account-suspended', `${out.address} is suspended: nothing is sealed to it`);
  }
  if (!(await policyInForce(session)).verifiedOnly) return;
  const verified = await verifiedContacts(session.contacts);
  const other = recipients.find(({ fingerprint }) => !verified.has(hex(fingerprint)));
  if (other === undefined) return;
  const message = `${other.address} is not verified, and your organisation asks for that first`;
  throw new KeyboxPolicyFault('unverified', message);
}

/** Throws `policy-forbids` if a rule that is on or off does not allow it. */
export async function checkAllowed(
  session: { readonly keys: Part },
  field: Extract<PolicyField, 'export' | 'forwarding'>,
): Promise<void> {
  if ((await policyInForce(session))[field]) return;
  throw policyForbids(`${field} of messages and keys`);
}

export function policyForbids(what: string): ProtocolPolicyFault {
  return new ProtocolPolicyFault('policy-forbids', `the policy of the organisation forbids ${what}`);
}

const NEWEST = 'policy/newest';
const ACCEPTED = 'policy/accepted';
