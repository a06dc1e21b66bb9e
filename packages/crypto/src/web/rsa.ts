import { BugFault, equal } from '@sotto/bytes';
import type { ForeignRsa, GeneratedSigner, KeyPair, RsaOaep, RsaSize } from '../ports.ts';
import { keyMalformed, openFailed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { bytesOf, intoSecret, source } from './bytes.ts';

export const rsaPss: GeneratedSigner<RsaSize> = {
  generate: generateRsa,
  publicKey: rsaPublicKey,
  async sign(secretKey, message) {
    const key = await importSecret(secretKey, 'RSA-PSS', 'sign');
    return bytesOf(await crypto.subtle.sign(PSS, key, source(message)));
  },
  async verify(publicKey, message, signature) {
    const key = await importPublic(publicKey, 'RSA-PSS', 'verify');
    return await crypto.subtle.verify(PSS, key, source(signature), source(message));
  },
};

export const rsaOaep: RsaOaep = {
  generate: generateRsa,
  publicKey: rsaPublicKey,
  async encrypt(publicKey, plaintext) {
    const key = await importPublic(publicKey, 'RSA-OAEP', 'encrypt');
    const room = modulusBits(key) / 8 - 66;
    if (plaintext.length > room) throw new BugFault(`${plaintext.length} bytes for an OAEP room of ${room}`);
    return bytesOf(await crypto.subtle.encrypt(OAEP, key, source(plaintext)));
  },
  async decrypt(secretKey, ciphertext) {
    const key = await importSecret(secretKey, 'RSA-OAEP', 'decrypt');
    try {
      return bytesOf(await crypto.subtle.decrypt(OAEP, key, source(ciphertext)));
    } catch (cause) {
      throw openFailed(cause);
    }
  },
};

export const foreignRsa: ForeignRsa = {
  async decryptOaepSha1(secretKey, ciphertext) {
    const algorithm = { name: 'RSA-OAEP', hash: 'SHA-1' };
    const imported = secretKey.use((der) => crypto.subtle.importKey('pkcs8', der, algorithm, false, ['decrypt']));
    const key = await refusing(imported);
    checkProfile(key);
    try {
      return bytesOf(await crypto.subtle.decrypt(OAEP, key, source(ciphertext)));
    } catch (cause) {
      throw openFailed(cause);
    }
  },
  async verifyPkcs1Sha256(publicKey, message, signature) {
    const key = await importPublic(publicKey, 'RSASSA-PKCS1-v1_5', 'verify');
    return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, source(signature), source(message));
  },
};

async function generateRsa(modulusLength: RsaSize): Promise<KeyPair> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256', modulusLength, publicExponent: EXPONENT };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    publicKey: bytesOf(await crypto.subtle.exportKey('spki', pair.publicKey)),
    secretKey: intoSecret(bytesOf(await crypto.subtle.exportKey('pkcs8', pair.privateKey))),
  };
}

async function rsaPublicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importSecret(secretKey, 'RSA-PSS', 'sign');
  const { n, e } = await crypto.subtle.exportKey('jwk', key);
  if (n === undefined || e === undefined) throw keyMalformed('RSA secret key without a modulus');
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'RSA', n, e }, algorithm, true, ['verify']);
  return bytesOf(await crypto.subtle.exportKey('spki', publicKey));
}

async function importPublic(spki: Uint8Array, name: RsaAlgorithm, usage: RsaUsage): Promise<CryptoKey> {
  const key = await refusing(crypto.subtle.importKey('spki', source(spki), { name, hash: 'SHA-256' }, true, [usage]));
  checkProfile(key);
  if (!equal(bytesOf(await crypto.subtle.exportKey('spki', key)), spki)) throw keyMalformed('RSA public key');
  return key;
}

async function importSecret(pkcs8: Secret, name: RsaAlgorithm, usage: RsaUsage): Promise<CryptoKey> {
  const algorithm = { name, hash: 'SHA-256' };
  const key = await refusing(pkcs8.use((der) => crypto.subtle.importKey('pkcs8', der, algorithm, true, [usage])));
  checkProfile(key);
  return key;
}

async function refusing(imported: Promise<CryptoKey>): Promise<CryptoKey> {
  try {
    return await imported;
  } catch (cause) {
    throw keyMalformed('RSA key that is not DER', cause);
  }
}

function checkProfile(key: CryptoKey): void {
  const { publicExponent } = key.algorithm as RsaProfile;
  const bits = modulusBits(key);
  if ((bits !== 3072 && bits !== 4096) || !equal(publicExponent, EXPONENT)) throw keyMalformed('RSA key');
}

function modulusBits(key: CryptoKey): number {
  return (key.algorithm as RsaProfile).modulusLength;
}

type RsaAlgorithm = 'RSA-PSS' | 'RSA-OAEP' | 'RSASSA-PKCS1-v1_5';
type RsaUsage = 'sign' | 'verify' | 'encrypt' | 'decrypt';

/** What WebCrypto says of an RSA key; named here because Node's types and the DOM's differ. */
interface RsaProfile {
  readonly name: string;
  readonly modulusLength: number;
  readonly publicExponent: Uint8Array;
}

const PSS = { name: 'RSA-PSS', saltLength: 32 };
const OAEP = { name: 'RSA-OAEP' };
/** 65537 */
const EXPONENT = Uint8Array.of(1, 0, 1);
