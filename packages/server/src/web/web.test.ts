import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { runServer } from '../running.fixture.ts';
import { FILES, releaseFolder } from './release.fixture.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('the web client', () => {
  test.each(['/', `/i/${'0'.repeat(26)}`])('%s is its page, whoever asks', async (path) => {
    const { get } = await serveClient();
    const { status, headers, body } = await get(path);
    assert.strictEqual(status, 200);
    assert.strictEqual(headers['content-type'], 'text/html; charset=utf-8');
    assert.strictEqual(headers['cache-control'], 'no-cache');
    assert.strictEqual(body.toString(), FILES['/index.html']);
  });

  test('every address that a browser opens is its page, except those of the API and of assets', async () => {
    const { get } = await serveClient();
    const opened = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    for (const path of ['/rooms/7f3a', '/people/alice@example.org', '/search?q=a', '/index.html']) {
      assert.strictEqual((await get(path, opened)).body.toString(), FILES['/index.html'], path);
    }
    for (const path of ['/assets/main-0000.js', '/v1/nothing']) {
      assert.strictEqual((await get(path, opened)).status, 404, path);
    }
    assert.strictEqual((await get('/rooms/7f3a')).status, 404, 'no page was asked for');
  });

  test('an asset is its bytes and its type; a name that changes with them is kept for ever', async () => {
    const { get } = await serveClient();
    const { status, headers, body } = await get('/assets/main-3f2a.js');
    assert.strictEqual(status, 200);
    assert.strictEqual(body.toString(), FILES['/assets/main-3f2a.js']);
    assert.strictEqual(headers['content-type'], 'text/javascript; charset=utf-8');
    assert.strictEqual(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.strictEqual((await get('/service-worker.js')).headers['cache-control'], 'no-cache');
    assert.strictEqual((await get('/release.cbor')).headers['cache-control'], 'no-cache');
  });

  test.each([
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip, deflate, br;q=1.0', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
  ])('Accept-Encoding "%s" is given %s', async (accepted, encoding) => {
    const { get } = await serveClient();
    const { headers, body } = await get('/assets/main-3f2a.js', { 'accept-encoding': accepted });
    assert.strictEqual(headers['content-encoding'], encoding);
    assert.strictEqual(headers['vary'], 'accept-encoding');
    assert.strictEqual(headers['content-length'], String(body.length));
    if (encoding !== undefined) assert.isBelow(body.length, 300);
  });

  test('who has it gets 304 and no body, for the very bytes that they have', async () => {
    const { get } = await serveClient();
    const { headers } = await get('/assets/main-3f2a.js', { 'accept-encoding': 'br' });
    const again = await get('/assets/main-3f2a.js', {
      'accept-encoding': 'br',
      'if-none-match': `"x", W/${headers['etag']}`,
    });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
    assert.strictEqual(again.headers['etag'], headers['etag']);
    const plain = await get('/assets/main-3f2a.js', { 'if-none-match': String(headers['etag']) });
    assert.strictEqual(plain.status, 200, 'another encoding is another body');
  });

  test('HEAD says what GET would, and sends nothing', async () => {
    const { url } = await serveClient();
    const response = await fetch(`${url}/assets/main-3f2a.js`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'identity' },
    });
    assert.strictEqual(response.status, 200);
    assert.strictEqual(response.headers.get('content-length'), String(FILES['/assets/main-3f2a.js']?.length));
    assert.strictEqual(await response.text(), '');
  });

  test.each([
    '/../package.json',
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2f..%2fetc/passwd',
    '/%00',
    '//index.html',
    '/assets//main-3f2a.js',
    '/assets/main-3f2a.js/',
    '/assets/',
    '/INDEX.HTML',
    '/unlisted.txt',
    '/.git/config',
    `/assets/${'a'.repeat(3000)}`,
  ])('%s is nothing', async (path) => {
    const { get } = await serveClient();
    const { status, headers } = await get(path);
    assert.include([400, 404, 414], status);
    assert.strictEqual(headers['content-type'], 'application/problem+json');
  });

  test.each(['POST', 'PUT', 'DELETE'])('%s finds nothing', async (method) => {
    const { url } = await serveClient();
    assert.strictEqual((await fetch(`${url}/`, { method })).status, 404);
  });
});

