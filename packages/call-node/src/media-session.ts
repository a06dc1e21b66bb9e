import { type Fault, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type Agreed, type Choices, isZrtpPacket } from '@sotto/zrtp';
import { type AudioSink, type AudioSource, nowhere, silence } from './audio.ts';
import { type AudioProfile, audioProfiles, SAMPLES_PER_MILLISECOND } from './audio-profile.ts';
import { randomSource } from './audio-sender.ts';
import { type Candidate, checkCandidate } from './candidate.ts';
import { CallPeerFault, CallUsageFault } from './fault.ts';
import { MAX_CANDIDATES } from './limits.ts';
import { type MediaEvent, secureEvent } from './media-event.ts';
import { MediaSockets, type Path } from './media-sockets.ts';
import { Pace } from './pace.ts';
import { type Announced, Latch, PathChoice } from './path-choice.ts';
import { ProtectedMedia } from './protected-media.ts';
import type { RetainedSecrets } from './retained-secrets.ts';
import type { CallStatistics } from './statistics.ts';
import { zrtpChoices } from './zrtp-choices.ts';
import { ZrtpEnd } from './zrtp-end.ts';

export interface MediaOptions {
  /** 12 random bytes of this installation and account. */
  readonly zid: Uint8Array;
  readonly secrets: RetainedSecrets;
  notify(event: MediaEvent): void;
  /** IP addresses of this machine; 127.0.0.1 if absent. */
  readonly listen?: readonly string[];
  readonly choices?: Choices;
  readonly audio?: { readonly source?: AudioSource; readonly sink?: AudioSink };
  /** For how many milliseconds the other end may not be there yet, and may say nothing later; 30,000 each if absent. */
  readonly patience?: number;
}

/** What the signalling brought of the other end. */
export interface PeerMedia extends Announced {
  /** Of the signalling; null where the other end is none of ours. The session wipes it. */
  readonly auxiliary: Secret | null;
  /** How we send; standard if absent. */
  readonly profile?: AudioProfile;
  /** RTP payload type of Opus in both directions; 96 if absent. */
  readonly payloadType?: number;
}

/**
 * The media of one call: sockets, ZRTP, SRTP, Opus. `helloHash` and `candidates` go into the signalling; with what came back
 * `connect` begins. Nothing is sent but ZRTP before both ends have keys, and nothing is played that is not under them.
 */
export class MediaSession {
  readonly #options: MediaOptions;
  readonly #sockets: MediaSockets;
  readonly #zrtp: ZrtpEnd;
  readonly #source: number;
  readonly #pace: Pace;
  #peer: PeerMedia | null = null;
  #latch: Latch | null = null;
  #secure: Secured | null = null;
  #heardAt = 0;
  #hasAudio = false;
  #refused = 0;
  #isMuted = false;
  #isEnded = false;
  #closing: Promise<CallStatistics> | null = null;

  /** Throws `address-malformed`, `address-unavailable`. */
  static async open(options: MediaOptions): Promise<MediaSession> {
    return new MediaSession(options, await MediaSockets.open(options.listen ?? ['127.0.0.1']));
  }

