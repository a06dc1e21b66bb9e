import { concat, equal } from '@sotto/bytes';
import {
  CryptoPeerFault,
  deriveKey,
  type HpkeKem,
  hkdfSha256,
  type KeyPair,
  openHpke,
  type Primitives,
  Secret,
  type Suite,
  type SuiteKem,
  type SuiteSignature,
  type SuiteUserKeys,
  sealHpke,
  taggedMessage,
} from '@sotto/crypto';

/** A suite such as a third party would bring: ECDH P-384 in HPKE, ECDSA P-384. Shows what a suite module needs. */
export function createSuite(primitives: Primitives): Suite {
  return {
    id: 0x8001,
    name: 'p384',
    postQuantum: false,
    signature: p384Signature(primitives),
    kem: p384Kem(primitives),
    userKeys: p384UserKeys(primitives),
    certificateKey: { algorithm: 'ecdsa-p384', generate: () => primitives.ecdsaP384.generate(null) },
  };
}

function p384Signature({ ecdsaP384 }: Primitives): SuiteSignature {
  return {
    generate: () => ecdsaP384.generate(null),
    publicKey: (secretKey) => ecdsaP384.publicKey(secretKey),
    sign: async (secretKey, tag, message) => ecdsaP384.sign(secretKey, taggedMessage(tag, message)),
    async verify(publicKey, tag, message, signature) {
      const verified = await ecdsaP384.verify(publicKey, taggedMessage(tag, message), signature);
      if (!verified) throw new CryptoPeerFault('bad-signature', 'a signature does not verify');
    },
  };
}

function p384Kem(primitives: Primitives): SuiteKem {
  const kem = p384HpkeKem(primitives);
  return {
    generate: () => primitives.ecdhP384.generate(),
    publicKey: (secretKey) => primitives.ecdhP384.publicKey(secretKey),
    seal: (publicKey, binding, plaintext) => sealHpke(primitives, kem, { publicKey, binding }, plaintext),
    open: (secretKey, binding, sealed) => openHpke(primitives, kem, { secretKey, binding }, sealed),
  };
}

function p384UserKeys({ ecdhP384 }: Primitives): SuiteUserKeys {
  const derivePair = async (seed: Secret, label: string): Promise<KeyPair> => {
    // With its top bit cleared every scalar lies below the group's order.
    const scalar = deriveKey(seed, label, null, 48).unsafeExpose('fixture');
    scalar[0] = (scalar[0] as number) & 0x7f;
    const secretKey = new Secret(scalar);
    return { secretKey, publicKey: await ecdhP384.publicKey(secretKey) };
  };
  const derive = async (seed: Secret) => ({
    room: await derivePair(seed, 'p384/room/v1'),
    container: await derivePair(seed, 'p384/container/v1'),
  });
  return {
    generate: async (seed) => ({ ...(await derive(seed)), wrapped: new Uint8Array() }),
    async open(seed, { room, container, wrapped }) {
      const pairs = await derive(seed);
      const same = equal(pairs.room.publicKey, room) && equal(pairs.container.publicKey, container);
      if (!same || wrapped.length > 0) throw new CryptoPeerFault('open-failed', 'other keys than were published');
      return pairs;
    },
  };
}

/** Ephemeral-static ECDH on P-384 as a KEM of HPKE, under a private number. */
function p384HpkeKem({ ecdhP384 }: Primitives): HpkeKem {
  const extract = (shared: Secret, context: Uint8Array): Secret =>
    new Secret(shared.use((bytes) => hkdfSha256(bytes, { salt: new Uint8Array(), info: context, length: 32 })));
  return {
    id: 0xff01,
    ciphertextBytes: 97,
    kem: {
      async encapsulate(publicKey) {
        const ephemeral = await ecdhP384.generate();
        using shared = await ecdhP384.agree(ephemeral.secretKey, publicKey);
        const ciphertext = ephemeral.publicKey;
        return { ciphertext, sharedSecret: extract(shared, concat(ciphertext, publicKey)) };
      },
      async decapsulate(secretKey, ciphertext) {
        using shared = await ecdhP384.agree(secretKey, ciphertext);
        return extract(shared, concat(ciphertext, await ecdhP384.publicKey(secretKey)));
      },
    },
  };
}
