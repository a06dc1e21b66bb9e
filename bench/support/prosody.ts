import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { XmppClient } from './xmpp-client.ts';

/** Where the message archive lies. */
export type ProsodyArchive =
  /** In SQLite, as it comes: a rollback journal, fsync with every message. */
  | { readonly kind: 'sqlite'; readonly writeAheadLog: boolean }
  | { readonly kind: 'postgres'; readonly host: string; readonly port: number; readonly database: string }
  /** Appended to files, which nothing brings to the disk. */
  | { readonly kind: 'files' };

export interface ProsodyOptions {
  readonly folder: string;
  readonly archive: ProsodyArchive;
  /** Local parts of accounts; the passphrase of each is `secret`. */
  readonly users: readonly string[];
}

/** A prosody with the modules that a conversation with an archive needs, and no others. */
export class Prosody implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start({ folder, archive, users }: ProsodyOptions): Promise<Prosody> {
    const accounts = `${folder}/data/localhost/accounts`;
    mkdirSync(accounts, { recursive: true });
    for (const user of users) writeFileSync(`${accounts}/${user}.dat`, 'return { ["password"] = "secret"; };\n');
    if (archive.kind === 'sqlite' && archive.writeAheadLog) switchToWriteAheadLog(`${folder}/data/prosody.sqlite`);
    const certificate = ['-keyout', `${folder}/localhost.key`, '-out', `${folder}/localhost.crt`];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...key, ...certificate, '-subj', '/CN=localhost'], { stdio: 'ignore' });
    const port = await freePort();
    writeFileSync(`${folder}/prosody.cfg.lua`, configuration(folder, port, archive));
    const child = spawn('prosody', ['-F', '--config', `${folder}/prosody.cfg.lua`], { stdio: 'ignore' });
    const prosody = new Prosody(child, port);
    await prosody.#listens();
    return prosody;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  connect(user: string): Promise<XmppClient> {
    return XmppClient.connect(this.#port, user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }

  async #listens(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      await setTimeout(100);
      if (this.#child.exitCode !== null) break;
      try {
        const client = await XmppClient.open(this.#port);
        client.destroy();
        return;
      } catch {
        // Not yet.
      }
    }
    throw new Error('prosody does not start');
  }
}

function switchToWriteAheadLog(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal');
  database.close();
}

function configuration(folder: string, port: number, archive: ProsodyArchive): string {
  return `
run_as_root = true
data_path = "${folder}/data"
pidfile = "${folder}/prosody.pid"
certificates = "${folder}"
log = { warn = "${folder}/prosody.log" }
modules_enabled = { "c2s", "disco", "mam", "roster", "saslauth", "tls" }
modules_disabled = { "s2s", "limits" }
interfaces = { "127.0.0.1" }
c2s_ports = {}
c2s_direct_tls_ports = { ${port} }
c2s_direct_tls_ssl = { certificate = "${folder}/localhost.crt", key = "${folder}/localhost.key" }
authentication = "internal_plain"
default_storage = "internal"
default_archive_policy = true
archive_expires_after = "1w"
${storage(archive)}
VirtualHost "localhost"
`;
}

function storage(archive: ProsodyArchive): string {
  if (archive.kind === 'files') return '';
  if (archive.kind === 'sqlite')
    return 'storage = { archive = "sql" }\nsql = { driver = "SQLite3", database = "prosody.sqlite" }';
  const { host, port, database } = archive;
  return `storage = { archive = "sql" }
sql = { driver = "PostgreSQL", host = "${host}", port = ${port}, database = "${database}", username = "admin", password = "none" }`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
