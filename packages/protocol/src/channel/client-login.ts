import { type Argon2Parameters, opaque, type Primitives, Secret, type SuiteKem } from '@sotto/crypto';
import { z } from 'zod/mini';
import type { Address } from '../address.ts';
import { type Format, format } from '../format.ts';
import { ChannelRefusedFault, ChannelWireFault, type Refusal } from './fault.ts';
import type { HandshakeFrames } from './handshake.ts';
import {
  type Authenticate,
  accountAnswer,
  accountConfirm,
  anonymousAnswer,
  deviceAnswer,
  refusal,
} from './messages.ts';

/** As whom a client comes. */
export type ClientLogin = AnonymousLogin | DeviceLogin | AccountLogin;

export interface AnonymousLogin {
  readonly mode: 'anonymous';
}

export interface DeviceLogin {
  readonly mode: 'device';
  /** The account's fingerprint, 32 bytes. */
  readonly account: Uint8Array;
  /** The device id, 32 bytes. */
  readonly device: Uint8Array;
  /** Of the account's suite. */
  readonly kem: SuiteKem;
  readonly secretKey: Secret;
}

export interface AccountLogin {
  readonly mode: 'account';
  readonly address: Address;
  /** From `passphraseBytes`; the caller wipes it. */
  readonly passphrase: Secret;
  /** What the server's parameters were when this account was last signed in; `null` for the first time. */
  readonly pinned: Argon2Parameters | null;
  /** 32 bytes that an enrolled device got from the server, which spare it delays. */
  readonly exemption: Uint8Array | null;
  /** Solution of the challenge of an earlier refusal. */
  readonly altcha: string | null;
}

/** What a sign-in by passphrase gives the client beyond the channel. */
export interface SignIn {
  /** OPAQUE's export key, 64 bytes: the passcode. */
  readonly exportKey: Secret;
  /** To be pinned for the next sign-in. */
  readonly parameters: Argon2Parameters;
  /** The server's OPAQUE key, 32 bytes. */
  readonly serverPublicKey: Uint8Array;
}

/** One login under way. */
export interface ClientLoginRun extends Disposable {
  readonly authenticate: Authenticate;
  /** Takes the frame with Answer or Refusal. */
  conclude(frames: HandshakeFrames, answer: Uint8Array): Promise<ClientConclusion>;
}

interface ClientConclusion {
  readonly sessionKey: Secret;
  /** Frames that are due before Finished. */
  readonly messages: readonly Uint8Array[];
  readonly signIn: SignIn | null;
}

export interface ClientLoginContext {
  readonly primitives: Primitives;
  readonly domain: string;
}

export function startLogin(context: ClientLoginContext, login: ClientLogin): ClientLoginRun {
  if (login.mode === 'anonymous') return startAnonymous();
  return login.mode === 'device' ? startDevice(context, login) : startAccount(context, login);
}

function startAnonymous(): ClientLoginRun {
  return {
    authenticate: { mode: 'anonymous' },
    async conclude(frames, answer) {
      await readAnswer(frames, answer, anonymousAnswer);
      return { sessionKey: new Secret(new Uint8Array()), messages: [], signIn: null };
    },
    [Symbol.dispose]() {},
  };
}

function startDevice({ domain }: ClientLoginContext, { account, device, kem, secretKey }: DeviceLogin): ClientLoginRun {
  return {
    authenticate: { mode: 'device', account, device },
    async conclude(frames, answer) {
      const context = { transcript: frames.transcript.hash, device, domain };
      const { sealed } = await readAnswer(frames, answer, deviceAnswer);
      const sessionKey = await kem.open(secretKey, { purpose: 'sotto/seal/session-key/v1', context }, sealed);
      if (sessionKey.length !== 32) throw new ChannelWireFault('frame-malformed', 'a session key has 32 bytes');
      return { sessionKey, messages: [], signIn: null };
    },
    [Symbol.dispose]() {},
  };
}

function startAccount({ primitives, domain }: ClientLoginContext, login: AccountLogin): ClientLoginRun {
  const { address, passphrase, pinned, exemption, altcha } = login;
  const { state, ke1 } = opaque.loginStart(primitives, passphrase);
  return {
    authenticate: { mode: 'account', address, ke1, exemption, altcha },
    async conclude(frames, answer) {
      const { parameters, ke2 } = await readAnswer(frames, answer, accountAnswer);
      const stretching = opaque.argon2Stretching(primitives, parameters, pinned);
      const binding = opaque.opaqueBinding(address, domain);
      const { ke3, sessionKey, ...rest } = await opaque.loginFinish(state, { ke2, binding, stretching });
      const confirm = await frames.write(accountConfirm, { mode: 'account', ke3 });
      return { sessionKey, messages: [confirm], signIn: { ...rest, parameters } };
    },
    [Symbol.dispose]() {
      state[Symbol.dispose]();
    },
  };
}

async function readAnswer<Answer extends object>(
  frames: HandshakeFrames,
  frame: Uint8Array,
  expected: Format<Answer>,
): Promise<Answer> {
  const either: Format<Answer | Refusal> = format('Answer', z.union([refusal.schema, expected.schema]));
  const answer = await frames.read(either, frame);
  if (isRefusal(answer)) throw new ChannelRefusedFault(answer);
  return answer;
}

function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer;
}
