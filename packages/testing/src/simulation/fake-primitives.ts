import { hash as digest } from 'node:crypto';
import { concat, equal, utf8 } from '@sotto/bytes';
import {
  type Aead,
  CryptoPeerFault,
  type DiffieHellman,
  type GeneratedSigner,
  type KeyEncapsulation,
  type Primitives,
  Secret,
  type SeedSigner,
} from '@sotto/crypto';

type RandomBytes = Primitives['randomBytes'];

/**
 * Primitives that are fast, follow from their random bytes alone, have the lengths of the real ones and refuse what
 * those refuse: a wrong key, other associated data, an altered byte. They keep nothing secret from anybody who looks.
 */
export function fakePrimitives(randomBytes: RandomBytes): Primitives {
  return {
    randomBytes,
    aes256Gcm: fakeAead,
    ed25519: fakeSigner('ed25519', { seedBytes: 32, publicKeyBytes: 32, signatureBytes: 64 }),
    mlDsa65: fakeSigner('ml-dsa-65', { seedBytes: 32, publicKeyBytes: 1952, signatureBytes: 3309 }),
    rsaPss: absent('RSASSA-PSS'),
    ecdsaP384: fakeEcdsaP384(randomBytes),
    x25519: fakeAgreement(randomBytes, { name: 'x25519', secretBytes: 32, resultBytes: 32, first: null, bytes: 32 }),
    ecdhP384: fakeAgreement(randomBytes, { name: 'p-384', secretBytes: 48, resultBytes: 48, first: 4, bytes: 97 }),
    mlKem768: fakeEncapsulation(randomBytes),
    rsaOaep: absent('RSAES-OAEP'),
    foreignRsa: absent('RSA'),
    argon2id: cheapStretch,
    pbkdf2Sha256: cheapStretch,
  };
}

/** Stretches nothing: where it is tested what a stretched passphrase opens. */
export async function cheapStretch(
  password: Uint8Array,
  salt: Uint8Array,
  _parameters: unknown,
  length: number,
): Promise<Secret> {
  return new Secret(stretched(hashOf('stretch', password, salt), length));
}

const fakeAead: Aead = {
  async seal({ key, nonce, aad }, plaintext) {
    const inner = key.use((bytes) => hashOf('aead', bytes, nonce));
    return concat(masked(inner, plaintext), tagOf(inner, aad, plaintext));
  },
  async open({ key, nonce, aad }, sealed) {
    if (sealed.length < TAG_BYTES) throw openFailed();
    const inner = key.use((bytes) => hashOf('aead', bytes, nonce));
    const plaintext = masked(inner, sealed.subarray(0, sealed.length - TAG_BYTES));
    if (!equal(tagOf(inner, aad, plaintext), sealed.subarray(sealed.length - TAG_BYTES))) throw openFailed();
    return plaintext;
  },
};

interface SignerSizes {
  readonly seedBytes: number;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
}

function fakeSigner(name: string, { seedBytes, publicKeyBytes, signatureBytes }: SignerSizes): SeedSigner {
  const publicKeyOf = (seed: Secret) =>
    padded(
      seed.use((bytes) => hashOf(name, bytes)),
      publicKeyBytes,
    );
  const signatureOf = (publicKey: Uint8Array, message: Uint8Array) =>
    padded(hashOf(`${name} signature`, publicKey, message), signatureBytes);
  return {
    seedBytes,
    publicKey: async (seed) => publicKeyOf(seed),
    sign: async (seed, message) => signatureOf(publicKeyOf(seed), message),
    verify: async (publicKey, message, signature) => equal(signatureOf(publicKey, message), signature),
  };
}

