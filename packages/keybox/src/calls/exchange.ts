import { Fault, hex, unreachable } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { BodyContent, Chain, Signal, SignalMedia } from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { startTimer } from '../timer.ts';
import { Turns } from '../turns.ts';
import { noteCall } from './book.ts';
import { revokedParties } from './care.ts';
import { Chores } from './chores.ts';
import { Conversation, type Sealed } from './conversation.ts';
import { isWaiting, step } from './phone.ts';
import { type Call, newPhone, type Phone, type PhoneEffect, type PhoneInput, type Said } from './phone-state.ts';
import type { Letter, Post } from './post.ts';
import { receive } from './reception.ts';
import type { MediaCandidate } from './views.ts';
import { heard, spoken } from './words.ts';

export interface ExchangeParts {
  readonly post: Post;
  /** The own sigchain, as far as it is known here. */
  self(): Promise<Chain>;
  /** Whether contacts may see that somebody is here. */
  isVisible(): Promise<boolean>;
  /** Writes the record of a call that is over into the room of the two. */
  record(peer: Chain, content: BodyContent<'call'>): Promise<void>;
}

export type ExchangeNews =
  /** Something about a call is other than before. */
  | { readonly kind: 'changed'; readonly token: string }
  /** More addresses of the other end. */
  | { readonly kind: 'candidates'; readonly token: string; readonly candidates: readonly MediaCandidate[] }
  | { readonly kind: 'refused'; readonly code: string };

export type ExchangeListener = (news: ExchangeNews) => Promise<void>;

/** Runs the phone of a device: opens what comes, asks the phone what to do, and does it. Inputs go strictly in order. */
export class Exchange {
  readonly #session: Session;
  readonly #parts: ExchangeParts;
  readonly #chores: Chores;
  readonly #conversations = new Map<string, Conversation>();
  readonly #listeners = new Set<ExchangeListener>();
  readonly #turns = new Turns();
  #phone: Phone;
  #stopListening: (() => void) | null = null;
  #stopTimer: (() => void) | null = null;
  #caredAt = 0;
  #isClosed = false;

  constructor(session: Session, parts: ExchangeParts) {
    this.#session = session;
    this.#parts = parts;
    this.#chores = new Chores(session);
    const { fingerprint, deviceId } = session.identity;
    this.#phone = newPhone({ account: hex(fingerprint), device: hex(deviceId) });
  }

  get phone(): Phone {
    return this.#phone;
  }

  conversation(token: string): Conversation | null {
    return this.#conversations.get(token) ?? null;
  }

  /** By what programs call it; null for what is not there. */
  find(id: string): { readonly call: Call; readonly conversation: Conversation } | null {
    for (const [token, conversation] of this.#conversations) {
      const call = this.#phone.calls.get(token);
      if (conversation.id === id && call !== undefined) return { call, conversation };
    }
    return null;
  }

  /** From now on this device rings. Returns what takes the listener off again. */
  listen(listener: ExchangeListener): () => void {
    this.#listeners.add(listener);
    this.#attend();
    return () => {
      this.#listeners.delete(listener);
      this.#attend();
    };
  }

