import { SipUsageFault } from '../fault.ts';
import { type Cursor, malformed } from './cursor.ts';
import { encodeParameters, type Parameter, readParameters } from './parameter.ts';
import { QUOTED, quote, unquote } from './tokens.ts';
import { encodeUri, parseUri, type Uri } from './uri.ts';

/** What From, To, Contact and Route hold (RFC 3261 sections 20.10 and 25.1). */
export interface NameAddress {
  /** '' for none; of the other end's own choosing, so never more than a claim. */
  readonly displayName: string;
  readonly uri: Uri;
  /** Of the header field, as a tag. */
  readonly parameters: readonly Parameter[];
}

/** Throws `message-malformed` and `uri-malformed`. */
export function readNameAddress(cursor: Cursor): NameAddress {
  const quoted = cursor.take(QUOTED);
  const words = quoted === null ? cursor.take(WORDS_BEFORE_BRACKET) : null;
  cursor.space();
  const isBracketed = cursor.take(/</y) !== null;
  if (!isBracketed && quoted !== null) throw malformed();
  const uri = parseUri(cursor.expect(isBracketed ? BRACKETED : BARE));
  if (isBracketed) cursor.expect(/>/y);
  const displayName = quoted === null ? (words ?? '').trim().replaceAll(/[ \t]+/g, ' ') : unquote(quoted);
  return { displayName, uri, parameters: readParameters(cursor) };
}

/** Throws `not-sendable`. */
export function encodeNameAddress({ displayName, uri, parameters }: NameAddress): string {
  if (/[\r\n]/.test(displayName) || !displayName.isWellFormed())
    throw new SipUsageFault('not-sendable', 'a name of several lines');
  const name = displayName === '' ? '' : `${quote(displayName)} `;
  return `${name}<${encodeUri(uri)}>${encodeParameters(parameters)}`;
}

/** Tokens as a display name, only where a bracket follows; else they are the beginning of a URI. */
const WORDS_BEFORE_BRACKET = /[A-Za-z0-9.!%*_+`'~-][A-Za-z0-9.!%*_+`'~ \t-]*(?=<)/y;
const BRACKETED = /[^<>" \t]+/y;
/** Without brackets commas, question marks and semicolons belong to the header field (RFC 3261 section 20). */
const BARE = /[^<>" \t,;?]+/y;
