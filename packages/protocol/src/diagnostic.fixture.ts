import { type CborValue, hex, parseHex } from '@sotto/bytes';

/** A CBOR value as JSON: byte strings in CBOR's diagnostic notation, `h'00ff'` (RFC 8949 section 8). */
export function diagnostic(value: unknown): unknown {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`;
  if (Array.isArray(value)) return value.map(diagnostic);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, diagnostic(member)]));
}

export function parseDiagnostic(json: unknown): CborValue {
  if (typeof json === 'string') return json.startsWith("h'") ? parseHex(json.slice(2, -1)) : json;
  if (Array.isArray(json)) return json.map(parseDiagnostic);
  if (typeof json !== 'object' || json === null) return json as CborValue;
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, parseDiagnostic(member)]));
}
