import { Fault } from '@sotto/bytes';
import { Secret, type Suite } from '@sotto/crypto';
import type { NewKeystore } from './keystore.ts';
import type { Platform } from './ports.ts';

/** Fresh keys of a vault. */
export async function keystoreInput({ primitives }: Pick<Platform, 'primitives'>, suite: Suite): Promise<NewKeystore> {
  const fresh = (): Secret => new Secret(primitives.randomBytes(32));
  return {
    suite,
    vaultId: primitives.randomBytes(16),
    local: null,
    vaultSecret: fresh(),
    keys: {
      kem: await suite.kem.generate(),
      signing: await suite.signature.generate(),
      masterKey: fresh(),
      partKeys: { keys: fresh(), contacts: fresh(), history: fresh() },
    },
  };
}

/** The code of the fault with which the work ends; null if it ends well. */
export async function refusalOf(work: Promise<unknown> | (() => Promise<unknown>)): Promise<string | null> {
  try {
    await (typeof work === 'function' ? work() : work);
    return null;
  } catch (cause) {
    if (cause instanceof Fault) return cause.code;
    throw cause;
  }
}
