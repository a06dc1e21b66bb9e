import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

export interface ServedPage extends AsyncDisposable {
  readonly url: string;
}

/**
 * Bundles an entry module and serves a page that runs it, on a free port of 127.0.0.1 (a secure context); `workers` are
 * bundled, too, and served by their names.
 */
export async function servePage(
  entryPath: string,
  workers: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const paths = Object.entries({ 'entry.js': entryPath, ...workers });
  const scripts = new Map<string | undefined, string>(
    await Promise.all(paths.map(async ([name, path]) => [`/${name}`, await bundle(path)] as const)),
  );
  const server = createServer((request, response) => {
    const script = scripts.get(request.url);
    const [type, body] = script === undefined ? ['text/html', PAGE] : ['text/javascript', script];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundle(entryPath: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPath],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

const PAGE =
  '<!doctype html><html lang="en"><title>Self-test</title><script type="module" src="/entry.js"></script></html>';
