import type { Address } from '@sotto/protocol';
import { readEnrolment } from './enrol/enrolment-file.ts';
import type { VaultStorage } from './ports.ts';
import { readSignUp } from './sign-up-file.ts';

/** What was begun here and broke off: the same once more goes on with it. */
export interface UnfinishedAccount {
  readonly address: Address;
  /** The invitation of a sign-up; null for a device that was to join an account. */
  readonly invitation: string | null;
}

/** Null where nothing was begun, or it came to its end. Throws `vault-damaged`. */
export async function unfinishedAccount(storage: VaultStorage): Promise<UnfinishedAccount | null> {
  if ((await storage.read('account')) !== null) return null;
  const signUp = await readSignUp(storage);
  if (signUp !== null) return { address: signUp.address, invitation: signUp.invitation };
  const enrolment = await readEnrolment(storage);
  return enrolment === null ? null : { address: enrolment.facts.address, invitation: null };
}
