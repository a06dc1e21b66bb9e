import { equal, Fault, hex } from '@sotto/bytes';
import { type PacketCiphers, type Secret, sha256 } from '@sotto/crypto';
import { type Agreed, agreed, type SessionKey } from './agreed.ts';
import { checkChoices } from './algorithms.ts';
import { errorCodeOf, faultOfError } from './error-codes.ts';
import type { ZrtpEvent } from './event.ts';
import { ZrtpPeerFault, ZrtpUsageFault } from './fault.ts';
import { type HandshakeInput, isOfPeer, type KnownSecrets, type PeerHello } from './handshake.ts';
import { type HashChain, hashChain, messageMac } from './hash-chain.ts';
import { Initiator } from './initiator.ts';
import { derive } from './key-schedule.ts';
import { HELLO_TIMER, MESSAGE_TIMER } from './limits.ts';
import { parseCommit } from './messages/commit.ts';
import { type Choices, encodeHello, parseHello } from './messages/hello.ts';
import { encodeError, encodePingAck, encodeShort, parseError, parsePing, parseShort } from './messages/short.ts';
import { type Outcome, wipeConfirmation } from './outcome.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { Responder } from './responder.ts';
import { strangeness } from './strangeness.ts';
import { Resending } from './timer.ts';

export interface StreamOptions {
  readonly ciphers: PacketCiphers;
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  /** What we are; 16 characters at most. */
  readonly client: string;
  /** 12 random bytes of this installation and account. */
  readonly zid: Uint8Array;
  readonly choices: Choices;
  /** Of our RTP stream. */
  readonly source: number;
  /** What the signalling announced of the other end's Hello: `1.10 ` and 64 digits; null if it could not. */
  readonly peerHelloHash: string | null;
  /** Of the call's first stream, for every further one. */
  readonly session: SessionKey | null;
}

/**
 * The ZRTP of one media stream (RFC 6189), without a clock or a socket: datagrams and the time go in, events come out.
 * Whatever comes is checked before anything changes; what does not fit is passed over, so that a stranger who sends can
 * delay a call and not break it. What breaks it is proof that the other end is not who it was.
 */
export class ZrtpStream implements Disposable {
  readonly #options: StreamOptions;
  readonly #chain: HashChain;
  readonly #hello: Uint8Array<ArrayBuffer>;
  #sequence: number;
  #state: State = { kind: 'idle' };
  #resending: Resending | null = null;
  #peer: (PeerHello & { readonly source: number }) | null = null;
  /** What came in the place of the other end's Hello. */
  #suspicion: ZrtpPeerFault | null = null;
  #isHelloAcknowledged = false;
  #secrets: KnownSecrets | null = null;
  #session: SessionKey | null;
  #peerError: number | null = null;
  #events: ZrtpEvent[] = [];
  /** A new secret after a mismatch, until the person has compared. */
  #unconfirmed: { readonly zid: Uint8Array; readonly rs1: Secret } | null = null;

