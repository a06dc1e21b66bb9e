import { equal, parseUtf8 } from '@sotto/bytes';
import { hmacSha256, type Primitives, pkcs12MacKey, Secret } from '@sotto/crypto';
import { algorithmOf, algorithms, digestForms } from '../algorithm.ts';
import { contentInfo, readContentInfo } from '../cms/content-info.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import { integer, octetString, sequence } from '../der/writer.ts';
import { oids } from '../oids.ts';
import { encodeBmp } from './bmp.ts';
import { checkIterations, checkSalt, type DerivationParameters } from './bounds.ts';
import { offProfile, openFailed } from './fault.ts';
import { Pbes2Cipher } from './pbes2.ts';

export interface PfxKey {
  readonly primitives: Primitives;
  /** UTF-8. */
  readonly password: Secret;
}

/** Seals the SafeContents that `encode` makes with a cipher of this file (RFC 7292 section 4). */
export async function sealPfx(
  { primitives, password, iterations }: PfxKey & { readonly iterations: number },
  encode: (cipher: Pbes2Cipher) => Promise<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const salt = primitives.randomBytes(SALT_BYTES);
  await using cipher = new Pbes2Cipher({ primitives, password }, { salt, iterations });
  const authSafe = await encode(cipher);
  const macSalt = primitives.randomBytes(SALT_BYTES);
  const mac = computeMac(password, authSafe, { salt: macSalt, iterations });
  return sequence(
    integer(VERSION),
    contentInfo(oids.data, octetString(authSafe)),
    sequence(sequence(algorithms.sha256Null, octetString(mac)), octetString(macSalt), integer(iterations)),
  );
}

/** Verifies the MAC, then lets `read` take what it covers. */
export async function openPfx<Result>(
  key: PfxKey,
  file: Uint8Array,
  read: (cipher: Pbes2Cipher, authSafe: Uint8Array) => Promise<Result>,
): Promise<Result> {
  const { authSafe, mac, salt, iterations } = readSequence(DerReader.open(file), readPfx);
  checkIterations(iterations);
  if (!equal(computeMac(key.password, authSafe, { salt, iterations }), mac)) throw openFailed();
  await using cipher = new Pbes2Cipher(key, { salt, iterations });
  return await read(cipher, authSafe);
}

interface Pfx {
  readonly authSafe: Uint8Array;
  readonly mac: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

function readPfx(fields: DerReader): Pfx {
  if (fields.smallInteger() !== VERSION) throw offProfile('a key file of another version');
  const { type, content } = readContentInfo(fields);
  if (type !== oids.data) throw offProfile('a key file that is not sealed by a password');
  const authSafe = DerReader.open(content).octetString();
  if (fields.next === null) throw offProfile('a key file without MAC');
  return readSequence(fields, (macData) => {
    const mac = readSequence(macData, (digest) => {
      const algorithm = algorithmOf(digest.raw(), { sha256: digestForms.sha256 });
      const value = digest.octetString();
      if (algorithm === null || value.length !== 32) throw offProfile('a MAC that is not HMAC-SHA-256');
      return value;
    });
    const salt = macData.octetString();
    checkSalt(salt);
    // Absent means one iteration (RFC 7292 section 4).
    const iterations = macData.next === null ? 1 : macData.smallInteger();
    return { authSafe, mac, salt, iterations };
  });
}

function computeMac(password: Secret, authSafe: Uint8Array, parameters: DerivationParameters): Uint8Array {
  using bmp = bmpPassword(password);
  using key = pkcs12MacKey(bmp, parameters);
  return key.use((bytes) => hmacSha256(bytes, authSafe));
}

/** The password as BMPString with two final zero octets (RFC 7292 appendix B.1). */
function bmpPassword(password: Secret): Secret {
  const bmp = password.use((bytes) => encodeBmp(`${parseUtf8(bytes)}\0`));
  const secret = new Secret(bmp);
  bmp.fill(0);
  return secret;
}

const SALT_BYTES = 16;
const VERSION = 3;
