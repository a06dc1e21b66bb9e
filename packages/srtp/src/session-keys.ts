import { type PacketCiphers, Secret } from '@sotto/crypto';
import { SrtpUsageFault } from './fault.ts';
import type { SrtpProfile } from './profile.ts';

/** What one direction of a stream was keyed with. */
export interface MasterKey {
  readonly key: Secret;
  readonly salt: Secret;
}

/** Keys that packets are protected with. */
export interface SessionKeys {
  readonly cipherKey: Secret;
  /** 20 bytes; of no use in GCM. */
  readonly authKey: Secret;
  /** 14 bytes, 12 in GCM. */
  readonly salt: Secret;
}

/** RFC 3711 section 4.3 with a key derivation rate of 0: once, for RTP or for RTCP. Throws `key-malformed`. */
export function deriveSessionKeys(
  ciphers: PacketCiphers,
  profile: SrtpProfile,
  { master, use }: { readonly master: MasterKey; readonly use: 'rtp' | 'rtcp' },
): SessionKeys {
  if (master.key.length !== profile.keyBytes || master.salt.length !== profile.saltBytes) {
    throw new SrtpUsageFault('key-malformed', `${profile.name} takes another length of master key or salt`);
  }
  const first = use === 'rtp' ? 0 : 3;
  const derive = (label: number, length: number): Secret => keyStream(ciphers, master, { label, length });
  return {
    cipherKey: derive(first, profile.keyBytes),
    authKey: derive(first + 1, AUTH_KEY_BYTES),
    salt: derive(first + 2, profile.saltBytes),
  };
}

export function disposeSessionKeys({ cipherKey, authKey, salt }: SessionKeys): void {
  for (const secret of [cipherKey, authKey, salt]) secret.dispose();
}

/** AES in counter mode from (salt XOR label * 2^48) * 2^16; the salt of GCM is filled up to the right (RFC 7714 section 11). */
function keyStream(
  ciphers: PacketCiphers,
  { key, salt }: MasterKey,
  { label, length }: { readonly label: number; readonly length: number },
): Secret {
  const counter = new Uint8Array(16);
  salt.use((bytes) => counter.set(bytes));
  counter[LABEL_BYTE] = (counter[LABEL_BYTE] as number) ^ label;
  const stream = new Uint8Array(length);
  ciphers.aesCtr(key, counter, stream);
  const derived = new Secret(stream);
  stream.fill(0);
  return derived;
}

const AUTH_KEY_BYTES = 20;
/** Of 14 the one above the 48 bits of the index. */
const LABEL_BYTE = 7;
