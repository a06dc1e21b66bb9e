import * as serenity from '@serenity-kit/opaque';
import { base64url, hex, parseBase64url, utf8 } from '@sotto/bytes';
import { assert, beforeAll, describe, test } from 'vitest';
import { nodePrimitives } from '../node/index.ts';
import { argon2Floor, passphraseBytes } from '../password.ts';
import { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { loginFinish, loginStart, registrationFinish, registrationStart } from './client.ts';
import { loginRespond, loginVerify, registrationResponse } from './server.ts';
import { createSetup, parseSetup } from './setup.ts';
import { argon2Stretching } from './stretching.ts';

// The peer is opaque-ke in WebAssembly: empty context, identifiers by choice, Argon2id with 16 zero bytes of salt.
beforeAll(() => serenity.ready);

describe('@serenity-kit/opaque', () => {
  test('its client registers and signs in at our server', async () => {
    const setup = createSetup(primitives);
    const { clientRegistrationState, registrationRequest } = serenity.client.startRegistration({ password });
    const registered = serenity.client.finishRegistration({
      clientRegistrationState,
      registrationResponse: base64url(registrationResponse(setup, parseBase64url(registrationRequest), binding)),
      ...theirOptions,
    });
    const record = parseBase64url(registered.registrationRecord);
    assert.strictEqual(registered.serverStaticPublicKey, base64url(setup.publicKey));

    const { clientLoginState, startLoginRequest } = serenity.client.startLogin({ password });
    const ke1 = parseBase64url(startLoginRequest);
    const { ke2, expected } = loginRespond(primitives, setup, { ke1, record, binding });
    const result = serenity.client.finishLogin({ clientLoginState, loginResponse: base64url(ke2), ...theirOptions });
    assert.isDefined(result);
    const sessionKey = loginVerify(expected, parseBase64url(result.finishLoginRequest));
    assert.strictEqual(text(sessionKey), result.sessionKey);
    assert.strictEqual(result.exportKey, registered.exportKey);
  });

  test('our client registers and signs in at its server', async () => {
    const serverSetup = serenity.server.createSetup();
    const { record, exportKey, serverPublicKey } = await registerAt(serverSetup);
    assert.strictEqual(base64url(serverPublicKey), serenity.server.getPublicKey(serverSetup));

    using passphrase = passphraseBytes(password);
    const { state, ke1 } = loginStart(primitives, passphrase);
    const { serverLoginState, loginResponse } = serenity.server.startLogin({
      serverSetup,
      userIdentifier,
      registrationRecord: base64url(record),
      startLoginRequest: base64url(ke1),
      identifiers,
    });
    const result = await loginFinish(state, { ke2: parseBase64url(loginResponse), binding, stretching });
    const finished = serenity.server.finishLogin({
      serverLoginState,
      finishLoginRequest: base64url(result.ke3),
      identifiers,
    });
    assert.strictEqual(finished.sessionKey, text(result.sessionKey));
    assert.strictEqual(text(result.exportKey), text(exportKey));
  });

  test('its setup and records move to our server', async () => {
    const serverSetup = serenity.server.createSetup();
    const { record, exportKey } = await registerAt(serverSetup);
    const setup = parseSetup(new Secret(parseBase64url(serverSetup).subarray(0, 96)));
    assert.strictEqual(base64url(setup.publicKey), serenity.server.getPublicKey(serverSetup));

    using passphrase = passphraseBytes(password);
    const { state, ke1 } = loginStart(primitives, passphrase);
    const { ke2, expected } = loginRespond(primitives, setup, { ke1, record, binding });
    const result = await loginFinish(state, { ke2, binding, stretching });
    assert.strictEqual(hex(loginVerify(expected, result.ke3).unsafeExpose('test')).length, 128);
    assert.strictEqual(text(result.exportKey), text(exportKey));
  });
});

async function registerAt(serverSetup: string) {
  using passphrase = passphraseBytes(password);
  const { state, request } = registrationStart(primitives, passphrase);
  const answer = serenity.server.createRegistrationResponse({
    serverSetup,
    userIdentifier,
    registrationRequest: base64url(request),
  });
  const response = parseBase64url(answer.registrationResponse);
  return await registrationFinish(primitives, state, { response, binding, stretching });
}

function text(secret: Secret): string {
  return base64url(secret.unsafeExpose('test'));
}

const primitives = nodePrimitives();
const stretching = argon2Stretching(primitives, argon2Floor);
const password = 'six words that nobody guessed yet';
const userIdentifier = 'alpha@example.org';
const identifiers = { client: userIdentifier, server: 'example.org' };
const binding: OpaqueBinding = {
  context: new Uint8Array(),
  credentialIdentifier: utf8(userIdentifier),
  clientIdentity: utf8(identifiers.client),
  serverIdentity: utf8(identifiers.server),
};
const theirOptions = {
  password,
  identifiers,
  keyStretching: {
    'argon2id-custom': {
      memory: argon2Floor.memoryKib,
      iterations: argon2Floor.passes,
      parallelism: argon2Floor.parallelism,
    },
  },
};
