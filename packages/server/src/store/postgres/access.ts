import { readFileSync, statSync } from 'node:fs';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { ServerUsageFault } from '../../fault.ts';
import { findPassword } from './pass-file.ts';
import { type DatabaseAddress, parseDatabaseUrl } from './url.ts';

/** Where a database is and how it is entered. */
export interface AccessOptions {
  /** `postgres://USER@HOST:PORT/DATABASE`, without a password. */
  readonly url: string;
  /** File that holds the password alone. */
  readonly passwordFile?: string | undefined;
  /** File of passwords in the format of PGPASSFILE. */
  readonly passFile?: string | undefined;
  /** PEM certificates of the authorities that may speak for the database's host; else those of the system. */
  readonly caFile?: string | undefined;
}

export interface Access extends DatabaseAddress {
  /** False for a connection that does not leave this machine. */
  readonly tls: ConnectionOptions | false;
  /** Read anew for each connection, so that a changed one is taken up; empty if there is none. */
  password(): string;
}

/** Throws `database-malformed`, `database-password-exposed`, `database-unusable` for files that cannot be read. */
export function databaseAccess({ url, passwordFile, passFile, caFile }: AccessOptions): Access {
  const address = parseDatabaseUrl(url);
  const password = () => {
    if (passwordFile !== undefined) return readPrivate(passwordFile).replace(/\r?\n$/, '');
    return passFile === undefined ? '' : (findPassword(readPrivate(passFile), address) ?? '');
  };
  password();
  const ca = caFile === undefined ? null : readFile(caFile);
  const tls = address.isLocal && ca === null ? false : verifiedTls(address.host, ca);
  return { ...address, tls, password };
}

/** The certificate must be valid, and for the very host that the URL names. */
function verifiedTls(host: string, ca: string | null): ConnectionOptions {
  return {
    ...(ca === null ? {} : { ca }),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

function readPrivate(path: string): string {
  const text = readFile(path);
  if ((statSync(path).mode & 0o077) === 0) return text;
  throw new ServerUsageFault('database-password-exposed', `${path} may be read by others: give it mode 0600`);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ServerUsageFault('database-unusable', `${path} cannot be read`, { cause });
  }
}