  /** Offers a call. Throws `call-busy`, and what keeps the offer from leaving; then there is no call. */
  place(peer: Chain, media: SignalMedia): Promise<string> {
    return this.#turns.run(async () => {
      const { conversation, offer } = await Conversation.begin(this.#session, peer, media);
      const token = hex(conversation.token);
      conversation.offer = await this.#parts.post.seal(peer, offer);
      this.#conversations.set(token, conversation);
      await this.#step({ do: 'place', token, peer: hex(peer.fingerprint) });
      if (!this.#phone.calls.has(token)) {
        this.#conversations.delete(token);
        conversation.wipe();
        throw new KeyboxUsageFault('call-busy', 'there is a call already');
      }
      try {
        await this.#parts.post.send(peer, conversation.offer.container);
      } catch (cause) {
        await this.#step({ do: 'fail', token, code: cause instanceof Fault ? cause.code : 'bug' });
        throw cause;
      }
      return conversation.id;
    });
  }

  /** Answers a call that rings. Throws `call-busy`, `not-found` for one that does not ring. */
  answer(token: string, media: SignalMedia): Promise<void> {
    return this.#turns.run(async () => {
      const conversation = this.#conversations.get(token);
      if (conversation === undefined || this.#phone.calls.get(token)?.phase !== 'ringing') throw notRinging();
      const { container, encoded } = await this.#sealAnswer(conversation, media);
      await this.#step({ do: 'answer', token, hash: hex(sha256(encoded)) });
      if (this.#phone.calls.get(token)?.phase !== 'connecting') {
        throw new KeyboxUsageFault('call-busy', 'there is a call already');
      }
      this.#post(conversation, container);
    });
  }

  /** What the own person or program wants. */
  tell(input: Exclude<PhoneInput, { readonly do: 'hear' | 'place' | 'answer' | 'answered' }>): Promise<void> {
    return this.#turns.run(() => this.#step(input));
  }

  /** Tells the other end more addresses. */
  addCandidates(token: string, candidates: SignalMedia['candidates']): Promise<void> {
    return this.#turns.run(async () => {
      const conversation = this.#conversations.get(token);
      if (conversation?.own == null || candidates.length === 0) return;
      conversation.own = { ...conversation.own, candidates: [...conversation.own.candidates, ...candidates] };
      this.#parts.post.queue(conversation.peer, {
        ...this.#header(conversation),
        kind: 'candidates',
        content: { candidates },
      });
    });
  }

  /** Ends calls of devices that are not their accounts' any more. */
  async care(own: Chain): Promise<void> {
    const desk = { own, phone: this.#phone, conversations: this.#conversations };
    for (const party of await revokedParties(this.#parts.post, desk)) await this.tell({ do: 'revoke', party });
  }

  /** Resolves when what was to be sent and written is, or could not be. */
  async settled(): Promise<void> {
    await this.#turns.run(async () => undefined);
    await this.#parts.post.settled();
    await this.#chores.done();
  }

  close(): void {
    this.#isClosed = true;
    this.#chores.close();
    this.#listeners.clear();
    for (const conversation of this.#conversations.values()) conversation.wipe();
    this.#attend();
  }

  /** Hears the server only while somebody here would notice. */
  #attend(): void {
    const isDue = !this.#isClosed && (this.#listeners.size > 0 || isWaiting(this.#phone));
    if (isDue)
      this.#stopListening ??= this.#session.link.onEvent((event) => {
        if (event.event === 'signal') this.#receive(event.container);
      });
    else {
      this.#stopListening?.();
      this.#stopListening = null;
      this.#parts.post.rest();
    }
    if (!this.#isClosed && isWaiting(this.#phone)) {
      this.#stopTimer ??= startTimer(this.#session.clock, TICK_MILLISECONDS, () => this.#tick());
    } else {
      this.#stopTimer?.();
      this.#stopTimer = null;
    }
  }

  #tick(): void {
    this.#stopTimer = null;
    const { clock } = this.#session;
    const isCareDue = clock.now() - this.#caredAt >= CARE_MILLISECONDS;
    if (isCareDue) this.#caredAt = clock.now();
    const work = this.tell({ do: 'tick' }).finally(() => this.#attend());
    this.#chores.add(isCareDue ? work.then(async () => this.care(await this.#parts.self())) : work);
  }

  #receive(container: Uint8Array): void {
    this.#chores.add(this.#turns.run(() => this.#hear(container)));
  }

  async #hear(container: Uint8Array): Promise<void> {
    try {
      await this.#step({ do: 'tick' });
      const letter = await this.#parts.post.open(container);
      if (letter !== null) await this.#take(letter);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
      await this.#chores.refuse(cause);
      await this.#step({ do: 'doubt', code: cause.code });
      await this.#notify({ kind: 'refused', code: cause.code });
    }
  }

  async #take(letter: Letter): Promise<void> {
    const { signal, encoded, from } = letter;
    const token = hex(signal.call);
    const desk = { phone: this.#phone, conversations: this.#conversations };
    await receive({ session: this.#session, post: this.#parts.post }, desk, letter);
    await this.#step({ do: 'hear', token, from, seq: signal.seq, said: heard(signal, encoded) }, signal);
    if (!this.#phone.calls.has(token)) this.#conversations.delete(token);
  }

  async #step(input: PhoneInput, signal: Signal | null = null): Promise<void> {
    const { phone, effects } = step(this.#phone, input, this.#session.clock.now());
    this.#phone = phone;
    for (const effect of effects) await this.#do(effect, signal);
    if (input.do === 'tick') this.#forget();
    this.#attend();
  }

  async #do(effect: PhoneEffect, signal: Signal | null): Promise<void> {
    if (effect.do === 'refuse') return this.#chores.refuse(new KeyboxPeerFault(effect.code, REFUSALS[effect.code]));
    const conversation = this.#conversations.get(effect.token);
    if (conversation === undefined) return;
    switch (effect.do) {
      case 'send':
        return this.#say(conversation, effect.say);
      case 'resend': {
        const { container } = (effect.what === 'offer' ? conversation.offer : conversation.answer) ?? {};
        if (container !== undefined) this.#post(conversation, container);
        return;
      }
      case 'merge':
        return this.#merge(conversation, effect.into);
      case 'candidates':
        if (signal?.kind !== 'candidates') return;
        return this.#notify({
          kind: 'candidates',
          token: effect.token,
          candidates: conversation.addTheirs(signal.content.candidates),
        });
      case 'changed':
        return this.#changed(effect.token, conversation);
      case 'attach':
        return;
      default:
        return unreachable(effect);
    }
  }

  async #say(conversation: Conversation, say: Said): Promise<void> {
    // Ringing says that somebody is here.
    if (say.kind === 'ringing' && !(await this.#parts.isVisible())) return;
    this.#parts.post.queue(conversation.peer, spoken(say, this.#header(conversation)));
  }

  /** The own call is given up for theirs, which is answered with what was opened for ours. */
  async #merge(placed: Conversation, into: string): Promise<void> {
    const conversation = this.#conversations.get(into);
    if (conversation === undefined || placed.own === null) return;
    conversation.id = placed.id;
    placed.id = '';
    placed.wipe();
    try {
      const { container, encoded } = await this.#sealAnswer(conversation, placed.own);
      await this.#step({ do: 'answered', token: into, hash: hex(sha256(encoded)) });
      this.#post(conversation, container);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
      await this.#step({ do: 'fail', token: into, code: cause.code });
    }
  }

  /** Throws `bad-share` for an offer whose key is none. */
  async #sealAnswer(conversation: Conversation, media: SignalMedia): Promise<Sealed> {
    const { content, shared } = await conversation.encapsulate(this.#session);
    const value: Signal = { ...this.#header(conversation), kind: 'answer', content: { ...content, media } };
    const answer = await this.#parts.post.seal(conversation.peer, value);
    conversation.answered(media, answer, shared);
    return answer;
  }

  #post({ peer }: Conversation, container: Uint8Array): void {
    this.#parts.post.queueSealed(peer, container);
  }

  #header(conversation: Conversation): ReturnType<Conversation['header']> {
    return conversation.header(this.#session.clock.now());
  }

  async #changed(token: string, conversation: Conversation): Promise<void> {
    const call = this.#phone.calls.get(token);
    if (call === undefined) return;
    if (call.phase === 'ended') conversation.wipe();
    if (call.mergedInto === null && (call.phase === 'ended' || call.direction === 'in')) {
      await this.#session.keys.apply(noteCall(call, conversation.peer.address));
    }
    await this.#notify({ kind: 'changed', token });
    // The room may have to be made, and that may take its time.
    if (call.phase === 'ended') this.#chores.add(this.#record(call, conversation));
  }

  async #record(call: Call, { token, peer }: Conversation): Promise<void> {
    const { outcome, direction, startedAt, answeredAt, endedAt } = call;
    if (direction === 'in' || outcome === null || outcome === 'elsewhere') return;
    const content = { call: token, startedAt, answeredAt, endedAt: endedAt ?? startedAt, outcome };
    await this.#parts.record(peer, content);
  }

  #forget(): void {
    for (const token of this.#conversations.keys()) {
      if (!this.#phone.calls.has(token)) this.#conversations.delete(token);
    }
  }

  /** Within the turn, so that whoever is told sees the call as it is then. */
  async #notify(news: ExchangeNews): Promise<void> {
    for (const listener of [...this.#listeners]) await listener(news);
  }
}

function notRinging(): KeyboxUsageFault {
  return new KeyboxUsageFault('not-found', 'no such call rings');
}

const REFUSALS = {
  'call-flood': 'a contact rings too often',
  'call-dialog': 'it is of nobody who may say it in this call',
  'call-transcript': 'the two ends know different answers',
} as const;
const TICK_MILLISECONDS = 400;
/** How often the other end's keys are looked at while a call stands. */
const CARE_MILLISECONDS = 20_000;
