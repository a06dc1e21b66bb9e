import { equal } from '@sotto/bytes';
import type { GeneratedSigner } from '../ports.ts';
import { keyMalformed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { bytesOf, intoSecret, source } from './bytes.ts';

export const ecdsaP384: GeneratedSigner<null> = {
  async generate() {
    const pair = await crypto.subtle.generateKey(P384, true, ['sign', 'verify']);
    return {
      publicKey: bytesOf(await crypto.subtle.exportKey('spki', pair.publicKey)),
      secretKey: intoSecret(bytesOf(await crypto.subtle.exportKey('pkcs8', pair.privateKey))),
    };
  },

  async sign(secretKey, message) {
    return bytesOf(await crypto.subtle.sign(ECDSA, await importSecret(secretKey), source(message)));
  },

  async verify(publicKey, message, signature) {
    const key = await refusing(crypto.subtle.importKey('spki', source(publicKey), P384, true, ['verify']));
    if (!equal(bytesOf(await crypto.subtle.exportKey('spki', key)), publicKey)) throw keyMalformed('P-384 public key');
    return signature.length === 96 && (await crypto.subtle.verify(ECDSA, key, source(signature), source(message)));
  },

  async publicKey(secretKey) {
    const { x, y } = await crypto.subtle.exportKey('jwk', await importSecret(secretKey));
    if (x === undefined || y === undefined) throw keyMalformed('P-384 secret key without its point');
    const jwk = { kty: 'EC', crv: 'P-384', x, y };
    const key = await crypto.subtle.importKey('jwk', jwk, P384, true, ['verify']);
    return bytesOf(await crypto.subtle.exportKey('spki', key));
  },
};

function importSecret(pkcs8: Secret): Promise<CryptoKey> {
  return refusing(pkcs8.use((der) => crypto.subtle.importKey('pkcs8', der, P384, true, ['sign'])));
}

async function refusing(imported: Promise<CryptoKey>): Promise<CryptoKey> {
  try {
    return await imported;
  } catch (cause) {
    throw keyMalformed('P-384 key that is not DER', cause);
  }
}

const P384 = { name: 'ECDSA', namedCurve: 'P-384' };
const ECDSA = { name: 'ECDSA', hash: 'SHA-384' };
