import { type CborValue, equal } from '@sotto/bytes';
import {
  deriveKey,
  type Primitives,
  type SealBinding,
  type Secret,
  type Suite,
  type Suites,
  sha256,
  taggedHash,
} from '@sotto/crypto';
import { z } from 'zod/mini';
import { activeDevice, type Chain, currentUserKey } from './chain.ts';
import type { Envelope } from './envelope.ts';
import { ProtocolPeerFault } from './fault.ts';
import { boundedBytes, type Extent, extent, type Format, format, hash32, milliseconds } from './format.ts';
import { MAX_PICTURE_BYTES, MAX_PROFILE_BYTES } from './limits.ts';
import { pad, unpad } from './padding.ts';
import { checkClaimedExtent } from './room-state.ts';

/** What somebody says of themselves to those who may see it. */
export interface ProfileContent {
  readonly name: string;
  readonly title: string;
  readonly phone: string;
  /** A whole PNG or JPEG file. */
  readonly picture: Uint8Array | null;
}

/** What a device signs about the sealed profile beside it. */
export interface ProfileStatement {
  readonly v: 1;
  readonly suite: number;
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  readonly chain: Extent;
  /** Rises with every change and every new key. */
  readonly version: number;
  /** Names the profile key without telling it. */
  readonly keyId: Uint8Array;
  readonly salt: Uint8Array;
  /** SHA-256 of the sealed profile. */
  readonly sealed: Uint8Array;
  readonly at: number;
}

/**
 * Whether a text may stand in a profile: one line without leading or trailing space, no control, direction or other
 * invisible characters, and nothing that poses as an address.
 */
export function isProfileText(text: string): boolean {
  return text.isWellFormed() && text.normalize('NFC') === text && text.trim() === text && !FORBIDDEN.test(text);
}

/** Whether bytes begin and end as PNG or JPEG files do; decoding them is the business of whoever shows them. */
export function isPicture(bytes: Uint8Array): boolean {
  const starts = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  const ends = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes.at(i - magic.length) === byte);
  return (starts(PNG) && ends(PNG_END)) || (starts(JPEG) && ends(JPEG_END));
}

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}@＠﹫]/u;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];
const JPEG = [0xff, 0xd8, 0xff];
const JPEG_END = [0xff, 0xd9];

/** One line of a profile of at most `most` characters. */
export function profileText(most: number): z.ZodMiniType<string> {
  return z.string().check(z.refine((text) => [...text].length <= most && isProfileText(text)));
}

export const profileContent: Format<ProfileContent> = format<ProfileContent>(
  'profile',
  z.strictObject({
    name: profileText(64),
    title: profileText(128),
    phone: profileText(32),
    picture: z.nullable(boundedBytes(MAX_PICTURE_BYTES, 1).check(z.refine(isPicture))),
  }),
  MAX_PROFILE_BYTES,
);

/** The bytes that a profile's signature is over, tag `sotto/profile/v1`. */
export const profileStatement: Format<ProfileStatement> = format<ProfileStatement>(
  'profile statement',
  z.strictObject({
    v: z.literal(1),
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    account: hash32,
    device: hash32,
    chain: extent,
    version: z.int().check(z.positive()),
    keyId: hash32,
    salt: hash32,
    sealed: hash32,
    at: milliseconds,
  }),
  4096,
);

export function profileKeyId(key: Secret): Uint8Array<ArrayBuffer> {
  return taggedHash('sotto/profile-key/v1', key.unsafeExpose('its hash names it'));
}

/** Encrypts a profile under its key: padded, a key of its own for every salt. */
export async function sealProfile(
  primitives: Primitives,
  key: Secret,
  {
    account,
    salt,
    content,
  }: { readonly account: Uint8Array; readonly salt: Uint8Array; readonly content: ProfileContent },
): Promise<Uint8Array<ArrayBuffer>> {
  using own = deriveKey(key, 'sotto/profile/key/v1', [account, salt]);
  return primitives.aes256Gcm.seal({ key: own, nonce: ZERO_NONCE, aad: account }, pad(profileContent.encode(content)));
}

