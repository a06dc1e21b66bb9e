import { concat, hex, parseHex } from '@sotto/bytes';
import { foreignVectors } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { loginFinish, loginStart, registrationFinish, registrationStart } from './client.ts';
import { loginRespond, loginVerify, registrationResponse, respondWith } from './server.ts';
import { parseSetup, type ServerSetup } from './setup.ts';
import type { KeyStretching } from './stretching.ts';

const text = foreignVectors('opaque/vectors.json');
const vectors = (JSON.parse(text ?? '[]') as Vector[]).filter(isOurs);

interface Vector {
  readonly config: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

describe.skipIf(text === null)('RFC 9807 vectors, ristretto255-SHA512', () => {
  test('there are two real and one fake', () => {
    assert.deepEqual(
      vectors.map(({ config }) => config['Fake']),
      ['False', 'False', 'True'],
    );
  });

  for (const vector of vectors.filter(({ config }) => config['Fake'] === 'False')) {
    const input = reader(vector.inputs);
    const output = reader(vector.outputs);
    const binding = bindingOf(vector);
    const setup = setupOf(vector);

    test(`registration, identities ${vector.inputs['client_identity'] ?? 'by key'}`, async () => {
      using passphrase = new Secret(input('password'));
      const { state, request } = registrationStart(queued(blindRandom(input('blind_registration'))), passphrase);
      assert.strictEqual(hex(request), vector.outputs['registration_request']);
      const response = registrationResponse(setup, request, binding);
      assert.strictEqual(hex(response), vector.outputs['registration_response']);
      const random = queued(input('envelope_nonce'));
      const { record, exportKey } = await registrationFinish(random, state, {
        response,
        binding,
        stretching: identityStretching,
      });
      assert.strictEqual(hex(record), vector.outputs['registration_upload']);
      assert.strictEqual(hex(exportKey.unsafeExpose('test')), vector.outputs['export_key']);
    });

    test(`login, identities ${vector.inputs['client_identity'] ?? 'by key'}`, async () => {
      using passphrase = new Secret(input('password'));
      const { state, ke1 } = loginStart(
        queued(blindRandom(input('blind_login')), input('client_nonce'), input('client_keyshare_seed')),
        passphrase,
      );
      assert.strictEqual(hex(ke1), vector.outputs['KE1']);
      const random = queued(input('masking_nonce'), input('server_nonce'), input('server_keyshare_seed'));
      const { ke2, expected } = loginRespond(random, setup, { ke1, record: output('registration_upload'), binding });
      assert.strictEqual(hex(ke2), vector.outputs['KE2']);
      const result = await loginFinish(state, { ke2, binding, stretching: identityStretching });
      assert.strictEqual(hex(result.ke3), vector.outputs['KE3']);
      assert.strictEqual(hex(result.exportKey.unsafeExpose('test')), vector.outputs['export_key']);
      assert.strictEqual(hex(result.sessionKey.unsafeExpose('test')), vector.outputs['session_key']);
      assert.strictEqual(hex(result.serverPublicKey), vector.inputs['server_public_key']);
      assert.strictEqual(hex(loginVerify(expected, result.ke3).unsafeExpose('test')), vector.outputs['session_key']);
    });
  }

  for (const vector of vectors.filter(({ config }) => config['Fake'] === 'True')) {
    test('the answer for an unknown account', () => {
      const input = reader(vector.inputs);
      const { ke2 } = respondWith(
        queued(input('masking_nonce'), input('server_nonce'), input('server_keyshare_seed')),
        {
          setup: setupOf(vector),
          ke1: input('KE1'),
          binding: bindingOf(vector),
          credentials: {
            clientPublicKey: input('client_public_key'),
            maskingKey: input('masking_key'),
            envelope: new Uint8Array(96),
          },
          known: false,
        },
      );
      assert.strictEqual(hex(ke2), vector.outputs['KE2']);
    });
  }
});

const identityStretching: KeyStretching = async (output) => new Secret(output);

function isOurs({ config }: Vector): boolean {
  return config['Group'] === 'ristretto255';
}

function reader(fields: Readonly<Record<string, string>>): (name: string) => Uint8Array {
  return (name) => parseHex(fields[name] ?? assert.fail(`no field ${name}`));
}

function bindingOf({ config, inputs }: Vector): OpaqueBinding {
  const optional = (name: string) => (inputs[name] === undefined ? null : parseHex(inputs[name]));
  return {
    context: parseHex(config['Context'] ?? ''),
    credentialIdentifier: parseHex(inputs['credential_identifier'] ?? ''),
    clientIdentity: optional('client_identity'),
    serverIdentity: optional('server_identity'),
  };
}

function setupOf({ inputs }: Vector): ServerSetup {
  const input = reader(inputs);
  const setup = parseSetup(new Secret(concat(input('oprf_seed'), input('server_private_key'))));
  assert.strictEqual(hex(setup.publicKey), inputs['server_public_key']);
  return setup;
}

/** Random bytes that come out as told, in order. */
function queued(...answers: readonly Uint8Array[]): { randomBytes(length: number): Uint8Array<ArrayBuffer> } {
  const left = [...answers];
  return {
    randomBytes(length) {
      const answer = left.shift() ?? assert.fail('more randomness asked for than the vector has');
      assert.strictEqual(answer.length, length);
      return Uint8Array.from(answer);
    },
  };
}

/** The 48 bytes that the OPRF's scalar sampling maps to this blind: little-endian blind - 1. */
function blindRandom(blind: Uint8Array): Uint8Array {
  const random = new Uint8Array(48);
  random.set(blind);
  let i = 0;
  while (random[i] === 0) random[i++] = 0xff;
  random[i] = (random[i] as number) - 1;
  return random;
}
