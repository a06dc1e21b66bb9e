import { type Secret, type Suite, sha256 } from '@sotto/crypto';
import {
  type Chain,
  type DeviceDescription,
  type DeviceKind,
  type DeviceName,
  type DeviceSecrets,
  parseDeviceName,
} from '@sotto/protocol';

/** Fresh keys of a device that is no installation, for the caller to seal and to wipe. */
export async function makeDeviceSecrets(
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

/** A new roaming device of an account; it is admitted by a statement, its keys go into the bundle. */
export function makeRoamingDevice(suite: Suite, chain: Chain): ReturnType<typeof makeDeviceSecrets> {
  return makeDeviceSecrets(suite, { kind: 'roaming', name: freeDeviceName(chain, ROAMING) });
}

export function wipeDeviceSecrets(secrets: DeviceSecrets): void {
  for (const each of [secrets.signing, secrets.kem, secrets.certificateKey]) each.fill(0);
}

/** The name, or with the first number behind it that was never used: names are not given out twice in a chain. */
export function freeDeviceName({ devices }: Chain, wanted: DeviceName): DeviceName {
  const used = new Set([...devices.values()].map(({ name }) => name));
  for (let number = 2, name = wanted; ; number++) {
    if (!used.has(name)) return name;
    const suffix = `-${number}`;
    name = parseDeviceName(`${wanted.slice(0, MAX_NAME - suffix.length).replace(/-+$/, '')}${suffix}`);
  }
}

const ROAMING: DeviceName = parseDeviceName('roaming');
const MAX_NAME = 32;
