import { concat } from '@sotto/bytes';
import { CryptoWireFault } from '../fault.ts';
import type { Primitives } from '../ports.ts';
import { Secret } from '../secret.ts';
import { deriveDiffieHellmanKeyPair, publicKeyOf } from './group.ts';
import { ENVELOPE_BYTES, HASH_BYTES, SCALAR_BYTES, SEED_BYTES } from './limits.ts';
import { expand } from './schedule.ts';

/** What a home server holds once for all its accounts; lost, no passphrase opens anything any more. */
export interface ServerSetup {
  /** 64 bytes: every account's OPRF key comes from it. Kept outside the database. */
  readonly oprfSeed: Secret;
  /** 32 bytes: the scalar of the authenticated key exchange. */
  readonly secretKey: Secret;
  readonly publicKey: Uint8Array;
}

/** Makes a fresh setup. */
export function createSetup({ randomBytes }: Pick<Primitives, 'randomBytes'>): ServerSetup {
  const oprfSeed = new Secret(randomBytes(HASH_BYTES));
  return { oprfSeed, ...deriveDiffieHellmanKeyPair(randomBytes(SEED_BYTES)) };
}

/** OPRF seed | secret key, 96 bytes, for the file or module that keeps it. */
export function encodeSetup({ oprfSeed, secretKey }: ServerSetup): Secret {
  return oprfSeed.use((seed) => secretKey.use((scalar) => wiped(concat(seed, scalar))));
}

/** Reads what `encodeSetup` wrote. Throws `opaque-malformed`. */
export function parseSetup(encoded: Secret): ServerSetup {
  if (encoded.length !== HASH_BYTES + SCALAR_BYTES)
    throw new CryptoWireFault('opaque-malformed', 'a setup has 96 bytes');
  return encoded.use((bytes) => ({
    publicKey: publicKeyOf(bytes.subarray(HASH_BYTES)),
    oprfSeed: new Secret(bytes.subarray(0, HASH_BYTES)),
    secretKey: new Secret(bytes.subarray(HASH_BYTES)),
  }));
}

/**
 * The record that answers for an account which does not exist: a fixed function of seed and identifier, so that
 * asking twice tells nothing (RFC 9807 sections 6.3.2.2 and 10.9). It has the form of any other record.
 */
export function fakeRecord({ oprfSeed }: ServerSetup, credentialIdentifier: Uint8Array): Uint8Array<ArrayBuffer> {
  return oprfSeed.use((seed) => {
    const client = deriveDiffieHellmanKeyPair(expand(seed, [credentialIdentifier, 'FakeClientKey'], SEED_BYTES));
    client.secretKey.dispose();
    const maskingKey = expand(seed, [credentialIdentifier, 'FakeMaskingKey'], HASH_BYTES);
    return concat(client.publicKey, maskingKey, new Uint8Array(ENVELOPE_BYTES));
  });
}

function wiped(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}
