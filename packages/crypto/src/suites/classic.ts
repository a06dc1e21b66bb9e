import { type CborValue, concat, decodeCbor, encodeCbor, equal, Fault } from '@sotto/bytes';
import { COMMITTING_OVERHEAD_BYTES, type CommittingBinding, openCommitting, sealCommitting } from '../committing.ts';
import { CryptoPeerFault, CryptoWireFault } from '../fault.ts';
import { deriveKey, sha256 } from '../hash.ts';
import type { KeyPair, Primitives, RsaSize } from '../ports.ts';
import { checkKeyLength, openFailed } from '../refusal.ts';
import { Secret } from '../secret.ts';
import type {
  PublishedUserKeys,
  SealBinding,
  Suite,
  SuiteKem,
  SuiteSignature,
  SuiteUserKeys,
  UserKeyPairs,
} from '../suite.ts';
import { taggedMessage } from '../tags.ts';

/**
 * Suite 1: RSA-3072 (4096 is accepted), OAEP and PSS with SHA-256, AES-256-GCM. Public keys are SPKI, secret keys
 * PKCS#8, both DER.
 */
export function classic(primitives: Primitives): Suite {
  return {
    id: 1,
    name: 'classic',
    postQuantum: false,
    signature: classicSignature(primitives),
    kem: classicKem(primitives),
    userKeys: classicUserKeys(primitives),
    certificateKey: { algorithm: 'rsa-3072', generate: () => primitives.rsaPss.generate(RSA_BITS) },
  };
}

function classicSignature({ rsaPss }: Primitives): SuiteSignature {
  return {
    generate: () => rsaPss.generate(RSA_BITS),
    publicKey: (secretKey) => rsaPss.publicKey(secretKey),
    sign: async (secretKey, tag, message) => rsaPss.sign(secretKey, taggedMessage(tag, message)),

    async verify(publicKey, tag, message, signature) {
      const verified = await rsaPss.verify(publicKey, taggedMessage(tag, message), signature);
      if (!verified) throw new CryptoPeerFault('bad-signature', 'a signature does not verify');
    },
  };
}

function classicKem(primitives: Primitives): SuiteKem {
  const { rsaOaep } = primitives;
  return {
    generate: () => rsaOaep.generate(RSA_BITS),
    publicKey: (secretKey) => rsaOaep.publicKey(secretKey),

    async seal(publicKey, binding, plaintext) {
      const keyBytes = primitives.randomBytes(TRANSPORTED_KEY_BYTES);
      const encryptedKey = await rsaOaep.encrypt(publicKey, keyBytes);
      using transported = intoSecret(keyBytes);
      return concat(
        encryptedKey,
        await sealCommitting(primitives, transported, contentBinding(binding, encryptedKey), plaintext),
      );
    },

    async open(secretKey, binding, sealed) {
      const { encryptedKey, content } = splitSealed(sealed, await rsaOaep.publicKey(secretKey));
      const keyBytes = await rsaOaep.decrypt(secretKey, encryptedKey);
      using transported = intoSecret(keyBytes);
      if (transported.length !== TRANSPORTED_KEY_BYTES) throw openFailed();
      return intoSecret(await openCommitting(primitives, transported, contentBinding(binding, encryptedKey), content));
    },
  };
}

function classicUserKeys(primitives: Primitives): SuiteUserKeys {
  const { rsaOaep } = primitives;
  return {
    async generate(seed) {
      const room = await rsaOaep.generate(RSA_BITS);
      const container = await rsaOaep.generate(RSA_BITS);
      const secretKeys = [room, container].map(({ secretKey }) => secretKey.unsafeExpose('wrapping under the seed'));
      const bundle = encodeCbor(secretKeys);
      for (const secretKey of secretKeys) secretKey.fill(0);
      using wrapKey = deriveWrapKey(seed);
      const binding = wrapBinding({ room: room.publicKey, container: container.publicKey });
      const wrapped = await sealCommitting(primitives, wrapKey, binding, bundle);
      bundle.fill(0);
      return { room, container, wrapped };
    },

    async open(seed, published) {
      using wrapKey = deriveWrapKey(seed);
      const bundle = await openCommitting(primitives, wrapKey, wrapBinding(published), published.wrapped);
      const pairs = parseBundle(bundle, published);
      bundle.fill(0);
      const room = await rsaOaep.publicKey(pairs.room.secretKey);
      const container = await rsaOaep.publicKey(pairs.container.secretKey);
      if (!equal(room, published.room) || !equal(container, published.container)) throw openFailed();
      return pairs;
    },
  };
}

function contentBinding({ purpose, context }: SealBinding, encryptedKey: Uint8Array): CommittingBinding {
  return { label: purpose, context: [context, sha256(encryptedKey)] };
}

function splitSealed(
  sealed: Uint8Array,
  spki: Uint8Array,
): { readonly encryptedKey: Uint8Array; readonly content: Uint8Array } {
  // An SPKI of 3072 bits has 422 bytes, of 4096 bits 550; other sizes were refused with the key.
  const modulusBytes = spki.length < 500 ? 384 : 512;
  if (sealed.length < modulusBytes + COMMITTING_OVERHEAD_BYTES) {
    throw new CryptoWireFault('sealed-malformed', 'sealed bytes are too short');
  }
  return { encryptedKey: sealed.subarray(0, modulusBytes), content: sealed.subarray(modulusBytes) };
}

function deriveWrapKey(seed: Secret): Secret {
  checkKeyLength(seed, 32, 'user-key seed');
  return deriveKey(seed, 'sotto/user-key/wrap/v1');
}

function wrapBinding({ room, container }: Pick<PublishedUserKeys, 'room' | 'container'>): CommittingBinding {
  return { label: 'sotto/user-key/classic/v1', context: { room: sha256(room), container: sha256(container) } };
}

function parseBundle(bundle: Uint8Array, published: PublishedUserKeys): UserKeyPairs {
  const [room, container] = parseList(bundle);
  if (!(room instanceof Uint8Array) || !(container instanceof Uint8Array)) throw openFailed();
  return { room: pair(room, published.room), container: pair(container, published.container) };
}

function parseList(bundle: Uint8Array): readonly CborValue[] {
  try {
    const value = decodeCbor(bundle);
    return Array.isArray(value) ? value : [];
  } catch (cause) {
    if (cause instanceof Fault) throw openFailed(cause);
    throw cause;
  }
}

function pair(secretKey: Uint8Array, publicKey: Uint8Array): KeyPair {
  return { secretKey: intoSecret(secretKey), publicKey: Uint8Array.from(publicKey) };
}

function intoSecret(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

const RSA_BITS: RsaSize = 3072;
const TRANSPORTED_KEY_BYTES = 32;
