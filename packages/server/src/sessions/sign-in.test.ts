import { argon2Floor, opaque, type Primitives, passphraseBytes, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type AccountLogin, type Address, ChannelRefusedFault, parseInvitation } from '@sotto/protocol';
import { codeOf, openChannel, type TestClient } from '@sotto/testing';
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { assert, describe, test } from 'vitest';
import { runServer, type TestServer } from '../running.fixture.ts';

const ALICE = 'alice@localhost' as Address;
const NOBODY = 'nobody@localhost' as Address;
const RIGHT = 'the right passphrase of alice';
const TOKEN = new Uint8Array(32).fill(9);
const primitives: Primitives = nodePrimitives();

describe('signing in by passphrase', () => {
  test('the right passphrase opens a session whose scope is the sign-up', async () => {
    const server = await runServer();
    await register(server);
    const client = await signIn(server, { passphrase: RIGHT });
    const state = await client.call('accounts.state', {});
    assert.strictEqual(state.signUp?.step, 'registered');
    assert.strictEqual(await codeOf(() => client.call('rooms.list', { after: null })), 'sign-up-incomplete');
    await client.close();
  });

  test('R4: a wrong passphrase and an unknown address end alike, try for try', async () => {
    const server = await runServer();
    await register(server);
    const course = async (address: Address) => {
      const met: string[] = [];
      for (let n = 0; n < 5; n++)
        met.push(String(await codeOf(() => signIn(server, { address, passphrase: 'wrong' }))));
      return met;
    };
    const known = await course(ALICE);
    assert.deepEqual(known, [
      'server-auth-failed',
      'server-auth-failed',
      'server-auth-failed',
      'throttled',
      'throttled',
    ]);
    assert.deepEqual(await course(NOBODY), known);
  });

  test('a refusal says when to come back, and an enrolled installation does not wait', async () => {
    const server = await runServer();
    await register(server);
    for (let n = 0; n < 3; n++) await codeOf(() => signIn(server, { passphrase: 'wrong' }));
    const refused = await refusalOf(signIn(server, { passphrase: RIGHT }));
    assert.strictEqual(refused.code, 'throttled');
    assert.ok((refused.retryAfterSeconds ?? 0) > 0);
    await (await signIn(server, { passphrase: RIGHT, exemption: TOKEN })).close();
  });

  test('success gives the free tries back', async () => {
    const server = await runServer();
    await register(server);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 2; n++) await codeOf(() => signIn(server, { passphrase: 'wrong' }));
      await (await signIn(server, { passphrase: RIGHT })).close();
    }
  });

  test('a restart forgets no try', async () => {
    const first = await runServer();
    await register(first);
    for (let n = 0; n < 3; n++) await codeOf(() => signIn(first, { passphrase: 'wrong' }));
    await first.close();
    const second = await runServer({ dataDir: first.dataDir });
    assert.strictEqual(await codeOf(() => signIn(second, { passphrase: RIGHT })), 'throttled');
  });

  test('R5: when many sources have tried, proof of work lets the right passphrase in', async () => {
    let sources = 0;
    const server = await runServer({ behindProxy: true, url: 'http://localhost' });
    await register(server);
    for (; sources < 20; sources++) await tryFrom(server, `198.51.100.${sources}`);
    const refused = await refusalOf(signIn(server, { passphrase: RIGHT }));
    assert.strictEqual(refused.code, 'proof-of-work-needed');
    const challenge = JSON.parse(refused.challenge as string) as Challenge;
    const altcha = btoa(JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) }));
    await (await signIn(server, { passphrase: RIGHT, altcha })).close();
  });
});

interface SignInOptions extends Partial<Pick<AccountLogin, 'address' | 'exemption' | 'altcha'>> {
  readonly passphrase: string;
  readonly socket?: WebSocket;
}

function signIn(server: TestServer, { passphrase, socket, ...rest }: SignInOptions): Promise<TestClient> {
  const login = { address: ALICE, pinned: null, exemption: null, altcha: null, ...rest } as const;
  const account: AccountLogin = { mode: 'account', passphrase: passphraseBytes(passphrase), ...login };
  return openChannel(reached(server), { login: account, ...(socket === undefined ? {} : { socket }) });
}

/** A wrong passphrase from elsewhere, as our own proxy tells it. */
async function tryFrom(server: TestServer, source: string): Promise<void> {
  const { WebSocket } = await import('ws');
  const headers = { 'x-forwarded-for': `203.0.113.77, ${source}` };
  const socket = new WebSocket(`${reached(server).url.replace('http', 'ws')}/v1/channel`, { headers });
  await codeOf(() => signIn(server, { passphrase: 'wrong', socket: socket as never }));
}

/** Behind a proxy the server's own address is another one than people's. */
function reached(server: TestServer): TestServer {
  return server.url === 'http://localhost' ? { ...server, url: `http://127.0.0.1:${server.webPort}` } : server;
}

async function register(server: TestServer): Promise<void> {
  const client = await openChannel(reached(server));
  const { code: invitation } = parseInvitation(server.invitation ?? '');
  const { state, request } = opaque.registrationStart(primitives, passphraseBytes(RIGHT));
  const { response } = await client.call('accounts.register-start', { invitation, address: ALICE, request });
  const binding = opaque.opaqueBinding(ALICE, server.domain);
  const stretching = opaque.argon2Stretching(primitives, argon2Floor, null);
  const { record } = await opaque.registrationFinish(primitives, state, { response, binding, stretching });
  await client.call('accounts.register-finish', {
    invitation,
    address: ALICE,
    signUp: primitives.randomBytes(16),
    suite: 2,
    record,
    bundle: primitives.randomBytes(300),
    vault: null,
    exemption: sha256(TOKEN),
  });
  await client.close();
}

async function refusalOf(attempt: Promise<TestClient>): Promise<ChannelRefusedFault> {
  try {
    await attempt;
  } catch (cause) {
    if (cause instanceof ChannelRefusedFault) return cause;
    throw cause;
  }
  throw new Error('the sign-in was not refused');
}
