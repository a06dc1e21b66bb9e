import { concat, equal, utf8 } from '@sotto/bytes';
import { type PacketCiphers, Secret } from '@sotto/crypto';
import type { Algorithms } from './algorithms.ts';
import { word } from './fields.ts';

export type Role = 'initiator' | 'responder';

/** Secrets that both ends may have from before; null where there is none. */
export interface SharedSecrets {
  /** What the last call and the one before left. */
  readonly rs1: Secret | null;
  readonly rs2: Secret | null;
  /** From the signalling: post-quantum between our own ends. */
  readonly aux: Secret | null;
}

export interface ScheduleContext {
  readonly ciphers: PacketCiphers;
  readonly algorithms: Algorithms;
  readonly zids: { readonly initiator: Uint8Array; readonly responder: Uint8Array };
  readonly totalHash: Uint8Array;
}

/** RFC 6189 section 4.5.1: HMAC of counter, label, zero, context, length in bits. At most one block is ever asked for. */
export function derive(
  { ciphers, algorithms, zids, totalHash }: ScheduleContext,
  key: Secret,
  { label, length }: { readonly label: string; readonly length: number },
): Secret {
  const context = concat(zids.initiator, zids.responder, totalHash);
  const input = concat(word(1), utf8(label), Uint8Array.of(0), context, word(length * 8));
  const block = ciphers.hmac(algorithms.hash.mac, key, input);
  const derived = new Secret(block.subarray(0, length));
  block.fill(0);
  return derived;
}

/** RFC 6189 section 4.4.1.4: what both make of the group's result and of the secrets that they have in common. */
export function agreedSecret(
  { algorithms, zids, totalHash }: ScheduleContext,
  dhResult: Secret,
  { s1, s2 }: { readonly s1: Secret | null; readonly s2: Secret | null },
): Secret {
  const shared = [s1, s2, null].map((secret) => secret?.unsafeExpose('part of s0') ?? new Uint8Array());
  const parts = shared.flatMap((bytes) => [word(bytes.length), bytes]);
  const input = dhResult.use((result) =>
    concat(word(1), result, utf8('ZRTP-HMAC-KDF'), zids.initiator, zids.responder, totalHash, ...parts),
  );
  const digest = algorithms.hash.digest(input);
  const s0 = new Secret(digest);
  for (const bytes of [input, digest, ...shared]) bytes.fill(0);
  return s0;
}

/** Keys of one role. */
export interface RoleKeys {
  readonly srtpKey: Secret;
  /** 14 bytes. */
  readonly srtpSalt: Secret;
  readonly macKey: Secret;
  /** Of what a Confirm encrypts. */
  readonly confirmKey: Secret;
}

export function roleKeys(context: ScheduleContext, s0: Secret, role: Role): RoleKeys {
  const { hash, cipherKeyBytes } = context.algorithms;
  const name = role === 'initiator' ? 'Initiator' : 'Responder';
  const make = (label: string, length: number): Secret => derive(context, s0, { label: `${name} ${label}`, length });
  return {
    srtpKey: make('SRTP master key', cipherKeyBytes),
    srtpSalt: make('SRTP master salt', 14),
    macKey: make('HMAC key', hash.bytes),
    confirmKey: make('ZRTP key', cipherKeyBytes),
  };
}

/** The ids under which an end names its secrets to the other (RFC 6189 section 4.3.1); what it lacks has a random one. */
export interface SecretIds {
  readonly rs1Id: Uint8Array;
  readonly rs2Id: Uint8Array;
  readonly auxId: Uint8Array;
}

export interface IdInput {
  readonly ciphers: PacketCiphers;
  readonly algorithms: Algorithms;
  readonly secrets: SharedSecrets;
  readonly role: Role;
  /** Of whoever sends the ids. */
  readonly h3: Uint8Array;
}

export function secretIds({ secrets, ...input }: IdInput, randomBytes: (length: number) => Uint8Array): SecretIds {
  const { rs1, rs2, aux } = secrets;
  const id = (secret: Secret | null, name: Uint8Array): Uint8Array =>
    secret === null ? randomBytes(8) : secretId(input, secret, name);
  const name = roleName(input.role);
  return { rs1Id: id(rs1, name), rs2Id: id(rs2, name), auxId: id(aux, input.h3) };
}

/** The retained and the auxiliary secret that both have, by what the other end says of its own. */
export function matchSecrets(
  { secrets: { rs1, rs2, aux }, ...input }: IdInput,
  theirs: SecretIds,
): { readonly s1: Secret | null; readonly s2: Secret | null } {
  const name = roleName(input.role);
  const has = (secret: Secret, id: Uint8Array): boolean => equal(secretId(input, secret, name), id);
  const own = [rs1, rs2].filter((secret) => secret !== null);
  const ids = [theirs.rs1Id, theirs.rs2Id];
  // The initiator's first secret that the responder has is the one, whichever end looks.
  const s1 =
    input.role === 'responder'
      ? own.find((secret) => ids.some((id) => has(secret, id)))
      : ids.map((id) => own.find((secret) => has(secret, id))).find((secret) => secret !== undefined);
  const s2 = aux !== null && equal(secretId(input, aux, input.h3), theirs.auxId) ? aux : null;
  return { s1: s1 ?? null, s2 };
}

function secretId(
  { ciphers, algorithms }: Pick<IdInput, 'ciphers' | 'algorithms'>,
  secret: Secret,
  name: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return ciphers.hmac(algorithms.hash.mac, secret, name).slice(0, 8);
}

function roleName(role: Role): Uint8Array<ArrayBuffer> {
  return utf8(role === 'initiator' ? 'Initiator' : 'Responder');
}
