import { concat } from '@sotto/bytes';
import { type CallKey, CryptoPeerFault, type PacketCiphers, type Secret } from '@sotto/crypto';
import type { AgreedInput, CacheState, SessionKey } from './agreed.ts';
import type { Algorithms } from './algorithms.ts';
import { ZrtpPeerFault } from './fault.ts';
import { type HashChain, isLink, nextLink } from './hash-chain.ts';
import {
  agreedSecret,
  derive,
  matchSecrets,
  type Role,
  roleKeys,
  type ScheduleContext,
  type SharedSecrets,
} from './key-schedule.ts';
import type { DhPart } from './messages/dh-part.ts';
import type { Choices, Hello } from './messages/hello.ts';
import { shortAuthenticationString } from './sas.ts';

/** What was kept for a partner. */
export interface KnownSecrets extends SharedSecrets {
  /** Whether the person compared the SAS of a call that led to rs1. */
  readonly verified: boolean;
}

/** The other end's Hello, and its bytes. */
export interface PeerHello {
  readonly hello: Hello;
  readonly message: Uint8Array;
}

/** What both roles work with. */
export interface HandshakeInput {
  readonly ciphers: PacketCiphers;
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  readonly zid: Uint8Array;
  readonly choices: Choices;
  readonly chain: HashChain;
  readonly hello: Uint8Array<ArrayBuffer>;
  readonly peer: PeerHello;
  readonly secrets: KnownSecrets;
  /** Set for a further stream of a call. */
  readonly session: SessionKey | null;
}

/** What the public values and the common secrets lead to. */
export type Outcome = AgreedInput;

export interface OutcomeInput {
  readonly algorithms: Algorithms;
  readonly role: Role;
  /** That total_hash is over, in order: the responder's Hello, the Commit, and DHPart1 and DHPart2 where there are any. */
  readonly messages: readonly Uint8Array[];
  /** Null for a further stream. */
  readonly exchange: { readonly key: CallKey; readonly theirs: DhPart } | null;
}

/** Throws `public-value-refused`. */
export function outcomeOf(handshake: HandshakeInput, { algorithms, role, messages, exchange }: OutcomeInput): Outcome {
  const { ciphers, zid, peer } = handshake;
  const zids =
    role === 'initiator'
      ? { initiator: zid, responder: peer.hello.zid }
      : { initiator: peer.hello.zid, responder: zid };
  const context = { ciphers, algorithms, zids, totalHash: algorithms.hash.digest(concat(...messages)) };
  const facts = { role, context, peerZid: peer.hello.zid, peerClient: peer.hello.client };
  const keys = (s0: Secret) => ({
    initiator: roleKeys(context, s0, 'initiator'),
    responder: roleKeys(context, s0, 'responder'),
  });
  if (exchange === null) {
    const s0 = furtherSecret(handshake, context);
    return { ...facts, s0, keys: keys(s0), sas: null, previouslyVerified: false, cache: 'none', auxiliary: null };
  }
  const shared = commonSecrets(handshake, { algorithms, role, theirs: exchange.theirs });
  using dhResult = agree(exchange);
  const s0 = agreedSecret(context, dhResult, shared);
  const cache = cacheState(handshake.secrets, shared.s1);
  return {
    ...facts,
    s0,
    keys: keys(s0),
    sas: shortAuthenticationString(context, s0),
    previouslyVerified: cache === 'matched' && handshake.secrets.verified,
    cache,
    auxiliary: handshake.secrets.aux === null ? null : shared.s2 === null ? 'mismatch' : 'matched',
  };
}

/**
 * The beginning of the other end's chain must lead to what its Hello had and what came between, as far as that came, and
 * have made their MACs. Throws `hash-chain-broken`.
 */
export function checkChain(
  h0: Uint8Array,
  peer: PeerHello,
  { part, commit }: { readonly part: Uint8Array | null; readonly commit: Uint8Array | null },
): void {
  const h1 = nextLink(h0);
  const isWhole =
    (part === null || isLink(h0, { next: linkIn(part), message: part })) &&
    (commit === null || isLink(h1, { next: linkIn(commit), message: commit })) &&
    isOfPeer(nextLink(h1), peer);
  if (!isWhole) throw new ZrtpPeerFault('hash-chain-broken', 'messages of this call are not all from the same end');
}

/** Whether H2 is that of the end that sent the Hello. */
export function isOfPeer(h2: Uint8Array, { hello, message }: PeerHello): boolean {
  return isLink(h2, { next: hello.h3, message });
}

/** DHPart and Commit have it first. */
function linkIn(message: Uint8Array): Uint8Array {
  return message.subarray(12, 44);
}

function furtherSecret({ session }: HandshakeInput, context: ScheduleContext): Secret {
  if (session === null) throw new TypeError('a further stream needs the key of the call');
  return derive(context, session.secret, { label: 'ZRTP MSK', length: context.algorithms.hash.bytes });
}

function commonSecrets(
  { ciphers, secrets, peer }: HandshakeInput,
  { algorithms, role, theirs }: { readonly algorithms: Algorithms; readonly role: Role; readonly theirs: DhPart },
): ReturnType<typeof matchSecrets> {
  const sender = role === 'initiator' ? 'responder' : 'initiator';
  return matchSecrets({ ciphers, algorithms, secrets, role: sender, h3: peer.hello.h3 }, theirs);
}

function agree({ key, theirs }: NonNullable<OutcomeInput['exchange']>): Secret {
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
