import { join } from 'node:path';
import {
  createAccount,
  type FrameSocket,
  lockAccount,
  type OpenSession,
  type Platform,
  unlockAccount,
} from '@sotto/keybox';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { newAccount, PASSPHRASE, startHome, type TestHome, testPlatform } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';
import { DirectoryStorage } from './storage.ts';

let home: TestHome;
let storage: DirectoryStorage;
const platform = testPlatform();

beforeAll(async () => {
  home = await startHome();
  storage = new DirectoryStorage(join(home.directory, 'owner'));
  const session = await createAccount(platform, storage, newAccount('owner@localhost', home.server.invitation ?? ''));
  await session.close();
});

afterAll(() => home[Symbol.asyncDispose]());

/** What a relay does with the n-th frame of a direction, counted over all connections. */
type Relay = (frame: Uint8Array, n: number) => readonly Uint8Array[];

function through({ up = (frame) => [frame], down = (frame) => [frame] }: { up?: Relay; down?: Relay }): Platform {
  const [sent, received] = [{ n: 0 }, { n: 0 }];
  const wrap = (socket: FrameSocket): FrameSocket => ({
    send: (frame) => {
      for (const relayed of up(frame, sent.n++)) socket.send(relayed);
    },
    onMessage: (listener) =>
      socket.onMessage((frame) => {
        for (const relayed of down(frame, received.n++)) listener(relayed);
      }),
    onClose: (listener) => socket.onClose(listener),
    close: () => socket.close(),
  });
  return { ...platform, transport: { connect: async (target) => wrap(await platform.transport.connect(target)) } };
}

async function withSession(relayed: Platform, work: (session: OpenSession) => Promise<void>): Promise<void> {
  const session = await unlockAccount(relayed, storage, { passphrase: PASSPHRASE });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

const flip = (frame: Uint8Array): Uint8Array => frame.map((byte, i) => (i === frame.length - 3 ? byte ^ 1 : byte));

describe('a relay in between', () => {
  const attacks: readonly { name: string; relay: (at: number) => Relay }[] = [
    { name: 'flips a bit of', relay: (at) => (frame, n) => [n === at ? flip(frame) : frame] },
    { name: 'repeats', relay: (at) => (frame, n) => (n === at ? [frame, frame] : [frame]) },
  ];
  for (const direction of ['up', 'down'] as const) {
    for (const { name, relay } of attacks) {
      test.each([0, 1, 2, 3, 4])(
        `that ${name} one frame ${direction} costs an attempt, not the call (%i)`,
        async (at) => {
          await withSession(through({ [direction]: relay(at) }), async ({ link }) => {
            assert.deepEqual(await link.call('accounts.self', {}), { role: 'owner' });
            assert.deepEqual(await link.call('accounts.self', {}), { role: 'owner' });
          });
        },
      );
    }
  }

  test('that alters every answer is told of', async () => {
    const sparingHello: Relay = (frame) => [frame.length > 2000 ? frame : flip(frame)];
    await withSession(through({ down: sparingHello }), async ({ link }) => {
      await refuses(link.call('accounts.self', {}), 'channel-broken');
    });
  });

  test('that puts another certificate in the place of the pinned one', async () => {
    await withSession(through({ down: (frame) => [flip(frame)] }), async ({ link }) => {
      await refuses(link.call('accounts.self', {}), 'certificate-issuer');
    });
  });

  test('while signing in costs an attempt', async () => {
    await lockAccount(storage);
    await withSession(through({ down: (frame, n) => [n === 1 ? flip(frame) : frame] }), async ({ link }) => {
      assert.deepEqual(await link.call('accounts.self', {}), { role: 'owner' });
    });
  });
});

describe('a link', () => {
  test('goes on after the server was away', async () => {
    await withSession(platform, async ({ link }) => {
      assert.deepEqual(await link.call('accounts.self', {}), { role: 'owner' });
      await home.stop();
      const asked = link.call('accounts.self', {});
      await home.restart();
      assert.deepEqual(await asked, { role: 'owner' });
    });
  });

  test("passes the server's refusals on as they are", async () => {
    await withSession(platform, async ({ link }) => {
      await refuses(link.call('chains.read', { account: new Uint8Array(32), from: 0 }), 'not-found');
      await refuses(link.call('admin.invitations.create', { count: 1000, role: 'user', days: 7 }), 'format-malformed');
      assert.isTrue(link.connected);
      link.close();
      await refuses(link.call('accounts.self', {}), 'cancelled');
    });
  });
});
