import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { checkEd25519PublicKey } from '../ed25519.ts';
import type { GeneratedSigner, SeedSigner } from '../ports.ts';
import { checkKeyLength } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { plainBytes } from './bytes.ts';
import { exportPair, exportSpki, p384, privateKeyOf, publicKeyOf } from './der.ts';

export const ed25519: SeedSigner = {
  seedBytes: 32,
  async sign(secretKey, message) {
    return plainBytes(sign(null, message, ed25519Key(secretKey)));
  },
  async verify(publicKey, message, signature) {
    const key = ed25519PublicKey(publicKey);
    return signature.length === 64 && verify(null, message, key, signature);
  },
  async publicKey(secretKey) {
    return rawPublic(ed25519Key(secretKey));
  },
};

/** Verifies in another thread. */
export const pooledEd25519: SeedSigner = {
  ...ed25519,
  async verify(publicKey, message, signature) {
    const key = ed25519PublicKey(publicKey);
    return signature.length === 64 && verifyPooled(null, message, key, signature);
  },
};

export const mlDsa65: SeedSigner = {
  seedBytes: 32,
  async sign(secretKey, message) {
    return plainBytes(sign(null, message, mlDsa65Key(secretKey)));
  },
  async verify(publicKey, message, signature) {
    checkKeyLength(publicKey, 1952, 'ML-DSA-65 public key');
    const key = createPublicKey({ key: publicKey, format: 'raw-public', asymmetricKeyType: 'ml-dsa-65' });
    return signature.length === 3309 && verify(null, message, key, signature);
  },
  async publicKey(secretKey) {
    return rawPublic(mlDsa65Key(secretKey));
  },
};

export const ecdsaP384: GeneratedSigner<null> = {
  async generate() {
    return exportPair(await generate('ec', { namedCurve: 'P-384' }));
  },
  async sign(secretKey, message) {
    return plainBytes(sign('sha384', message, { key: privateKeyOf(secretKey, p384), dsaEncoding: 'ieee-p1363' }));
  },
  async verify(publicKey, message, signature) {
    const key = publicKeyOf(publicKey, p384);
    return signature.length === 96 && verify('sha384', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  },
  async publicKey(secretKey) {
    return exportSpki(createPublicKey(privateKeyOf(secretKey, p384)));
  },
};

function ed25519PublicKey(publicKey: Uint8Array): KeyObject {
  checkEd25519PublicKey(publicKey);
  return createPublicKey({ key: publicKey, format: 'raw-public', asymmetricKeyType: 'ed25519' });
}

function ed25519Key(seed: Secret): KeyObject {
  checkKeyLength(seed, 32, 'Ed25519 seed');
  return seed.once('node/ed25519', (key) =>
    createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'ed25519' }),
  );
}

function mlDsa65Key(seed: Secret): KeyObject {
  checkKeyLength(seed, 32, 'ML-DSA-65 seed');
  return seed.once('node/ml-dsa-65', (key) =>
    createPrivateKey({ key, format: 'raw-seed', asymmetricKeyType: 'ml-dsa-65' }),
  );
}

function rawPublic(secretKey: KeyObject): Uint8Array<ArrayBuffer> {
  return plainBytes(createPublicKey(secretKey).export({ format: 'raw-public' }));
}

const generate = promisify(generateKeyPair);
const verifyPooled = promisify(verify);
