import { parseInvitation } from '@sotto/protocol';
import { assert, describe, test } from 'vitest';
import { runServer } from '../running.fixture.ts';

describe('what supervisors ask', () => {
  test('health and readiness', async () => {
    const { url } = await runServer();
    for (const path of ['/v1/health', '/v1/ready']) {
      const response = await fetch(url + path);
      assert.strictEqual(response.status, 200);
      assert.deepEqual(await jsonOf(response), { status: 'ok' });
    }
  });

  test('metrics name operations and outcomes, and are for this machine', async () => {
    const { url } = await runServer();
    const text = await (await fetch(`${url}/v1/metrics`)).text();
    for (const name of [
      'sotto_requests_total',
      'sotto_connections 0',
      'sotto_sign_ins_total',
      'sotto_request_seconds',
    ]) {
      assert.include(text, name);
    }
    const forwarded = await fetch(`${url}/v1/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.strictEqual(forwarded.status, 403);
    assert.strictEqual((await jsonOf(forwarded)).code, 'not-authorised');
  });
});

describe('invitations', () => {
  test('an open one tells where it leads to', async () => {
    const server = await runServer();
    const { code } = parseInvitation(server.invitation ?? '');
    for (const spelling of [code, code.toLowerCase()]) {
      const answer = await jsonOf(await fetch(`${server.url}/v1/invitations/${spelling}`));
      assert.strictEqual(answer.state, 'open');
      assert.strictEqual(answer.domain, 'localhost');
      assert.strictEqual(answer.caFingerprint, server.caFingerprint);
      assert.strictEqual(answer.channel, '/v1/channel');
      assert.ok(Date.parse(answer.expiresAt) > 0);
    }
  });

  test('one whose week is over is expired', async () => {
    const start = Date.UTC(2026, 0, 5);
    let now = start;
    const server = await runServer({ now: () => now });
    const { code } = parseInvitation(server.invitation ?? '');
    now = start + 7 * 24 * 3600 * 1000;
    assert.strictEqual((await jsonOf(await fetch(`${server.url}/v1/invitations/${code}`))).state, 'expired');
  });

  test.each([
    ['0'.repeat(26), 404, 'invitation-unknown'],
    ['U'.repeat(26), 400, 'request-malformed'],
    ['0'.repeat(25), 400, 'request-malformed'],
    ['%ff', 400, 'request-malformed'],
    ['0'.repeat(500), 400, 'request-malformed'],
  ])('%s is answered with %i %s', async (code, status, problem) => {
    const { url } = await runServer();
    const response = await fetch(`${url}/v1/invitations/${code}`);
    assert.strictEqual(response.headers.get('content-type'), 'application/problem+json');
    assert.deepInclude(await jsonOf(response), { status, code: problem });
    assert.strictEqual(response.status, status);
  });

  test('look-ups are counted by source', async () => {
    const { url } = await runServer({ limits: { invitationLooks: { burst: 2, perSecond: 0.01 } } });
    const look = () => fetch(`${url}/v1/invitations/${'0'.repeat(26)}`);
    assert.deepEqual([(await look()).status, (await look()).status], [404, 404]);
    const refused = await look();
    assert.strictEqual(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });
});

describe('OpenAPI', () => {
  test('every path is described, with schemas and problems', async () => {
    const { url } = await runServer();
    const document = await jsonOf(await fetch(`${url}/v1/openapi.json`));
    assert.strictEqual(document.openapi, '3.1.0');
    const paths = ['/v1/health', '/v1/invitations/{code}', '/v1/metrics', '/v1/ready'];
    assert.deepEqual(Object.keys(document.paths).toSorted(), paths);
    const { get } = document.paths['/v1/invitations/{code}'];
    assert.deepEqual(Object.keys(get.responses), ['200', '400', '404', '429']);
    assert.deepEqual(Object.keys(get.responses['404'].content), ['application/problem+json']);
    assert.strictEqual(get.parameters[0].name, 'code');
    const fields = get.responses['200'].content['application/json'].schema.required;
    assert.deepEqual(fields, ['state', 'domain', 'expiresAt', 'caFingerprint', 'channel']);
  });
});

describe('without a web client', () => {
  test.each(['/', `/i/${'0'.repeat(26)}`])('%s says so, without script and anything from elsewhere', async (path) => {
    const { url } = await runServer({ domain: 'example.org' });
    const response = await fetch(url + path);
    const html = await response.text();
    assert.strictEqual(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(html, /<b>example\.org<\/b>/);
    assert.include(html, 'serves no web client');
    assert.notMatch(html, /<script|<img|<link|src=|http/);
    assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/);
  });
});

test.each(['/', '/v1/health', '/v1/nothing', '/v1/invitations/x'])(
  '%s is answered with the security headers',
  async (path) => {
    const { url } = await runServer();
    const { headers } = await fetch(url + path);
    const expected = {
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    };
    for (const [name, value] of Object.entries(expected)) assert.strictEqual(headers.get(name), value);
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  },
);

test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s finds nothing', async (method) => {
  const { url } = await runServer();
  const response = await fetch(`${url}/v1/health`, { method, body: 'x'.repeat(10) });
  assert.ok(response.status >= 400 && response.status < 500);
  assert.strictEqual(response.headers.get('content-type'), 'application/problem+json');
});

// biome-ignore lint/suspicious/noExplicitAny: what a server says is judged by the assertions
async function jsonOf(response: Response): Promise<any> {
  return response.json();
}