/** A secret key here is any bytes; a public key has the SPKI that certificates carry. */
export function fakeEcdsaP384(randomBytes: RandomBytes): GeneratedSigner<null> {
  const publicKeyOf = (secretKey: Secret) =>
    concat(
      SPKI_P384,
      stretched(
        secretKey.use((bytes) => hashOf('ecdsa', bytes)),
        96,
      ),
    );
  // A clear top bit and no leading zero: both halves are integers of 48 bytes as DER writes them.
  const half = (bytes: Uint8Array): Uint8Array => bytes.with(0, ((bytes[0] as number) & 0x3f) | 0x40);
  const signatureOf = (publicKey: Uint8Array, message: Uint8Array) => {
    const bytes = stretched(hashOf('ecdsa signature', publicKey, message), 96);
    return concat(half(bytes.subarray(0, 48)), half(bytes.subarray(48)));
  };
  return {
    async generate() {
      const secretKey = new Secret(randomBytes(48));
      return { secretKey, publicKey: publicKeyOf(secretKey) };
    },
    publicKey: async (secretKey) => publicKeyOf(secretKey),
    sign: async (secretKey, message) => signatureOf(publicKeyOf(secretKey), message),
    verify: async (publicKey, message, signature) => equal(signatureOf(publicKey, message), signature),
  };
}

interface AgreementSizes {
  readonly name: string;
  readonly secretBytes: number;
  readonly resultBytes: number;
  /** First byte of every public key. */
  readonly first: number | null;
  readonly bytes: number;
}

function fakeAgreement(randomBytes: RandomBytes, sizes: AgreementSizes): DiffieHellman {
  const { name, secretBytes, resultBytes, first, bytes } = sizes;
  const publicKeyOf = (secretKey: Secret) => {
    const key = padded(
      secretKey.use((secret) => hashOf(name, secret)),
      bytes,
    );
    return first === null ? key : key.with(0, first);
  };
  return {
    async generate() {
      const secretKey = new Secret(randomBytes(secretBytes));
      return { secretKey, publicKey: publicKeyOf(secretKey) };
    },
    publicKey: async (secretKey) => publicKeyOf(secretKey),
    async agree(secretKey, publicKey) {
      if (publicKey.length !== bytes) throw new CryptoPeerFault('bad-share', 'refused share');
      const own = publicKeyOf(secretKey);
      const pair = Buffer.compare(own, publicKey) < 0 ? [own, publicKey] : [publicKey, own];
      return new Secret(stretched(hashOf(`${name} agreement`, ...pair), resultBytes));
    },
  };
}

function fakeEncapsulation(randomBytes: RandomBytes): KeyEncapsulation {
  const publicKeyOf = (seed: Secret) =>
    padded(
      seed.use((bytes) => hashOf('ml-kem', bytes)),
      1184,
    );
  const sharedOf = (publicKey: Uint8Array, ciphertext: Uint8Array) =>
    new Secret(hashOf('ml-kem shared', publicKey, ciphertext));
  return {
    seedBytes: 64,
    publicKey: async (seed) => publicKeyOf(seed),
    async encapsulate(publicKey) {
      const ciphertext = padded(randomBytes(32), 1088);
      return { ciphertext, sharedSecret: sharedOf(publicKey, ciphertext) };
    },
    async decapsulate(seed, ciphertext) {
      if (ciphertext.length !== 1088) throw new CryptoPeerFault('bad-share', 'refused share');
      return sharedOf(publicKeyOf(seed), ciphertext);
    },
  };
}

/** Nobody in a simulated city has a key of this kind. */
function absent<Absent extends object>(name: string): Absent {
  return new Proxy({} as Absent, {
    get() {
      throw new Error(`no ${name} in a simulated city`);
    },
  });
}

function hashOf(label: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const lengths = Uint32Array.from(parts, ({ length }) => length);
  const all = concat(utf8(label), new Uint8Array(lengths.buffer), ...parts);
  return new Uint8Array(digest('sha256', all, 'buffer'));
}

function masked(inner: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = (bytes[i] as number) ^ (inner[i & 31] as number);
  return out;
}

function tagOf(inner: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return hashOf('tag', inner, aad, plaintext).subarray(0, TAG_BYTES);
}

/** Zeros up to the length. */
function padded(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const long = new Uint8Array(length);
  long.set(bytes.subarray(0, length));
  return long;
}

function stretched(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (bytes[i & 31] as number) ^ (i >> 5));
}

function openFailed(): CryptoPeerFault {
  return new CryptoPeerFault('open-failed', 'the sealed bytes do not open');
}

const TAG_BYTES = 16;
const SPKI_P384 = Uint8Array.from('3076301006072a8648ce3d020106052b8104002203620004'.match(/../g) ?? [], (pair) =>
  Number.parseInt(pair, 16),
);
