import { hex } from '@sotto/bytes';
import { argon2Floor, passphraseBytes } from '../password.ts';
import type { Primitives } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { opaqueBinding } from './binding.ts';
import { loginFinish, loginStart, registrationFinish, registrationStart } from './client.ts';
import { loginRespond, loginVerify, registrationResponse } from './server.ts';
import { createSetup, encodeSetup } from './setup.ts';
import { argon2Stretching } from './stretching.ts';

/** Registration, sign-in and the answer for an unknown account, with every message and result in hexadecimal. */
export async function opaqueRun(primitives: Primitives): Promise<Record<string, string>> {
  const binding = opaqueBinding(ADDRESS, DOMAIN);
  const stretching = argon2Stretching(primitives, argon2Floor);
  const setup = createSetup(primitives);
  using passphrase = passphraseBytes(PASSPHRASE);

  const registration = registrationStart(primitives, passphrase);
  const response = registrationResponse(setup, registration.request, binding);
  const registered = await registrationFinish(primitives, registration.state, { response, binding, stretching });

  const login = loginStart(primitives, passphrase);
  const answer = loginRespond(primitives, setup, { ke1: login.ke1, record: registered.record, binding });
  const result = await loginFinish(login.state, { ke2: answer.ke2, binding, stretching });
  const sessionKey = loginVerify(answer.expected, result.ke3);

  const unknown = loginRespond(primitives, setup, {
    ke1: login.ke1,
    record: null,
    binding: opaqueBinding(UNKNOWN_ADDRESS, DOMAIN),
  });
  return {
    setup: exposed(encodeSetup(setup)),
    serverPublicKey: hex(setup.publicKey),
    registrationRequest: hex(registration.request),
    registrationResponse: hex(response),
    record: hex(registered.record),
    ke1: hex(login.ke1),
    ke2: hex(answer.ke2),
    ke3: hex(result.ke3),
    exportKey: exposed(registered.exportKey),
    exportKeyAtLogin: exposed(result.exportKey),
    sessionKey: exposed(sessionKey),
    ke2ForUnknown: hex(unknown.ke2),
  };
}

export const inputs = {
  address: 'alpha@example.org',
  domain: 'example.org',
  passphrase: 'caf\u00e9 au lait, six words',
  unknownAddress: 'nobody@example.org',
};

function exposed(secret: Secret): string {
  return hex(secret.unsafeExpose('test vector'));
}

const { address: ADDRESS, domain: DOMAIN, passphrase: PASSPHRASE, unknownAddress: UNKNOWN_ADDRESS } = inputs;
