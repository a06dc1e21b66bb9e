import { hex, parseHex, utf8 } from '@sotto/bytes';
import { hybrid, opaque, type Primitives, passphraseBytes, Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { alpha, deviceId, domain, fingerprint, makeWorld, passphrase } from './channel.fixture.ts';
import { clientHandshake } from './client-handshake.ts';
import type { ClientLogin } from './client-login.ts';
import type { Established, Handshake } from './handshake.ts';
import type { KemName } from './kem.ts';
import { rekeyLimits } from './limits.ts';
import { type ServerHandshakeOptions, serverHandshake } from './server-handshake.ts';

/**
 * Whole conversations in hexadecimal. What a side sends is a function of its inputs, of `random` (its random bytes in
 * the order it draws them) and of what it receives; only X-Wing encapsulation and sealing draw from elsewhere, so a
 * server is replayed where neither occurs.
 */
interface Conversation {
  readonly mode: ClientLogin['mode'];
  readonly kem: KemName;
  readonly domain: string;
  readonly channelKeySeed: string;
  readonly channelPublicKey: string;
  readonly certificates: readonly string[];
  readonly account: string;
  readonly device: string;
  readonly deviceSecretKey: string;
  readonly devicePublicKey: string;
  readonly address: string;
  readonly passphrase: string;
  readonly opaqueSetup: string;
  readonly opaqueRecord: string;
  readonly argon2: { readonly memoryKib: number; readonly passes: number; readonly parallelism: number };
  readonly clientRandom: readonly string[];
  readonly serverRandom: readonly string[];
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
  readonly exportKey: string | null;
}

const { conversations } = await vectorFile('channel.json', async () => ({
  source: '@sotto/protocol; docs/spec/channel.md',
  conversations: [
    await recordConversation('anonymous', 'p-384'),
    await recordConversation('anonymous', 'x-wing'),
    await recordConversation('device', 'x-wing'),
    await recordConversation('account', 'p-384'),
    await recordConversation('account', 'x-wing'),
  ],
}));

describe('vectors/channel.json', () => {
  for (const conversation of conversations) {
    const { mode, kem, toServer, toClient } = conversation;

    test(`the client of ${mode} over ${kem}`, async () => {
      const primitives = nodePrimitives({ randomBytes: replayed(conversation.clientRandom) });
      const machine = clientHandshake(clientOptions(primitives, conversation));
      const { result, sent, left } = await replay(machine, toClient);
      const frames = [...sent, ...(await result.sender.seal(utf8('hello'), 0)), ...(await result.sender.close(0))];
      assert.deepEqual(frames.map(hex), toServer);
      assert.deepEqual(await openAll(result, left), ['data welcome', 'close']);
      assert.strictEqual(exposed(result.signIn?.exportKey), conversation.exportKey);
    });
  }

  for (const conversation of conversations.filter(({ mode, kem }) => kem === 'p-384' && mode !== 'device')) {
    const { mode, kem, toServer, toClient } = conversation;

    test(`the server of ${mode} over ${kem}`, async () => {
      const primitives = nodePrimitives({ randomBytes: replayed(conversation.serverRandom) });
      const machine = serverHandshake(serverOptions(primitives, conversation));
      const { result, sent, left } = await replay(machine, toServer);
      if ('fault' in result) assert.fail('refused');
      const frames = [...sent, ...(await result.sender.seal(utf8('welcome'), 0)), ...(await result.sender.close(0))];
      assert.deepEqual(frames.map(hex), toClient);
      assert.deepEqual(await openAll(result, left), ['data hello', 'close']);
      assert.strictEqual(result.peer.mode, mode);
    });
  }
});

/** Feeds recorded messages to one side; those behind its handshake are `left`. */
async function replay<Result>(machine: Handshake<Result>, messages: readonly string[]) {
  const left = messages.map(parseHex);
  const sent: Uint8Array[] = [];
  let step = await machine.next(new Uint8Array());
  while (!step.done) {
    sent.push(...step.value);
    step = await machine.next(left.shift() ?? assert.fail('the recording is too short'));
  }
  return { result: step.value, sent, left };
}

async function openAll({ receiver }: Established, frames: readonly Uint8Array[]): Promise<string[]> {
  const events: string[] = [];
  for (const frame of frames) {
    const event = await receiver.open(frame);
    events.push(event.kind === 'data' ? `data ${Buffer.from(event.data).toString()}` : event.kind);
  }
  return events;
}

function clientOptions(primitives: Primitives, recorded: Conversation) {
  return {
    primitives,
    domain: recorded.domain,
    kem: recorded.kem,
    rekeyLimits,
    now: () => 0,
    login: loginOf(primitives, recorded),
    verifyCertificates: async () => parseHex(recorded.channelPublicKey),
  };
}

function loginOf(primitives: Primitives, recorded: Conversation): ClientLogin {
  if (recorded.mode === 'anonymous') return { mode: 'anonymous' };
  if (recorded.mode === 'device') {
    return {
      mode: 'device',
      account: parseHex(recorded.account),
      device: parseHex(recorded.device),
      kem: hybrid(primitives).kem,
      secretKey: new Secret(parseHex(recorded.deviceSecretKey)),
    };
  }
  const words = passphraseBytes(recorded.passphrase);
  return { mode: 'account', address: alpha, passphrase: words, pinned: null, exemption: null, altcha: null };
}

function serverOptions(primitives: Primitives, recorded: Conversation): ServerHandshakeOptions {
  const [channel, ca] = recorded.certificates.map(parseHex) as [Uint8Array, Uint8Array];
  return {
    primitives,
    domain: recorded.domain,
    rekeyLimits,
    now: () => 0,
    channelKey: new Secret(parseHex(recorded.channelKeySeed)),
    certificates: [channel, ca],
    opaqueSetup: opaque.parseSetup(new Secret(parseHex(recorded.opaqueSetup))),
    directory: {
      admit: async () => null,
      findDevice: async () => ({ kem: hybrid(primitives).kem, publicKey: parseHex(recorded.devicePublicKey) }),
      findAccount: async () => ({ record: parseHex(recorded.opaqueRecord), parameters: recorded.argon2 }),
    },
  };
}

/** Both machines, mouth to ear, with what each says and draws. */
async function recordConversation(mode: ClientLogin['mode'], kem: KemName): Promise<Conversation> {
  const world = await makeWorld('hybrid', nodePrimitives({ randomBytes: drawn(`world ${mode} ${kem}`, []) }));
  const [clientRandom, serverRandom]: [string[], string[]] = [[], []];
  const inputs = {
    mode,
    kem,
    domain,
    channelKeySeed: exposed(world.server.channelKey) ?? '',
    channelPublicKey: hex(await world.primitives.ed25519.publicKey(world.server.channelKey)),
    certificates: world.server.certificates.map(hex),
    account: hex(fingerprint),
    device: hex(deviceId),
    deviceSecretKey: exposed(world.device.secretKey) ?? '',
    devicePublicKey: hex(world.device.publicKey),
    address: alpha,
    passphrase,
    opaqueSetup: exposed(opaque.encodeSetup(world.server.opaqueSetup)) ?? '',
    opaqueRecord: hex(world.record),
    argon2: world.parameters,
    clientRandom,
    serverRandom,
    toServer: [],
    toClient: [],
    exportKey: null,
  };
  const random = (name: string, into: string[]) =>
    nodePrimitives({ randomBytes: drawn(`${name} ${mode} ${kem}`, into) });
  const client = clientHandshake(clientOptions(random('client', clientRandom), inputs));
  const server = serverHandshake(serverOptions(random('server', serverRandom), inputs));
  return { ...inputs, ...(await converse(client, server)) };
}

/** Hands over message by message until both sides are done; both then say one line and close. */
async function converse(client: ReturnType<typeof clientHandshake>, server: ReturnType<typeof serverHandshake>) {
  const [toServer, toClient]: [Uint8Array[], Uint8Array[]] = [[], []];
  const [clientResult, serverResult] = await Promise.all([
    follow(client, toServer, toClient),
    follow(server, toClient, toServer),
  ]);
  if ('fault' in serverResult) throw serverResult.fault;
  toServer.push(...(await clientResult.sender.seal(utf8('hello'), 0)), ...(await clientResult.sender.close(0)));
  toClient.push(...(await serverResult.sender.seal(utf8('welcome'), 0)), ...(await serverResult.sender.close(0)));
  return {
    toServer: toServer.map(hex),
    toClient: toClient.map(hex),
    exportKey: exposed(clientResult.signIn?.exportKey),
  };
}

async function follow<Result>(machine: Handshake<Result>, says: Uint8Array[], hears: readonly Uint8Array[]) {
  let heard = 0;
  let step = await machine.next(new Uint8Array());
  while (!step.done) {
    says.push(...step.value);
    while (hears.length === heard) await new Promise((resolve) => setImmediate(resolve));
    step = await machine.next(hears[heard++] as Uint8Array);
  }
  return step.value;
}

function replayed(answers: readonly string[]): Primitives['randomBytes'] {
  const left = answers.map(parseHex);
  return (length) => {
    const answer = left.shift() ?? assert.fail('more randomness asked for than was recorded');
    assert.strictEqual(answer.length, length);
    return answer;
  };
}

/** SHA-256 in counter mode under a name; each answer is noted. */
function drawn(name: string, into: string[]): Primitives['randomBytes'] {
  let block = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      bytes.set(sha256(utf8(`${name} ${block++}`)).subarray(0, Math.min(32, length - offset)), offset);
    }
    into.push(hex(bytes));
    return bytes;
  };
}

function exposed(secret: Secret | undefined): string | null {
  return secret === undefined ? null : hex(secret.unsafeExpose('test vector'));
}
