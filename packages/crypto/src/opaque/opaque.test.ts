import { concat, equal, hex, parseHex } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { nodePrimitives } from '../node/index.ts';
import { argon2Floor, passphraseBytes } from '../password.ts';
import { Secret } from '../secret.ts';
import { opaqueBinding } from './binding.ts';
import { loginFinish, loginStart, registrationFinish, registrationStart } from './client.ts';
import { checkRecord, loginRespond, loginVerify, registrationResponse } from './server.ts';
import { createSetup, encodeSetup, fakeRecord, parseSetup } from './setup.ts';
import { argon2Stretching, type KeyStretching } from './stretching.ts';

const primitives = nodePrimitives();
const stretching: KeyStretching = async (output) => new Secret(output);
const binding = opaqueBinding('alpha@example.org', 'example.org');

describe('sign-in', () => {
  test('both sides share a session key, and the export key comes back', async () => {
    const setup = createSetup(primitives);
    const registered = await register(setup, 'open sesame');
    const { client, expected } = await logIn(setup, { passphrase: 'open sesame', record: registered.record });
    assert.strictEqual(exposed(loginVerify(expected, client.ke3)), exposed(client.sessionKey));
    assert.strictEqual(exposed(client.exportKey), exposed(registered.exportKey));
    assert.deepEqual(client.serverPublicKey, setup.publicKey);
  });

  test('a wrong passphrase, an unknown account and another account are one answer', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    const attempts = [
      logIn(setup, { passphrase: 'open barley', record }),
      logIn(setup, { passphrase: 'open sesame', record: null }),
      logIn(setup, { passphrase: 'open sesame', record, address: 'beta@example.org' }),
      logIn(setup, { passphrase: 'open sesame', record, domain: 'example.net' }),
      logIn(createSetup(primitives), { passphrase: 'open sesame', record }),
    ];
    for (const attempt of attempts) assert.strictEqual(await codeOf(attempt), 'server-auth-failed');
  });

  test('each altered byte of KE2 is refused', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    using passphrase = passphraseBytes('open sesame');
    for (let position = 0; position < 320; position++) {
      const { state, ke1 } = loginStart(primitives, passphrase);
      const { ke2 } = loginRespond(primitives, setup, { ke1, record, binding });
      ke2[position] = (ke2[position] as number) ^ 1;
      const code = await codeOf(loginFinish(state, { ke2, binding, stretching }));
      assert.include(['server-auth-failed', 'opaque-malformed'], code, `byte ${position}`);
    }
  });

  test('each altered byte of KE3 is refused', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    for (let position = 0; position < 64; position += 7) {
      const { client, expected } = await logIn(setup, { passphrase: 'open sesame', record });
      client.ke3[position] = (client.ke3[position] as number) ^ 1;
      assert.strictEqual(await codeOf(async () => loginVerify(expected, client.ke3)), 'server-auth-failed');
    }
  });

  test('a state is good for one finish', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    using passphrase = passphraseBytes('open sesame');
    const { state, ke1 } = loginStart(primitives, passphrase);
    const { ke2 } = loginRespond(primitives, setup, { ke1, record, binding });
    await loginFinish(state, { ke2, binding, stretching });
    assert.strictEqual(await codeOf(loginFinish(state, { ke2, binding, stretching })), 'bug');
  });
});

