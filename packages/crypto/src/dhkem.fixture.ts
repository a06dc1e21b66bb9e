import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '@sotto/bytes';
import type { HpkeKem } from './hpke.ts';
import type { DiffieHellman, Primitives } from './ports.ts';
import { badShare } from './refusal.ts';
import { Secret } from './secret.ts';

/** DHKEM(X25519, HKDF-SHA256) (RFC 9180 section 7.1), for the official vectors. */
export function dhkemX25519({ x25519 }: Primitives): HpkeKem {
  return dhkem(x25519, { id: 0x0020, hash: sha256, shareBytes: 32, secretBytes: 32 });
}

interface DhkemParameters {
  readonly id: number;
  readonly hash: typeof sha256;
  readonly shareBytes: number;
  readonly secretBytes: number;
}

function dhkem(group: DiffieHellman, { id, hash, shareBytes, secretBytes }: DhkemParameters): HpkeKem {
  const suiteId = concat(utf8('KEM'), i2osp2(id));
  const extractAndExpand = (shared: Secret, kemContext: Uint8Array): Secret => {
    const ikm = shared.use((bytes) => concat(HPKE_V1, suiteId, utf8('eae_prk'), bytes));
    const info = concat(i2osp2(secretBytes), HPKE_V1, suiteId, utf8('shared_secret'), kemContext);
    return new Secret(expand(hash, extract(hash, ikm, new Uint8Array()), info, secretBytes));
  };
  return {
    id,
    ciphertextBytes: shareBytes,
    kem: {
      async encapsulate(publicKey) {
        const ephemeral = await group.generate();
        using shared = await group.agree(ephemeral.secretKey, publicKey);
        const ciphertext = ephemeral.publicKey;
        return { ciphertext, sharedSecret: extractAndExpand(shared, concat(ciphertext, publicKey)) };
      },
      async decapsulate(secretKey, ciphertext) {
        if (ciphertext.length !== shareBytes) throw badShare('a share of the wrong length');
        using shared = await group.agree(secretKey, ciphertext);
        return extractAndExpand(shared, concat(ciphertext, await group.publicKey(secretKey)));
      },
    },
  };
}

function i2osp2(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff);
}

const HPKE_V1 = utf8('HPKE-v1');
