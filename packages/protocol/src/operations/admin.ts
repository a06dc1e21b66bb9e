import { z } from 'zod/mini';
import { type Address, address, type DeviceName, deviceName } from '../address.ts';
import type { DeviceKind } from '../device.ts';
import { boundedBytes, boundedText, count, emptyMap, fixedBytes, hash32, milliseconds } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';
import { type SignedPolicy, signedPolicy } from '../policy/policy.ts';

/** What an account may do in the administration of its server, highest first. */
export const accountRoles = ['owner', 'admin', 'user'] as const;
export type AccountRole = (typeof accountRoles)[number];

export const accountStates = ['active', 'suspended', 'deleted', 'incomplete'] as const;
export type AccountState = (typeof accountStates)[number];

/** An account as its administrators see it. */
export interface AdminUser {
  readonly address: Address;
  /** Null while the sign-up is not complete. */
  readonly fingerprint: Uint8Array | null;
  readonly role: AccountRole;
  readonly state: AccountState;
  /** Installations that are not revoked. */
  readonly devices: number;
}

export interface AdminDevice {
  readonly id: Uint8Array;
  readonly name: DeviceName;
  readonly kind: DeviceKind;
  readonly revoked: boolean;
}

export interface AdminInvitation {
  readonly id: number;
  readonly role: AccountRole;
  readonly state: 'open' | 'reserved' | 'used' | 'expired';
  readonly createdBy: Address | null;
  readonly expiresAt: number;
  readonly usedBy: Address | null;
}

export interface AdminSession {
  readonly id: number;
  /** Null for a channel without an account. */
  readonly address: Address | null;
  readonly device: DeviceName | null;
  readonly kind: 'anonymous' | 'account' | 'device' | 'revoked';
  readonly since: number;
  /** Stands for the network address; changes with every start. */
  readonly source: string;
}

/** Sums alone: nothing here tells who talks with whom. */
export interface AdminStatistics {
  readonly at: number;
  readonly accounts: {
    readonly active: number;
    readonly suspended: number;
    readonly deleted: number;
    readonly incomplete: number;
  };
  readonly devices: number;
  readonly connected: number;
  readonly rooms: { readonly [type: string]: number };
  /** Log entries of all rooms by day (UTC), of the last week, oldest first. */
  readonly entries: readonly { readonly day: number; readonly count: number }[];
  /** Ciphertext of room logs. */
  readonly storageBytes: number;
  /** Items that devices have not fetched. */
  readonly mailboxItems: number;
}

const role: z.ZodMiniType<AccountRole> = z.enum(accountRoles);
const user: z.ZodMiniType<AdminUser> = z.strictObject({
  address,
  fingerprint: z.nullable(hash32),
  role,
  state: z.enum(accountStates),
  devices: count,
});
const code: z.ZodMiniType<string> = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/));
const byAddress: z.ZodMiniType<{ readonly address: Address }> = z.strictObject({ address });
const userOnly: z.ZodMiniType<{ readonly user: AdminUser }> = z.strictObject({ user });

/** For owners and admins, as everything here: `not-authorised` for others. */
export const adminUsersList: Operation<
  'admin.users.list',
  { readonly after: number; readonly limit: number },
  { readonly users: readonly AdminUser[]; readonly next: number | null }
> = operation({
  name: 'admin.users.list',
  scopes: ['device'],
  input: z.strictObject({ after: count, limit: z.int().check(z.minimum(1), z.maximum(500)) }),
  output: z.strictObject({ users: z.array(user).check(z.maxLength(500)), next: z.nullable(count) }),
});

export const adminUsersShow: Operation<
  'admin.users.show',
  { readonly address: Address },
  { readonly user: AdminUser; readonly devices: readonly AdminDevice[] }
> = operation({
  name: 'admin.users.show',
  scopes: ['device'],
  input: byAddress,
  output: z.strictObject({
    user,
    devices: z
      .array(
        z.strictObject({
          id: fixedBytes(32),
          name: deviceName,
          kind: z.enum(['keybox', 'roaming', 'recovery']) as z.ZodMiniType<DeviceKind>,
          revoked: z.boolean(),
        }),
      )
      .check(z.maxLength(1000)),
  }),
});

type UserChange<Name extends string> = Operation<Name, { readonly address: Address }, { readonly user: AdminUser }>;

/** Ends the account's sessions and refuses new ones. `last-owner`, `role-insufficient`. */
export const adminUsersSuspend: UserChange<'admin.users.suspend'> = operation({
  name: 'admin.users.suspend',
  scopes: ['device'],
  input: byAddress,
  output: userOnly,
});

export const adminUsersResume: UserChange<'admin.users.resume'> = operation({
  name: 'admin.users.resume',
  scopes: ['device'],
  input: byAddress,
  output: userOnly,
});

/** For good: nobody signs in to it again, and the name is never given to anybody else. */
export const adminUsersDelete: UserChange<'admin.users.delete'> = operation({
  name: 'admin.users.delete',
  scopes: ['device'],
  input: byAddress,
  output: userOnly,
});

export const adminUsersSetRole: Operation<
  'admin.users.set-role',
  { readonly address: Address; readonly role: AccountRole },
  { readonly user: AdminUser }
> = operation({
  name: 'admin.users.set-role',
  scopes: ['device'],
  input: z.strictObject({ address, role }),
  output: userOnly,
});

