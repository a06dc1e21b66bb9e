import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface PostgresOptions {
  /** Lines of `postgresql.conf`. */
  readonly settings?: readonly string[];
  /** Who comes in over TCP, as lines of `pg_hba.conf`; over the socket everybody does. */
  readonly rules?: readonly string[];
  /** Put into its folder, for its eyes alone. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Keeps its files in memory where there is plenty, for tests that no failure of the machine belongs to. */
  readonly inMemory?: boolean;
}

/** A PostgreSQL of its own in a temporary folder, which this user or, for root, somebody without rights runs. */
export class Postgres implements AsyncDisposable {
  /** Holds the data and the socket. */
  readonly folder: string;
  readonly port: number;
  #running: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start({
    settings = [],
    rules = [],
    files = {},
    inMemory = false,
  }: PostgresOptions = {}): Promise<Postgres> {
    const folder = mkdtempSync(join(inMemory ? memoryFolder() : tmpdir(), 'sotto-postgres-'));
    if (isRoot) await chown(folder, NOBODY.uid, NOBODY.gid);
    const postgres = new Postgres(folder, await freePort());
    await postgres.#run('initdb', ['-D', folder, '-A', 'trust', '-U', ADMIN, '-E', 'UTF8', '--locale=C', '-N']);
    const lines = [`port = ${postgres.port}`, `unix_socket_directories = '${folder}'`, ...SETTINGS, ...settings];
    writeFileSync(join(folder, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
    writeFileSync(join(folder, 'pg_hba.conf'), ['local all all trust', ...rules, ''].join('\n'));
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      if (isRoot) await chown(join(folder, name), NOBODY.uid, NOBODY.gid);
    }
    await postgres.resume();
    return postgres;
  }

  /** Starts it again. */
  async resume(): Promise<void> {
    // After kill -9 its children need a moment to notice, and hold the data until then.
    for (let attempt = 0; attempt < 100; attempt++) {
      const child = spawn(programOf('postgres'), ['-D', this.folder], { stdio: 'ignore', ...asNobody() });
      this.#running = child;
      while (child.exitCode === null && child.signalCode === null) {
        if (await this.#answers()) return;
        await setTimeout(50);
      }
      await setTimeout(100);
    }
    throw new Error('PostgreSQL does not start');
  }

  /** SIGINT stops it in order, SIGQUIT like a crash, SIGKILL leaves its children to notice. */
  async end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const child = this.#running;
    this.#running = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  /** Makes an empty database and gives its URL for the administrator. */
  createDatabase(name?: string): Promise<string> {
    return createDatabase({ folder: this.folder, port: this.port }, { name });
  }

  /** Runs SQL as the administrator and gives what it prints. */
  sql(database: string, text: string): Promise<string> {
    return this.#run('psql', [...this.#where, '-d', database, '-v', 'ON_ERROR_STOP=1', '-qAt', '-c', text]);
  }

  /** Everything that a role sees of a database, as SQL. */
  dump(database: string, role: string): Promise<string> {
    return this.#run('pg_dump', ['-h', this.folder, '-p', String(this.port), '-U', role, database]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #where(): readonly string[] {
    return ['-h', this.folder, '-p', String(this.port), '-U', ADMIN];
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#run('psql', [...this.#where, '-d', 'postgres', '-c', 'select 1']);
      return true;
    } catch {
      // Not yet.
      return false;
    }
  }

  async #run(program: string, words: readonly string[]): Promise<string> {
    return (await promisify(execFile)(programOf(program), words, { cwd: '/', ...asNobody() })).stdout;
  }
}

/**
 * A new database for one test, if the tests run on PostgreSQL (SOTTO_TEST_DATABASE); else null. It has the newest
 * schema unless an empty one is asked for. SOTTO_TEST_POSTGRES names the server that all test files share.
 */
export async function testDatabase({ empty = false }: { readonly empty?: boolean } = {}): Promise<string | null> {
  if (process.env['SOTTO_TEST_DATABASE'] !== 'postgres') return null;
  const place = process.env['SOTTO_TEST_POSTGRES'];
  if (place === undefined) throw new Error('PostgreSQL is not installed: see what scripts/peers.ts lists');
  return createDatabase(JSON.parse(place), empty ? {} : { template: TEST_TEMPLATE });
}

/** True if there is a PostgreSQL on this machine. */
export function hasPostgres(): boolean {
  return existsSync(programOf('initdb'));
}

interface DatabaseOrder {
  readonly name?: string | undefined;
  /** The database that it is a copy of. */
  readonly template?: string;
}

async function createDatabase(
  { folder, port }: { readonly folder: string; readonly port: number },
  { name = `sotto_${process.pid}_${created++}`, template = 'template1' }: DatabaseOrder,
): Promise<string> {
  const words = ['-h', folder, '-p', String(port), '-U', ADMIN, '-T', template, name];
  await promisify(execFile)(programOf('createdb'), words, { cwd: '/' });
  return `postgres://${ADMIN}@${encodeURIComponent(folder)}:${port}/${name}`;
}

/** Each database takes some 8 MB, and a run makes hundreds. */
function memoryFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > PLENTY_BYTES ? MEMORY : tmpdir();
}

/** Debian keeps the server's programs outside of PATH. */
function programOf(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left)) : [];
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), ...PATH.split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? name;
}

function asNobody(): { readonly uid?: number; readonly gid?: number } {
  return isRoot ? NOBODY : {};
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

let created = 0;
/** The database with the newest schema that those of the tests are copies of. */
export const TEST_TEMPLATE = 'sotto_template';
const MEMORY = '/dev/shm';
const PLENTY_BYTES = 8 * 1024 ** 3;
const isRoot = userInfo().uid === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
const ADMIN = 'admin';
const DEBIAN = '/usr/lib/postgresql';
const { PATH = '' } = process.env;
/** Small, and as careful with what it acknowledged as in earnest. */
const SETTINGS = ["listen_addresses = '127.0.0.1'", 'shared_buffers = 32MB', 'max_connections = 300', 'fsync = on'];
