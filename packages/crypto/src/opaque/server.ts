import { concat, equal, utf8 } from '@sotto/bytes';
import { CryptoPeerFault } from '../fault.ts';
import type { Primitives } from '../ports.ts';
import type { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { mask } from './envelope.ts';
import { deriveDiffieHellmanKeyPair, diffieHellman, oprf } from './group.ts';
import { NONCE_BYTES, SEED_BYTES } from './limits.ts';
import { parseKe1, parseKe3, parseRecord, parseRegistrationRequest, type RegistrationRecord } from './messages.ts';
import { authenticationKeys, expand } from './schedule.ts';
import { fakeRecord, type ServerSetup } from './setup.ts';

/**
 * Answers a registration request (CreateRegistrationResponse, RFC 9807 section 5.2.2): 64 bytes.
 * Throws `opaque-malformed`.
 */
export function registrationResponse(
  setup: ServerSetup,
  request: Uint8Array,
  { credentialIdentifier }: Pick<OpaqueBinding, 'credentialIdentifier'>,
): Uint8Array<ArrayBuffer> {
  const blindedMessage = parseRegistrationRequest(request);
  return concat(evaluate(setup, credentialIdentifier, blindedMessage), setup.publicKey);
}

/** Passes a record that a client may register. Throws `opaque-malformed`. */
export function checkRecord(record: Uint8Array): void {
  parseRecord(record);
}

export interface LoginRequest {
  readonly ke1: Uint8Array;
  /** What the account registered; `null` for an account that is unknown, which is answered alike. */
  readonly record: Uint8Array | null;
  readonly binding: OpaqueBinding;
}

/** What a server keeps from KE2 until KE3. */
export interface ExpectedLogin extends Disposable {
  readonly clientMac: Uint8Array;
  readonly sessionKey: Secret;
  /** False for an unknown account: no KE3 verifies. */
  readonly known: boolean;
}

/** Answers KE1 (GenerateKE2, section 6.2.2): `ke2` is 320 bytes. Throws `opaque-malformed`. */
export function loginRespond(
  random: Pick<Primitives, 'randomBytes'>,
  setup: ServerSetup,
  { ke1, record, binding }: LoginRequest,
): { readonly ke2: Uint8Array<ArrayBuffer>; readonly expected: ExpectedLogin } {
  // Made in either case, so that an unknown account costs what a known one costs.
  const fake = fakeRecord(setup, binding.credentialIdentifier);
  const credentials = parseRecord(record ?? fake);
  return respondWith(random, { setup, ke1, binding, credentials, known: record !== null });
}

/**
 * Checks KE3 (ServerFinish, section 6.2.4) and gives the session key of 64 bytes; the state is good for one call.
 * Throws `opaque-malformed` or `server-auth-failed`.
 */
export function loginVerify(expected: ExpectedLogin, ke3: Uint8Array): Secret {
  const matches = equal(parseKe3(ke3), expected.clientMac);
  if (matches && expected.known) return expected.sessionKey;
  expected[Symbol.dispose]();
  throw new CryptoPeerFault('server-auth-failed', 'the sign-in was not proven by the other side');
}

/** GenerateKE2 for credentials already chosen. */
export function respondWith(
  random: Pick<Primitives, 'randomBytes'>,
  { setup, ke1, binding, credentials, known }: Response,
): { readonly ke2: Uint8Array<ArrayBuffer>; readonly expected: ExpectedLogin } {
  const { blindedMessage, clientKeyShare } = parseKe1(ke1);
  const maskingNonce = random.randomBytes(NONCE_BYTES);
  const serverNonce = random.randomBytes(NONCE_BYTES);
  const keyShare = deriveDiffieHellmanKeyPair(random.randomBytes(SEED_BYTES));
  using keyShareSecret = keyShare.secretKey;
  const head = concat(
    evaluate(setup, binding.credentialIdentifier, blindedMessage),
    maskingNonce,
    mask(credentials.maskingKey, maskingNonce, concat(setup.publicKey, credentials.envelope)),
    serverNonce,
    keyShare.publicKey,
  );
  const { serverMac, clientMac, sessionKey } = authenticationKeys(
    [
      diffieHellman(keyShareSecret, clientKeyShare),
      diffieHellman(setup.secretKey, clientKeyShare),
      diffieHellman(keyShareSecret, credentials.clientPublicKey),
    ],
    {
      binding,
      clientPublicKey: credentials.clientPublicKey,
      serverPublicKey: setup.publicKey,
      ke1,
      ke2Head: head,
    },
  );
  return {
    ke2: concat(head, serverMac),
    expected: { clientMac, sessionKey, known, [Symbol.dispose]: () => sessionKey.dispose() },
  };
}

interface Response {
  readonly setup: ServerSetup;
  readonly ke1: Uint8Array;
  readonly binding: OpaqueBinding;
  readonly credentials: RegistrationRecord;
  readonly known: boolean;
}

function evaluate({ oprfSeed }: ServerSetup, credentialIdentifier: Uint8Array, blinded: Uint8Array): Uint8Array {
  const seed = oprfSeed.use((bytes) => expand(bytes, [credentialIdentifier, 'OprfKey'], SEED_BYTES));
  const { secretKey } = oprf.deriveKeyPair(seed, utf8('OPAQUE-DeriveKeyPair'));
  const evaluated = oprf.blindEvaluate(secretKey, blinded);
  secretKey.fill(0);
  seed.fill(0);
  return evaluated;
}