describe('R6: a server that is not the one of the account', () => {
  test('attack with the right OPRF seed and another key', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    const other = { ...createSetup(primitives), oprfSeed: setup.oprfSeed };
    assert.strictEqual(await codeOf(logIn(other, { passphrase: 'open sesame', record })), 'server-auth-failed');
  });

  test('attack with the answer to an earlier request', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    using passphrase = passphraseBytes('open sesame');
    const first = loginStart(primitives, passphrase);
    const { ke2 } = loginRespond(primitives, setup, { ke1: first.ke1, record, binding });
    const second = loginStart(primitives, passphrase);
    // Of the same blind, so that only the key exchange can tell.
    const state = { ...second.state, blind: first.state.blind };
    const code = await codeOf(loginFinish(state, { ke2, binding, stretching }));
    assert.strictEqual(code, 'server-auth-failed');
  });

  test('attack with the record of another account', async () => {
    const setup = createSetup(primitives);
    const { record } = await register(setup, 'open sesame');
    const other = { passphrase: 'open sesame', record, address: 'beta@example.org' };
    assert.strictEqual(await codeOf(logIn(setup, other)), 'server-auth-failed');
  });

  const elements = Object.entries(refusedElements());
  test.each(elements)('attack with %s wherever an element stands', async (_name, element) => {
    const setup = createSetup(primitives);
    const { state: start, ke1 } = startAgain();
    start[Symbol.dispose]();
    const { ke2 } = loginRespond(primitives, setup, { ke1, record: null, binding: opaqueBinding('a@b.c', 'b.c') });
    const code = (run: () => unknown) => codeOf(async () => run());
    const at = (message: Uint8Array, offset: number) =>
      concat(message.slice(0, offset), element, message.slice(offset + 32));
    assert.strictEqual(await code(() => registrationResponse(setup, element, binding)), 'opaque-malformed');
    for (const offset of [0, 64]) {
      const run = () => loginRespond(primitives, setup, { ke1: at(ke1, offset), record: null, binding });
      assert.strictEqual(await code(run), 'opaque-malformed');
    }
    for (const offset of [0, 224]) {
      const { state } = startAgain();
      const run = loginFinish(state, { ke2: at(ke2, offset), binding, stretching });
      assert.strictEqual(await codeOf(run), 'opaque-malformed');
    }
    for (const offset of [0, 32]) {
      const response = at(concat(setup.publicKey, setup.publicKey), offset);
      using words = passphraseBytes('open sesame');
      const { state } = registrationStart(primitives, words);
      const run = registrationFinish(primitives, state, { response, binding, stretching });
      assert.strictEqual(await codeOf(run), 'opaque-malformed');
    }
    assert.strictEqual(await code(() => checkRecord(at(new Uint8Array(192), 0))), 'opaque-malformed');
  });

  test('control: the honest server, and the export key comes back', async () => {
    const setup = createSetup(primitives);
    const registered = await register(setup, 'open sesame');
    const { client, expected } = await logIn(setup, { passphrase: 'open sesame', record: registered.record });
    assert.strictEqual(exposed(loginVerify(expected, client.ke3)), exposed(client.sessionKey));
    assert.strictEqual(exposed(client.exportKey), exposed(registered.exportKey));
  });
});

describe('what is not a message', () => {
  const setup = createSetup(primitives);
  using passphrase = new Secret(Uint8Array.of(1));
  const { ke1 } = loginStart(primitives, passphrase);
  const { ke2 } = loginRespond(primitives, setup, { ke1, record: null, binding: opaqueBinding('a@b.c', 'b.c') });

  test('every other length is refused', async () => {
    for (const length of [0, 1, 95, 97]) {
      const run = async () => loginRespond(primitives, setup, { ke1: resized(ke1, length), record: null, binding });
      assert.strictEqual(await codeOf(run), 'opaque-malformed');
    }
    for (const length of [0, 1, 319, 321]) {
      const run = loginFinish(startAgain().state, { ke2: resized(ke2, length), binding, stretching });
      assert.strictEqual(await codeOf(run), 'opaque-malformed');
    }
    for (const length of [0, 191, 193]) {
      assert.strictEqual(await codeOf(async () => checkRecord(new Uint8Array(length))), 'opaque-malformed');
    }
  });

  test('a setup reads back, and only as it was written', async () => {
    const encoded = encodeSetup(setup);
    assert.deepEqual(parseSetup(encoded).publicKey, setup.publicKey);
    const bytes = encoded.unsafeExpose('test');
    const broken = [bytes.slice(1), concat(bytes, bytes), bytes.fill(0, 64), bytes.fill(255, 64)];
    for (const each of broken) {
      assert.strictEqual(await codeOf(async () => parseSetup(new Secret(each))), 'opaque-malformed');
    }
  });
});

describe('R4: asking whether an account exists', () => {
  test('attack by measuring: an unknown account costs the server what a known one costs', async () => {
    const { setup, uses } = countedSetup();
    const { record } = await register(setup, 'open sesame');
    const { ke1 } = startAgain();
    const known = uses(() => loginRespond(primitives, setup, { ke1, record, binding }));
    const unknown = uses(() => loginRespond(primitives, setup, { ke1, record: null, binding }));
    assert.deepEqual(unknown, known);
  });

  test('control: the passphrase of the known one opens it, of the unknown one nothing does', async () => {
    const { setup } = countedSetup();
    const { record } = await register(setup, 'open sesame');
    assert.isNotNull((await logIn(setup, { passphrase: 'open sesame', record })).client);
    assert.strictEqual(await codeOf(logIn(setup, { passphrase: 'open sesame', record: null })), 'server-auth-failed');
  });
});