  private constructor(options: MediaOptions, sockets: MediaSockets) {
    this.#options = options;
    this.#sockets = sockets;
    this.#source = randomSource();
    this.#pace = new Pace(TICK_MILLISECONDS, (tick) => this.#tick(tick));
    this.#zrtp = new ZrtpEnd({
      zid: options.zid,
      choices: options.choices ?? zrtpChoices.default,
      source: this.#source,
      secrets: options.secrets,
      send: (packet) => this.#sendZrtp(packet),
      onSecure: (agreed) => this.#begin(agreed),
      onFailed: (cause) => this.#end(cause),
      onRefused: (fault) => options.notify({ kind: 'refused', fault }),
    });
    sockets.listen((datagram, path) => this.#take(datagram, path));
  }

  /** What the signalling is to announce: `1.10 ` and 64 hexadecimal digits. */
  get helloHash(): string {
    return this.#zrtp.helloHash;
  }

  /** Of what we send (RFC 3550 section 8). */
  get source(): number {
    return this.#source;
  }

  get candidates(): readonly Candidate[] {
    return this.#sockets.candidates;
  }

  /** Throws `address-malformed`, `too-many-candidates`. */
  connect(peer: PeerMedia): void {
    this.#peer = peer;
    this.#latch = new Latch({ zrtpHash: peer.zrtpHash, candidates: [] });
    this.addCandidates(peer.candidates);
    this.#heardAt = performance.now();
    this.#pace.start();
    this.#zrtp.start({ auxiliary: peer.auxiliary, patience: this.#patience });
  }

  /** More addresses of the other end. Throws `address-malformed`, `too-many-candidates`. */
  addCandidates(candidates: readonly Candidate[]): void {
    const known = this.#latch?.candidates ?? [];
    if (known.length + candidates.length > MAX_CANDIDATES)
      throw new CallUsageFault('too-many-candidates', 'the other end names more addresses than an end has');
    this.#latch?.add(candidates.map(checkCandidate));
  }

  /** The person compared the SAS: the next call with this partner says so. */
  confirmSas(): Promise<void> {
    return this.#zrtp.confirmSas();
  }

  /** Sends silence, in packets that look like others. */
  set muted(muted: boolean) {
    this.#isMuted = muted;
  }

  get statistics(): CallStatistics {
    const receiver = this.#secure?.media.audioReceiver;
    const control = this.#secure?.media.control;
    const playout = receiver?.playout;
    const reception = receiver?.reception;
    return {
      seconds: this.#secure === null ? 0 : (performance.now() - this.#secure.since) / 1000,
      sent: this.#sockets.sent,
      received: { packets: reception?.received ?? 0, lost: reception?.lost ?? 0, late: playout?.late ?? 0 },
      refused: this.#refused,
      concealed: (playout?.lost ?? 0) + (playout?.stretched ?? 0),
      skipped: playout?.skipped ?? 0,
      jitterMilliseconds: reception?.jitterMilliseconds ?? 0,
      delayMilliseconds: playout?.delayMilliseconds ?? 0,
      roundTripMilliseconds: control?.roundTripMilliseconds ?? null,
      lossThere: control?.remote?.fractionLost ?? null,
    };
  }

  /** Says farewell if there are keys, wipes them, and gives all up; what was heard is written. Any number of times. */
  close(): Promise<CallStatistics> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<CallStatistics> {
    const { statistics } = this;
    this.#pace.stop();
    if (this.#secure !== null) await this.#sayFarewell(this.#secure);
    this.#isEnded = true;
    const { source, sink } = this.#options.audio ?? {};
    await Promise.all([this.#zrtp.close(), source?.close(), sink?.close()]);
    await this.#sockets.close();
    this.#secure?.media.dispose();
    this.#peer?.auxiliary?.dispose();
    return statistics;
  }

  /** More than once: a lost one would leave the other end waiting. */
  async #sayFarewell({ media, way }: Secured): Promise<void> {
    for (let i = 0; i < FAREWELLS; i++) {
      this.#sockets.send(media.report({ isBye: true, now: Date.now() }), way.path);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #take(datagram: Uint8Array, path: Path): void {
    if (this.#isEnded || this.#latch === null) return;
    if (isZrtpPacket(datagram)) this.#takeZrtp(datagram, path, this.#latch);
    else this.#takeProtected(datagram, path);
  }

  #takeZrtp(datagram: Uint8Array, path: Path, latch: Latch): void {
    if (latch.admits(datagram, path, performance.now())) this.#zrtp.receive(datagram);
    else this.#refused += 1;
  }

  #takeProtected(datagram: Uint8Array, path: Path): void {
    const now = performance.now();
    const taken = this.#secure?.media.take(datagram, { now, timeOfDay: Date.now() }) ?? 'refused';
    if (taken === 'refused') {
      this.#refused += 1;
      return;
    }
    this.#heardAt = now;
    this.#secure?.way.authenticated(path, now);
    if (taken === 'bye') this.#end(null);
    if (taken === 'audio' && !this.#hasAudio) {
      this.#hasAudio = true;
      this.#options.notify({ kind: 'audio' });
    }
  }

  #sendZrtp(packet: Uint8Array): void {
    const latched = this.#secure?.way.path ?? this.#latch?.path ?? null;
    const paths =
      latched !== null ? [latched] : (this.#latch?.candidates ?? []).flatMap((to) => this.#sockets.pathsTo(to));
    for (const path of paths) this.#sockets.send(packet, path);
  }

  #begin(agreed: Agreed): void {
    const path = this.#latch?.path ?? null;
    if (path === null || this.#isEnded) {
      agreed.dispose();
      return;
    }
    if (this.#peer?.auxiliary !== null && agreed.auxiliary !== 'matched') {
      agreed.dispose();
      this.#end(new CallPeerFault('auxiliary-mismatch', 'the other end does not have the secret of the signalling'));
      return;
    }
    const { source = silence } = this.#options.audio ?? {};
    const payloadType = this.#peer?.payloadType ?? DEFAULT_PAYLOAD_TYPE;
    const media = new ProtectedMedia({
      agreed,
      name: hex(nodePrimitives().randomBytes(8)),
      payloadTypes: [payloadType],
      payloadType,
      profile: this.#profile,
      source: this.#source,
      audio: source,
    });
    const now = performance.now();
    this.#secure = { media, way: new PathChoice(path, agreed.role, now), since: now };
    this.#options.notify(secureEvent(agreed));
  }

  /** Every 20 ms: plays, sends what is due, and looks whether the other end is still there. */
  #tick(tick: number): void {
    const now = performance.now();
    const fault = this.#faultAt(now);
    if (fault !== null) this.#end(fault);
    else if (this.#secure !== null) this.#flow(this.#secure, { tick, now });
  }

  #faultAt(now: number): CallPeerFault | null {
    const mismatchedAt = this.#latch?.path === null ? (this.#latch.mismatchedAt ?? now) : now;
    if (now - mismatchedAt > MISMATCH_PATIENCE)
      return new CallPeerFault('hello-hash-mismatch', 'who answers is not who was announced');
    if (this.#secure !== null && now - this.#heardAt > this.#patience)
      return new CallPeerFault('media-silent', 'nothing has come from the other end for long');
    return null;
  }

  #flow({ media, way }: Secured, { tick, now }: { readonly tick: number; readonly now: number }): void {
    const { sink = nowhere } = this.#options.audio ?? {};
    sink.write(media.audioReceiver.pull(TICK_MILLISECONDS * SAMPLES_PER_MILLISECOND, now));
    if (tick % (this.#profile.packetMilliseconds / TICK_MILLISECONDS) === 0)
      this.#sockets.send(media.nextPacket(this.#isMuted), way.path);
    if (tick % ((this.#profile.rtcpSeconds * 1000) / TICK_MILLISECONDS) === 0)
      this.#sockets.send(media.report({ isBye: false, now: Date.now() }), way.path);
  }

  #end(cause: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#pace.stop();
    this.#options.notify({ kind: 'ended', fault: cause as Fault | null });
  }

  get #profile(): AudioProfile {
    return this.#peer?.profile ?? audioProfiles.standard;
  }

  get #patience(): number {
    return this.#options.patience ?? DEFAULT_PATIENCE;
  }
}

interface Secured {
  readonly media: ProtectedMedia;
  readonly way: PathChoice;
  readonly since: number;
}

const TICK_MILLISECONDS = 20;
const DEFAULT_PATIENCE = 30_000;
const DEFAULT_PAYLOAD_TYPE = 96;
const FAREWELLS = 3;
/** The right Hello may still come by another way. */
const MISMATCH_PATIENCE = 3000;
