import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLogger, type RunningServer, startServer } from '@sotto/server';
import { writeRelease } from '../../../scripts/web/release.ts';
import { releaseKey } from '../../../scripts/web/release-key.ts';
import { root } from '../../support/program.ts';

/** What a liar gives instead of a file. */
interface Lie {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Uint8Array;
}

/** A home server and somebody before it who may answer otherwise, or not at all; its origin is what browsers see. */
export class HostileWeb implements AsyncDisposable {
  readonly lies: Map<string, Lie> = new Map();
  readonly url: string;
  readonly #dataDir: string;
  #server: RunningServer;
  readonly #front: ReturnType<typeof createServer>;
  #isDown = false;

  static async start(dataDir: string, web: string): Promise<HostileWeb> {
    const server = await open(dataDir, web);
    const front = createServer();
    await new Promise<void>((resolve) => {
      front.listen(0, '127.0.0.1', resolve);
    });
    return new HostileWeb(dataDir, server, front);
  }

  private constructor(dataDir: string, server: RunningServer, front: ReturnType<typeof createServer>) {
    this.#dataDir = dataDir;
    this.#server = server;
    this.#front = front;
    this.url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    front.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Serves another folder from now on. */
  async serve(web: string): Promise<void> {
    await this.#server.close();
    this.#server = await open(this.#dataDir, web);
  }

  down(isDown = true): void {
    this.#isDown = isDown;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#front.closeAllConnections();
    await new Promise((resolve) => this.#front.close(resolve));
    await this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isDown) return void request.socket.destroy();
    const path = request.url ?? '/';
    const { accept = '*/*' } = request.headers;
    // Between two releases nobody listens for a moment.
    const honest = await fetch(this.#server.url + path, { headers: { accept } }).catch(() => null);
    if (honest === null) return void request.socket.destroy();
    const lie = this.lies.get(path);
    const headers = Object.fromEntries(honest.headers.entries());
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'etag']) delete headers[name];
    if (lie?.type !== undefined) headers['content-type'] = lie.type;
    const body = lie?.body ?? new Uint8Array(await honest.arrayBuffer());
    response.writeHead(lie?.status ?? honest.status, headers).end(body);
  }
}

/** A copy of the built client, altered, and signed anew by the key of the builds unless told otherwise. */
export async function otherRelease(
  folder: string,
  { of = BUILT, at, alter = () => undefined, key = releaseKey() }: OtherRelease,
): Promise<string> {
  cpSync(of, folder, { recursive: true });
  alter(folder);
  await writeRelease({ folder, before: folder, key, version: '9.9.9', at });
  return folder;
}

export interface OtherRelease {
  readonly of?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly alter?: (folder: string) => void;
  readonly key?: ReturnType<typeof releaseKey>;
}

/** A client whose page says `words`, so that a test sees which one it got. */
export function saying(words: string): (folder: string) => void {
  return (folder) => {
    const path = join(folder, 'index.html');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('</title>', `</title><meta name="words" content="${words}">`),
    );
  };
}

function open(dataDir: string, web: string): Promise<RunningServer> {
  return startServer({ dataDir, web, logger: createLogger('error') });
}

const BUILT = join(root, 'packages/web/dist');
