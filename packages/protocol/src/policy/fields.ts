import { z } from 'zod/mini';
import { hash32 } from '../format.ts';
import { MAX_MEMBERS } from '../limits.ts';

/** What the organisation's policy says, field by field; docs/spec/policy.md has the table in words. */
export interface PolicyValues {
  /** Suites that accounts and rooms may use; null: all that the program knows. */
  readonly suites: readonly number[] | null;
  /** SHA-256 of the suite modules that may be loaded; null: any. */
  readonly suiteModules: readonly Uint8Array[] | null;
  /** Whether an account may be opened anywhere with its passphrase: always, with a generated one alone, never. */
  readonly roaming: 'allowed' | 'generated' | 'forbidden';
  /** Days for which a vault opens without the server; 0: never. */
  readonly offlineUnlockDays: number;
  /** Nothing is sealed to contacts whose fingerprint was not compared. */
  readonly verifiedOnly: boolean;
  /** Days after which content is erased; null: kept. */
  readonly retentionDays: number | null;
  readonly federation: boolean;
  readonly outsideMail: boolean;
  /** SIP and XMPP faces. */
  readonly gateways: boolean;
  readonly publicLinks: boolean;
  readonly guests: boolean;
  /** Who makes rooms; direct rooms are everybody's. */
  readonly roomCreation: 'everybody' | 'admins' | 'owners';
  readonly forwarding: boolean;
  /** Whether messages and keys leave the vault as files. */
  readonly export: boolean;
  /** Keys of old eras are handed on only when a person has said yes. */
  readonly keyRequestApproval: boolean;
  readonly maxMembers: number;
  readonly maxDevices: number;
  /** Characters of a new passphrase, beside the rule that always holds. */
  readonly passphraseLength: number;
  /** Days after which a client reminds of changing the passphrase; null: never. */
  readonly passphraseAgeDays: number | null;
  /** Minutes without use after which an agent locks; null: as its user likes. */
  readonly autoLockMinutes: number | null;
}

export type PolicyField = keyof PolicyValues;

/** How the values of a field are ordered. Null, where it may stand, is looser than every other value. */
type FieldOrder =
  | { readonly kind: 'flag'; readonly tighter: boolean }
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly tighter: 'lower' | 'higher' | 'neither';
    }
  /** Values from the loosest to the tightest. */
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** A subset is tighter. */
  | { readonly kind: 'list'; readonly of: 'suite' | 'hash' };

export interface FieldRule<Field extends PolicyField = PolicyField> {
  readonly default: PolicyValues[Field];
  readonly nullable: boolean;
  readonly order: FieldOrder;
  /** A change holds for a user only after that user's yes, whatever its direction. */
  readonly needsConsent: boolean;
  /** Who sees to it; `closed`: the door is not built yet, so it is shut whatever the field says. */
  readonly by: 'client' | 'server' | 'both' | 'closed';
}

/** The table: one row per field. Code, documentation and tests read this one. */
export const policyFields: { readonly [Field in PolicyField]: FieldRule<Field> } = {
  suites: { ...list('suite'), needsConsent: true, by: 'client' },
  suiteModules: { ...list('hash'), needsConsent: true, by: 'client' },
  roaming: { ...choice('allowed', 'generated', 'forbidden'), by: 'both' },
  offlineUnlockDays: { ...number(0, 30, 'lower'), default: 30, by: 'client' },
  verifiedOnly: { ...flag(true), by: 'client' },
  retentionDays: { ...optional(1, 36_500, 'neither'), needsConsent: true, by: 'closed' },
  federation: { ...flag(false), default: false, by: 'closed' },
  outsideMail: { ...flag(false), default: false, by: 'closed' },
  gateways: { ...flag(false), default: false, by: 'closed' },
  publicLinks: { ...flag(false), default: false, by: 'closed' },
  guests: { ...flag(false), default: false, by: 'closed' },
  roomCreation: { ...choice('everybody', 'admins', 'owners'), by: 'server' },
  forwarding: { ...flag(false), by: 'closed' },
  export: { ...flag(false), by: 'client' },
  keyRequestApproval: { ...flag(true), by: 'closed' },
  maxMembers: { ...number(1, MAX_MEMBERS, 'lower'), default: MAX_MEMBERS, by: 'both' },
  maxDevices: { ...number(1, 64, 'lower'), default: 64, by: 'server' },
  passphraseLength: { ...number(8, 128, 'higher'), default: 8, by: 'client' },
  passphraseAgeDays: { ...optional(1, 3650, 'lower'), by: 'client' },
  autoLockMinutes: { ...optional(1, 1440, 'lower'), by: 'client' },
};

export const policyFieldNames: readonly PolicyField[] = Object.keys(policyFields) as PolicyField[];

/** What holds where the owner has published nothing. */
export const defaultPolicy: PolicyValues = Object.freeze(
  Object.fromEntries(policyFieldNames.map((field) => [field, policyFields[field].default])),
) as unknown as PolicyValues;

/** The schema of one field's value. */
export function policyValue(field: PolicyField): z.ZodMiniType {
  const { order, nullable } = policyFields[field];
  const schema = schemaOf(order);
  return nullable ? z.nullable(schema) : schema;
}

export const policyValues: z.ZodMiniType<PolicyValues> = z.strictObject(
  Object.fromEntries(policyFieldNames.map((field) => [field, policyValue(field)])),
) as unknown as z.ZodMiniType<PolicyValues>;

function schemaOf(order: FieldOrder): z.ZodMiniType {
  switch (order.kind) {
    case 'flag':
      return z.boolean();
    case 'number':
      return z.int().check(z.minimum(order.least), z.maximum(order.most));
    case 'choice':
      return z.enum(order.values as [string, ...string[]]);
    case 'list':
      return z
        .array(order.of === 'suite' ? z.int().check(z.minimum(1), z.maximum(0xffff)) : hash32)
        .check(z.maxLength(16));
  }
}

type Row<Value> = {
  readonly default: Value;
  readonly nullable: boolean;
  readonly order: FieldOrder;
  readonly needsConsent: boolean;
};

function flag(tighter: boolean): Row<boolean> {
  return { default: !tighter, nullable: false, order: { kind: 'flag', tighter }, needsConsent: false };
}

function number(least: number, most: number, tighter: 'lower' | 'higher'): Omit<Row<number>, 'default'> {
  return { nullable: false, order: { kind: 'number', least, most, tighter }, needsConsent: false };
}

function optional(least: number, most: number, tighter: 'lower' | 'neither'): Row<null> {
  return { default: null, nullable: true, order: { kind: 'number', least, most, tighter }, needsConsent: false };
}

function choice<const Value extends string>(loosest: Value, ...tighter: readonly Value[]): Row<Value> {
  return {
    default: loosest,
    nullable: false,
    order: { kind: 'choice', values: [loosest, ...tighter] },
    needsConsent: false,
  };
}

function list(of: 'suite' | 'hash'): Row<null> {
  return { default: null, nullable: true, order: { kind: 'list', of }, needsConsent: false };
}
