import { SipUsageFault } from '../fault.ts';
import { type Cursor, malformed } from './cursor.ts';
import { hostPattern, isHost } from './host.ts';
import { encodeParameters, type Parameter, readParameters } from './parameter.ts';
import { DIGITS, isToken, TOKEN } from './tokens.ts';

/** One step of the way that a request has come (RFC 3261 section 20.42). */
export interface Via {
  /** `SIP/2.0`. */
  readonly version: string;
  /** In capitals: `UDP`, `TCP`. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | null;
  readonly parameters: readonly Parameter[];
}

/** Throws `message-malformed`. */
export function readVia(cursor: Cursor): Via {
  const [protocol, version] = [cursor.expect(TOKEN), slash(cursor)];
  const transport = slash(cursor).toUpperCase();
  cursor.expect(/[ \t]+/y);
  const host = cursor.expect(hostPattern());
  if (!isHost(host)) throw malformed();
  const port = cursor.separator(':') ? readPort(cursor) : null;
  return { version: `${protocol.toUpperCase()}/${version}`, transport, host, port, parameters: readParameters(cursor) };
}

/** Throws `not-sendable`. */
export function encodeVia({ version, transport, host, port, parameters }: Via): string {
  if (!version.split('/').every(isToken) || !isToken(transport) || !isHost(host))
    throw new SipUsageFault('not-sendable', 'no Via');
  return `${version}/${transport} ${host}${port === null ? '' : `:${port}`}${encodeParameters(parameters)}`;
}

function slash(cursor: Cursor): string {
  if (!cursor.separator('/')) throw malformed();
  return cursor.expect(TOKEN);
}

function readPort(cursor: Cursor): number {
  const port = Number(cursor.expect(DIGITS));
  if (port < 1 || port > 65_535) throw malformed();
  return port;
}
