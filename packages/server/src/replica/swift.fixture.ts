import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import type { Environment } from './s3-target.ts';

/** An object store that speaks S3: Swift with its account, container, object and proxy servers, and one bucket. */
export class Swift implements AsyncDisposable {
  readonly environment: Environment;
  readonly #folder: string;
  readonly #ports: ReadonlyMap<Service | 'memcached', number>;
  #running: ChildProcess[] = [];

  private constructor(folder: string, ports: ReadonlyMap<Service | 'memcached', number>) {
    this.#folder = folder;
    this.#ports = ports;
    this.environment = {
      AWS_ACCESS_KEY_ID: 'test:tester',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${ports.get('proxy')}`,
    };
  }

  /** Null where its programs are not installed. */
  static async start(): Promise<Swift | null> {
    if (![...SERVICES.map(program), MEMCACHED, RING_BUILDER].every((path) => existsSync(path))) return null;
    const ports = new Map<Service | 'memcached', number>();
    for (const name of [...SERVICES, 'memcached'] as const) ports.set(name, await freePort());
    const swift = new Swift(mkdtempSync(join(tmpdir(), 'sotto-swift-')), ports);
    swift.#configure();
    await swift.resume();
    return swift;
  }

  /** Ends its servers; what they hold stays. */
  async pause(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    this.#running = [];
    await setTimeout(200);
  }

  async resume(): Promise<void> {
    const memcached = [
      '-u',
      userInfo().username,
      '-l',
      '127.0.0.1',
      '-p',
      `${this.#ports.get('memcached')}`,
      '-m',
      '16',
    ];
    this.#running = [spawn(MEMCACHED, memcached, { stdio: 'ignore' })];
    for (const service of SERVICES) {
      this.#running.push(spawn(program(service), [join(this.#folder, `${service}.conf`)], { stdio: 'ignore' }));
    }
    // The proxy answers before those behind it do.
    for (const path of [BUCKET, `${BUCKET}/probe`]) await this.#until(path);
  }

  async #until(path: string): Promise<void> {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = this.environment;
    const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'us-east-1', retries: 0 });
    const url = `${this.environment['AWS_ENDPOINT_URL_S3']}/${path}`;
    for (let i = 0; i < 300; i++) {
      const answer = await client.fetch(url, { method: 'PUT' }).catch(() => null);
      if (answer?.status === 200 || answer?.status === 409) return;
      await setTimeout(200);
    }
    throw new Error('Swift did not start');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pause();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #configure(): void {
    mkdirSync(join(this.#folder, 'devices', 'd1'), { recursive: true });
    for (const service of SERVICES) writeFileSync(join(this.#folder, `${service}.conf`), this.#configuration(service));
    for (const service of ['object', 'container', 'account'] as const) {
      const builder = join(this.#folder, `${service}.builder`);
      const ring = (...words: readonly string[]): void => {
        execFileSync(RING_BUILDER, [builder, ...words], { stdio: 'ignore' });
      };
      ring('create', '4', '1', '1');
      ring('add', `r1z1-127.0.0.1:${this.#ports.get(service)}/d1`, '1');
      ring('rebalance');
    }
  }

  #configuration(service: Service): string {
    const frame = `[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = ${this.#ports.get(service)}\nworkers = 0
user = ${userInfo().username}\nswift_dir = ${this.#folder}\n`;
    if (service !== 'proxy') {
      return `${frame}devices = ${join(this.#folder, 'devices')}\nmount_check = false
[pipeline:main]\npipeline = ${service}-server\n[app:${service}-server]\nuse = egg:swift#${service}\n`;
    }
    return `${frame}[pipeline:main]\npipeline = catch_errors cache s3api tempauth proxy-server
[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true
[filter:catch_errors]\nuse = egg:swift#catch_errors
[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:${this.#ports.get('memcached')}
[filter:s3api]\nuse = egg:swift#s3api\n[filter:tempauth]\nuse = egg:swift#tempauth\nuser_test_tester = testing .admin\n`;
  }
}

/** The bucket that is there. */
const BUCKET = 'safe';
type Service = 'object' | 'container' | 'account' | 'proxy';
const SERVICES: readonly Service[] = ['object', 'container', 'account', 'proxy'];
const MEMCACHED = '/usr/bin/memcached';
const RING_BUILDER = '/usr/bin/swift-ring-builder';

function program(service: Service): string {
  return `/usr/bin/swift-${service}-server`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
