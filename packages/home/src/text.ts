import type { Fault } from '@sotto/bytes';
import type { RunningServer } from '@sotto/server';

export interface StartedContext {
  readonly json: boolean;
  readonly data: string;
}

/** The first thing on standard output: one line of JSON for programs, or the way on for people. */
export function startedText(server: RunningServer, { json, data }: StartedContext): string {
  const { url, nativeUrl, domain, caFingerprint, invitation } = server;
  if (!json) return peopleText(server, data);
  const line = { url, nativeUrl, domain, caFingerprint, ...(invitation === null ? {} : { invitation }) };
  return `${JSON.stringify(line)}\n`;
}

/** For standard error. */
export function failureText({ code, message }: Fault, json: boolean): string {
  const hint = HINTS[code] ?? 'bin/sotto-server --help explains the options';
  return json ? `${JSON.stringify({ code, message, hint })}\n` : `sotto-server: ${message}\n  ${hint}\n`;
}

export const helpText = `Runs a Sotto home server, and copies it.

usage: sotto-server start --data DIR [options]
       sotto-server backup --data DIR --out FOLDER [--with-keys FILE]
       sotto-server verify BACKUP | --data DIR
       sotto-server restore BACKUP --data DIR [--with-keys FILE [--keys-from BACKUP]] [--settle MINUTES]

  --data DIR             where everything is kept; made if it is missing
  --domain NAME          the part of addresses behind the @ (first start; default localhost)
  --listen IP:PORT       web listener (default 127.0.0.1:0; 0 picks a port at the first start and keeps it)
  --native-listen IP:PORT  native listener (default: the same IP, port likewise)
  --url URL              the web listener's address as people type it
  --web DIR              the built web client (default: that of this checkout, if it was built); --no-web for none
  --database URL         postgres://USER@HOST:PORT/DATABASE instead of SQLite in the data directory
  --database-password-file FILE  its password (else what PGPASSFILE says)
  --database-ca FILE     PEM certificates that may speak for its host (else those of the system)
  --migration-database URL  the same database for the role that changes the schema; --migration-password-file FILE
  --tls-cert FILE        PEM certificate chain of the web listener
  --tls-key FILE         its PEM key
  --behind-proxy         a TLS proxy stands in front: plain http is fine, X-Forwarded-For is believed
  --replica PLACE        keeps a second copy in a folder or at s3://BUCKET/PREFIX (AWS_* variables)
  --replica-interval N   seconds between two looks at what changed (default 10)
  --accept-restored      opens the rooms of a restored server that still wait for members who know more
  --suite-module FILE    loads a further cryptographic suite; may be repeated
  --audit-log FILE       hands the audit log on to a file of JSON lines
  --audit-syslog URL     the same to syslog: udp://host:port, tcp://host:port or unix:/path; may be repeated
  --log-level LEVEL      trace, debug, info, warn, error or silent (default: SOTTO_LOG, then info)
  --json                 print one line of JSON instead of text
  -h, --help             this text
  --version              the version

backup copies a server, running or not, into an empty folder; --with-keys puts the cluster's keys in, sealed under the
passphrase in FILE. BACKUP may be a replica. verify examines a backup or a data directory; exit code 1 if something is wrong. restore fills an
empty data directory (keys/ may lie there already); members' clients then give back what the backup lacks, and for
--settle minutes (default 10) rooms wait for all of them. Where the data is in PostgreSQL, --database says so to all three
(for restore: an empty one, by the role that makes the schema); a backup of either kind can be restored into either.

Logs are JSON lines on standard error. SIGTERM stops the server when it has answered what was asked; a second one at once.
Exit codes: 0 stopped, 1 fault, 2 options that cannot be.
`;

function peopleText(server: RunningServer, data: string): string {
  const { url, nativeUrl, domain, caFingerprint, invitation, web } = server;
  const way =
    invitation === null
      ? `Invite others with: bin/sotto invitation create${web === null ? '' : ', or in the web client'}`
      : `Nobody owns this server yet. ${ownerText(invitation, web !== null)}

The invitation is good for one account; every start prints it until it is used.`;
  return `Sotto serves ${domain}

  web         ${url}
  native      ${nativeUrl}
  fingerprint ${groups(caFingerprint)}
  release key ${web === null ? 'none: there is no web client here, npm run build makes it' : groups(web.keyFingerprint)}
  data        ${data}

${way}

Ctrl-C stops the server.
`;
}

/** In groups, as people read them to each other. */
function groups(fingerprint: string): string {
  return (fingerprint.match(/.{4}/g) ?? []).join(' ');
}

function ownerText(invitation: string, isInBrowser: boolean): string {
  const command = `  bin/sotto account create NAME --invitation '${invitation}'`;
  if (!isInBrowser) return `Become its owner, in another terminal:\n\n${command}`;
  return `Become its owner: open this link in a browser\n\n  ${invitation}\n\nor, in another terminal:\n\n${command}`;
}

const HINTS: Readonly<Record<string, string>> = {
  'backup-damaged': 'take another backup; sotto-server verify names everything that is wrong with this one',
  'backup-missing': 'name the folder that sotto-server backup made',
  'backup-passphrase': 'give the file with the passphrase that the backup was made with',
  'keys-mismatch': 'put the keys of the same cluster into keys/, or none and --with-keys',
  'replica-foreign': 'name an empty place for the replica of this server',
  'replica-malformed':
    'name a folder or s3://BUCKET/PREFIX, and for S3 give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  'replica-unreachable': 'check the place of the replica and the way to it',
  'schema-newer': 'use the version of the program that made it, or a newer one',
  'target-not-empty': 'name a folder or a database that is empty',
  'target-unusable': 'check rights and free space of the target',
  'audit-log-unusable':
    'give another --audit-log or --audit-syslog; the log itself is in the database, nothing is lost',
  'data-in-use': 'stop the other server, or give another --data',
  'data-unusable': 'check the rights and the contents of the data directory; a backup may be newer than its keys',
  'database-in-use': 'stop the other server, or give another --database',
  'database-malformed': "a Unix socket's folder stands in the host's place with %2F for each slash",
  'database-mismatch': 'a data directory stays with the kind of database that it began with',
  'database-password-exposed': 'keep it in a file of mode 0600: --database-password-file FILE, or PGPASSFILE',
  'database-unreachable': 'is it running, and do host, port and --database-ca fit? TLS is needed beyond this machine',
  'database-unusable': 'docs/admin-guide.md, section PostgreSQL, says what it needs',
  'domain-mismatch': 'leave --domain out, or start a new data directory: a domain is for good',
  'listen-failed': 'choose another port with --listen or --native-listen',
  'plain-http-refused': 'for a trial on this machine leave --listen out',
  'suite-invalid': 'the module declares a suite that this program cannot take',
  'tls-unusable': 'both files must be PEM, belong together and be readable for this user',
  'web-client-unusable': 'build it again with npm run build, or start without it: --no-web',
};
