import { Fault } from '@sotto/bytes';
import { type Argon2Parameters, opaque, type Primitives, Secret, type SuiteKem } from '@sotto/crypto';
import type { Address } from '../address.ts';
import type { Refusal, RefusalCode } from './fault.ts';
import type { Handshake, HandshakeFrames } from './handshake.ts';
import type { KemName } from './kem.ts';
import {
  type AccountAuthenticate,
  type Authenticate,
  accountAnswer,
  accountConfirm,
  anonymousAnswer,
  type DeviceAuthenticate,
  deviceAnswer,
} from './messages.ts';

/** What the server knows about those who come. */
export interface Directory {
  /**
   * Asked first, whoever comes: throttling, proof of work, suspension. A refusal must not depend on whether the
   * address has an account. Every call for an account counts as an attempt; success shows in `acceptChannel`.
   */
  admit(request: Authenticate, kem: KemName): Promise<Refusal | null>;
  /** The KEM key that the account's sigchain lists for an active device, or why there is none. */
  findDevice(account: Uint8Array, device: Uint8Array): Promise<DeviceKey | RefusalCode>;
  /** The OPAQUE record; for an unknown address `record` is null and `parameters` those of new accounts. */
  findAccount(address: Address): Promise<AccountRecord>;
}

export interface DeviceKey {
  readonly kem: SuiteKem;
  readonly publicKey: Uint8Array;
}

export interface AccountRecord {
  readonly record: Uint8Array | null;
  readonly parameters: Argon2Parameters;
}

/** Who is at the other end, as proven. */
export type Peer =
  | { readonly mode: 'anonymous' }
  | { readonly mode: 'device'; readonly account: Uint8Array; readonly device: Uint8Array }
  | { readonly mode: 'account'; readonly address: Address };

export interface ServerLoginContext {
  readonly primitives: Primitives;
  readonly domain: string;
  readonly opaqueSetup: opaque.ServerSetup;
  readonly directory: Directory;
}

export interface ServerConclusion {
  readonly peer: Peer;
  readonly sessionKey: Secret;
  /** Frames that are due before Finished. */
  readonly messages: readonly Uint8Array[];
}

/** Answers an Authenticate that was admitted. */
export async function* answerLogin(
  context: ServerLoginContext,
  frames: HandshakeFrames,
  request: Authenticate,
): Handshake<ServerConclusion | Refusal> {
  if (request.mode === 'device') return await answerDevice(context, frames, request);
  if (request.mode === 'account') return yield* answerAccount(context, frames, request);
  const answer = await frames.write(anonymousAnswer, { mode: 'anonymous' });
  return { peer: { mode: 'anonymous' }, sessionKey: new Secret(new Uint8Array()), messages: [answer] };
}

async function answerDevice(
  { primitives, domain, directory }: ServerLoginContext,
  frames: HandshakeFrames,
  { account, device }: DeviceAuthenticate,
): Promise<ServerConclusion | Refusal> {
  const found = await directory.findDevice(account, device);
  if (typeof found === 'string') return refusalOf(found);
  const sessionKeyBytes = primitives.randomBytes(32);
  const context = { transcript: frames.transcript.hash, device, domain };
  const binding = { purpose: 'sotto/seal/session-key/v1', context } as const;
  const sealed = await found.kem.seal(found.publicKey, binding, sessionKeyBytes);
  const answer = await frames.write(deviceAnswer, { mode: 'device', sealed });
  const sessionKey = new Secret(sessionKeyBytes);
  sessionKeyBytes.fill(0);
  return { peer: { mode: 'device', account, device }, sessionKey, messages: [answer] };
}

async function* answerAccount(
  { primitives, domain, opaqueSetup, directory }: ServerLoginContext,
  frames: HandshakeFrames,
  { address, ke1 }: AccountAuthenticate,
): Handshake<ServerConclusion | Refusal> {
  const { record, parameters } = await directory.findAccount(address);
  const binding = opaque.opaqueBinding(address, domain);
  const { ke2, expected } = opaque.loginRespond(primitives, opaqueSetup, { ke1, record, binding });
  using pending = new DisposableStack();
  pending.use(expected);
  const { memoryKib, passes, parallelism } = parameters;
  const answer = { mode: 'account', parameters: { memoryKib, passes, parallelism }, ke2 } as const;
  const { ke3 } = await frames.read(accountConfirm, yield [await frames.write(accountAnswer, answer)]);
  if (!isProven(expected, ke3)) return refusalOf('not-authorised');
  pending.move();
  return { peer: { mode: 'account', address }, sessionKey: expected.sessionKey, messages: [] };
}

function isProven(expected: opaque.ExpectedLogin, ke3: Uint8Array): boolean {
  try {
    opaque.loginVerify(expected, ke3);
    return true;
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'server-auth-failed') return false;
    throw cause;
  }
}

function refusalOf(error: RefusalCode): Refusal {
  return { error, retryAfterSeconds: null, challenge: null };
}
