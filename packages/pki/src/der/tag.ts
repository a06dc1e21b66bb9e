/** Identifier octets of the universal types that our formats use. */
export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const UTF8_STRING = 0x0c;
export const IA5_STRING = 0x16;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const BMP_STRING = 0x1e;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/** Identifier octet of a primitive, context-specific element: `[n] IMPLICIT` of a primitive type. */
export function implicit(number: number): number {
  return 0x80 | number;
}

/** Identifier octet of a constructed, context-specific element: `[n] EXPLICIT`, or `[n] IMPLICIT` of a structure. */
export function constructed(number: number): number {
  return 0xa0 | number;
}
