import { concat, equal } from '@sotto/bytes';
import { ed25519Pkcs8, ed25519Spki } from '../ed25519.ts';
import { CryptoPeerFault } from '../fault.ts';
import { deriveKey } from '../hash.ts';
import type { HpkeKem } from '../hpke.ts';
import type { KeyPair, Primitives } from '../ports.ts';
import { checkKeyLength, openFailed } from '../refusal.ts';
import { Secret } from '../secret.ts';
import type { Suite, SuiteCertificateKey, SuiteKem, SuiteSignature, SuiteUserKeys } from '../suite.ts';
import { type SignatureTag, signatureTags, taggedMessage } from '../tags.ts';
import { X_WING_CIPHERTEXT_BYTES, xWing } from '../x-wing.ts';
import { openHpke, sealHpke } from './committing-hpke.ts';

/**
 * Suite 2: X-Wing in HPKE base mode (KEM 0x647a, HKDF-SHA256, AES-256-GCM); Ed25519, and beside it ML-DSA-65 under
 * tags of full strength. A signing key is a seed of 64 bytes (Ed25519, ML-DSA-65) and a public key of 1984.
 */
export function hybrid(primitives: Primitives): Suite {
  return {
    id: 2,
    name: 'hybrid',
    postQuantum: true,
    signature: hybridSignature(primitives),
    kem: hybridKem(primitives),
    userKeys: hybridUserKeys(primitives),
    certificateKey: ed25519CertificateKey(primitives),
  };
}

function hybridSignature(primitives: Primitives): SuiteSignature {
  const { ed25519, mlDsa65 } = primitives;
  const publicKey = async (secretKey: Secret) => {
    using seeds = splitSeed(secretKey);
    return concat(await ed25519.publicKey(seeds.ed25519), await mlDsa65.publicKey(seeds.mlDsa65));
  };
  return {
    publicKey,
    generate: () => generateFrom(primitives, SIGNING_SEED_BYTES, publicKey),

    async sign(secretKey, tag, message) {
      const seeds = secretKey.once('suites/hybrid', () => splitSeed(secretKey));
      const tagged = taggedMessage(tag, message);
      const classical = await ed25519.sign(seeds.ed25519, tagged);
      return isFull(tag) ? concat(classical, await mlDsa65.sign(seeds.mlDsa65, tagged)) : classical;
    },

    async verify(publicKey, tag, message, signature) {
      checkKeyLength(publicKey, ED25519_PUBLIC_KEY_BYTES + ML_DSA_PUBLIC_KEY_BYTES, 'hybrid public key');
      const tagged = taggedMessage(tag, message);
      const keys = cut(publicKey, ED25519_PUBLIC_KEY_BYTES);
      const signatures = cut(signature, ED25519_SIGNATURE_BYTES);
      const classical = await ed25519.verify(keys[0], tagged, signatures[0]);
      const quantum = isFull(tag) ? await mlDsa65.verify(keys[1], tagged, signatures[1]) : signatures[1].length === 0;
      if (!classical || !quantum) throw new CryptoPeerFault('bad-signature', 'a signature does not verify');
    },
  };
}

function hybridKem(primitives: Primitives): SuiteKem {
  const kem = xWing(primitives);
  const hpke: HpkeKem = { id: X_WING_KEM_ID, ciphertextBytes: X_WING_CIPHERTEXT_BYTES, kem };
  return {
    publicKey: (secretKey) => kem.publicKey(secretKey),
    generate: () => generateFrom(primitives, kem.seedBytes, kem.publicKey),
    seal: (publicKey, binding, plaintext) => sealHpke(primitives, hpke, { publicKey, binding }, plaintext),
    open: (secretKey, binding, sealed) => openHpke(primitives, hpke, { secretKey, binding }, sealed),
  };
}

function hybridUserKeys(primitives: Primitives): SuiteUserKeys {
  const kem = xWing(primitives);
  const derivePair = async (seed: Secret, label: string): Promise<KeyPair> => {
    checkKeyLength(seed, 32, 'user-key seed');
    const secretKey = deriveKey(seed, label);
    return { secretKey, publicKey: await kem.publicKey(secretKey) };
  };
  const derive = async (seed: Secret) => ({
    room: await derivePair(seed, 'sotto/user-key/room/v1'),
    container: await derivePair(seed, 'sotto/user-key/container/v1'),
  });
  return {
    generate: async (seed) => ({ ...(await derive(seed)), wrapped: new Uint8Array() }),

    async open(seed, published) {
      const pairs = await derive(seed);
      const same =
        equal(pairs.room.publicKey, published.room) &&
        equal(pairs.container.publicKey, published.container) &&
        published.wrapped.length === 0;
      if (same) return pairs;
      pairs.room.secretKey.dispose();
      pairs.container.secretKey.dispose();
      throw openFailed();
    },
  };
}

function ed25519CertificateKey(primitives: Primitives): SuiteCertificateKey {
  return {
    algorithm: 'ed25519',
    async generate() {
      using seed = randomSecret(primitives, 32);
      const pkcs8 = seed.use(ed25519Pkcs8);
      const secretKey = new Secret(pkcs8);
      pkcs8.fill(0);
      return { secretKey, publicKey: ed25519Spki(await primitives.ed25519.publicKey(seed)) };
    },
  };
}

async function generateFrom(
  primitives: Primitives,
  seedBytes: number,
  publicKey: (seed: Secret) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<KeyPair> {
  const secretKey = randomSecret(primitives, seedBytes);
  return { secretKey, publicKey: await publicKey(secretKey) };
}

function randomSecret(primitives: Primitives, length: number): Secret {
  const bytes = primitives.randomBytes(length);
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

function splitSeed(secretKey: Secret): Disposable & { readonly ed25519: Secret; readonly mlDsa65: Secret } {
  checkKeyLength(secretKey, SIGNING_SEED_BYTES, 'hybrid signing seed');
  const ed25519 = secretKey.use((bytes) => new Secret(bytes.subarray(0, 32)));
  const mlDsa65 = secretKey.use((bytes) => new Secret(bytes.subarray(32)));
  return {
    ed25519,
    mlDsa65,
    [Symbol.dispose]() {
      ed25519.dispose();
      mlDsa65.dispose();
    },
  };
}

function cut(bytes: Uint8Array, at: number): [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function isFull(tag: SignatureTag): boolean {
  return signatureTags[tag] === 'full';
}

const X_WING_KEM_ID = 0x647a;
const SIGNING_SEED_BYTES = 64;
const ED25519_PUBLIC_KEY_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;
const ML_DSA_PUBLIC_KEY_BYTES = 1952;
