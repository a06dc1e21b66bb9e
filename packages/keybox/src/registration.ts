import { Fault } from '@sotto/bytes';
import { argon2Floor, opaque, passphraseBytes, Secret, type Suite, sha256 } from '@sotto/crypto';
import {
  type Address,
  addressDomain,
  localPart,
  ProtocolWireFault,
  parseAddress,
  parseInvitation,
  sealBundle,
} from '@sotto/protocol';
import { type Cluster, discoverDomain, openChannel } from './cluster.ts';
import { KeyboxPeerFault } from './fault.ts';
import type { InvitedPolicy } from './policy/sign-up.ts';
import type { Platform, VaultStorage } from './ports.ts';
import type { RequestChannel } from './request-channel.ts';
import { sealVaultBlob } from './sign-in.ts';
import { keepSignUp, type SignUp } from './sign-up-file.ts';

/**
 * The address that a name means for an invitation: a bare local part gets the domain of the invitation's server. Throws
 * `invitation-malformed`, `address-malformed`, and the faults of the connection.
 */
export async function resolveAddress(
  platform: Platform,
  { name, invitation }: { readonly name: string; readonly invitation: string },
): Promise<Address> {
  const link = parseInvitation(invitation);
  // A wrong name is told before anybody is asked.
  const given = parseAddress(name.includes('@') ? name : `${name}@localhost`);
  const domain = await discoverDomain(platform, link);
  if (!name.includes('@')) return parseAddress(`${localPart(given)}@${domain}`);
  if (addressDomain(given) === domain) return given;
  throw new ProtocolWireFault('address-malformed', `this invitation is for addresses of ${domain}`);
}

/** The home server of an invitation. */
export function invitedCluster(
  invitation: string,
  { domain, suite }: { readonly domain: string; readonly suite: Suite },
): Cluster {
  const { origin, caFingerprint } = parseInvitation(invitation);
  return { origin, caFingerprint, domain, kem: clusterKem(suite) };
}

/** `p-384` belongs to accounts of the classic suite alone. */
export function clusterKem(suite: Suite): Cluster['kem'] {
  return suite.name === 'classic' ? 'p-384' : 'x-wing';
}

/** What the server says of an invitation. Throws `invitation-unknown`, `invitation-used`, `invitation-expired`. */
export async function lookInvitation(platform: Platform, cluster: Cluster, invitation: string): Promise<InvitedPolicy> {
  return anonymously(platform, cluster, async (channel) => {
    const { domain, policyKey, policy } = await channel.call('invitations.look', {
      code: parseInvitation(invitation).code,
    });
    if (domain === cluster.domain) return { policyKey, policy };
    throw new KeyboxPeerFault('certificate-mismatch', 'the invitation is for another domain than the pinned authority');
  });
}

/**
 * Registers the passphrase and uploads the first bundle and the wrapped vault secret. Throws the server's refusal; then
 * nothing is reserved. Any other failure leaves the stage `registering`: nobody here knows.
 */
export async function register(
  platform: Platform,
  { cluster, storage }: { readonly cluster: Cluster; readonly storage: VaultStorage },
  { signUp, otherwise, passphrase }: Registration,
): Promise<SignUp> {
  return anonymously(platform, cluster, async (channel) => {
    const order = await registrationOrder(platform, channel, { cluster, signUp, passphrase });
    const asked = await keepSignUp(storage, { ...signUp, stage: 'registering' });
    try {
      await channel.call('accounts.register-finish', order);
    } catch (cause) {
      if (cause instanceof Fault && cause.blame === 'policy') await keepSignUp(storage, otherwise);
      throw cause;
    }
    return keepSignUp(storage, { ...asked, stage: 'registered' });
  });
}

export interface Registration {
  readonly signUp: SignUp;
  /** What the sign-up file says again if the server refuses. */
  readonly otherwise: SignUp;
  readonly passphrase: string;
}

async function registrationOrder(
  { primitives }: Platform,
  channel: RequestChannel,
  { cluster, signUp, passphrase }: { readonly cluster: Cluster; readonly signUp: SignUp; readonly passphrase: string },
) {
  const { address, suite, vaultId, vaultMode } = signUp;
  const invitation = parseInvitation(signUp.invitation).code;
  using bytes = passphraseBytes(passphrase);
  const { state, request } = opaque.registrationStart(primitives, bytes);
  const { response } = await channel.call('accounts.register-start', { invitation, address, request });
  const binding = opaque.opaqueBinding(address, cluster.domain);
  const stretching = opaque.argon2Stretching(primitives, argon2Floor);
  const { record, exportKey } = await opaque.registrationFinish(primitives, state, { response, binding, stretching });
  using passcode = exportKey;
  const unlockKey = primitives.randomBytes(32);
  const empty = {
    olderUnlockKeys: [],
    roaming: null,
    kitRoaming: null,
    fingerprint: null,
    chain: null,
    accountRoom: null,
  };
  const bundle = { v: 1, version: 0, unlockKey, ...empty, caFingerprint: cluster.caFingerprint } as const;
  using vaultSecret = new Secret(primitives.randomBytes(32));
  const blob = await sealVaultBlob(primitives, vaultSecret, { unlockKey, vaultId });
  return {
    invitation,
    address,
    signUp: signUp.id,
    suite,
    record,
    bundle: await sealBundle(primitives, passcode, { bundle, binding: { address, suite } }),
    vault: vaultMode === 'normal' ? { id: vaultId, blob } : null,
    exemption: sha256(signUp.exemption),
  };
}

async function anonymously<Result>(
  platform: Platform,
  cluster: Cluster,
  work: (channel: RequestChannel) => Promise<Result>,
): Promise<Result> {
  const channel = await openChannel(platform, cluster, { mode: 'anonymous' });
  try {
    return await work(channel);
  } finally {
    channel.close();
  }
}
