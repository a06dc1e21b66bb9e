import { opaque, passphraseBytes, Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { alpha, domain, makeWorld } from './channel.fixture.ts';
import { FrameSealer, frameTypes } from './frames.ts';
import { HandshakeFrames, Traffic } from './handshake.ts';
import { channelKem } from './kem.ts';
import { directionSecrets } from './keys.ts';
import { rekeyLimits } from './limits.ts';
import {
  accountAnswer,
  accountConfirm,
  authenticate,
  clientHello,
  refusal,
  serverHello,
  unsignedServerHello,
} from './messages.ts';
import { serverHandshake } from './server-handshake.ts';
import { Transcript } from './transcript.ts';

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

test('a client that guesses KE3 is refused, and told so', async () => {
  const { primitives, server: options } = await makeWorld();
  const machine = serverHandshake({ ...options, rekeyLimits, now: () => 0 });
  const kem = channelKem(primitives, 'p-384');
  const pair = await kem.generate();
  const transcript = new Transcript(domain);
  await machine.next(new Uint8Array());

  const hello = { v: 1, nonce: new Uint8Array(32), kem: 'p-384', key: pair.publicKey } as const;
  transcript.add(clientHello.encode(hello));
  const { signature, ...unsigned } = serverHello.parse(sentBy(await machine.next(clientHello.encode(hello))));
  transcript.add(unsignedServerHello.encode(unsigned));
  transcript.add(signature);
  const kemSecret = await kem.decapsulate(pair.secretKey, unsigned.ciphertext);
  const frames = new HandshakeFrames(aes256Gcm, { kemSecret, transcript, side: 'client' });

  const { ke1 } = opaque.loginStart(primitives, passphraseBytes('a guess'));
  const request = { mode: 'account', address: alpha, ke1, exemption: null, altcha: null } as const;
  const answer = sentBy(await machine.next(await frames.write(authenticate, request)));
  assert.strictEqual((await frames.read(accountAnswer, answer)).mode, 'account');
  const guess = await frames.write(accountConfirm, { mode: 'account', ke3: new Uint8Array(64) });
  const { done, value } = await machine.next(guess);
  if (!done || !('fault' in value)) assert.fail('the server went on');
  assert.strictEqual(value.fault.code, 'not-authorised');
  assert.strictEqual((await frames.read(refusal, value.message)).error, 'not-authorised');
});

const { aes256Gcm } = nodePrimitives();

/** The one message that a machine wants sent. */
function sentBy({ done, value }: IteratorResult<readonly Uint8Array[], unknown>): Uint8Array {
  if (done) assert.fail('the handshake is over');
  assert.strictEqual(value.length, 1);
  return value[0] as Uint8Array;
}

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
