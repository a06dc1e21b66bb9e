import { once } from 'node:events';
import { encodeCbor, hex, utf8 } from '@sotto/bytes';
import { request } from '@sotto/protocol';
import { codeOf, openChannel } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { WebSocket } from 'ws';
import { runServer } from '../running.fixture.ts';

const CODE = /\/i\/([^#]+)#/;

describe('requests', () => {
  test('an anonymous caller looks at its invitation', async () => {
    const server = await runServer();
    const client = await openChannel(server);
    const [, code = ''] = CODE.exec(server.invitation ?? '') ?? [];
    const looked = await client.call('invitations.look', { code });
    assert.strictEqual(looked.domain, 'localhost');
    assert.strictEqual(looked.policyKey, null);
    const unknown = '0'.repeat(26);
    assert.strictEqual(await codeOf(() => client.call('invitations.look', { code: unknown })), 'invitation-unknown');
    await client.close();
  });

  test('the native listener carries the same channel', async () => {
    const server = await runServer();
    const url = `${server.nativeUrl.replace('https', 'wss')}/v1/channel`;
    const keys = await (await openChannel(server)).call('cluster.keys', {});
    const ca = `-----BEGIN CERTIFICATE-----\n${Buffer.from(keys.ca).toString('base64')}\n-----END CERTIFICATE-----\n`;
    const client = await openChannel(server, { socket: new WebSocket(url, { ca }) });
    assert.deepEqual(await client.call('cluster.keys', {}), keys);
    await client.close();
  });

  test('an unknown operation, a foreign scope and a malformed input are refused, and the session goes on', async () => {
    const client = await openChannel(await runServer());
    const cases = [
      [await client.ask('rooms.forge', {}), 'operation-unknown'],
      [await client.ask('__proto__', {}), 'operation-unknown'],
      [await client.ask('rooms.list', { after: null }), 'not-authorised'],
      [await client.ask('accounts.state', {}), 'not-authorised'],
      [await client.ask('invitations.look', { code: 'x' }), 'format-malformed'],
      [await client.ask('invitations.look', { code: '0'.repeat(26), more: 1 }), 'format-malformed'],
    ] as const;
    for (const [answer, code] of cases) assert.strictEqual(answer.type === 'fault' && answer.code, code);
    assert.strictEqual((await client.ask('cluster.keys', {})).type, 'output');
    await client.close();
  });

  test('answers come in the order of the requests, more of them than may wait', async () => {
    const client = await openChannel(await runServer());
    const order: number[] = [];
    const asked = Array.from({ length: 200 }, async (_, index) => {
      const answer = await client.ask(index % 3 === 0 ? 'cluster.keys' : 'no.such', {});
      if (answer.type !== 'event') order.push(answer.id);
    });
    await Promise.all(asked);
    assert.deepEqual(
      order,
      Array.from({ length: 200 }, (_, index) => index),
    );
    await client.close();
  });

  test.each([
    ['bytes that are no CBOR', utf8('hello')],
    ['a request with a field too many', encodeCbor({ id: 0, operation: 'cluster.keys', input: {}, more: 1 })],
    ['a prototype for a key', Uint8Array.of(0xa1, 0x69, ...utf8('__proto__'), 0xa0)],
    ['nothing', new Uint8Array()],
  ])('%s ends the session with a typed fault', async (_, data) => {
    const client = await openChannel(await runServer());
    client.sendRaw(data);
    const message = await client.nextMessage();
    assert.match(message.type === 'fault' ? message.code : '', /^(?:cbor|format)-malformed$/);
    assert.strictEqual(await client.closed, null);
  });

  test('a request id that does not rise by one ends the session', async () => {
    const client = await openChannel(await runServer());
    await client.ask('cluster.keys', {});
    client.sendRaw(request.encode({ id: 7, operation: 'cluster.keys', input: {} }));
    const message = await client.nextMessage();
    assert.strictEqual(message.type === 'fault' && message.code, 'format-malformed');
    assert.strictEqual(await client.closed, null);
  });

  test('requests of anonymous channels are counted by source', async () => {
    const server = await runServer({ limits: { anonymousRequests: { burst: 3, perSecond: 0.001 } } });
    const clients = [await openChannel(server), await openChannel(server)];
    for (const client of [...clients, ...clients].slice(0, 3)) await client.call('cluster.keys', {});
    const answer = await (clients[0] as (typeof clients)[0]).ask('cluster.keys', {});
    assert.ok(answer.type === 'fault' && answer.code === 'throttled' && Number(answer.detail['retryAfterSeconds']) > 0);
    for (const client of clients) await client.close();
  });
});

test('connections of one source are limited', async () => {
  const server = await runServer({ limits: { sessionsPerSource: 2 } });
  const clients = [await openChannel(server), await openChannel(server)];
  assert.strictEqual(await codeOf(() => openChannel(server)), 'not-found');
  for (const client of clients) await client.close();
});

test('a client that never says who it is is cut', async () => {
  const server = await runServer({ limits: { helloMilliseconds: 50 } });
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/channel`);
  await once(socket, 'close');
});

test('the CA that a client pinned is the one that answers', async () => {
  const server = await runServer();
  const pinned = { ...server, caFingerprint: hex(new Uint8Array(32)) };
  assert.strictEqual(await codeOf(() => openChannel(pinned)), 'certificate-issuer');
});
