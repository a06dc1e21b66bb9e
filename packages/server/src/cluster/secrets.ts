import { opaque, type Primitives, Secret } from '@sotto/crypto';
import { ServerUsageFault } from '../fault.ts';
import type { KeyFiles } from './key-files.ts';

/** Everything that a cluster must not lose. */
export interface ClusterSecrets {
  /** PKCS#8. */
  readonly caKey: Secret;
  readonly channelKey: Secret;
  readonly headKey: Secret;
  /** PKCS#8. */
  readonly tlsKey: Secret;
  readonly opaqueSetup: Secret;
}

/**
 * Reads the secrets, or makes those that are missing as long as the first start has not come to its end. Throws
 * `data-unusable` if one of a finished cluster is missing: making another would lock everybody out.
 */
export async function loadSecrets(files: KeyFiles, primitives: Primitives): Promise<ClusterSecrets> {
  const isFinished = files.read('ca.pem') !== null;
  const load = async (name: string, make: () => Promise<Secret>) => {
    const stored = files.read(name);
    if (stored !== null) return new Secret(stored);
    if (isFinished) throw new ServerUsageFault('data-unusable', `the key file ${name} is missing`);
    const made = await make();
    files.write(name, made.unsafeExpose('written to its key file'));
    return made;
  };
  const seed = async () => new Secret(primitives.randomBytes(32));
  const p384 = async () => (await primitives.ecdsaP384.generate(null)).secretKey;
  return {
    channelKey: await load('channel.seed', seed),
    headKey: await load('head.seed', seed),
    tlsKey: await load('tls.pkcs8', p384),
    opaqueSetup: await load('opaque.setup', async () => opaque.encodeSetup(opaque.createSetup(primitives))),
    caKey: await load('ca.pkcs8', p384),
  };
}
