import { readFileSync } from 'node:fs';
import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { codeOf, makeWorld } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { compareField, comparePolicies, isTighter, policyWhilePending } from './compare.ts';
import {
  defaultPolicy,
  type FieldRule,
  type PolicyField,
  type PolicyValues,
  policyFieldNames,
  policyFields,
  policyValue,
} from './fields.ts';
import { checkSuccession, policy, signedPolicy, signPolicy, verifyPolicy } from './policy.ts';

/** Values of each field from the loosest to the tightest, and those that stand beside each other. */
function samples(field: PolicyField): readonly unknown[] {
  const { order, nullable } = policyFields[field] as FieldRule;
  const loosest = nullable ? [null] : [];
  switch (order.kind) {
    case 'flag':
      return [!order.tighter, order.tighter];
    case 'number':
      return [...loosest, ...(order.tighter === 'higher' ? [order.least, order.most] : [order.most, order.least])];
    case 'choice':
      return [...loosest, ...order.values];
    case 'list':
      return order.of === 'suite'
        ? [...loosest, [1, 2, 0x8000], [2, 1], [2], []]
        : [...loosest, [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))], [sha256(Uint8Array.of(2))], []];
  }
}

describe('the table', () => {
  test('of docs/spec/policy.md is the one of the code', () => {
    const page = readFileSync(new URL('../../../../docs/spec/policy.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| (\w+) \| (\w+) \| (\w+) \|$/gm)].map(
      ([, ...cells]) => cells.map((cell) => cell?.trim()),
    );
    assert.deepEqual(rows, policyFieldNames.map(rowOf));
  });

  test.each(policyFieldNames)('orders %s from loose to tight, in both directions and nowhere else', (field) => {
    const values = samples(field) as PolicyValues[typeof field][];
    const { order } = policyFields[field] as FieldRule;
    const isOrdered = !(order.kind === 'number' && order.tighter === 'neither');
    for (const [i, looser] of values.entries()) {
      assert.isTrue(policyValue(field).safeParse(looser).success);
      assert.strictEqual(compareField(field, looser, looser), 'same');
      for (const tighter of values.slice(i + 1)) {
        assert.strictEqual(compareField(field, looser, tighter), isOrdered ? 'tighter' : 'other');
        assert.strictEqual(compareField(field, tighter, looser), isOrdered ? 'looser' : 'other');
      }
    }
  });

  test('has sets that are neither tighter nor looser', () => {
    assert.strictEqual(compareField('suites', [1], [2]), 'other');
    assert.strictEqual(compareField('suites', [1, 2], [2, 1]), 'same');
    assert.isFalse(isTighter('suites', [2, 3], [1, 2]));
  });

  test('has a default for every field that its schema takes, with the doors closed', () => {
    for (const field of policyFieldNames)
      assert.isTrue(policyValue(field).safeParse(defaultPolicy[field]).success, field);
    for (const door of ['federation', 'outsideMail', 'gateways', 'publicLinks', 'guests'] as const) {
      assert.isFalse(defaultPolicy[door]);
    }
  });
});

describe('a pending policy', () => {
  test('gives way where it is tighter, waits where it is not', () => {
    const accepted: PolicyValues = { ...defaultPolicy, suites: [1, 2], retentionDays: 30 };
    const next: PolicyValues = { ...accepted, suites: [2], retentionDays: 5, export: false };
    const obeyed = policyWhilePending(accepted, next);
    assert.deepInclude(obeyed, { suites: [2], retentionDays: 30, export: false });
    assert.deepEqual(policyWhilePending(accepted, { ...next, suites: [1, 2, 3] }).suites, [1, 2]);
    assert.deepEqual(
      comparePolicies(accepted, next).map(({ field, needsConsent }) => [field, needsConsent]),
      [
        ['suites', true],
        ['retentionDays', true],
        ['export', false],
      ],
    );
  });
});

describe('a signed policy', () => {
  const content = {
    domain: 'example.org',
    version: 3,
    at: 1_767_600_000_000,
    values: defaultPolicy,
    suspended: [sha256(Uint8Array.of(9)), sha256(Uint8Array.of(8))],
  };

  test.each(['hybrid', 'classic', 'p384'])('verifies under its key alone, suite %s', async (name) => {
    const { suites } = await makeWorld(`policy ${name}`);
    const suite = suites.byName(name);
    const key = { suite: suite.id, ...(await suite.signature.generate()) };
    const pin = { policyKey: sha256(key.publicKey), domain: 'example.org' };
    const signed = await signPolicy(suites, key, content);
    assert.deepInclude(await verifyPolicy(suites, signed, pin), { version: 3, values: defaultPolicy });
    const bent = signed.signed.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    const other = await suite.signature.generate();
    const refused = async (attempt: Parameters<typeof verifyPolicy>[1], where = pin) =>
      codeOf(() => verifyPolicy(suites, attempt, where));
    assert.strictEqual(await refused({ ...signed, publicKey: other.publicKey }), 'policy-invalid');
    assert.strictEqual(await refused(signed, { ...pin, domain: 'example.net' }), 'policy-invalid');
    assert.strictEqual(await refused(signed, { ...pin, policyKey: sha256(other.publicKey) }), 'policy-invalid');
    const signature = await suite.signature.sign(key.secretKey, 'sotto/statement/v1', signed.signed);
    assert.strictEqual(await refused({ ...signed, signature }), 'policy-invalid', 'a signature of another tag');
    assert.include(
      ['policy-invalid', 'format-malformed', 'cbor-malformed'],
      await refused({ ...signed, signed: bent }),
    );
  });

  test('is parsed strictly', async () => {
    const { suites } = await makeWorld('policy bytes');
    const suite = suites.byName('hybrid');
    const key = { suite: suite.id, ...(await suite.signature.generate()) };
    const signed = await signPolicy(suites, key, content);
    const encoded = signedPolicy.encode(signed);
    assert.deepEqual(signedPolicy.parse(encoded), signed);
    for (let length = 0; length < signed.signed.length; length += 7) {
      assert.throws(() => policy.parse(signed.signed.subarray(0, length)));
    }
    assert.throws(() => policy.parse(Uint8Array.of(...signed.signed, 0)));
    const plain = decodeCbor(signed.signed) as { readonly [name: string]: CborValue };
    const values = plain['values'] as { readonly [name: string]: CborValue };
    assert.throws(() => policy.parse(encodeCbor({ ...plain, custodian: new Uint8Array(32) })));
    assert.throws(() => policy.parse(encodeCbor({ ...plain, values: { ...values, custodian: new Uint8Array(32) } })));
    assert.strictEqual(await codeOf(() => policy.parse(encodeCbor({ ...plain, v: 2 }))), 'format-unsupported');
  });

  test('never falls, and is one text a version', async () => {
    const at = (version: number, byte = version) => ({ version, signed: Uint8Array.of(byte) });
    checkSuccession(at(2), at(3));
    checkSuccession(at(2), at(9));
    checkSuccession(at(2), at(2));
    assert.strictEqual(await codeOf(() => checkSuccession(at(3), at(2))), 'policy-rollback');
    assert.strictEqual(await codeOf(() => checkSuccession(at(3), at(3, 7))), 'policy-split');
  });
});

/** A row of the documented table. */
function rowOf(field: PolicyField): readonly string[] {
  const { order, nullable, default: preset, needsConsent, by } = policyFields[field] as FieldRule;
  const type = {
    flag: () => 'flag',
    number: () => (order.kind === 'number' ? `${order.least}..${order.most}` : ''),
    choice: () => (order.kind === 'choice' ? order.values.join(', ') : ''),
    list: () => (order.kind === 'list' && order.of === 'suite' ? 'list of suites' : 'list of hashes'),
  }[order.kind]();
  const tighter = {
    flag: () => (order.kind === 'flag' ? String(order.tighter) : ''),
    number: () => (order.kind === 'number' ? order.tighter : ''),
    choice: () => 'later',
    list: () => 'subset',
  }[order.kind]();
  return [field, nullable ? `${type} or null` : type, String(preset), tighter, needsConsent ? 'yes' : 'no', by];
}
