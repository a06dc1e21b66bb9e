import { utf8 } from '@sotto/bytes';
import { malformed } from './fault.ts';
import * as tag from './tag.ts';

/** Type and content of a Time: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
export function encodeTime(ms: number): { readonly type: number; readonly content: Uint8Array } {
  const digits = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  const isShort = digits >= '1950' && digits < '2050';
  return {
    type: isShort ? tag.UTC_TIME : tag.GENERALIZED_TIME,
    content: utf8(`${isShort ? digits.slice(2) : digits}Z`),
  };
}

/** Milliseconds since the epoch of a Time in Z, with seconds, without fractions. Throws `der-malformed`. */
export function decodeTime(type: number, content: Uint8Array): number {
  const text = String.fromCharCode(...content.subarray(0, 16));
  const digits = type === tag.UTC_TIME ? `${text < '50' ? '20' : '19'}${text}` : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (match === null) throw malformed('a time that is not YYMMDDHHMMSSZ');
  const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
  const ms = Date.UTC(year, month - 1, ...rest);
  const canonical = encodeTime(ms);
  if (canonical.type !== type || String.fromCharCode(...canonical.content) !== text)
    throw malformed('an impossible time');
  return ms;
}
