import { equal } from '@sotto/bytes';
import type { Primitives, Secret } from '@sotto/crypto';
import { parseCertificate, type UnverifiedCertificate } from '../certificate.ts';
import { MIN_KDF_ITERATIONS } from '../limits.ts';
import { keyIdentifier, parsePublicKey } from '../public-key.ts';
import { keySigner } from '../signer.ts';
import { type Bag, encodeBags, type KeyBag, readBags } from './bag.ts';
import { offProfile } from './fault.ts';
import { openPfx, sealPfx } from './pfx.ts';

/** A certificate and its secret key. */
export interface KeyFileEntry {
  /** friendlyName: `device`, `user-key`; empty where another program gave none. */
  readonly name: string;
  /** PKCS#8. */
  readonly secretKey: Secret;
  readonly certificate: UnverifiedCertificate;
}

/** What a PKCS#12 file holds. Its certificates are unverified: a password is no CA. */
export interface KeyFile {
  readonly entries: readonly KeyFileEntry[];
  /** Certificates without keys: the chain. */
  readonly authorities: readonly UnverifiedCertificate[];
}

/** What goes into a PKCS#12 file. */
export interface SealedKeyFile {
  readonly entries: readonly { readonly name: string; readonly secretKey: Secret; readonly certificate: Uint8Array }[];
  readonly authorities: readonly Uint8Array[];
}

/** Seals keys and certificates under `password`, UTF-8 bytes of a passphrase (RFC 7292). Takes about 0.3 seconds. */
export async function sealKeyFile(
  primitives: Primitives,
  password: Secret,
  { entries, authorities }: SealedKeyFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bags = [
    ...entries.map(({ name, secretKey, certificate }): Bag[] => {
      const localKeyId = keyIdentifier(parseCertificate(certificate).publicKey);
      return [
        { type: 'certificate', name, localKeyId, certificate },
        { type: 'key', name, localKeyId, secretKey },
      ];
    }),
    authorities.map((certificate): Bag => ({ type: 'certificate', name: '', localKeyId: null, certificate })),
  ].flat();
  return sealPfx({ primitives, password, iterations: MIN_KDF_ITERATIONS }, (cipher) => encodeBags(cipher, bags));
}

/**
 * Opens a PKCS#12 file, ours or openssl's: parses, verifies the MAC, then decrypts. Throws `der-malformed`,
 * `pkcs12-profile`; of crypto `kdf-downgrade`, `kdf-too-costly` (before anything runs) and `open-failed`.
 */
export async function openKeyFile(primitives: Primitives, password: Secret, file: Uint8Array): Promise<KeyFile> {
  const bags = await openPfx({ primitives, password }, Uint8Array.from(file), readBags);
  const keys = bags.filter((bag) => bag.type === 'key');
  const certificates = bags.flatMap((bag) =>
    bag.type === 'certificate' ? [{ ...bag, parsed: parseCertificate(bag.certificate) }] : [],
  );
  const entries: KeyFileEntry[] = [];
  for (const key of keys) {
    const matching = certificates.filter(({ localKeyId }) => isSame(localKeyId, key.localKeyId));
    const [certificate] = matching;
    const isTaken = entries.some((entry) => entry.certificate === certificate?.parsed);
    if (matching.length !== 1 || certificate === undefined || isTaken) {
      throw offProfile('a key without its one certificate');
    }
    await checkPair(primitives, key, certificate.parsed);
    entries.push({ name: key.name, secretKey: key.secretKey, certificate: certificate.parsed });
  }
  const authorities = certificates
    .map(({ parsed }) => parsed)
    .filter((parsed) => !entries.some(({ certificate }) => certificate === parsed));
  return { entries, authorities };
}

async function checkPair(
  primitives: Primitives,
  { secretKey }: KeyBag,
  certificate: UnverifiedCertificate,
): Promise<void> {
  const { algorithm } = parsePublicKey(certificate.publicKey);
  if (algorithm === 'ecdsa-p256' || algorithm === 'x-wing') throw offProfile('a key of another algorithm');
  const { publicKey } = await keySigner(primitives, algorithm === 'rsa' ? 'rsa-3072' : algorithm, secretKey);
  if (!equal(publicKey, certificate.publicKey)) throw offProfile('a key that is not the key of its certificate');
}

function isSame(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left !== null && right !== null && equal(left, right);
}
