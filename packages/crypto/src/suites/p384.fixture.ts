import { equal } from '@sotto/bytes';
import { dhkemP384 } from '../dhkem.fixture.ts';
import { CryptoPeerFault } from '../fault.ts';
import { deriveKey } from '../hash.ts';
import type { KeyPair, Primitives } from '../ports.ts';
import { openFailed } from '../refusal.ts';
import { Secret } from '../secret.ts';
import type { Suite, SuiteKem, SuiteSignature, SuiteUserKeys } from '../suite.ts';
import { taggedMessage } from '../tags.ts';
import { openHpke, sealHpke } from './committing-hpke.ts';

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
  const kem = dhkemP384(primitives);
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
      if (!same || wrapped.length > 0) throw openFailed();
      return pairs;
    },
  };
}
