import { concat } from '@sotto/bytes';
import { encodeMessage, malformed, readMessage } from '../fields.ts';

/** RFC 6189 sections 5.5 and 5.6: a public value, and which shared secrets its sender has. */
export interface DhPart {
  readonly h1: Uint8Array;
  /** 8 bytes each, random where there is no secret. */
  readonly rs1Id: Uint8Array;
  readonly rs2Id: Uint8Array;
  readonly auxId: Uint8Array;
  readonly pbxId: Uint8Array;
  readonly publicValue: Uint8Array;
  /** Under H0, which comes with the Confirm. */
  readonly mac: Uint8Array;
}

export type DhPartType = 'DHPart1' | 'DHPart2';

export function encodeDhPart(
  type: DhPartType,
  { h1, rs1Id, rs2Id, auxId, pbxId, publicValue }: Omit<DhPart, 'mac'>,
  mac: (unsigned: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const fields = [h1, rs1Id, rs2Id, auxId, pbxId, publicValue];
  const unsigned = encodeMessage(type, ...fields, new Uint8Array(8)).subarray(0, -8);
  return concat(unsigned, mac(unsigned));
}

/** The value is as long as the message says; whether that is right its agreement knows. */
export function parseDhPart(type: DhPartType, message: Uint8Array): DhPart {
  const reader = readMessage(type, message);
  const h1 = reader.bytes(32);
  const [rs1Id, rs2Id, auxId, pbxId] = [reader.bytes(8), reader.bytes(8), reader.bytes(8), reader.bytes(8)];
  const rest = reader.rest();
  if (rest.length < 8) throw malformed();
  return { h1, rs1Id, rs2Id, auxId, pbxId, publicValue: rest.slice(0, -8), mac: rest.slice(-8) };
}
