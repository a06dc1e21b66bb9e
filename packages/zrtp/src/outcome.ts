import { concat } from '@sotto/bytes';
import { type CallKey, CryptoPeerFault, type Secret } from '@sotto/crypto';
import type { AgreedInput, CacheState } from './agreed.ts';
import type { Algorithms } from './algorithms.ts';
import { ZrtpPeerFault } from './fault.ts';
import type { HandshakeInput, KnownSecrets } from './handshake.ts';
import { agreedSecret, derive, matchSecrets, type Role, roleKeys, type ScheduleContext } from './key-schedule.ts';
import type { DhPart } from './messages/dh-part.ts';
import type { PresharedKey } from './preshared.ts';
import { shortAuthenticationString } from './sas.ts';

/** What the public values and the common secrets lead to. */
export type Outcome = AgreedInput;

/** Where the secret of a stream comes from: public values, an earlier call, or the first stream of this one. */
export type Exchange =
  | { readonly kind: 'agreement'; readonly key: CallKey; readonly theirs: DhPart }
  | { readonly kind: 'preshared'; readonly preshared: PresharedKey }
  | { readonly kind: 'further' };

export interface OutcomeInput {
  readonly algorithms: Algorithms;
  readonly role: Role;
  /** That total_hash is over, in order: the responder's Hello, the Commit, and DHPart1 and DHPart2 where there are any. */
  readonly messages: readonly Uint8Array[];
  readonly exchange: Exchange;
}

/** Throws `public-value-refused`. */
export function outcomeOf(handshake: HandshakeInput, input: OutcomeInput): Outcome {
  const { ciphers, zid, peer, secrets } = handshake;
  const { algorithms, role, messages, exchange } = input;
  const zids =
    role === 'initiator'
      ? { initiator: zid, responder: peer.hello.zid }
      : { initiator: peer.hello.zid, responder: zid };
  const context = { ciphers, algorithms, zids, totalHash: algorithms.hash.digest(concat(...messages)) };
  const { s0, s1, s2 } = streamSecret(handshake, context, input);
  const keys = { initiator: roleKeys(context, s0, 'initiator'), responder: roleKeys(context, s0, 'responder') };
  const { zid: peerZid, client: peerClient, isMitm: peerIsExchange } = peer.hello;
  const facts = { role, context, peerZid, peerClient, peerIsExchange, s0, keys };
  if (exchange.kind === 'further') {
    return { ...facts, sas: null, previouslyVerified: false, cache: 'none', auxiliary: null };
  }
  const cache = cacheState(secrets, s1);
  return {
    ...facts,
    sas: shortAuthenticationString(context, s0),
    previouslyVerified: cache === 'matched' && secrets.verified,
    cache,
    auxiliary: secrets.aux === null ? null : s2 === null ? 'mismatch' : 'matched',
  };
}

/** Of a handshake that leads to nothing. */
export function wipeOutcome({ s0, keys }: Outcome): void {
  s0.dispose();
  for (const ofRole of Object.values(keys)) for (const secret of Object.values(ofRole)) secret.dispose();
}

/** What confirmations needed, once they are there. */
export function wipeConfirmation({ s0, keys }: Outcome): void {
  s0.dispose();
  for (const { macKey, confirmKey } of Object.values(keys)) for (const secret of [macKey, confirmKey]) secret.dispose();
}

interface StreamSecret {
  readonly s0: Secret;
  /** What both had from before. */
  readonly s1: Secret | null;
  readonly s2: Secret | null;
}

/** RFC 6189 sections 4.4.1.4, 4.4.2.2 and 4.4.3.2. */
function streamSecret(
  { ciphers, secrets, peer, session }: HandshakeInput,
  context: ScheduleContext,
  { algorithms, role, exchange }: OutcomeInput,
): StreamSecret {
  const length = algorithms.hash.bytes;
  if (exchange.kind === 'preshared') {
    const { key, s1, s2 } = exchange.preshared;
    return { s0: derive(context, key, { label: 'ZRTP PSK', length }), s1, s2 };
  }
  if (exchange.kind === 'further') {
    if (session === null) throw new TypeError('a further stream needs the key of the call');
    return { s0: derive(context, session.secret, { label: 'ZRTP MSK', length }), s1: null, s2: null };
  }
  const sender = role === 'initiator' ? 'responder' : 'initiator';
  const ids = { ciphers, algorithms, secrets, role: sender, h3: peer.hello.h3 } as const;
  const shared = matchSecrets(ids, exchange.theirs);
  using dhResult = agree(exchange);
  return { s0: agreedSecret(context, dhResult, shared), ...shared };
}

function agree({ key, theirs }: Extract<Exchange, { kind: 'agreement' }>): Secret {
  try {
    return key.agree(theirs.publicValue);
  } catch (cause) {
    if (!(cause instanceof CryptoPeerFault)) throw cause;
    throw new ZrtpPeerFault('public-value-refused', 'the public value of the other end hides nothing', { cause });
  }
}

function cacheState({ rs1, rs2 }: KnownSecrets, s1: Secret | null): CacheState {
  if (s1 !== null) return 'matched';
  return rs1 === null && rs2 === null ? 'none' : 'mismatch';
}
