import { Fault, hex, unreachable } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { BodyContent, Chain, Signal } from '@sotto/protocol';
import { KeyboxPeerFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { noteCall } from './book.ts';
import type { Chores } from './chores.ts';
import type { Conversation } from './conversation.ts';
import type { Call, Phone, PhoneEffect, PhoneInput, Said } from './phone-state.ts';
import type { Post } from './post.ts';
import type { MediaCandidate } from './views.ts';
import { spoken } from './words.ts';

export type ExchangeNews =
  /** Something about a call is other than before. */
  | { readonly kind: 'changed'; readonly token: string }
  /** More addresses of the other end. */
  | { readonly kind: 'candidates'; readonly token: string; readonly candidates: readonly MediaCandidate[] }
  | { readonly kind: 'refused'; readonly code: string };

export interface EffectsParts {
  readonly post: Post;
  readonly chores: Chores;
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Whether contacts may see that somebody is here. */
  isVisible(): Promise<boolean>;
  /** Writes the record of a call that is over into the room of the two. */
  record(peer: Chain, content: BodyContent<'call'>): Promise<void>;
  notify(news: ExchangeNews): Promise<void>;
}

/** Does what the phone asks for: says it to the other end, notes it, and tells programs. */
export class Effects {
  readonly #session: Session;
  readonly #parts: EffectsParts;

  constructor(session: Session, parts: EffectsParts) {
    this.#session = session;
    this.#parts = parts;
  }

  /** `signal`: what the phone heard last. What the phone is to be told of the outcome; null for nothing. */
  async do(
    effect: PhoneEffect,
    { phone, signal }: { readonly phone: Phone; readonly signal: Signal | null },
  ): Promise<PhoneInput | null> {
    if (effect.do === 'merge') return this.#merge(effect);
    await this.#carryOut(effect, { phone, signal });
    return null;
  }

  async #carryOut(
    effect: Exclude<PhoneEffect, { readonly do: 'merge' }>,
    { phone, signal }: { readonly phone: Phone; readonly signal: Signal | null },
  ): Promise<void> {
    const { chores, conversations, notify } = this.#parts;
    if (effect.do === 'refuse') return chores.refuse(new KeyboxPeerFault(effect.code, REFUSALS[effect.code]));
    const { token } = effect;
    const conversation = conversations.get(token);
    if (conversation === undefined) return;
    switch (effect.do) {
      case 'send':
        return this.#say(conversation, effect.say);
      case 'resend':
        return this.#sayAgain(conversation, effect.what);
      case 'candidates':
        if (signal?.kind !== 'candidates') return;
        return notify({ kind: 'candidates', token, candidates: conversation.addTheirs(signal.content.candidates) });
      case 'changed':
        return this.#changed(phone.calls.get(token), conversation);
      case 'attach':
        return;
      default:
        return unreachable(effect);
    }
  }

  async #say(conversation: Conversation, say: Said): Promise<void> {
    const { post, isVisible } = this.#parts;
    // Ringing says that somebody is here.
    if (say.kind === 'ringing' && !(await isVisible())) return;
    post.queue(conversation.peer, spoken(say, conversation.header(this.#session.clock.now())));
  }

  #sayAgain({ peer, offer, answer }: Conversation, what: 'offer' | 'answer'): void {
    const said = what === 'offer' ? offer : answer;
    if (said !== null) this.#parts.post.queueSealed(peer, said.container);
  }

  /** The own call is given up for theirs, which is answered with what was opened for ours. */
  async #merge({ token, into }: PhoneEffect & { readonly do: 'merge' }): Promise<PhoneInput | null> {
    const { post, conversations } = this.#parts;
    const [placed, conversation] = [conversations.get(token), conversations.get(into)];
    if (placed === undefined || conversation === undefined || placed.own === null) return null;
    conversation.id = placed.id;
    placed.id = '';
    placed.wipe();
    try {
      const { container, encoded } = await conversation.sealAnswer({ session: this.#session, post }, placed.own);
      post.queueSealed(conversation.peer, container);
      return { do: 'answered', token: into, hash: hex(sha256(encoded)) };
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
      return { do: 'fail', token: into, code: cause.code };
    }
  }

  async #changed(call: Call | undefined, conversation: Conversation): Promise<void> {
    if (call === undefined) return;
    const { chores, notify } = this.#parts;
    if (call.phase === 'ended') conversation.wipe();
    if (call.mergedInto === null && (call.phase === 'ended' || call.direction === 'in')) {
      await this.#session.keys.apply(noteCall(call, conversation.peer.address));
    }
    await notify({ kind: 'changed', token: call.token });
    // The room may have to be made, and that may take its time.
    if (call.phase === 'ended') chores.add(this.#record(call, conversation));
  }

  async #record(call: Call, { token, peer }: Conversation): Promise<void> {
    const { outcome, direction, startedAt, answeredAt, endedAt } = call;
    if (direction === 'in' || outcome === null || outcome === 'elsewhere') return;
    const content = { call: token, startedAt, answeredAt, endedAt: endedAt ?? startedAt, outcome };
    await this.#parts.record(peer, content);
  }
}

const REFUSALS = {
  'call-flood': 'a contact rings too often',
  'call-dialog': 'it is of nobody who may say it in this call',
  'call-transcript': 'the two ends know different answers',
} as const;
