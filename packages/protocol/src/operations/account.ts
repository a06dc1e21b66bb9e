import { z } from 'zod/mini';
import { type Address, address, type DeviceName, deviceName } from '../address.ts';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, count, emptyMap, fixedBytes, hash32, milliseconds } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';
import { type SignedPolicy, signedPolicy } from '../policy/policy.ts';
import { type StatementSubmission, statementSubmission } from '../submission.ts';

const code: z.ZodMiniType<string> = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/));

/** Step of a sign-up, in order; what a resumed one has behind it. */
export const signUpSteps = ['registered', 'enrolled', 'complete'] as const;
export type SignUpStep = (typeof signUpSteps)[number];

export const invitationsLook: Operation<
  'invitations.look',
  { readonly code: string },
  {
    readonly domain: string;
    readonly expiresAt: number;
    readonly policyKey: Uint8Array | null;
    readonly policy: SignedPolicy | null;
  }
> = operation({
  name: 'invitations.look',
  scopes: ['anonymous'],
  input: z.strictObject({ code }),
  output: z.strictObject({
    domain: z.string(),
    expiresAt: milliseconds,
    policyKey: z.nullable(hash32),
    policy: z.nullable(signedPolicy.schema),
  }),
});

/** First half of the OPAQUE registration; reserves nothing yet. */
export const accountsRegisterStart: Operation<
  'accounts.register-start',
  { readonly invitation: string; readonly address: Address; readonly request: Uint8Array },
  { readonly response: Uint8Array }
> = operation({
  name: 'accounts.register-start',
  scopes: ['anonymous'],
  input: z.strictObject({ invitation: code, address, request: boundedBytes(64, 32) }),
  output: z.strictObject({ response: boundedBytes(128, 32) }),
});

/** Second half: reserves name and invitation for an hour under the sign-up id. Repeating it with the same id is answered alike. */
export const accountsRegisterFinish: Operation<
  'accounts.register-finish',
  {
    readonly invitation: string;
    readonly address: Address;
    readonly signUp: Uint8Array;
    readonly suite: number;
    readonly record: Uint8Array;
    readonly bundle: Uint8Array;
    readonly vault: { readonly id: Uint8Array; readonly blob: Uint8Array } | null;
    /** SHA-256 of the random token by which this installation is exempt from the account's throttle. */
    readonly exemption: Uint8Array;
  },
  Record<string, never>
> = operation({
  name: 'accounts.register-finish',
  scopes: ['anonymous'],
  input: z.strictObject({
    invitation: code,
    address,
    signUp: fixedBytes(16),
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    record: boundedBytes(512, 64),
    bundle: boundedBytes(65_536, 1),
    vault: z.nullable(z.strictObject({ id: fixedBytes(16), blob: boundedBytes(1024, 1) })),
    exemption: hash32,
  }),
  output: emptyMap,
});

/** What an OPAQUE sign-in finds; the sealed bundle with it. */
export const accountsState: Operation<
  'accounts.state',
  Record<string, never>,
  {
    readonly suite: number;
    readonly bundle: Uint8Array;
    readonly fingerprint: Uint8Array | null;
    readonly signUp: { readonly id: Uint8Array; readonly step: SignUpStep } | null;
  }
> = operation({
  name: 'accounts.state',
  scopes: ['sign-up', 'account'],
  input: emptyMap,
  output: z.strictObject({
    suite: z.int(),
    bundle: boundedBytes(65_536),
    fingerprint: z.nullable(hash32),
    signUp: z.nullable(z.strictObject({ id: fixedBytes(16), step: z.enum(signUpSteps) })),
  }),
});

/**
 * Releases the wrapped vault secret of one installation, and while it is being replaced the new one before it.
 * `not-found` after its device was revoked.
 */
export const vaultsRelease: Operation<
  'vaults.release',
  { readonly id: Uint8Array },
  { readonly blobs: readonly Uint8Array[] }
> = operation({
  name: 'vaults.release',
  scopes: ['sign-up', 'account'],
  input: z.strictObject({ id: fixedBytes(16) }),
  output: z.strictObject({ blobs: z.array(boundedBytes(1024, 1)).check(z.minLength(1), z.maxLength(2)) }),
});

/** Issues or renews certificates: the device's by its name and a CSR, and of a classic account the user key's by its SPKI. */
export const devicesCertify: Operation<
  'devices.certify',
  { readonly name: DeviceName; readonly csr: Uint8Array; readonly userKey: Uint8Array | null },
  { readonly certificate: Uint8Array; readonly userKeyCertificate: Uint8Array | null; readonly ca: Uint8Array }