describe('W3: the client in a frame of another site', () => {
  test('attack by framing it, posting to it, reading it', async () => {
    const { get } = await serveClient();
    for (const path of ['/', '/rooms', '/welcome']) {
      const { headers } = await get(path);
      assert.include(String(headers['content-security-policy']), "frame-ancestors 'none'");
      assert.strictEqual(headers['x-frame-options'], 'DENY');
      assert.isUndefined(headers['access-control-allow-origin']);
      assert.isUndefined(headers['set-cookie']);
    }
  });

  test('control: its own page of previews may be framed by itself', async () => {
    const { get } = await serveClient();
    assert.include(String((await get('/preview.html')).headers['content-security-policy']), "frame-ancestors 'self'");
  });
});

describe('headers', () => {
  const headersOf = async (path: string): Promise<Answer['headers']> => {
    const { get } = await serveClient({ behindProxy: true, url: 'https://example.org' });
    return (await get(path)).headers;
  };

  test('a page runs the scripts of its server, speaks to its server, and is framed by nobody', async () => {
    const page = await headersOf('/');
    const policy = String(page['content-security-policy']).split('; ');
    assert.deepEqual(policy.slice(0, 3), [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
    ]);
    assert.include(policy, "connect-src 'self' wss://example.org");
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"])
      assert.include(policy, rule);
    assert.include(policy, "require-trusted-types-for 'script'");
    assert.include(policy, 'trusted-types sotto');
    assert.notMatch(policy.join(), /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
  });

  test('it is apart from every other site', async () => {
    const page = await headersOf('/');
    const expected = {
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=63072000',
    };
    assert.deepInclude(page, expected);
    assert.match(String(page['permissions-policy']), /camera=\(self\).*geolocation=\(\)/);
  });

  test('the page of previews is of no origin, reaches no network and runs the one script that stands in it', async () => {
    const preview = await headersOf('/preview.html');
    const policy = String(preview['content-security-policy']).split('; ');
    assert.strictEqual(policy[0], 'sandbox allow-scripts');
    assert.include(policy, "script-src 'sha256-bZcXq6A55386WOhnm+CkmXOdvD/gkjsQT5fkz6gxfg8=' 'wasm-unsafe-eval'");
    assert.notMatch(policy.join(), /connect-src|'self'(?<!frame-ancestors 'self')|unsafe-inline/);
    assert.notMatch(String(preview['permissions-policy']), /self/);
    assert.strictEqual(preview['x-frame-options'], 'SAMEORIGIN');
    assert.strictEqual(preview['cross-origin-resource-policy'], 'cross-origin');
  });

  test('on this machine both of its names are the server', async () => {
    const { get, url } = await serveClient();
    const { port } = new URL(url);
    const policy = String((await get('/')).headers['content-security-policy']);
    assert.include(policy, `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`);
  });
});

describe('a folder that is no release', () => {
  test.each<readonly [string, (folder: string) => void]>([
    ['without a manifest', (folder) => rmSync(join(folder, 'release.cbor'))],
    ['with another manifest', (folder) => writeFileSync(join(folder, 'release.cbor'), 'x')],
    ['with an altered manifest', (folder) => appendFileSync(join(folder, 'release.cbor'), 'x')],
    ['without an asset', (folder) => rmSync(join(folder, 'index.html'))],
    ['with an altered asset', (folder) => appendFileSync(join(folder, 'assets/main-3f2a.js'), ' ')],
  ])('%s is not served', async (_what, spoil) => {
    const web = await releaseFolder();
    spoil(web);
    assert.strictEqual(await codeOf(() => runServer({ web })), 'web-client-unusable');
  });
});

async function serveClient(options: Parameters<typeof runServer>[0] = {}) {
  const server = await runServer({ web: await releaseFolder(), ...options });
  const origin = `http://127.0.0.1:${server.webPort}`;
  return { url: origin, get: (path: string, headers: Record<string, string> = {}) => get(origin, path, headers) };
}

/** As it is written: `fetch` would tidy the path up and ask for encodings of its own. */
function get(origin: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    sent.on('error', reject).end();
  });
}
