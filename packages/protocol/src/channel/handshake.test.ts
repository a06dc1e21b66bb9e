import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { FrameSealer, frameTypes } from './frames.ts';
import { Traffic } from './handshake.ts';
import { directionSecrets } from './keys.ts';

describe('Finished', () => {
  test('of the other side passes, in both directions', async () => {
    const client = new Traffic(aes256Gcm, secrets(), 'client');
    const server = new Traffic(aes256Gcm, secrets(), 'server');
    await server.readFinished(await client.writeFinished());
    await client.readFinished(await server.writeFinished());
  });

  test('over another transcript or under other secrets does not', async () => {
    for (const other of [secrets({ transcriptHash: new Uint8Array(32) }), secrets({ sessionKey: secret(9) })]) {
      const frame = await new Traffic(aes256Gcm, other, 'client').writeFinished();
      assert.strictEqual(await codeOf(server().readFinished(frame)), 'channel-broken');
    }
  });

  test('that opens and is another MAC, another length or another type does not', async () => {
    const { trafficKey, finished } = directionSecrets(secrets(), 'client');
    const wrong = Uint8Array.from(finished).reverse();
    for (const [type, plaintext] of [
      [frameTypes.finished, wrong],
      [frameTypes.finished, finished.slice(1)],
      [frameTypes.finished, directionSecrets(secrets(), 'server').finished],
      [frameTypes.data, finished],
    ] as const) {
      const key = trafficKey.use((bytes) => new Secret(bytes));
      const frame = await new FrameSealer(aes256Gcm, key).seal(type, plaintext);
      assert.strictEqual(await codeOf(server().readFinished(frame)), 'channel-broken');
    }
  });
});

const { aes256Gcm } = nodePrimitives();

function secrets(other: { transcriptHash?: Uint8Array; sessionKey?: Secret } = {}) {
  return { kemSecret: secret(1), sessionKey: secret(2), transcriptHash: new Uint8Array(32).fill(3), ...other };
}

function secret(byte: number): Secret {
  return new Secret(new Uint8Array(32).fill(byte));
}

function server(): Traffic {
  return new Traffic(aes256Gcm, secrets(), 'server');
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  return await run.then(
    () => 'none',
    (fault: { code: string }) => fault.code,
  );
}
