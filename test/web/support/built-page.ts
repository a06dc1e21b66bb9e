import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { build } from 'vite';
import { root } from '../../sources.ts';

export interface BuiltPage extends AsyncDisposable {
  readonly origin: string;
  /** Bytes of each file, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What browsers reported of breaches of the policy. */
  readonly violations: readonly string[];
}

/**
 * Builds a page as the web client is built, and serves it under a strict policy; with the URL of a home server at the same
 * origin as that, to which everything goes on that is no file of the page.
 */
export async function servePage(entry: string, homeServer?: string): Promise<BuiltPage> {
  const files = await buildPage(`${root}${entry}`);
  const upstream = homeServer === undefined ? null : new URL(homeServer);
  const violations: string[] = [];
  const server = createServer((incoming, response) => {
    const path = new URL(incoming.url ?? '/', 'http://page').pathname;
    const file = files.get(path);
    if (path === '/') response.writeHead(200, headers('text/html')).end(pageOf(files));
    else if (path === REPORTS) void text(incoming).then((report) => violations.push(report), Boolean);
    else if (file !== undefined) response.writeHead(200, headers(typeOf(path))).end(file);
    else if (upstream !== null) forward(incoming, response, upstream);
    else response.writeHead(404).end();
  });
  server.on('upgrade', (incoming, socket, head) => {
    if (upstream !== null) forwardUpgrade(incoming, { socket, head }, upstream);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    files,
    violations,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function buildPage(entry: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      target: 'es2024',
      write: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: entry, output: { entryFileNames: 'page.js' } },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly {
    readonly output: readonly {
      readonly fileName: string;
      readonly code?: string;
      readonly source?: string | Uint8Array;
    }[];
  }[];
  const files = outputs.flatMap(({ output }) =>
    output.map((file) => [`/${file.fileName}`, Buffer.from(file.code ?? file.source ?? '')] as const),
  );
  return new Map(files);
}

function pageOf(files: ReadonlyMap<string, Uint8Array>): string {
  if (!files.has('/page.js')) throw new Error(`the page was built as ${[...files.keys()]}`);
  return '<!doctype html><html lang="en"><title>Vaults</title><script type="module" src="/page.js"></script></html>';
}

function forward(incoming: IncomingMessage, response: ServerResponse, upstream: URL): void {
  const { method, url: path, headers: sent } = incoming;
  const outgoing = request(upstream, { method, path, headers: { ...sent, host: upstream.host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function forwardUpgrade(
  incoming: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
  upstream: URL,
): void {
  const server = connect(Number(upstream.port), upstream.hostname);
  const lines = Object.entries({ ...incoming.headers, host: upstream.host, origin: upstream.origin });
  server.write(
    `GET ${incoming.url} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`,
  );
  server.write(head);
  for (const [one, other] of [
    [server, socket],
    [socket, server],
  ] as const) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

function headers(type: string): Record<string, string> {
  return { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY, 'cache-control': 'no-store' };
}

function typeOf(path: string): string {
  return path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
}

const REPORTS = '/reports';
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types test; report-uri /reports";
