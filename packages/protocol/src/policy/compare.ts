import { type CborValue, encodeCbor, equal, hex } from '@sotto/bytes';
import { type FieldRule, type PolicyField, type PolicyValues, policyFieldNames, policyFields } from './fields.ts';

/** How a new value of a field stands to the old one; `other` where neither is the tighter. */
export type Tightness = 'same' | 'tighter' | 'looser' | 'other';

/** One field that two policies differ in. */
export interface PolicyChange {
  readonly field: PolicyField;
  readonly tightness: Exclude<Tightness, 'same'>;
  readonly needsConsent: boolean;
}

/** Compares two values of a field by its row of the table. */
export function compareField<Field extends PolicyField>(
  field: Field,
  old: PolicyValues[Field],
  next: PolicyValues[Field],
): Tightness {
  if (isSame(old, next)) return 'same';
  if (isTighter(field, next, old)) return 'tighter';
  return isTighter(field, old, next) ? 'looser' : 'other';
}

/** True if `value` allows nothing that `than` forbids, and less than it. */
export function isTighter<Field extends PolicyField>(
  field: Field,
  value: PolicyValues[Field],
  than: PolicyValues[Field],
): boolean {
  const { order } = policyFields[field] as FieldRule;
  if (isSame(value, than) || (order.kind === 'number' && order.tighter === 'neither')) return false;
  if (value === null || than === null) return than === null;
  switch (order.kind) {
    case 'flag':
      return value === order.tighter;
    case 'number':
      return order.tighter === 'lower' ? value < than : value > than;
    case 'choice':
      return order.values.indexOf(value as string) > order.values.indexOf(than as string);
    case 'list': {
      const allowed = names(than as readonly ListItem[]);
      return [...names(value as readonly ListItem[])].every((each) => allowed.has(each));
    }
  }
}

/** What changes from one policy to another. */
export function comparePolicies(old: PolicyValues, next: PolicyValues): readonly PolicyChange[] {
  return policyFieldNames.flatMap((field) => {
    const tightness = compareField(field, old[field], next[field]);
    return tightness === 'same' ? [] : [{ field, tightness, needsConsent: policyFields[field].needsConsent }];
  });
}

/**
 * What a client obeys while its user has not said yes to a change that needs it: of every such field the tighter of
 * both values, the accepted one where neither is tighter; of all others the new value.
 */
export function policyWhilePending(accepted: PolicyValues, next: PolicyValues): PolicyValues {
  const held = policyFieldNames
    .filter((field) => policyFields[field].needsConsent && !isTighter(field, next[field], accepted[field]))
    .map((field) => [field, accepted[field]]);
  return { ...next, ...Object.fromEntries(held) };
}

type ListItem = number | Uint8Array;

function names(items: readonly ListItem[]): ReadonlySet<string> {
  return new Set(items.map((item) => (typeof item === 'number' ? String(item) : hex(item))));
}

/** Lists are sets: their order says nothing. */
function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return names(left).symmetricDifference(names(right)).size === 0;
  return equal(encodeCbor(left as CborValue), encodeCbor(right as CborValue));
}
