import { equal } from '@sotto/bytes';
import { type Secret, type Suites, sha256 } from '@sotto/crypto';
import { z } from 'zod/mini';
import { ProtocolPeerFault } from '../fault.ts';
import { boundedBytes, type Format, format, hash32, milliseconds, versionedFormat } from '../format.ts';
import { type PolicyValues, policyValues } from './fields.ts';

/** The organisation's policy: one document, replaced as a whole by the next version. */
export interface Policy {
  readonly v: 1;
  /** Suite of the policy key. */
  readonly suite: number;
  readonly domain: string;
  /** From 1; never falls. */
  readonly version: number;
  readonly at: number;
  readonly values: PolicyValues;
  /** Fingerprints of accounts to which nothing is sealed any more, ascending. */
  readonly suspended: readonly Uint8Array[];
}

/** What travels: the bytes that the policy key signed, the signature, and the key, which a pinned hash names. */
export interface SignedPolicy {
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The bytes that a policy's signature is over, tag `sotto/policy/v1`. */
export const policy: Format<Policy> = versionedFormat<Policy>(
  'policy',
  z.strictObject({
    v: z.literal(1),
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    domain: z.string().check(z.minLength(1), z.maxLength(253)),
    version: z.int().check(z.positive()),
    at: milliseconds,
    values: policyValues,
    suspended: z.array(hash32).check(z.maxLength(1000)),
  }) as z.ZodMiniType<Policy>,
  { maxBytes: 48 * 1024, field: 'kind', known: [] },
);

export const signedPolicy: Format<SignedPolicy> = format(
  'signed policy',
  z.strictObject({
    signed: boundedBytes(48 * 1024, 1),
    signature: boundedBytes(8192, 1),
    publicKey: boundedBytes(4096, 1),
  }),
);

export interface PolicyKey {
  readonly suite: number;
  readonly publicKey: Uint8Array;
  readonly secretKey: Secret;
}

/** Signs a policy with the owner's policy key. */
export async function signPolicy(
  suites: Suites,
  key: PolicyKey,
  content: Omit<Policy, 'v' | 'suite'>,
): Promise<SignedPolicy> {
  const suspended = content.suspended.toSorted(compareBytes);
  const signed = policy.encode(policy.check({ v: 1, suite: key.suite, ...content, suspended }));
  const signature = await suites.byId(key.suite).signature.sign(key.secretKey, 'sotto/policy/v1', signed);
  return { signed, signature, publicKey: key.publicKey };
}

export interface PolicyPin {
  /** SHA-256 of the policy key, from the own genesis or the invitation. */
  readonly policyKey: Uint8Array;
  readonly domain: string;
}

/** Verifies a policy under the pinned key. Throws `policy-invalid`, `format-malformed`, `format-unsupported`. */
export async function verifyPolicy(
  suites: Suites,
  { signed, signature, publicKey }: SignedPolicy,
  pin: PolicyPin,
): Promise<Policy> {
  if (!equal(sha256(publicKey), pin.policyKey)) throw policyInvalid('under a key that is not the pinned one');
  const parsed = policy.parse(signed);
  await suites
    .byId(parsed.suite)
    .signature.verify(publicKey, 'sotto/policy/v1', signed, signature)
    .catch((cause: unknown) => {
      throw policyInvalid('with a signature that the policy key did not make', cause);
    });
  if (parsed.domain !== pin.domain) throw policyInvalid('of another domain');
  const isSorted = parsed.suspended.every(
    (each, i, all) => i === 0 || compareBytes(all[i - 1] as Uint8Array, each) < 0,
  );
  if (!isSorted) throw policyInvalid('with accounts out of order or twice');
  return parsed;
}

/**
 * Judges a verified policy beside the newest one that was seen. Throws `policy-rollback` for a version that falls,
 * `policy-split` for other bytes under the same version.
 */
export function checkSuccession(
  known: { readonly version: number; readonly signed: Uint8Array },
  next: { readonly version: number; readonly signed: Uint8Array },
): void {
  if (next.version < known.version) {
    throw new ProtocolPeerFault('policy-rollback', `version ${next.version} of the policy after ${known.version}`);
  }
  if (next.version === known.version && !equal(next.signed, known.signed)) {
    throw new ProtocolPeerFault('policy-split', `two policies of version ${next.version}`);
  }
}

function policyInvalid(what: string, cause?: unknown): ProtocolPeerFault {
  return new ProtocolPeerFault('policy-invalid', `a policy ${what}`, { cause });
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (const [i, byte] of left.entries()) if (byte !== right[i]) return byte - (right[i] as number);
  return 0;
}
