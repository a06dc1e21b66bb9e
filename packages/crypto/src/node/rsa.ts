import { constants, createPublicKey, generateKeyPair, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { BugFault } from '@sotto/bytes';
import type { ForeignRsa, GeneratedSigner, KeyPair, RsaOaep, RsaSize } from '../ports.ts';
import { openFailed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { plainBytes } from './bytes.ts';
import { exportPair, exportSpki, privateKeyOf, publicKeyOf, rsa } from './der.ts';

export const rsaPss: GeneratedSigner<RsaSize> = {
  generate: generateRsa,
  publicKey: rsaPublicKey,
  async sign(secretKey, message) {
    return plainBytes(sign('sha256', message, { key: privateKeyOf(secretKey, rsa), ...PSS }));
  },
  async verify(publicKey, message, signature) {
    return verify('sha256', message, { key: publicKeyOf(publicKey, rsa), ...PSS }, signature);
  },
};

export const rsaOaep: RsaOaep = {
  generate: generateRsa,
  publicKey: rsaPublicKey,
  async encrypt(publicKey, plaintext) {
    const key = publicKeyOf(publicKey, rsa);
    const room = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - 66;
    if (plaintext.length > room) throw new BugFault(`${plaintext.length} bytes for an OAEP room of ${room}`);
    return plainBytes(publicEncrypt({ key, ...OAEP }, plaintext));
  },
  async decrypt(secretKey, ciphertext) {
    const key = privateKeyOf(secretKey, rsa);
    try {
      return plainBytes(privateDecrypt({ key, ...OAEP }, ciphertext));
    } catch (cause) {
      throw openFailed(cause);
    }
  },
};

export const foreignRsa: ForeignRsa = {
  async decryptOaepSha1(secretKey, ciphertext) {
    const key = privateKeyOf(secretKey, rsa);
    try {
      return plainBytes(
        privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, ciphertext),
      );
    } catch (cause) {
      throw openFailed(cause);
    }
  },
  async verifyPkcs1Sha256(publicKey, message, signature) {
    const key = publicKeyOf(publicKey, rsa);
    return verify('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  },
};

async function generateRsa(modulusLength: RsaSize): Promise<KeyPair> {
  return exportPair(await generate('rsa', { modulusLength, publicExponent: 65537 }));
}

async function rsaPublicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>> {
  return exportSpki(createPublicKey(privateKeyOf(secretKey, rsa)));
}

const generate = promisify(generateKeyPair);
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
