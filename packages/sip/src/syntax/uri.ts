import { SipUsageFault, SipWireFault } from '../fault.ts';
import { MAX_PARAMETERS } from '../limits.ts';
import { isHost } from './host.ts';
import { type Parameter, parameterOf } from './parameter.ts';

/** RFC 3261 section 19.1. All parts are as they stand, with their escapes. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | null;
  readonly password: string | null;
  /** An IPv6 address has its brackets. */
  readonly host: string;
  readonly port: number | null;
  readonly parameters: readonly Parameter[];
  /** What stands behind the question mark. */
  readonly headers: string | null;
}

/** A URI of another scheme (RFC 3986), which is carried and not understood. */
interface OtherUri {
  /** In small letters. */
  readonly scheme: string;
  readonly rest: string;
}

export type Uri = SipUri | OtherUri;

export function isSipUri(uri: Uri): uri is SipUri {
  return 'host' in uri;
}

/** Throws `uri-malformed`. */
export function parseUri(text: string): Uri {
  const [, scheme = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  const name = scheme.toLowerCase();
  if (name === 'sip' || name === 'sips') return parseSipUri(name, rest);
  if (scheme === '' || !OTHER.test(rest)) throw bad();
  return { scheme: name, rest };
}

/** Throws `not-sendable`. */
export function encodeUri(uri: Uri): string {
  const text = isSipUri(uri) ? encodeSipUri(uri) : `${uri.scheme}:${uri.rest}`;
  try {
    parseUri(text);
  } catch (cause) {
    throw new SipUsageFault('not-sendable', 'no URI', { cause });
  }
  return text;
}

function parseSipUri(scheme: 'sip' | 'sips', rest: string): SipUri {
  // A user may hold question marks and semicolons; what follows it may not hold an @.
  const [userInfo, location] = splitLast(rest, '@');
  const [front, headers] = splitFirst(location, '?');
  const [hostPort = '', ...parameters] = front.split(';');
  const [user, password] = userInfo === null ? [null, null] : splitFirst(userInfo, ':');
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5}))?$/.exec(hostPort) ?? [];
  if (user !== null && !USER.test(user)) throw bad();
  if (password !== null && !PASSWORD.test(password)) throw bad();
  if (!isHost(host) || (headers !== null && !HEADERS.test(headers))) throw bad();
  return {
    ...{ scheme, user, password, host },
    port: port === undefined ? null : parsePort(port),
    parameters: parseUriParameters(parameters),
    headers,
  };
}

function parseUriParameters(texts: readonly string[]): readonly Parameter[] {
  const parameters: Parameter[] = [];
  for (const text of texts) {
    const [name, value] = splitFirst(text, '=');
    if (!URI_PARAMETER.test(name) || (value !== null && !URI_PARAMETER.test(value))) throw bad();
    if (parameters.length >= MAX_PARAMETERS || parameterOf(parameters, name.toLowerCase()) !== null) throw bad();
    parameters.push({ name: name.toLowerCase(), value });
  }
  return parameters;
}

function encodeSipUri({ scheme, user, password, host, port, parameters, headers }: SipUri): string {
  const userInfo = user === null ? '' : `${user}${password === null ? '' : `:${password}`}@`;
  const tail = parameters.map(({ name, value }) => (value === null ? `;${name}` : `;${name}=${value}`)).join('');
  return `${scheme}:${userInfo}${host}${port === null ? '' : `:${port}`}${tail}${headers === null ? '' : `?${headers}`}`;
}

function parsePort(digits: string): number {
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw bad();
  return port;
}

function splitFirst(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function splitLast(text: string, separator: string): [string | null, string] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [null, text] : [text.slice(0, at), text.slice(at + 1)];
}

function bad(): SipWireFault {
  return new SipWireFault('uri-malformed', 'not a URI of RFC 3261 section 25');
}

const USER = /^(?:[A-Za-z0-9_.!~*'()&=+$,;?/-]|%[0-9A-Fa-f]{2})+$/;
const PASSWORD = /^(?:[A-Za-z0-9_.!~*'()&=+$,-]|%[0-9A-Fa-f]{2})*$/;
const URI_PARAMETER = /^(?:[A-Za-z0-9_.!~*'()[\]/:&+$-]|%[0-9A-Fa-f]{2})+$/;
const HEADERS = /^(?:[A-Za-z0-9_.!~*'()[\]/?:+$&=-]|%[0-9A-Fa-f]{2})+$/;
const OTHER = /^(?:[A-Za-z0-9_.!~*'()[\];/?:@&=+$,-]|%[0-9A-Fa-f]{2})+$/;
