import { hex } from '@sotto/bytes';
import { type Address, type BodyContent, type Chain, type SignalMedia, signal } from '@sotto/protocol';
import type { Contacts } from '../contacts.ts';
import { KeyboxUsageFault } from '../fault.ts';
import type { Presence } from '../presence/presence.ts';
import type { RoomReader } from '../room-batch.ts';
import type { Session } from '../session.ts';
import type { Turns } from '../turns.ts';
import { readCallLog } from './book.ts';
import { encodeCandidates } from './candidates.ts';
import type { Conversation } from './conversation.ts';
import type { ExchangeNews } from './effects.ts';
import { Exchange } from './exchange.ts';
import { type Call, isLive } from './phone-state.ts';
import { Post } from './post.ts';
import { type Continuity, doubtSecret, keepSecret, ownZid, readSecrets, softphoneName } from './retained.ts';
import type {
  CallAgreement,
  CallEvent,
  CallLogView,
  CallMedia,
  CallPartner,
  CallView,
  MediaCandidate,
  RetainedSecrets,
} from './views.ts';
import { Watcher } from './watcher.ts';

export interface CallsParts {
  readonly contacts: Contacts;
  readonly turns: Turns;
  readonly presence: Presence;
  /** The own sigchain, as far as it is known here. */
  self(): Promise<Chain>;
  /** The newest chain of a contact to whom something may be sealed now. Throws `not-contact`, `head-too-old`. */
  recipient(address: Address): Promise<Chain>;
  record(address: Address, content: BodyContent<'call'>): Promise<void>;
}

/**
 * Agrees on calls with contacts; docs/spec/call.md. The media is another program's: it opens its sockets first, places or
 * answers with what it has opened, takes `media` once the call is `connecting`, and says `connected` when ZRTP has keys and
 * both the Hello hash and the auxiliary secret matched, or `failed` with the code. A device rings while somebody watches.
 */
export class Calls {
  readonly #session: Session;
  readonly #parts: CallsParts;
  readonly #exchange: Exchange;
  readonly #watchers = new Set<Watcher>();

