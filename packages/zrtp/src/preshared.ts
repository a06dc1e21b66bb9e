import { concat, equal, utf8 } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { type Algorithms, PRESHARED } from './algorithms.ts';
import { word } from './fields.ts';
import type { HandshakeInput, KnownSecrets } from './handshake.ts';

/** What a call begins with that has no Diffie-Hellman of its own (RFC 6189 section 4.4.2). */
export interface PresharedKey extends Disposable {
  readonly key: Secret;
  /** 8 bytes by which the other end finds it. */
  readonly keyId: Uint8Array;
  /** What it was made of. */
  readonly s1: Secret;
  readonly s2: Secret | null;
}

/** The key that we would begin with; null if one of the two does not want that, or nothing was kept. */
export function ownPresharedKey(input: HandshakeInput, algorithms: Algorithms): PresharedKey | null {
  const { choices, peer, secrets, session } = input;
  const isWanted = [choices, peer.hello.choices].every(({ agreements }) => agreements.includes(PRESHARED));
  if (!isWanted || session !== null || secrets.rs1 === null) return null;
  return presharedKey({ ciphers: input.ciphers, algorithms }, { s1: secrets.rs1, s2: secrets.aux });
}

/** The key that the other end would begin with, of all that our secrets make; null if we have it not. */
export function namedPresharedKey(
  { ciphers, secrets }: Pick<HandshakeInput, 'ciphers' | 'secrets'>,
  algorithms: Algorithms,
  keyId: Uint8Array,
): PresharedKey | null {
  for (const kept of keptSecrets(secrets)) {
    const candidate = presharedKey({ ciphers, algorithms }, kept);
    if (equal(candidate.keyId, keyId)) return candidate;
    candidate[Symbol.dispose]();
  }
  return null;
}

function keptSecrets({ rs1, rs2, aux }: KnownSecrets): readonly Kept[] {
  const retained = [rs1, rs2].filter((secret) => secret !== null);
  const auxiliary = aux === null ? [null] : [aux, null];
  return retained.flatMap((s1) => auxiliary.map((s2) => ({ s1, s2 })));
}

function presharedKey(
  { ciphers, algorithms: { hash } }: Pick<HandshakeInput, 'ciphers'> & { readonly algorithms: Algorithms },
  { s1, s2 }: Kept,
): PresharedKey {
  const [retained, auxiliary] = [s1, s2].map((secret) => secret?.unsafeExpose('part of a key') ?? new Uint8Array()) as [
    Uint8Array,
    Uint8Array,
  ];
  // The last one is that of a PBX, which is never there.
  const input = concat(word(retained.length), retained, word(auxiliary.length), auxiliary, word(0));
  const digest = hash.digest(input);
  const key = new Secret(digest);
  for (const bytes of [input, digest, retained, auxiliary]) bytes.fill(0);
  const keyId = ciphers.hmac(hash.mac, key, utf8(PRESHARED)).slice(0, 8);
  return { key, keyId, s1, s2, [Symbol.dispose]: () => key.dispose() };
}

interface Kept {
  readonly s1: Secret;
  readonly s2: Secret | null;
}