> = operation({
  name: 'devices.certify',
  scopes: ['sign-up', 'device'],
  input: z.strictObject({ name: deviceName, csr: boundedBytes(4096, 1), userKey: z.nullable(boundedBytes(1024, 1)) }),
  output: z.strictObject({
    certificate: boundedBytes(8192, 1),
    userKeyCertificate: z.nullable(boundedBytes(8192, 1)),
    ca: boundedBytes(8192, 1),
  }),
});

/** Publishes the genesis; the invitation is used up and the name active. Repeating the same bytes is answered alike. */
export const accountsGenesis: Operation<
  'accounts.genesis',
  { readonly envelope: Envelope },
  { readonly head: SignedHead }
> = operation({
  name: 'accounts.genesis',
  scopes: ['sign-up'],
  input: z.strictObject({ envelope: envelope.schema }),
  output: z.strictObject({ head: signedHead }),
});

/** Last step, one batch: account room, roaming device if any, `bundle.set` and the bundle that it names. Repeating it is answered alike. */
export const accountsComplete: Operation<
  'accounts.complete',
  {
    readonly room: readonly StatementSubmission[];
    readonly statements: readonly Envelope[];
    readonly bundle: Uint8Array;
  },
  { readonly chainHead: SignedHead; readonly roomHead: SignedHead }
> = operation({
  name: 'accounts.complete',
  scopes: ['sign-up', 'account'],
  input: z.strictObject({
    room: z.array(statementSubmission).check(z.length(2)),
    statements: z.array(envelope.schema).check(z.minLength(1), z.maxLength(2)),
    bundle: boundedBytes(65_536, 1),
  }),
  output: z.strictObject({ chainHead: signedHead, roomHead: signedHead }),
});

/**
 * Reads a sigchain from a position; for its owner (also by passphrase alone, and by a device that was revoked), mutual
 * contacts, co-members and the receiver of a request.
 */
export const chainsRead: Operation<
  'chains.read',
  { readonly account: Uint8Array | Address; readonly from: number },
  { readonly fingerprint: Uint8Array; readonly statements: readonly Envelope[]; readonly head: SignedHead }
> = operation({
  name: 'chains.read',
  scopes: ['account', 'device', 'revoked'],
  input: z.strictObject({ account: z.union([hash32, address]), from: count }),
  output: z.strictObject({
    fingerprint: hash32,
    statements: z.array(envelope.schema).check(z.maxLength(16)),
    head: signedHead,
  }),
});

/** The certificate of another account: of its user key (`encryption`) or of a device, as DER; null if it has none. */
export const certificatesRead: Operation<
  'certificates.read',
  { readonly account: Uint8Array },
  { readonly devices: readonly Uint8Array[]; readonly userKey: Uint8Array | null; readonly ca: Uint8Array }
> = operation({
  name: 'certificates.read',
  scopes: ['device'],
  input: z.strictObject({ account: hash32 }),
  output: z.strictObject({
    devices: z.array(boundedBytes(8192, 1)).check(z.maxLength(64)),
    userKey: z.nullable(boundedBytes(8192, 1)),
    ca: boundedBytes(8192, 1),
  }),
});

/** DER of the head-key certificates that the cluster has used, newest first, and its CRL. */
export const clusterKeys: Operation<
  'cluster.keys',
  Record<string, never>,
  { readonly headCertificates: readonly Uint8Array[]; readonly ca: Uint8Array; readonly crl: Uint8Array }
> = operation({
  name: 'cluster.keys',
  scopes: ['anonymous', 'sign-up', 'account', 'device', 'revoked'],
  input: emptyMap,
  output: z.strictObject({
    headCertificates: z.array(boundedBytes(8192, 1)).check(z.minLength(1), z.maxLength(16)),
    ca: boundedBytes(8192, 1),
    crl: boundedBytes(65_536, 1),
  }),
});

/** The caller's own standing. */
export const accountsSelf: Operation<
  'accounts.self',
  Record<string, never>,
  { readonly role: 'owner' | 'admin' | 'user' }
> = operation({
  name: 'accounts.self',
  scopes: ['device'],
  input: emptyMap,
  output: z.strictObject({ role: z.enum(['owner', 'admin', 'user']) }),
});
