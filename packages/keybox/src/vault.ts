import { concat, hex, utf8 } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { KeyboxPeerFault } from './fault.ts';
import { advanceKeystore, disposeKeys, keystore, openKeystore, parseKeystore, type VaultKeys } from './keystore.ts';
import { readCounter, writeCounter, writeMeta } from './meta.ts';
import { type OpenPart, type PartName, type Platform, partNames, type VaultStorage } from './ports.ts';
import { schema } from './schema.ts';

/** An open vault. */
export interface Vault {
  readonly keys: VaultKeys;
  readonly parts: Readonly<Record<PartName, OpenPart>>;
  /** What opens the keystore as it is now. */
  readonly secret: Secret;
  /** The keystore is under another vault secret now: takes a copy of it. */
  renewed(secret: Secret): void;
  /** Closes the parts and wipes the keys. */
  close(): Promise<void>;
}

const GENERATION = 'generation';
export const CANARY = 'canary';

/**
 * Makes new parts in the place of whatever is there. They are no vault before the keystore that names their keys is
 * written, which is the caller's to do last.
 */
export async function createParts(
  { primitives }: Platform,
  storage: VaultStorage,
  partKeys: VaultKeys['partKeys'],
): Promise<Vault['parts']> {
  return eachPart(async (name) => {
    const part = await storage.createPart(name, partKeys[name]);
    const canary = writeMeta(CANARY, concat(utf8('canary '), utf8(hex(primitives.randomBytes(24)))));
    await part.apply([...schema[name], writeCounter(GENERATION, 0), canary]);
    return part;
  });
}

/**
 * Opens the vault and takes it into its next generation: first the parts, last the keystore, so that a part lags
 * behind only if it was put back. Throws `vault-damaged` and `vault-rolled-back`.
 */
export async function openVault(platform: Platform, storage: VaultStorage, vaultSecret: Secret): Promise<Vault> {
  const content = await storage.read('keystore');
  if (content === null) {
    throw new KeyboxPeerFault('vault-damaged', 'the keystore of this vault is missing: restore it from a backup');
  }
  const file = parseKeystore(content);
  const keys = await openKeystore(platform, file, vaultSecret);
  const parts = await eachPart((name) => storage.openPart(name, keys.partKeys[name]));
  const vault = openedVault({ keys, secret: vaultSecret }, parts);
  try {
    for (const name of partNames) await checkGeneration(name, parts[name], file.generation);
    const next = advanceKeystore(file, keys.masterKey);
    for (const name of partNames) await parts[name].apply([writeCounter(GENERATION, next.generation)]);
    await storage.replace('keystore', keystore.encode(next));
    return vault;
  } catch (cause) {
    await vault.close();
    throw cause;
  }
}

/** Takes a copy of the secret. */
export function openedVault({ keys, secret }: Pick<Vault, 'keys' | 'secret'>, parts: Vault['parts']): Vault {
  let own = copyOf(secret);
  return {
    keys,
    parts,
    get secret() {
      return own;
    },
    renewed(next) {
      own.dispose();
      own = copyOf(next);
    },
    async close() {
      for (const name of partNames) await parts[name].close();
      disposeKeys(keys);
      own.dispose();
    },
  };
}

function copyOf(secret: Secret): Secret {
  return secret.use((bytes) => new Secret(bytes));
}

export function randomPartKeys({ primitives }: Platform): VaultKeys['partKeys'] {
  const fresh = (): Secret => new Secret(primitives.randomBytes(32));
  return { keys: fresh(), contacts: fresh(), history: fresh() };
}

/** A crash between the parts and the keystore leaves a part one generation ahead; everything else was put back. */
async function checkGeneration(name: PartName, part: OpenPart, generation: number): Promise<void> {
  const own = await readCounter(part, GENERATION);
  if (own === generation || own === generation + 1) return;
  const what = own < generation ? `the part ${name} is an older copy` : 'the keystore is an older copy';
  throw new KeyboxPeerFault('vault-rolled-back', `${what}: put the newest copy of the whole vault back`);
}

async function eachPart(make: (name: PartName) => Promise<OpenPart>): Promise<Vault['parts']> {
  const made: Partial<Record<PartName, OpenPart>> = {};
  try {
    for (const name of partNames) made[name] = await make(name);
    return made as Vault['parts'];
  } catch (cause) {
    for (const part of Object.values(made)) await part.close();
    throw cause;
  }
}
