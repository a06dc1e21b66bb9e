import { equal } from '@sotto/bytes';
import {
  type Chain,
  type ContactStatement,
  contactStatement,
  type Envelope,
  ProtocolPeerFault,
  verifyContactStatement,
} from '@sotto/protocol';
import { notAuthorised } from '../accounts/accounts.ts';
import { chainOf } from '../accounts/chains.ts';
import type { DeviceSession } from '../api/session.ts';
import type { HandlerContext } from '../handler.ts';

/**
 * Verifies a contact statement of the calling device. Throws the faults of `verifyContactStatement`, `contact-invalid`
 * for another type or oneself, `not-authorised` if another device signed.
 */
export async function verifyOwn<Type extends ContactStatement['type']>(
  { store, suites }: Pick<HandlerContext, 'store' | 'suites'>,
  session: DeviceSession,
  { envelope, type }: { readonly envelope: Envelope; readonly type: Type },
): Promise<ContactStatement & { readonly type: Type }> {
  const { to } = contactStatement.parse(envelope.signed);
  const author = (await chainOf(store, session.fingerprint)) as Chain;
  const statement = await verifyContactStatement(suites, envelope, { author, to });
  if (!equal(statement.device, session.deviceId)) throw notAuthorised('signed by another device than this one');
  if (statement.type !== type) throw new ProtocolPeerFault('contact-invalid', `not a statement of type ${type}`);
  if (to === author.address) throw new ProtocolPeerFault('contact-invalid', 'nobody is their own contact');
  return statement as ContactStatement & { readonly type: Type };
}