describe('unknown accounts', () => {
  test('the same record answers each time, another for another address or seed', () => {
    const setup = createSetup(primitives);
    const record = (from: typeof setup, address: string) =>
      fakeRecord(from, opaqueBinding(address, 'example.org').credentialIdentifier);
    const alpha = record(setup, 'alpha@example.org');
    assert.isTrue(equal(alpha, record(setup, 'alpha@example.org')));
    assert.isFalse(equal(alpha, record(setup, 'beta@example.org')));
    assert.isFalse(equal(alpha, record(createSetup(primitives), 'alpha@example.org')));
  });

  test('the evaluated message stays the same for one request', () => {
    const setup = createSetup(primitives);
    const { ke1 } = startAgain();
    const [first, second] = [1, 2].map(() => loginRespond(primitives, setup, { ke1, record: null, binding }).ke2);
    assert.deepEqual(first?.slice(0, 32), second?.slice(0, 32));
    assert.notDeepEqual(first?.slice(32), second?.slice(32));
  });
});

describe('Argon2id as the key stretching', () => {
  test('parameters are judged before anything runs', () => {
    const refusal = (parameters: typeof argon2Floor, pinned: typeof argon2Floor | null = null) => {
      try {
        argon2Stretching(primitives, parameters, pinned);
      } catch (fault) {
        return (fault as { code: string }).code;
      }
      return null;
    };
    assert.strictEqual(refusal({ ...argon2Floor, passes: 2 }), 'kdf-downgrade');
    assert.strictEqual(refusal({ ...argon2Floor, passes: 1e9 }), 'kdf-too-costly');
    assert.strictEqual(refusal(argon2Floor, { ...argon2Floor, passes: 4 }), 'kdf-downgrade');
    assert.isNull(refusal(argon2Floor, argon2Floor));
  });

  test('it opens what it registered', async () => {
    const argon2 = argon2Stretching(primitives, argon2Floor);
    const setup = createSetup(primitives);
    const { record, exportKey } = await register(setup, 'open sesame', argon2);
    const { client } = await logIn(setup, { passphrase: 'open sesame', record, with: argon2 });
    assert.strictEqual(exposed(client.exportKey), exposed(exportKey));
  });
});

async function register(setup: ReturnType<typeof createSetup>, passphrase: string, with_ = stretching) {
  using bytes = passphraseBytes(passphrase);
  const { state, request } = registrationStart(primitives, bytes);
  const response = registrationResponse(setup, request, binding);
  return await registrationFinish(primitives, state, { response, binding, stretching: with_ });
}

interface Attempt {
  readonly passphrase: string;
  readonly record: Uint8Array | null;
  readonly address?: string;
  readonly domain?: string;
  readonly with?: KeyStretching;
}

/** One login in which the server answers for the address and domain of the attempt, the client for its own. */
async function logIn(setup: ReturnType<typeof createSetup>, attempt: Attempt) {
  using bytes = passphraseBytes(attempt.passphrase);
  const { state, ke1 } = loginStart(primitives, bytes);
  const theirs = opaqueBinding(attempt.address ?? 'alpha@example.org', attempt.domain ?? 'example.org');
  const { ke2, expected } = loginRespond(primitives, setup, { ke1, record: attempt.record, binding: theirs });
  const client = await loginFinish(state, { ke2, binding, stretching: attempt.with ?? stretching });
  return { client, expected };
}

function startAgain() {
  using passphrase = passphraseBytes('open sesame');
  return loginStart(primitives, passphrase);
}

/** A setup whose secrets tell how often they were used: each use stands for the work that follows. */
function countedSetup() {
  const { oprfSeed, secretKey, publicKey } = createSetup(primitives);
  const seed = new CountedSecret(oprfSeed.unsafeExpose('test'));
  const key = new CountedSecret(secretKey.unsafeExpose('test'));
  const uses = (work: () => unknown): readonly number[] => {
    const before = [seed.uses, key.uses] as const;
    work();
    return [seed.uses - before[0], key.uses - before[1]];
  };
  return { setup: { oprfSeed: seed, secretKey: key, publicKey }, uses };
}

class CountedSecret extends Secret {
  uses = 0;

  override use<Result>(borrow: (bytes: Uint8Array<ArrayBuffer>) => Result): Result {
    this.uses += 1;
    return super.use(borrow);
  }
}

function refusedElements(): Record<string, Uint8Array> {
  return {
    'the identity': new Uint8Array(32),
    // RFC 9496 appendix A.2: a field element that is not reduced, a negative one, one whose square root is missing.
    'an element that is not reduced': parseHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
    'a negative field element': parseHex('0100000000000000000000000000000000000000000000000000000000000000'),
    'a non-square': parseHex('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371'),
  };
}

function resized(bytes: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  return result;
}

async function codeOf(run: Promise<unknown> | (() => Promise<unknown>)): Promise<string> {
  try {
    await (typeof run === 'function' ? run() : run);
  } catch (fault) {
    return (fault as { code: string }).code;
  }
  return 'none';
}

function exposed(secret: Secret): string {
  return hex(secret.unsafeExpose('test'));
}