export const adminInvitationsList: Operation<
  'admin.invitations.list',
  { readonly after: number; readonly limit: number },
  { readonly invitations: readonly AdminInvitation[]; readonly next: number | null }
> = operation({
  name: 'admin.invitations.list',
  scopes: ['device'],
  input: z.strictObject({ after: count, limit: z.int().check(z.minimum(1), z.maximum(500)) }),
  output: z.strictObject({
    invitations: z
      .array(
        z.strictObject({
          id: count,
          role,
          state: z.enum(['open', 'reserved', 'used', 'expired']),
          createdBy: z.nullable(address),
          expiresAt: milliseconds,
          usedBy: z.nullable(address),
        }),
      )
      .check(z.maxLength(500)),
    next: z.nullable(count),
  }),
});

/** One use each; `role` is at most the caller's own. */
export const adminInvitationsCreate: Operation<
  'admin.invitations.create',
  { readonly count: number; readonly role: AccountRole; readonly days: number },
  { readonly codes: readonly string[]; readonly expiresAt: number }
> = operation({
  name: 'admin.invitations.create',
  scopes: ['device'],
  input: z.strictObject({
    count: z.int().check(z.minimum(1), z.maximum(100)),
    role,
    days: z.int().check(z.minimum(1), z.maximum(90)),
  }),
  output: z.strictObject({ codes: z.array(code).check(z.maxLength(100)), expiresAt: milliseconds }),
});

/** Takes back one that nobody has used. */
export const adminInvitationsRevoke: Operation<
  'admin.invitations.revoke',
  { readonly id: number },
  Record<string, never>
> = operation({
  name: 'admin.invitations.revoke',
  scopes: ['device'],
  input: z.strictObject({ id: count }),
  output: emptyMap,
});

export const adminSessionsList: Operation<
  'admin.sessions.list',
  { readonly after: number; readonly limit: number },
  { readonly sessions: readonly AdminSession[]; readonly next: number | null }
> = operation({
  name: 'admin.sessions.list',
  scopes: ['device'],
  input: z.strictObject({ after: count, limit: z.int().check(z.minimum(1), z.maximum(500)) }),
  output: z.strictObject({
    sessions: z
      .array(
        z.strictObject({
          id: count,
          address: z.nullable(address),
          device: z.nullable(deviceName),
          kind: z.enum(['anonymous', 'account', 'device', 'revoked']),
          since: milliseconds,
          source: boundedText(64),
        }),
      )
      .check(z.maxLength(500)),
    next: z.nullable(count),
  }),
});

/** Cuts a connection; its device may connect again. */
export const adminSessionsEnd: Operation<
  'admin.sessions.end',
  { readonly id: number },
  Record<string, never>
> = operation({
  name: 'admin.sessions.end',
  scopes: ['device'],
  input: z.strictObject({ id: count }),
  output: emptyMap,
});

/** The newest policy; null before the owner has published one. For everybody. */
export const policiesRead: Operation<
  'policies.read',
  Record<string, never>,
  { readonly policy: SignedPolicy | null }
> = operation({
  name: 'policies.read',
  scopes: ['sign-up', 'account', 'device'],
  input: emptyMap,
  output: z.strictObject({ policy: z.nullable(signedPolicy.schema) }),
});

/** For owners. `policy-outdated` unless the version is the next one; the same bytes again are answered alike. */
export const adminPolicyPublish: Operation<
  'admin.policy.publish',
  { readonly policy: SignedPolicy },
  { readonly version: number }
> = operation({
  name: 'admin.policy.publish',
  scopes: ['device'],
  input: z.strictObject({ policy: signedPolicy.schema }),
  output: z.strictObject({ version: count }),
});

export const adminPolicyHistory: Operation<
  'admin.policy.history',
  { readonly after: number },
  { readonly policies: readonly SignedPolicy[] }
> = operation({
  name: 'admin.policy.history',
  scopes: ['device'],
  input: z.strictObject({ after: count }),
  output: z.strictObject({ policies: z.array(signedPolicy.schema).check(z.maxLength(4)) }),
});

/** Entries from a position on, and the signed head of the whole log. Who follows reads again from where it stands. */
export const adminAuditRead: Operation<
  'admin.audit.read',
  { readonly from: number; readonly limit: number },
  { readonly entries: readonly Uint8Array[]; readonly head: SignedHead }
> = operation({
  name: 'admin.audit.read',
  scopes: ['device'],
  input: z.strictObject({ from: count, limit: z.int().check(z.minimum(1), z.maximum(200)) }),
  output: z.strictObject({ entries: z.array(boundedBytes(4096, 1)).check(z.maxLength(200)), head: signedHead }),
});

export const adminStatistics: Operation<'admin.statistics', Record<string, never>, AdminStatistics> = operation({
  name: 'admin.statistics',
  scopes: ['device'],
  input: emptyMap,
  output: z.strictObject({
    at: milliseconds,
    accounts: z.strictObject({ active: count, suspended: count, deleted: count, incomplete: count }),
    devices: count,
    connected: count,
    rooms: z.record(z.string().check(z.maxLength(32)), count),
    entries: z.array(z.strictObject({ day: milliseconds, count })).check(z.maxLength(8)),
    storageBytes: count,
    mailboxItems: count,
  }),
});
