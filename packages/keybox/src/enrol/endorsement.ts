import { equal } from '@sotto/bytes';
import { Secret, type Suite, sha256 } from '@sotto/crypto';
import {
  activeDevices,
  type Chain,
  type ChainDevice,
  chainExtent,
  currentUserKey,
  type DeviceDescription,
  type DeviceKind,
  type DeviceName,
  type DeviceSecrets,
  type Envelope,
  extendChain,
  ProtocolPeerFault,
  parseDeviceName,
  type Statement,
  sealSeed,
  signStatement,
} from '@sotto/protocol';
import type { Platform } from '../ports.ts';

/** A device of the account that can speak for it now: its id, its signing key, and the newest user-key seed. */
export interface Endorser {
  readonly id: Uint8Array;
  readonly signing: Secret;
  readonly seed: Secret;
}

/** A statement and the chain that it leads to. */
export interface Endorsement {
  readonly envelope: Envelope;
  readonly chain: Chain;
}

/** Signs the `device.add` that admits a device at the end of the chain, under a name that was never used in it. */
export async function endorse(
  { suites, clock }: Pick<Platform, 'suites' | 'clock'>,
  chain: Chain,
  {
    endorser,
    device,
    expiresAt = null,
  }: { readonly endorser: Endorser; readonly device: DeviceDescription; readonly expiresAt?: number | null },
): Promise<Endorsement> {
  const suite = suites.byId(chain.suite);
  const named = { ...device, name: freeName(chain, device.name) };
  const { generation } = currentUserKey(chain);
  const binding = { account: chain.fingerprint, device: named, generation };
  const sealedSeed = await sealSeed(suite, endorser.seed, binding);
  const { length, hash } = chainExtent(chain);
  const statement: Statement = {
    v: 1,
    suite: chain.suite,
    account: chain.fingerprint,
    seq: length,
    prev: hash,
    at: clock.now(),
    signers: [endorser.id],
    type: 'device.add',
    body: { device: named, generation, sealedSeed, expiresAt },
  };
  const envelope = await signStatement(suite, statement, [endorser.signing]);
  return { envelope, chain: await extendChain(suites, chain, envelope) };
}

/** The active device of the chain to which these secrets belong. Throws `bundle-invalid` if there is none. */
export async function deviceOfSecrets(
  suite: Suite,
  chain: Chain,
  { secrets, kind }: { readonly secrets: DeviceSecrets; readonly kind: DeviceKind },
): Promise<ChainDevice> {
  using signing = new Secret(secrets.signing);
  const publicKey = await suite.signature.publicKey(signing);
  const found = activeDevices(chain).find((device) => device.kind === kind && equal(device.signing, publicKey));
  if (found !== undefined) return found;
  throw new ProtocolPeerFault('bundle-invalid', `the sigchain does not list the ${kind} device that was sealed`);
}

/** Fresh keys of a device that is no installation. */
export async function makeSecrets(
  suite: Suite,
  { kind, name }: { readonly kind: DeviceKind; readonly name: DeviceName },
): Promise<{ readonly device: DeviceDescription; readonly secrets: DeviceSecrets }> {
  const pairs = {
    signing: await suite.signature.generate(),
    kem: await suite.kem.generate(),
    certificateKey: await suite.certificateKey.generate(),
  };
  const { signing, kem, certificateKey } = pairs;
  const expose = (secret: Secret): Uint8Array => secret.unsafeExpose('sealed for the owner of the account');
  const secrets = {
    signing: expose(signing.secretKey),
    kem: expose(kem.secretKey),
    certificateKey: expose(certificateKey.secretKey),
  };
  for (const { secretKey } of Object.values(pairs)) secretKey.dispose();
  const spki = sha256(certificateKey.publicKey);
  return { device: { kind, name, signing: signing.publicKey, kem: kem.publicKey, spki }, secrets };
}

/** The name, or with the first number behind it that was never used: names are not given out twice. */
function freeName({ devices }: Chain, wanted: DeviceName): DeviceName {
  const used = new Set([...devices.values()].map(({ name }) => name));
  for (let number = 2, name = wanted; ; number++) {
    if (!used.has(name)) return name;
    const suffix = `-${number}`;
    name = parseDeviceName(`${wanted.slice(0, MAX_NAME - suffix.length).replace(/-+$/, '')}${suffix}`);
  }
}

const MAX_NAME = 32;