  constructor(reader: RoomReader, parts: CallsParts) {
    const { session } = reader;
    this.#session = session;
    this.#parts = parts;
    this.#exchange = new Exchange(session, {
      post: new Post(reader, parts),
      self: () => parts.self(),
      isVisible: async () => (await parts.presence.setting()).state !== 'invisible',
      record: (peer, content) => parts.record(peer.address, content),
    });
  }

  /**
   * Calls a contact on all devices. Whoever is calling us from there at this moment is answered instead. Throws `not-contact`,
   * `call-busy`, `call-media-unfit`, `unreachable`, `throttled`.
   */
  async place(address: Address, media: CallMedia): Promise<CallView> {
    const own = encodeMedia(media);
    const peer = await this.#parts.recipient(address);
    const ringing = [...this.#exchange.phone.calls.values()].find(
      (call) => call.phase === 'ringing' && call.peer === hex(peer.fingerprint),
    );
    if (ringing !== undefined) {
      await this.#exchange.answer(ringing.token, own);
      return this.#viewOf(ringing.token);
    }
    const id = await this.#exchange.place(peer, own);
    return this.#view(this.#find(id));
  }

  /** Throws `not-found` for what does not ring, `call-busy`, `call-media-unfit`, `bad-share` for an offer without a key. */
  async answer(id: string, media: CallMedia): Promise<CallView> {
    const { call } = this.#find(id);
    await this.#exchange.answer(call.token, encodeMedia(media));
    return this.#viewOf(call.token);
  }

  /** For all devices of the account. Throws `not-found`. */
  async decline(id: string): Promise<CallView> {
    return this.#tell(id, 'decline');
  }

  /** Ends a call in whatever phase; one that has ended stays as it is. Throws `not-found`. */
  async hangUp(id: string): Promise<CallView> {
    return this.#tell(id, 'hang-up');
  }

  /** Tells the other end that the own one is held, or is no more. Throws `not-found`. */
  async hold(id: string, held: boolean): Promise<CallView> {
    return this.#mark(id, { held });
  }

  async mute(id: string, muted: boolean): Promise<CallView> {
    return this.#mark(id, { muted });
  }

  /** Tells the other end more addresses, up to 16 at once. Throws `not-found`, `call-media-unfit`. */
  async addCandidates(id: string, candidates: readonly MediaCandidate[]): Promise<void> {
    await this.#exchange.addCandidates(this.#find(id).call.token, encodeCandidates(candidates));
  }

  /** ZRTP has keys, and everything that was agreed on matched. Throws `not-found`. */
  async connected(id: string): Promise<CallView> {
    return this.#tell(id, 'connected');
  }

  /** Ends a call for a reason, and tells the other end that it failed. Throws `not-found`. */
  async failed(id: string, code: string): Promise<CallView> {
    const { call } = this.#find(id);
    await this.#exchange.tell({ do: 'fail', token: call.token, code });
    await this.#exchange.settled();
    return this.#viewOf(call.token);
  }

  /** What the media is started with. Throws `not-found` unless the call is `connecting` or `active`. */
  async media(id: string): Promise<CallAgreement> {
    const { call, conversation } = this.#find(id);
    const agreement = call.phase === 'connecting' || call.phase === 'active' ? conversation.agreement() : null;
    if (agreement === null) throw new KeyboxUsageFault('not-found', 'the call has no media now');
    return agreement;
  }

  /** Calls that ring or stand, the oldest first. */
  async current(): Promise<readonly CallView[]> {
    const calls = [...this.#exchange.phone.calls.values()].filter(isLive);
    return Promise.all(calls.map((call) => this.#viewOf(call.token)));
  }

  /** Calls as they are, and whatever happens to them until the signal aborts. Meanwhile this device rings. */
  async *watch(until: AbortSignal): AsyncIterable<CallEvent> {
    const watcher = new Watcher(this.#session, until);
    const told = new Set<string>();
    const tell = async (news: ExchangeNews): Promise<void> => {
      if (news.kind === 'refused') return watcher.push(news);
      const call = await this.#viewOf(news.token);
      const isNew = call.phase === 'ringing' && !told.has(news.token);
      told.add(news.token);
      if (news.kind === 'candidates') watcher.push({ kind: 'candidates', call, candidates: news.candidates });
      else if (call.id !== '') watcher.push({ kind: isNew ? 'incoming' : 'changed', call });
    };
    const stop = this.#exchange.listen(tell);
    this.#watchers.add(watcher);
    try {
      for (const { token } of [...this.#exchange.phone.calls.values()].filter(isLive))
        await tell({ kind: 'changed', token });
      yield* watcher.events();
    } finally {
      stop();
      this.#watchers.delete(watcher);
    }
  }

  /** The newest calls of all devices, last one first. */
  async log(limit = 100): Promise<readonly CallLogView[]> {
    return readCallLog(this.#session, Math.min(Math.max(limit, 1), 1000));
  }

  /** ZRTP's name for this vault, 12 bytes. */
  async zid(): Promise<Uint8Array> {
    return ownZid(this.#session);
  }

  /** What earlier calls with an installation of an account left; null if none. Throws `not-found`. */
  async retainedSecrets(partner: CallPartner, zid: Uint8Array): Promise<RetainedSecrets | null> {
    return readSecrets(this.#session.keys, await this.#continuity(partner, zid));
  }

  /** Keeps the secret of a call: `verified` if the two compared its short string, or an earlier one of this continuity. */
  async keepSecret(
    partner: CallPartner,
    zid: Uint8Array,
    secret: { readonly rs1: Uint8Array; readonly verified: boolean },
  ): Promise<void> {
    const continuity = await this.#continuity(partner, zid);
    await this.#session.keys.apply([keepSecret(continuity, { ...secret, at: this.#session.clock.now() })]);
  }

  /** Takes back that a continuity was verified: the other end had lost its secret, or somebody sits in between. */
  async doubtSecret(partner: CallPartner, zid: Uint8Array): Promise<void> {
    await this.#session.keys.apply([doubtSecret(await this.#continuity(partner, zid))]);
  }

  /** Ends calls with devices that were revoked; part of every sync. */
  async care(): Promise<void> {
    await this.#exchange.care(await this.#parts.self());
  }

  /** Resolves when what calls had to send and to write is sent and written, or could not be: before a program ends. */
  async settled(): Promise<void> {
    await this.#exchange.settled();
  }

  /** Wipes what calls have, and tells nobody. */
  close(): void {
    this.#exchange.close();
    for (const watcher of this.#watchers) watcher.end();
  }

  async #tell(id: string, what: 'decline' | 'hang-up' | 'connected'): Promise<CallView> {
    const { call } = this.#find(id);
    await this.#exchange.tell({ do: what, token: call.token });
    if (what !== 'connected') await this.#exchange.settled();
    return this.#viewOf(call.token);
  }

  async #mark(id: string, change: { readonly held?: boolean; readonly muted?: boolean }): Promise<CallView> {
    const { call } = this.#find(id);
    await this.#exchange.tell({ do: 'mark', token: call.token, marks: { ...call.own, ...change } });
    return this.#viewOf(call.token);
  }

  #find(id: string): { readonly call: Call; readonly conversation: Conversation } {
    const found = this.#exchange.find(id);
    if (found === null) throw new KeyboxUsageFault('not-found', 'no such call');
    return found;
  }

  async #viewOf(token: string): Promise<CallView> {
    const call = this.#exchange.phone.calls.get(token);
    const conversation = this.#exchange.conversation(token);
    if (call === undefined || conversation === null) throw new KeyboxUsageFault('not-found', 'the call is over');
    return this.#view({ call, conversation });
  }

  async #view({ call, conversation }: { readonly call: Call; readonly conversation: Conversation }): Promise<CallView> {
    const { address } = conversation.peer;
    const { direction, phase, rings, own, theirs, startedAt, answeredAt, endedAt, outcome, code } = call;
    const verified = (await this.#parts.contacts.find(address))?.verified === true;
    const who = { id: conversation.id, direction, address, device: conversation.deviceName, verified };
    return { ...who, phase, rings, own, theirs, startedAt, answeredAt, endedAt, outcome, code };
  }

  /** By the identity that is pinned for the address, not by the address. */
  async #continuity(partner: CallPartner, zid: Uint8Array): Promise<Continuity> {
    const account =
      typeof partner === 'string'
        ? (await this.#parts.contacts.find(partner))?.fingerprint
        : softphoneName(partner.softphone);
    if (account == null || zid.length !== 12)
      throw new KeyboxUsageFault('not-found', 'no identity of this partner is known');
    return { account, zid };
  }
}

/** Throws `call-media-unfit` for what the other end would refuse. */
function encodeMedia({ zrtpHash, sources, candidates, profile }: CallMedia): SignalMedia {
  const media = { zrtpHash, sources, candidates: encodeCandidates(candidates), profile };
  const content = { offer: new Uint8Array(32), media, ciphertext: new Uint8Array(1120) };
  try {
    signal.check({ v: 1, call: new Uint8Array(32), seq: 0, at: 0, kind: 'answer', content });
  } catch (cause) {
    throw new KeyboxUsageFault('call-media-unfit', 'media that no call can use', { cause });
  }
  return media;
}
