import type { Suites } from '@sotto/crypto';
import { addressDomain, defaultPolicy, type PolicyValues, type SignedPolicy, verifyPolicy } from '@sotto/protocol';
import type { NewAccount } from '../new-account.ts';
import { checkPassphrase } from '../passphrase.ts';
import { policyForbids } from './in-force.ts';

/** What an invitation says of the organisation. */
export interface InvitedPolicy {
  readonly policyKey: Uint8Array | null;
  readonly policy: SignedPolicy | null;
}

/**
 * Checks a sign-up against the rules of the organisation that invites. Throws `policy-invalid`, `policy-forbids`,
 * `passphrase-too-weak`.
 */
export async function checkSignUp(suites: Suites, invited: InvitedPolicy, options: NewAccount): Promise<void> {
  const values = await invitedValues(suites, invited, options);
  const { suite, roaming, passphrase } = options;
  if (values.suites !== null && !values.suites.includes(suites.byName(suite).id)) throw policyForbids(`suite ${suite}`);
  checkNewPassphrase(values, { passphrase, roaming });
}

/** Holds a passphrase that is being chosen to the rules. Throws `policy-forbids`, `passphrase-too-weak`. */
export function checkNewPassphrase(
  rules: PolicyValues,
  { passphrase, roaming }: { readonly passphrase: string; readonly roaming: boolean },
): void {
  checkPassphrase(passphrase, rules.passphraseLength);
  if (roaming && rules.roaming === 'forbidden') throw policyForbids('roaming');
  if (roaming && rules.roaming === 'generated' && !isGenerated(passphrase)) {
    throw policyForbids('roaming but with a generated passphrase of six words or more');
  }
}

async function invitedValues(
  suites: Suites,
  { policyKey, policy }: InvitedPolicy,
  { address }: NewAccount,
): Promise<PolicyValues> {
  if (policyKey === null || policy === null) return defaultPolicy;
  return (await verifyPolicy(suites, policy, { policyKey, domain: addressDomain(address) })).values;
}

/** The form of what the wizard generates: nobody can tell chance by looking, so this stops mistakes, not intent. */
function isGenerated(passphrase: string): boolean {
  return passphrase.split(/[\s-]+/u).filter((word) => /^\p{Ll}{3,}$/u.test(word)).length >= GENERATED_WORDS;
}

const GENERATED_WORDS = 6;
