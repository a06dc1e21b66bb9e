import { concat, equal } from '@sotto/bytes';
import { CryptoPeerFault } from '../fault.ts';
import type { Primitives } from '../ports.ts';
import { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { mask, maskingKeyOf, recoverEnvelope, type StoredEnvelope, storeEnvelope } from './envelope.ts';
import { deriveDiffieHellmanKeyPair, diffieHellman, oprf } from './group.ts';
import { ELEMENT_BYTES, NONCE_BYTES, SEED_BYTES } from './limits.ts';
import { type Ke2, parseKe2, parseRegistrationResponse } from './messages.ts';
import { authenticationKeys, extract } from './schedule.ts';
import type { KeyStretching } from './stretching.ts';

type Random = Pick<Primitives, 'randomBytes'>;

/** Between start and finish of a registration; good for one finish, which wipes it. */
export interface RegistrationState extends Disposable {
  readonly passphrase: Secret;
  readonly blind: Secret;
}

/**
 * First step of a registration. `passphrase` is what `passphraseBytes` makes of the person's; the state keeps its
 * own copy. `request` (32 bytes) goes to the server.
 */
export function registrationStart(
  random: Random,
  passphrase: Secret,
): { readonly state: RegistrationState; readonly request: Uint8Array<ArrayBuffer> } {
  const { blind, blindedMessage } = blindPassphrase(random, passphrase);
  return { state: disposableState({ passphrase: copyOf(passphrase), blind }), request: blindedMessage };
}

export interface RegistrationInput {
  /** What the server answered: 64 bytes. */
  readonly response: Uint8Array;
  readonly binding: OpaqueBinding;
  readonly stretching: KeyStretching;
}

export interface RegistrationResult {
  /** 192 bytes for the server to keep: all that it will know of the passphrase. */
  readonly record: Uint8Array<ArrayBuffer>;
  /** 64 bytes that only this passphrase and this server's OPRF key give again. */
  readonly exportKey: Secret;
  /** The server's key of the authenticated key exchange, which each later login proves. */
  readonly serverPublicKey: Uint8Array<ArrayBuffer>;
}

/** Last step of a registration (FinalizeRegistrationRequest, RFC 9807 section 5.2.3). Throws `opaque-malformed`. */
export async function registrationFinish(
  random: Random,
  state: RegistrationState,
  { response, binding, stretching }: RegistrationInput,
): Promise<RegistrationResult> {
  using consumed = state;
  const { evaluatedMessage, serverPublicKey } = parseRegistrationResponse(response);
  using randomizedPassword = await randomizePassword(consumed, evaluatedMessage, stretching);
  return randomizedPassword.use((bytes) => {
    const envelopeNonce = random.randomBytes(NONCE_BYTES);
    const stored = storeEnvelope({ randomizedPassword: bytes, envelopeNonce, serverPublicKey, binding });
    stored.client.secretKey.dispose();
    const record = concat(stored.client.publicKey, maskingKeyOf(bytes), stored.envelope);
    return { record, exportKey: stored.exportKey, serverPublicKey: Uint8Array.from(serverPublicKey) };
  });
}

/** Between KE1 and KE2; good for one finish, which wipes it. */
export interface LoginState extends Disposable {
  readonly passphrase: Secret;
  readonly blind: Secret;
  readonly clientKeyShareSecret: Secret;
  readonly ke1: Uint8Array;
}

/** First step of a login (GenerateKE1, section 6.2.1). `ke1` (96 bytes) goes to the server. */
export function loginStart(
  random: Random,
  passphrase: Secret,
): { readonly state: LoginState; readonly ke1: Uint8Array<ArrayBuffer> } {
  const { blind, blindedMessage } = blindPassphrase(random, passphrase);
  const clientNonce = random.randomBytes(NONCE_BYTES);
  const keyShare = deriveDiffieHellmanKeyPair(random.randomBytes(SEED_BYTES));
  const ke1 = concat(blindedMessage, clientNonce, keyShare.publicKey);
  const fields = { passphrase: copyOf(passphrase), blind, clientKeyShareSecret: keyShare.secretKey, ke1 };
  return { state: disposableState(fields), ke1 };
}

export interface LoginInput {
  /** What the server answered: 320 bytes. */
  readonly ke2: Uint8Array;
  readonly binding: OpaqueBinding;
  readonly stretching: KeyStretching;
}

export interface LoginResult {
  /** 64 bytes that prove the passphrase to the server. */
  readonly ke3: Uint8Array<ArrayBuffer>;
  /** 64 bytes shared with the server for this run alone. */
  readonly sessionKey: Secret;
  readonly exportKey: Secret;
  readonly serverPublicKey: Uint8Array<ArrayBuffer>;
}

/**
 * Last step of a login (GenerateKE3, section 6.2.3). Throws `opaque-malformed` for bytes that no server makes and
 * `server-auth-failed` for everything else that is wrong: passphrase, account, server, replay.
 */
export async function loginFinish(state: LoginState, { ke2, binding, stretching }: LoginInput): Promise<LoginResult> {
  using consumed = state;
  const answer = parseKe2(ke2);
  using randomizedPassword = await randomizePassword(consumed, answer.evaluatedMessage, stretching);
  const { serverPublicKey, recovered } = randomizedPassword.use((bytes) => recoverCredentials(bytes, answer, binding));
  if (recovered === null) throw serverAuthFailed();
  using clientSecret = recovered.client.secretKey;
  const keys = authenticationKeys(
    [
      diffieHellman(consumed.clientKeyShareSecret, answer.serverKeyShare),
      diffieHellman(consumed.clientKeyShareSecret, serverPublicKey),
      diffieHellman(clientSecret, answer.serverKeyShare),
    ],
    { binding, clientPublicKey: recovered.client.publicKey, serverPublicKey, ke1: consumed.ke1, ke2Head: answer.head },
  );
  if (!equal(keys.serverMac, answer.serverMac)) {
    keys.sessionKey.dispose();
    recovered.exportKey.dispose();
    throw serverAuthFailed();
  }
  return { ke3: keys.clientMac, sessionKey: keys.sessionKey, exportKey: recovered.exportKey, serverPublicKey };
}

function recoverCredentials(
  randomizedPassword: Uint8Array,
  { maskingNonce, maskedResponse }: Ke2,
  binding: OpaqueBinding,
): { readonly serverPublicKey: Uint8Array<ArrayBuffer>; readonly recovered: StoredEnvelope | null } {
  const response = mask(maskingKeyOf(randomizedPassword), maskingNonce, maskedResponse);
  const serverPublicKey = response.slice(0, ELEMENT_BYTES);
  const envelope = response.slice(ELEMENT_BYTES);
  return { serverPublicKey, recovered: recoverEnvelope(envelope, { randomizedPassword, serverPublicKey, binding }) };
}

function blindPassphrase(
  random: Random,
  passphrase: Secret,
): { readonly blind: Secret; readonly blindedMessage: Uint8Array<ArrayBuffer> } {
  const { blind, blinded } = passphrase.use((bytes) =>
    oprf.blind(bytes, (length?: number) => random.randomBytes(length ?? 32)),
  );
  const secret = new Secret(blind);
  blind.fill(0);
  return { blind: secret, blindedMessage: Uint8Array.from(blinded) };
}

async function randomizePassword(
  { passphrase, blind }: { readonly passphrase: Secret; readonly blind: Secret },
  evaluatedMessage: Uint8Array,
  stretching: KeyStretching,
): Promise<Secret> {
  const output = passphrase.use((input) => blind.use((scalar) => oprf.finalize(input, scalar, evaluatedMessage)));
  using stretched = await stretching(output);
  const material = stretched.use((bytes) => concat(output, bytes));
  const randomized = extract(material);
  const secret = new Secret(randomized);
  for (const bytes of [output, material, randomized]) bytes.fill(0);
  return secret;
}

function copyOf(secret: Secret): Secret {
  return secret.use((bytes) => new Secret(bytes));
}

function disposableState<Fields extends { readonly [name: string]: Secret | Uint8Array }>(
  fields: Fields,
): Fields & Disposable {
  return {
    ...fields,
    [Symbol.dispose](): void {
      for (const value of Object.values(fields)) if (value instanceof Secret) value.dispose();
    },
  };
}

function serverAuthFailed(): CryptoPeerFault {
  return new CryptoPeerFault('server-auth-failed', 'the sign-in was not proven by the other side');
}
