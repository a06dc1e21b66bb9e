import { type Secret, type Suite, sha256 } from '@sotto/crypto';
import type { Chain, DeviceDescription, DeviceName, DeviceSecrets } from '@sotto/protocol';

/** Makes the keys of a roaming device for an account; the device is admitted by a statement, its keys go into the bundle. */
export async function makeRoamingDevice(
  suite: Suite,
  chain: Chain,
): Promise<{ readonly device: DeviceDescription; readonly keys: DeviceSecrets }> {
  const signing = await suite.signature.generate();
  const kem = await suite.kem.generate();
  const certificateKey = await suite.certificateKey.generate();
  const expose = (secret: Secret): Uint8Array => secret.unsafeExpose('sealed into the account bundle');
  const device: DeviceDescription = {
    kind: 'roaming',
    name: freeName(chain),
    signing: signing.publicKey,
    kem: kem.publicKey,
    spki: sha256(certificateKey.publicKey),
  };
  const keys: DeviceSecrets = {
    signing: expose(signing.secretKey),
    kem: expose(kem.secretKey),
    certificateKey: expose(certificateKey.secretKey),
  };
  for (const { secretKey } of [signing, kem, certificateKey]) secretKey.dispose();
  return { device, keys };
}

/** Names are never used twice in a chain. */
function freeName({ devices }: Chain): DeviceName {
  const used = new Set([...devices.values()].map(({ name }) => name as string));
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'roaming' : `roaming-${number}`;
    if (!used.has(name)) return name as DeviceName;
  }
}
