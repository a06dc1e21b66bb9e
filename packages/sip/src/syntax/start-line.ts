import { SipUsageFault, SipWireFault } from '../fault.ts';
import { malformed } from './cursor.ts';
import { isToken } from './tokens.ts';
import { encodeUri, isSipUri, parseUri, type Uri } from './uri.ts';

/** RFC 3261 section 7.1. */
export interface RequestLine {
  readonly kind: 'request';
  /** Methods differ by case. */
  readonly method: string;
  readonly uri: Uri;
}

/** RFC 3261 section 7.2. */
export interface StatusLine {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
}

export type StartLine = RequestLine | StatusLine;

/** Throws `message-malformed`, `uri-malformed` and `version-unsupported`. */
export function parseStartLine(line: string): StartLine {
  const [, status, reason] = /^SIP\/2\.0 ([1-6][0-9]{2}) (.*)$/isu.exec(line) ?? [];
  if (status !== undefined && reason !== undefined) {
    if (!isReason(reason)) throw malformed('no reason phrase');
    return { kind: 'response', status: Number(status), reason };
  }
  const [, method = '', uriText = '', version = ''] = /^(\S+) (\S+) SIP\/([0-9]+\.[0-9]+)$/isu.exec(line) ?? [];
  if (!isToken(method)) throw malformed('neither a request line nor a status line');
  if (version !== '2.0') throw new SipWireFault('version-unsupported', 'another version of SIP');
  const uri = parseUri(uriText);
  // RFC 3261 section 19.1.1 has no header fields in a Request-URI.
  if (isSipUri(uri) && uri.headers !== null) throw malformed('header fields in a Request-URI');
  return { kind: 'request', method, uri };
}

/** Throws `not-sendable`. */
export function encodeStartLine(line: StartLine): string {
  if (line.kind === 'request') {
    if (!isToken(line.method)) throw new SipUsageFault('not-sendable', 'no method');
    return `${line.method} ${encodeUri(line.uri)} SIP/2.0\r\n`;
  }
  const { status, reason } = line;
  if (!Number.isInteger(status) || status < 100 || status > 699 || !isReason(reason))
    throw new SipUsageFault('not-sendable', 'no status line');
  return `SIP/2.0 ${status} ${reason}\r\n`;
}

function isReason(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what may not be there.
  return text.isWellFormed() && !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
}
