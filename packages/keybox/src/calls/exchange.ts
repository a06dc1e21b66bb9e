import { Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { Chain, Signal, SignalMedia } from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { Turns } from '../turns.ts';
import { Attendance } from './attendance.ts';
import { revokedParties } from './care.ts';
import { Chores } from './chores.ts';
import { Conversation } from './conversation.ts';
import { Effects, type EffectsParts, type ExchangeNews } from './effects.ts';
import { isWaiting, step } from './phone.ts';
import { type Call, newPhone, type Phone, type PhoneInput } from './phone-state.ts';
import type { Letter } from './post.ts';
import { receive } from './reception.ts';
import { heard } from './words.ts';

export interface ExchangeParts extends Pick<EffectsParts, 'post' | 'isVisible' | 'record'> {
  /** The own sigchain, as far as it is known here. */
  self(): Promise<Chain>;
}

export type ExchangeListener = (news: ExchangeNews) => Promise<void>;

/** Runs the phone of a device: opens what comes, asks the phone what to do, and has it done. Inputs go strictly in order. */
export class Exchange {
  readonly #session: Session;
  readonly #parts: ExchangeParts;
  readonly #chores: Chores;
  readonly #attendance: Attendance;
  readonly #effects: Effects;
  readonly #conversations = new Map<string, Conversation>();
  readonly #listeners = new Set<ExchangeListener>();
  readonly #turns = new Turns();
  #phone: Phone;
  #isClosed = false;

  constructor(session: Session, parts: ExchangeParts) {
    this.#session = session;
    this.#parts = parts;
    this.#chores = new Chores(session);
    this.#attendance = new Attendance(session, {
      hear: (container) => this.#chores.add(this.#turns.run(() => this.#hear(container))),
      tick: (isCareDue) => this.#chores.add(this.#tick(isCareDue)),
    });
    this.#effects = new Effects(session, {
      ...{ post: parts.post, chores: this.#chores, conversations: this.#conversations },
      isVisible: () => parts.isVisible(),
      record: (peer, content) => parts.record(peer, content),
      notify: (news) => this.#notify(news),
    });
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
      const { post } = this.#parts;
      const { container, encoded } = await conversation.sealAnswer({ session: this.#session, post }, media);
      await this.#step({ do: 'answer', token, hash: hex(sha256(encoded)) });
      if (this.#phone.calls.get(token)?.phase !== 'connecting') {
        throw new KeyboxUsageFault('call-busy', 'there is a call already');
      }
      post.queueSealed(conversation.peer, container);
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
      const header = conversation.header(this.#session.clock.now());
      this.#parts.post.queue(conversation.peer, { ...header, kind: 'candidates', content: { candidates } });
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

  /** Only while somebody here would notice. */
  #attend(): void {
    const ticks = !this.#isClosed && isWaiting(this.#phone);
    const hears = ticks || (!this.#isClosed && this.#listeners.size > 0);
    this.#attendance.change({ hears, ticks });
    if (!hears) this.#parts.post.rest();
  }

  async #tick(isCareDue: boolean): Promise<void> {
    await this.tell({ do: 'tick' }).finally(() => this.#attend());
    if (isCareDue) await this.care(await this.#parts.self());
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
    for (const effect of effects) {
      const outcome = await this.#effects.do(effect, { phone: this.#phone, signal });
      if (outcome !== null) await this.#step(outcome);
    }
    if (input.do === 'tick') this.#forget();
    this.#attend();
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
