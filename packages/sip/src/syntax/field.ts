import { SipUsageFault } from '../fault.ts';
import { MAX_FIELDS } from '../limits.ts';
import { malformed } from './cursor.ts';
import { isToken } from './tokens.ts';

/** A header field: its name, in the spelling of RFC 3261 where that has one, and its value without folds. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** The fields between start line and body, folded lines joined (RFC 3261 section 7.3.1). Throws `message-malformed`. */
export function parseFields(lines: readonly string[]): readonly Field[] {
  const unfolded: string[] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) unfolded.push(line);
    else if (unfolded.length === 0) throw malformed('a fold before the first field');
    else unfolded.push(`${trim(unfolded.pop() ?? '')} ${trim(line)}`);
  }
  if (unfolded.length > MAX_FIELDS) throw malformed('too many header fields');
  const fields = unfolded.map(parseField);
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (SINGLE.has(name) && seen.has(name)) throw malformed('a field twice that may be there once');
    seen.add(name);
  }
  return fields;
}

/** One line of a message. Throws `not-sendable`. */
export function encodeField({ name, value }: Field): string {
  if (!isToken(name) || !isClean(value) || value !== trim(value) || !value.isWellFormed())
    throw new SipUsageFault('not-sendable', 'no header field');
  return `${name}: ${value}\r\n`;
}

/** The full name, in the usual spelling, of a field that RFC 3261 names; any other as it is. */
export function fieldName(name: string): string {
  const small = name.toLowerCase();
  return NAMES.get(COMPACT.get(small) ?? small) ?? name;
}

/** The values of all fields of this name, as one list. */
export function valuesOf(fields: readonly Field[], name: string): string | null {
  const small = name.toLowerCase();
  const found = fields.filter((field) => field.name.toLowerCase() === small);
  return found.length === 0 ? null : found.map(({ value }) => value).join(', ');
}

function parseField(line: string): Field {
  const [, name = '', rest] = /^([^:\s]+)[ \t]*:(.*)$/su.exec(line) ?? [];
  if (rest === undefined || !isToken(name)) throw malformed('a line that is no header field');
  const value = trim(rest);
  if (!isClean(value)) throw malformed('control characters in a header field');
  return { name: fieldName(name), value };
}

/** Without the white space of RFC 3261 at both ends; other spaces are text. */
function trim(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '');
}

/** Control characters stand behind a backslash, or nowhere. */
function isClean(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return !/[\0-\x08\x0a-\x1f\x7f]/.test(value.replaceAll(/\\[\0-\x09\x0b\x0c\x0e-\x7f]/g, ''));
}

/** RFC 3261 section 7.3.3, and 20 for what they stand for. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['c', 'content-type'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['s', 'subject'],
  ['t', 'to'],
  ['v', 'via'],
]);

const SINGLE: ReadonlySet<string> = new Set([
  ...['Call-ID', 'CSeq', 'Content-Disposition', 'Content-Length', 'Content-Type', 'Date', 'Expires', 'From'],
  ...['MIME-Version', 'Max-Forwards', 'Min-Expires', 'Organization', 'Priority', 'Reply-To', 'Retry-After'],
  ...['Server', 'Subject', 'Timestamp', 'To', 'User-Agent'],
]);

const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ...SINGLE,
    ...['Accept', 'Accept-Encoding', 'Accept-Language', 'Allow', 'Contact', 'Content-Encoding', 'Content-Language'],
    ...['Proxy-Require', 'Record-Route', 'Require', 'Route', 'Supported', 'Unsupported', 'Via', 'Warning'],
  ].map((name) => [name.toLowerCase(), name]),
);
