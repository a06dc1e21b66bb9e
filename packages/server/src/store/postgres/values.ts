import { BugFault } from '@sotto/bytes';
import type { CustomTypesConfig } from 'pg';

/** What columns become: the same values that SQLite gives. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers[oid] ?? String) as CustomTypesConfig['getTypeParser'],
};

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new BugFault('a number of the database beyond 2^53');
  return value;
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  // bool, bytea, int8, int2, int4, numeric (which sums of int8 are)
  16: (text) => (text === 't' ? 1 : 0),
  17: (text) => new Uint8Array(Buffer.from(text.slice('\\x'.length), 'hex')),
  20: integer,
  21: integer,
  23: integer,
  1700: integer,
};