  /** Throws `no-algorithm`. */
  constructor(options: StreamOptions) {
    checkChoices(options.choices);
    this.#options = options;
    this.#session = options.session;
    this.#chain = hashChain(options.randomBytes(32));
    this.#sequence = (new DataView(options.randomBytes(2).buffer).getUint16(0) & 0x7fff) as number;
    const { client, zid, choices } = options;
    const flags = { signatureCapable: false, isMitm: false, isPassive: false };
    const hello = { version: '1.10', client, h3: this.#chain.h3, zid, choices, ...flags };
    this.#hello = encodeHello(hello, messageMac(this.#chain.h2));
  }

  /** What the signalling is to announce (RFC 6189 section 8.1). */
  get helloHash(): string {
    return `1.10 ${hex(sha256(this.#hello))}`;
  }

  /** What further streams of the call are keyed with. Throws `not-secure`. */
  get session(): SessionKey {
    if (this.#session === null) throw new ZrtpUsageFault('not-secure', 'the call has no keys yet');
    return this.#session;
  }

  start(now: number): readonly ZrtpEvent[] {
    this.#state = { kind: 'discovering' };
    this.#resend(this.#hello, HELLO_TIMER, now);
    return this.#taken();
  }

  receive(datagram: Uint8Array, now: number): readonly ZrtpEvent[] {
    try {
      const { source, message, type } = parsePacket(datagram);
      if (this.#peer === null && this.#state.kind !== 'failed') this.#meet(source, type, message);
      if (this.#peer?.source === source) this.#take(type, message, now);
    } catch (cause) {
      this.#judge(cause, now);
    }
    return this.#taken();
  }

  /** The answer to `secrets-wanted`. */
  provideSecrets(secrets: KnownSecrets, now: number): readonly ZrtpEvent[] {
    this.#secrets = secrets;
    this.#proceed(now);
    return this.#taken();
  }

  /** The person compared: from now on this partner is verified, and the secret of a new partner is kept. */
  sasVerified(): readonly ZrtpEvent[] {
    if (this.#unconfirmed !== null) this.#emit({ kind: 'keep-secret', ...this.#unconfirmed, verified: true });
    return this.#taken();
  }

  /** When `tick` is due; null for not at all. */
  get nextTickAt(): number | null {
    return this.#resending?.dueAt ?? null;
  }

  tick(now: number): readonly ZrtpEvent[] {
    const due = this.#resending?.tick(now) ?? 'wait';
    if (due === 'send' && this.#resending !== null) this.#send(this.#resending.message);
    if (due === 'give-up') this.#giveUp(now);
    return this.#taken();
  }

  /** The call is over: nothing is sent any more, and what is not in the hands of others is wiped. */
  [Symbol.dispose](): void {
    this.#resending = null;
    this.#enter({ kind: 'failed' });
    if (this.#options.session === null) this.#session?.secret.dispose();
  }

  #take(type: string, message: Uint8Array, now: number): void {
    switch (type.trimEnd()) {
      case 'Hello':
        this.#takeHello(message, now);
        break;
      case 'HelloACK':
        this.#takeHelloAck(message, now);
        break;
      case 'Commit':
        this.#takeCommit(message, now);
        break;
      case 'Ping':
        this.#takePing(message);
        break;
      case 'Error':
        this.#peerError = parseError(message);
        this.#send(encodeShort('ErrorACK'));
        break;
      case 'ErrorACK':
        parseShort('ErrorACK', message);
        if (this.#state.kind === 'failed') this.#resending = null;
        break;
      case 'GoClear':
        this.#refuse(new ZrtpPeerFault('clear-refused', 'the other end wants to go on without encryption'));
        break;
      case 'SASrelay':
        this.#refuse(new ZrtpPeerFault('relayed-sas-refused', 'somebody in between wants to show another SAS'));
        break;
      default:
        this.#takeHandshake(type.trimEnd(), message, now);
    }
  }

  /**
   * The first Hello that fits counts, and from then on its source alone. What does not fit is passed over, for anybody may
   * have sent it, and told at the end if nothing better comes.
   */
  #meet(source: number, type: string, message: Uint8Array): void {
    if (type.trimEnd() !== 'Hello' || equal(message, this.#hello)) return;
    const hello = parseHello(message);
    this.#suspicion = strangeness(this.#options, source, { hello, message });
    if (this.#suspicion !== null) return;
    this.#peer = { hello, message, source };
    if (this.#session !== null) this.#secrets = NO_SECRETS;
    else this.#emit({ kind: 'secrets-wanted', zid: hello.zid });
  }

  #takeHello(message: Uint8Array, now: number): void {
    if (this.#state.kind === 'failed' || this.#peer === null || !equal(this.#peer.message, message)) return;
    this.#send(encodeShort('HelloACK'));
    this.#proceed(now);
  }

  #takeHelloAck(message: Uint8Array, now: number): void {
    parseShort('HelloACK', message);
    if (this.#state.kind !== 'discovering' || this.#isHelloAcknowledged) return;
    this.#isHelloAcknowledged = true;
    this.#resending = null;
    this.#proceed(now);
  }

  /** Commits as soon as both Hellos have arrived and it is known what was kept. */
  #proceed(now: number): void {
    if (this.#state.kind !== 'discovering' || !this.#isHelloAcknowledged) return;
    if (this.#peer === null || this.#secrets === null) return;
    try {
      this.#initiate(new Initiator(this.#handshake(this.#peer, this.#secrets)), now);
    } catch (cause) {
      this.#judge(cause, now);
    }
  }

  #initiate(initiator: Initiator, now: number): void {
    this.#enter({ kind: 'initiating', initiator });
    this.#resend(initiator.commit, MESSAGE_TIMER, now);
  }

  #takeCommit(message: Uint8Array, now: number): void {
    const [state, peer, secrets] = [this.#state, this.#peer, this.#secrets];
    if (peer === null || secrets === null) return;
    if (state.kind === 'responding') {
      if (state.responder.isCommit(message)) this.#send(state.responder.answer);
      return;
    }
    const commit = parseCommit(message);
    if (!isOfPeer(commit.h2, peer) || !equal(commit.zid, peer.hello.zid)) return;
    const yields = state.kind === 'initiating' && state.initiator.yieldsTo(commit);
    if (state.kind !== 'discovering' && !yields) return;
    const handshake = this.#handshake(peer, secrets);
    const responder = Responder.to(handshake, { commit, message });
    if (responder === null) {
      this.#initiate(new Initiator(handshake, 'agreement'), now);
      return;
    }
    this.#enter({ kind: 'responding', responder });
    // Its initiator repeats what is lost; silence for as long as that would try is the end.
    this.#resending = new Resending(this.#hello, RESPONDER_PATIENCE, now);
    this.#send(responder.answer);
  }

  #takeHandshake(type: string, message: Uint8Array, now: number): void {
    const state = this.#state;
    if (state.kind === 'initiating') {
      const step = state.initiator.take(type, message);
      if (step?.kind === 'send') this.#resend(step.message, MESSAGE_TIMER, now);
      if (step?.kind === 'secure') this.#secure(step, null);
    }
    if (state.kind === 'responding') {
      const step = state.responder.take(type, message);
      if (step !== null) this.#send(step.message);
      if (step?.kind === 'secure') this.#secure(step, message);
    }
    // The acknowledgement was lost.
    if (state.kind === 'secure' && state.lastTaken !== null && equal(state.lastTaken, message))
      this.#send(encodeShort('Conf2ACK'));
  }

  #takePing(message: Uint8Array): void {
    const { version, endpoint } = parsePing(message);
    if (!version.startsWith('1.1')) return;
    const { zid, source } = this.#options;
    this.#send(encodePingAck({ version: '1.10', endpoint: sha256(zid).slice(0, 8), pinged: endpoint, source }));
  }

  #secure({ outcome, mayKeep }: SecureStep, lastTaken: Uint8Array | null): void {
    const { context, s0 } = outcome;
    const stream = agreed(outcome);
    this.#enter({ kind: 'secure', lastTaken });
    this.#resending = null;
    if (this.#session === null) {
      const { hash } = context.algorithms;
      const secret = derive(context, s0, { label: 'ZRTP Session Key', length: hash.bytes });
      this.#session = { secret, algorithms: context.algorithms, nonces: new Set() };
      if (mayKeep) this.#keep(stream, derive(context, s0, { label: 'retained secret', length: 32 }));
    }
    wipeConfirmation(outcome);
    this.#emit({ kind: 'secure', agreed: stream });
  }

  /** After a mismatch what was kept before stays, until the person has compared: else anybody could have it deleted. */
  #keep({ peerZid, cache, previouslyVerified }: Agreed, rs1: Secret): void {
    this.#unconfirmed = { zid: peerZid, rs1 };
    if (cache !== 'mismatch') this.#emit({ kind: 'keep-secret', zid: peerZid, rs1, verified: previouslyVerified });
  }

  /** Proof against the other end ends the handshake and is told to it; anything else is passed over. */
  #judge(cause: unknown, now: number): void {
    if (!(cause instanceof Fault)) throw cause;
    if (this.#state.kind === 'secure' || this.#state.kind === 'failed' || !(cause instanceof ZrtpPeerFault)) return;
    this.#fail(cause, now);
  }

  #refuse(fault: ZrtpPeerFault): void {
    const code = errorCodeOf(fault);
    if (code !== null) this.#send(encodeError(code));
    this.#emit({ kind: 'refused', fault });
  }

  /** An Error or a strange Hello that came is believed when nothing else comes any more: anybody could have sent it. */
  #giveUp(now: number): void {
    this.#resending = null;
    if (this.#state.kind === 'failed') return;
    const silence =
      this.#peerError === null
        ? new ZrtpPeerFault('timed-out', 'the other end does not answer with ZRTP')
        : faultOfError(this.#peerError);
    this.#fail(this.#suspicion ?? silence, now);
  }

  /** Ends the handshake, and tells the other end where it has a number for that. */
  #fail(fault: ZrtpPeerFault, now: number): void {
    this.#resending = null;
    this.#enter({ kind: 'failed' });
    this.#emit({ kind: 'failed', fault });
    const code = errorCodeOf(fault);
    if (code !== null) this.#resend(encodeError(code), MESSAGE_TIMER, now);
  }

  /** What a handshake that is left behind knew is wiped. */
  #enter(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'initiating') before.initiator[Symbol.dispose]();
    if (before.kind === 'responding') before.responder[Symbol.dispose]();
  }

  #handshake(peer: PeerHello, secrets: KnownSecrets): HandshakeInput {
    const { ciphers, randomBytes, zid, choices } = this.#options;
    const [chain, hello, session] = [this.#chain, this.#hello, this.#session];
    return { ciphers, randomBytes, zid, choices, chain, hello, peer, secrets, session };
  }

  #resend(message: Uint8Array, timer: typeof MESSAGE_TIMER, now: number): void {
    this.#resending = new Resending(message, timer, now);
    this.#send(message);
  }

  #send(message: Uint8Array): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const packet = encodePacket({ sequence: this.#sequence, source: this.#options.source, message });
    this.#emit({ kind: 'send', packet });
  }

  #emit(event: ZrtpEvent): void {
    this.#events.push(event);
  }

  #taken(): readonly ZrtpEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

interface SecureStep {
  readonly outcome: Outcome;
  /** Whether the other end keeps something for the next call, too. */
  readonly mayKeep: boolean;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'discovering' }
  | { readonly kind: 'initiating'; readonly initiator: Initiator }
  | { readonly kind: 'responding'; readonly responder: Responder }
  | { readonly kind: 'secure'; readonly lastTaken: Uint8Array | null }
  | { readonly kind: 'failed' };

const NO_SECRETS: KnownSecrets = { rs1: null, rs2: null, aux: null, verified: false };
/** As long as an initiator would try. */
const RESPONDER_PATIENCE = { firstMilliseconds: 15_000, mostMilliseconds: 15_000, sendings: 0 };
