import { hex, parseHex } from '@sotto/bytes';
import {
  type FieldRule,
  type PolicyField,
  type PolicyValues,
  policyFieldNames,
  policyFields,
  policyValue,
} from '@sotto/protocol';
import { CliFault } from '../../fault.ts';

/** Fields and values as they are typed: `max-members=50`, `export=off`, `suites=classic,hybrid`. Throws `usage`. */
export function parseChanges(words: readonly string[]): Partial<PolicyValues> {
  return Object.fromEntries(words.map(parseChange));
}

function parseChange(word: string): readonly [PolicyField, unknown] {
  const [name = '', ...rest] = word.split('=');
  const field = policyFieldNames.find((each) => each === name || fieldWord(each) === name);
  if (field === undefined) {
    throw new CliFault('usage', `${name} is no field; the fields are ${policyFieldNames.map(fieldWord).join(', ')}`);
  }
  if (rest.length === 0) throw new CliFault('usage', `${name}: say ${name}=VALUE`);
  const parsed = policyValue(field).safeParse(parseValue(field, rest.join('=')));
  if (parsed.success) return [field, parsed.data];
  throw new CliFault('usage', `${name} is ${domainOf(field)}`);
}

/** The name of a field on the command line: `maxMembers` is `max-members`. */
export function fieldWord(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value for people and for JSON alike. */
export function valueWord(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.map(itemWord).join(',');
  return String(value);
}

/** All fields; numbers, flags and null as they are, bytes in hexadecimal. */
export function fieldWords(values: PolicyValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    policyFieldNames.map((field) => {
      const value: unknown = values[field];
      return [field, Array.isArray(value) ? value.map(itemWord) : value];
    }),
  );
}

function parseValue(field: PolicyField, text: string): unknown {
  const { order, nullable } = policyFields[field] as FieldRule;
  if (nullable && text === 'none') return null;
  switch (order.kind) {
    case 'flag':
      return FLAGS[text];
    case 'number':
      return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
    case 'choice':
      return text;
    case 'list':
      return text.split(',').map((item) => (order.of === 'suite' ? parseSuite(item) : parseHash(item)));
  }
}

function parseSuite(text: string): number | undefined {
  return SUITES[text] ?? (/^[0-9]{1,5}$/.test(text) ? Number(text) : undefined);
}

function parseHash(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? parseHex(text) : undefined;
}

function itemWord(item: unknown): string {
  if (item instanceof Uint8Array) return hex(item);
  const known = Object.entries(SUITES).find(([, id]) => id === item);
  return known === undefined ? String(item) : known[0];
}

function domainOf(field: PolicyField): string {
  const { order, nullable } = policyFields[field] as FieldRule;
  const or = nullable ? ', or none' : '';
  switch (order.kind) {
    case 'flag':
      return 'on or off';
    case 'number':
      return `a number from ${order.least} to ${order.most}${or}`;
    case 'choice':
      return `one of ${order.values.join(', ')}`;
    case 'list':
      return `${order.of === 'suite' ? 'suites' : 'SHA-256 hashes'} with commas between${or}`;
  }
}

const SUITES: Readonly<Record<string, number>> = { classic: 1, hybrid: 2 };
const FLAGS: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};
