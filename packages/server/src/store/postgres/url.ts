import { ServerUsageFault } from '../../fault.ts';

export interface DatabaseAddress {
  /** A name, an IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The connection does not leave this machine. */
  readonly isLocal: boolean;
}

/**
 * Reads `postgres://USER@HOST:PORT/DATABASE`; the folder of a Unix socket stands percent-encoded in the host's place.
 * Throws `database-password-exposed` for a URL with a password, which other users would see, and `database-malformed`.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw malformed();
  if (url.password !== '' || /^[^/]*\/\/[^/@]*:[^/@]*@/.test(text)) throw exposed();
  if (url.search !== '' || url.hash !== '') throw malformed();
  const host = decode(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  const user = decode(url.username);
  const database = decode(url.pathname.slice(1));
  if (host === '' || user === '' || database === '' || database.includes('/')) throw malformed();
  const isLocal = host.startsWith('/') || /^127(\.[0-9]+){3}$/.test(host) || host === '::1' || host === 'localhost';
  // A resolver could send this name anywhere.
  const named = host === 'localhost' ? '127.0.0.1' : host;
  return { host: named, port: url.port === '' ? 5432 : Number(url.port), user, database, isLocal };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause?: unknown): ServerUsageFault {
  const message = 'a database is named by postgres://USER@HOST:PORT/DATABASE and nothing else';
  return new ServerUsageFault('database-malformed', message, cause === undefined ? {} : { cause });
}

function exposed(): ServerUsageFault {
  const message = 'a password in the URL can be seen by every user of this machine: use PGPASSFILE or a password file';
  return new ServerUsageFault('database-password-exposed', message);
}
