import type { Suites } from '@sotto/crypto';
import { ProtocolPolicyFault, type ServerChannel } from '@sotto/protocol';
import { accountOf } from '../accounts/accounts.ts';
import { credentialsOf, deviceOf } from '../accounts/credentials.ts';
import type { Session } from '../handler.ts';
import type { Store } from '../store/store.ts';

interface Books {
  readonly store: Store;
  readonly suites: Suites;
  now(): number;
}

/**
 * Who speaks, in the store's own terms. Throws `device-unknown` or `not-authorised` for one that vanished since its
 * handshake, `suite-too-weak` for an account of another suite on a classic channel.
 */
export async function identify(
  { store, suites, now }: Books,
  { peer, kem }: Pick<ServerChannel, 'peer' | 'kem'>,
): Promise<Session> {
  if (peer.mode === 'anonymous') return { kind: 'anonymous' };
  if (peer.mode === 'device') {
    const found = await deviceOf(store, peer.account, peer.device);
    if (found === null) throw new ProtocolPolicyFault('device-unknown', 'the device is gone');
    const kind = found.revoked ? 'revoked' : 'device';
    return { kind, accountId: found.accountId, fingerprint: peer.account, deviceId: peer.device };
  }
  const found = await credentialsOf(store, peer.address, now());
  if (found === null) throw new ProtocolPolicyFault('not-authorised', 'the account is gone');
  const { suite } = await store.read((database) => accountOf(database, found.accountId));
  if (kem === 'p-384' && suites.byId(suite).name !== 'classic') {
    throw new ProtocolPolicyFault('suite-too-weak', 'this account speaks on hybrid channels alone');
  }
  return { kind: 'account', accountId: found.accountId };
}
