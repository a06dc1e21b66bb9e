import { type KeyPair, type Primitives, Secret, xWing } from '@sotto/crypto';

/** The key agreements of a channel; `p-384` is for accounts of the classic suite. */
export type KemName = 'x-wing' | 'p-384';

/** A KEM with one-time keys. */
export interface ChannelKem {
  readonly ciphertextBytes: number;
  generate(): Promise<KeyPair>;
  /** Throws `bad-share`. */
  encapsulate(publicKey: Uint8Array): Promise<{ readonly ciphertext: Uint8Array; readonly sharedSecret: Secret }>;
  /** Throws `bad-share`. */
  decapsulate(secretKey: Secret, ciphertext: Uint8Array): Promise<Secret>;
}

export function channelKem(primitives: Primitives, name: KemName): ChannelKem {
  return name === 'x-wing' ? hybridKem(primitives) : classicKem(primitives);
}

function hybridKem(primitives: Primitives): ChannelKem {
  const kem = xWing(primitives);
  return {
    ciphertextBytes: 1120,
    async generate() {
      const secretKey = new Secret(primitives.randomBytes(kem.seedBytes));
      return { secretKey, publicKey: await kem.publicKey(secretKey) };
    },
    encapsulate: (publicKey) => kem.encapsulate(publicKey),
    decapsulate: (secretKey, ciphertext) => kem.decapsulate(secretKey, ciphertext),
  };
}

/** Ephemeral ECDH in a KEM's clothes: the ciphertext is the other side's point. */
function classicKem({ ecdhP384 }: Primitives): ChannelKem {
  return {
    ciphertextBytes: 97,
    generate: () => ecdhP384.generate(),
    async encapsulate(publicKey) {
      const ephemeral = await ecdhP384.generate();
      using secretKey = ephemeral.secretKey;
      return { ciphertext: ephemeral.publicKey, sharedSecret: await ecdhP384.agree(secretKey, publicKey) };
    },
    decapsulate: (secretKey, ciphertext) => ecdhP384.agree(secretKey, ciphertext),
  };
}
