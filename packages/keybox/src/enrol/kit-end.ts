import { equal } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  activeDevices,
  type Chain,
  type ChainDevice,
  type DeviceSecrets,
  type Envelope,
  openRecoveryBundle,
  recoveryKeys,
} from '@sotto/protocol';
import { type Signer, signNextStatement } from '../chain-statement.ts';
import { KeyboxPolicyFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { makeUserKeyChange, newestUserKey, openNewSeeds, type UserKey } from '../user-keys.ts';
import { deviceOfSecrets } from './endorsement.ts';

/** What replaces a recovery kit besides this device: the key of the old one, or the roaming device. */
export interface KitProof {
  /** 16 bytes. */
  readonly oldKey?: Uint8Array | undefined;
  readonly roaming?: DeviceSecrets | undefined;
}

/** The end of a kit: what was signed, the chain with it, and the user key that it brings. */
export interface KitEnd {
  readonly statements: readonly Envelope[];
  readonly chain: Chain;
  readonly newest: { readonly seed: Secret };
}

/** Signs the revocation of the kit in force; null if there is none. Throws `second-signer-needed`, `recovery-unknown`. */
export async function endKit(session: Session, chain: Chain, proof: KitProof): Promise<KitEnd | null> {
  const { identity } = session;
  const kit = activeDevices(chain).find(({ kind }) => kind === 'recovery');
  if (kit === undefined) return null;
  const signers = await signersOf(session, chain, { kit, proof });
  const stay = activeDevices(chain).filter(({ id }) => !equal(id, kit.id));
  const previous = newestUserKey(identity).seed;
  const change = await makeUserKeyChange(session, { chain, previous, stay });
  const content = { type: 'device.revoke', body: { device: kit.id, change } } as const;
  const { envelope, chain: ended } = await signNextStatement(session, chain, { content, signers });
  const holder = { id: identity.deviceId, kem: identity.kem.secretKey };
  const [newest] = await openNewSeeds(session, { chain: ended, statements: [envelope] }, holder);
  return { statements: [envelope], chain: ended, newest: { seed: (newest as UserKey).seed } };
}

async function signersOf(
  session: Session,
  chain: Chain,
  { kit, proof }: { readonly kit: ChainDevice; readonly proof: KitProof },
): Promise<readonly Signer[]> {
  const { identity } = session;
  const own = { id: identity.deviceId, signing: identity.signing.secretKey };
  if (proof.oldKey !== undefined) return [{ id: kit.id, signing: await oldKitSigning(session, proof.oldKey) }];
  if (proof.roaming === undefined) {
    throw new KeyboxPolicyFault(
      'second-signer-needed',
      'a recovery kit is in force: replacing it takes a second proof',
    );
  }
  const roaming = await deviceOfSecrets(identity.suite, chain, { secrets: proof.roaming, kind: 'roaming' });
  return [own, { id: roaming.id, signing: new Secret(proof.roaming.signing) }];
}

async function oldKitSigning({ link, primitives }: Session, oldKey: Uint8Array): Promise<Secret> {
  using key = new Secret(oldKey);
  using keys = recoveryKeys(key);
  const { bundle: sealed } = await link.call('recovery.open', { lookup: keys.lookup });
  const { secrets } = await openRecoveryBundle(primitives, keys, sealed);
  return new Secret(secrets.signing);
}
