import { notAuthorised } from '../accounts/accounts.ts';
import type { HandlerContext, Session } from '../handler.ts';

export type DeviceSession = Session & { readonly kind: 'device' };

/** The session of an enrolled device. Throws `not-authorised` for any other. */
export function deviceSession({ session }: Pick<HandlerContext, 'session'>): DeviceSession {
  if (session.kind === 'device') return session;
  throw notAuthorised('for enrolled devices');
}

/** The account of a session, by passphrase or by device. Throws `not-authorised`. */
export function sessionAccount({ session }: Pick<HandlerContext, 'session'>): number {
  if (session.kind !== 'anonymous') return session.accountId;
  throw notAuthorised('for those who have signed in');
}
