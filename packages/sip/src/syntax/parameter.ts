import { SipUsageFault } from '../fault.ts';
import { MAX_PARAMETERS } from '../limits.ts';
import { type Cursor, malformed } from './cursor.ts';
import { isToken, QUOTED, TOKEN } from './tokens.ts';

/** One of what follows a value behind a semicolon. */
export interface Parameter {
  /** In small letters. */
  readonly name: string;
  /** As it stands, a quoted string with its quotes; null without an equals sign. */
  readonly value: string | null;
}

/** Those of a header field (generic-param). Throws `message-malformed`, also where one comes twice. */
export function readParameters(cursor: Cursor): readonly Parameter[] {
  const parameters: Parameter[] = [];
  while (cursor.separator(';')) {
    const name = cursor.expect(TOKEN).toLowerCase();
    const value = cursor.separator('=') ? (cursor.take(QUOTED) ?? cursor.expect(TOKEN_OR_HOST)) : null;
    if (parameters.length >= MAX_PARAMETERS || parameterOf(parameters, name) !== null)
      throw malformed('a parameter twice, or too many');
    parameters.push({ name, value });
  }
  return parameters;
}

/** Throws `not-sendable`. */
export function encodeParameters(parameters: readonly Parameter[]): string {
  return parameters.map(encodeParameter).join('');
}

/** The value of a parameter; '' for one without, null if there is none of that name. */
export function parameterOf(parameters: readonly Parameter[], name: string): string | null {
  const found = parameters.find((parameter) => parameter.name === name);
  return found === undefined ? null : (found.value ?? '');
}

function encodeParameter({ name, value }: Parameter): string {
  const isValue = value === null || whole(TOKEN_OR_HOST, value) || whole(QUOTED, value);
  if (!isToken(name) || !isValue) throw new SipUsageFault('not-sendable', 'no parameter of a header field');
  return value === null ? `;${name}` : `;${name}=${value}`;
}

function whole(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] === text;
}

/** gen-value without its quoted string, and what `received` may hold: an IPv6 address, with brackets or without. */
const TOKEN_OR_HOST = /[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}|\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.!%*_+`'~-]+/y;
