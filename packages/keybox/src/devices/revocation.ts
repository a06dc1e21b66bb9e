import { activeDevice, ProtocolPolicyFault } from '@sotto/protocol';
import { Chains } from '../chains.ts';
import { KeyboxPeerFault } from '../fault.ts';
import { Heads } from '../heads.ts';
import type { Session } from '../session.ts';
import { refreshOwnChain } from './own-chain.ts';

/**
 * Called when the server says that this device was revoked. It is believed only if the account's own chain says so: then
 * the vault is deleted and `device-revoked` thrown, else `revocation-unproven`.
 */
export async function confirmRevocation(session: Session): Promise<never> {
  const chains = new Chains(session, new Heads(session));
  const chain = await refreshOwnChain({ session, chains });
  if (activeDevice(chain, session.identity.deviceId) === null) return eraseRevoked(session);
  const message = 'the server says that this device was revoked, and the account does not; nothing was deleted';
  throw new KeyboxPeerFault('revocation-unproven', message);
}

/** Deletes the vault of a device that its account revoked, and throws `device-revoked`. */
export async function eraseRevoked({ care }: Session): Promise<never> {
  await care.erase();
  throw deviceRevoked();
}

export function deviceRevoked(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('device-revoked', 'this device was revoked by its account; its vault was deleted');
}