/** Throws `open-failed`, `format-malformed`. */
export async function openProfile(
  primitives: Primitives,
  key: Secret,
  { statement, sealed }: { readonly statement: ProfileStatement; readonly sealed: Uint8Array },
): Promise<ProfileContent> {
  using own = deriveKey(key, 'sotto/profile/key/v1', [statement.account, statement.salt]);
  const opened = await primitives.aes256Gcm.open({ key: own, nonce: ZERO_NONCE, aad: statement.account }, sealed);
  return profileContent.parse(unpad(opened));
}

export async function signProfile(suite: Suite, statement: ProfileStatement, signingKey: Secret): Promise<Envelope> {
  const signed = profileStatement.encode(statement);
  return { signed, signatures: [await suite.signature.sign(signingKey, 'sotto/profile/v1', signed)] };
}

/**
 * Verifies what a device of an account signed about a sealed profile. Throws `profile-invalid`, `pending-chain`,
 * `identity-conflict`, `device-unendorsed`, `bad-signature`.
 */
export async function verifyProfile(
  suites: Suites,
  chain: Chain,
  { envelope, sealed }: { readonly envelope: Envelope; readonly sealed: Uint8Array },
): Promise<ProfileStatement> {
  const statement = profileStatement.parse(envelope.signed);
  const [signature, ...more] = envelope.signatures;
  if (signature === undefined || more.length > 0) throw invalid('exactly one signature is due');
  if (!equal(statement.account, chain.fingerprint)) throw invalid('it is of another account');
  if (!equal(statement.sealed, sha256(sealed))) throw invalid('it is about another content');
  checkClaimedExtent(chain, statement.chain);
  const device = activeDevice(chain, statement.device, statement.chain.length);
  if (device === null || device.kind !== 'keybox' || statement.suite !== chain.suite) {
    throw new ProtocolPeerFault('device-unendorsed', 'signed by no active device of its author');
  }
  await suites.byId(chain.suite).signature.verify(device.signing, 'sotto/profile/v1', envelope.signed, signature);
  return statement;
}

/** The profile key, sealed to one who may see the profile. */
export async function sealProfileKey(
  suites: Suites,
  reader: Chain,
  { account, key }: { readonly account: Uint8Array; readonly key: Secret },
): Promise<Uint8Array<ArrayBuffer>> {
  const { room, generation } = currentUserKey(reader);
  const binding = keyBinding({
    account,
    keyId: profileKeyId(key),
    reader: reader.fingerprint,
    publicKey: room,
    generation,
  });
  return suites.byId(reader.suite).kem.seal(room, binding, key.unsafeExpose('sealed to a reader'));
}

/** Opens what `sealProfileKey` sealed, and checks that it is the key that the signed statement names. Throws `open-failed`. */
export async function openProfileKey(
  suite: Suite,
  secretKey: Secret,
  { statement, reader, generation, sealed }: SealedProfileKey,
): Promise<Secret> {
  const publicKey = await suite.kem.publicKey(secretKey);
  const { account, keyId } = statement;
  const key = await suite.kem.open(secretKey, keyBinding({ account, keyId, reader, publicKey, generation }), sealed);
  if (key.length === 32 && equal(profileKeyId(key), keyId)) return key;
  key[Symbol.dispose]();
  throw invalid('the key is not the one that it names');
}

export interface SealedProfileKey {
  readonly statement: ProfileStatement;
  /** Fingerprint and user-key generation of whoever it is sealed to. */
  readonly reader: Uint8Array;
  readonly generation: number;
  readonly sealed: Uint8Array;
}

function keyBinding(parts: {
  readonly account: Uint8Array;
  readonly keyId: Uint8Array;
  readonly reader: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly generation: number;
}): SealBinding {
  const { account, keyId, reader, publicKey, generation } = parts;
  const context: CborValue = { sender: account, account: reader, recipient: sha256(publicKey), generation, keyId };
  return { purpose: 'sotto/seal/profile-key/v1', context };
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('profile-invalid', `profile: ${what}`);
}

/** A key serves one content, by its salt; so one nonce serves. */
const ZERO_NONCE = new Uint8Array(12);
