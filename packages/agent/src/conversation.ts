import type { Duplex } from 'node:stream';
import type { CborValue } from '@sotto/bytes';
import { AgentUsageFault, AgentWireFault } from './fault.ts';
import { encodeFrame, FrameReader } from './frame.ts';
import { MAX_CALLS, MAX_LENT } from './limits.ts';
import { encodeMessage, type Message, parseMessage } from './message.ts';
import { decodeFault, encodeFault } from './remote-fault.ts';
import { type Borrower, decodeValue, encodeValue, type Lender } from './value.ts';

/** What one side asks of the other. */
export interface Call {
  readonly account: string | null;
  readonly area: string;
  readonly method: string;
  readonly input: readonly unknown[];
}

export interface ConversationHandlers {
  /** Only the agent answers calls. */
  readonly onCall?: (call: Call) => Promise<unknown>;
  readonly onHello?: (hello: Message & { readonly type: 'hello' }) => void;
  /** Called once; the fault says what the other side did wrong, if it did. */
  readonly onClose?: (fault: AgentWireFault | null) => void;
}

/** Calls, answers and lent functions on one socket. Everything that waits ends with `agent-lost` when the socket does. */
export class Conversation implements Lender, Borrower {
  readonly #socket: Duplex;
  readonly #handlers: ConversationHandlers;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #lent = new Map<number, (...input: readonly unknown[]) => unknown>();
  readonly #borrowedSignals = new Map<number, AbortController>();
  #nextId = 0;
  #nextRef = 0;
  #running = 0;
  #isFinishing = false;
  #ended = false;

  constructor(socket: Duplex, handlers: ConversationHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const reader = new FrameReader();
    socket.on('data', (chunk: Uint8Array) => this.#read(reader, chunk));
    // `close` follows, which is what the conversation goes by.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end(null));
  }

  hello(hello: Omit<Message & { readonly type: 'hello' }, 'type'>): void {
    this.#send({ type: 'hello', ...hello });
  }

  /** Throws the fault of the other side; `agent-lost` if it ends before it has answered. */
  async call({ account, area, method, input }: Call): Promise<unknown> {
    const before = this.#nextRef;
    const encoded = input.map((item) => encodeValue(item, this));
    const after = this.#nextRef;
    try {
      return await this.#ask((id) => ({ type: 'call', id, account, area, method, input: encoded }));
    } finally {
      // What was lent for a call is lent until its end.
      for (let ref = before; ref < after; ref++) this.#lent.delete(ref);
    }
  }

  /** What was written still goes out; what the other side says is not waited for. */
  close(): void {
    this.#socket.end(() => this.#socket.destroy());
    this.#end(null);
  }

  /** Closes once everything that the other side asked for is answered. */
  finish(): void {
    this.#isFinishing = true;
    if (this.#running === 0) this.close();
  }

  lendFunction(work: (...input: readonly unknown[]) => unknown): number {
    if (this.#lent.size >= MAX_LENT) throw new AgentWireFault('agent-frame-malformed', 'too many functions are lent');
    const ref = this.#nextRef++;
    this.#lent.set(ref, work);
    return ref;
  }

  lendSignal(signal: AbortSignal): number {
    const ref = this.#nextRef++;
    signal.addEventListener('abort', () => this.#send({ type: 'abort', ref }), { once: true });
    return ref;
  }

  borrowFunction(ref: number): (...input: readonly unknown[]) => Promise<unknown> {
    return (...input) => {
      const answer = this.#ask((id) => ({
        type: 'invoke',
        id,
        ref,
        input: input.map((item) => encodeValue(item, this)),
      }));
      // Who only tells of progress waits for no answer.
      answer.catch(() => null);
      return answer;
    };
  }

  borrowSignal(ref: number): AbortSignal {
    const controller = new AbortController();
    this.#borrowedSignals.set(ref, controller);
    return controller.signal;
  }

  giveBack(ref: number): void {
    this.#send({ type: 'release', ref });
  }

  #ask(message: (id: number) => Message): Promise<unknown> {
    if (this.#ended) return Promise.reject(lost());
    const id = this.#nextId++;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(id, pending);
    try {
      this.#send(message(id));
    } catch (cause) {
      this.#pending.delete(id);
      return Promise.reject(cause);
    }
    return pending.promise;
  }

  #send(message: Message): void {
    if (!this.#ended) this.#socket.write(encodeFrame(encodeMessage(message)));
  }

  #read(reader: FrameReader, chunk: Uint8Array): void {
    try {
      for (const map of reader.push(chunk)) if (!this.#ended) this.#take(parseMessage(map));
    } catch (cause) {
      if (!(cause instanceof AgentWireFault)) throw cause;
      this.#end(cause);
      this.#socket.destroy();
    }
  }

  #take(message: Message): void {
    switch (message.type) {
      case 'hello':
        this.#handlers.onHello?.(message);
        return;
      case 'call':
        this.#answer(message.id, () => this.#serve(message));
        return;
      case 'invoke':
        this.#answer(message.id, () => this.#invoke(message.ref, message.input));
        return;
      case 'result':
        this.#settled(message.id).resolve(decodeValue(message.value, this));
        return;
      case 'fault':
        this.#settled(message.id).reject(decodeFault(message.fault));
        return;
      case 'abort':
        this.#borrowedSignals.get(message.ref)?.abort();
        return;
      case 'release':
        this.#lent.delete(message.ref);
        return;
    }
  }

  async #serve({ account, area, method, input }: Message & { readonly type: 'call' }): Promise<unknown> {
    const { onCall } = this.#handlers;
    if (onCall === undefined) throw new AgentUsageFault('agent-method-unknown', 'nothing can be called on this side');
    return onCall({ account, area, method, input: this.#decodeInput(input) });
  }

  async #invoke(ref: number, input: CborValue): Promise<unknown> {
    const work = this.#lent.get(ref);
    if (work === undefined) throw new AgentUsageFault('agent-method-unknown', 'what was lent is not there any more');
    return work(...this.#decodeInput(input));
  }

  #decodeInput(input: CborValue): readonly unknown[] {
    return (input as readonly CborValue[]).map((item) => decodeValue(item, this));
  }

  #answer(id: number, work: () => Promise<unknown>): void {
    if (this.#running >= MAX_CALLS) throw new AgentWireFault('agent-frame-malformed', 'too many calls at once');
    this.#running += 1;
    void work()
      .then((value) => this.#send({ type: 'result', id, value: encodeValue(value, this) }))
      .catch((cause: unknown) => this.#send({ type: 'fault', id, fault: encodeFault(cause) }))
      .finally(() => {
        this.#running -= 1;
        if (this.#isFinishing && this.#running === 0) this.close();
      });
  }

  #settled(id: number): PromiseWithResolvers<unknown> {
    const pending = this.#pending.get(id);
    if (pending === undefined) throw new AgentWireFault('agent-frame-malformed', 'an answer that nobody asked for');
    this.#pending.delete(id);
    return pending;
  }

  #end(fault: AgentWireFault | null): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#pending.values()) reject(fault ?? lost());
    for (const controller of this.#borrowedSignals.values()) controller.abort();
    this.#pending.clear();
    this.#lent.clear();
    this.#borrowedSignals.clear();
    this.#handlers.onClose?.(fault);
  }
}

function lost(): AgentUsageFault {
  return new AgentUsageFault(
    'agent-lost',
    'the agent ended before it had answered: it may have been done all the same',
  );
}
