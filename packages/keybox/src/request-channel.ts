import { BugFault, type CborValue, type Fault } from '@sotto/bytes';
import {
  ChannelPeerFault,
  type ClientChannel,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Operations,
  operations,
  request,
  type ServerEvent,
  type ServerMessage,
  type SignIn,
  serverMessage,
} from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from './fault.ts';
import type { Clock } from './ports.ts';
import { serverFault } from './server-fault.ts';
import { startTimer } from './timer.ts';

interface Pending {
  readonly name: OperationName;
  resolve(output: unknown): void;
  reject(fault: unknown): void;
  cancelTimeout(): void;
}

/** Requests and answers on one channel. After any fault of the channel itself it is over for all that wait. */
export class RequestChannel {
  readonly signIn: SignIn | null;
  readonly #channel: ClientChannel;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #onEvent: (event: ServerEvent) => void = () => {};
  #onEnd: () => void = () => {};
  #nextId = 0;
  #end: Fault | null = null;

  constructor(channel: ClientChannel, clock: Clock) {
    this.signIn = channel.signIn;
    this.#channel = channel;
    this.#clock = clock;
    channel.onMessage((data) => this.#receive(data));
    channel.onClose((fault) => this.#finish(fault ?? new ChannelPeerFault('channel-interrupted', 'the server closed')));
  }

  /** Throws the server's typed refusal, `answer-malformed`, and for a channel that ended the reason of its end. */
  async call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>> {
    if (this.#end !== null) throw this.#end;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#channel.send(request.encode({ id, operation: name, input: input as CborValue }));
    const cancelTimeout = startTimer(this.#clock, ANSWER_MILLISECONDS, () => {
      this.#finish(new KeyboxUsageFault('unreachable', 'the home server does not answer: try again later'));
    });
    this.#pending.set(id, { name, resolve, reject, cancelTimeout });
    return (await promise) as OperationOutput<Operations[Name]>;
  }

  onEvent(listener: (event: ServerEvent) => void): void {
    this.#onEvent = listener;
  }

  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  close(): void {
    this.#finish(new KeyboxUsageFault('cancelled', 'the connection was closed'));
  }

  #receive(data: Uint8Array): void {
    if (this.#end !== null) return;
    try {
      this.#take(serverMessage.parse(data));
    } catch (cause) {
      this.#finish(new KeyboxPeerFault('answer-malformed', 'the server sent what is no message', { cause }));
    }
  }

  #take(message: ServerMessage): void {
    if (message.type === 'event') this.#onEvent(message.event);
    else this.#answer(message);
  }

  #answer(message: Exclude<ServerMessage, { readonly type: 'event' }>): void {
    const pending = this.#pending.get(message.id);
    if (pending === undefined) throw new BugFault('an answer that nobody asked for');
    this.#pending.delete(message.id);
    pending.cancelTimeout();
    const parsed = message.type === 'output' ? operations[pending.name].output.safeParse(message.output) : null;
    if (message.type === 'fault') pending.reject(serverFault(message));
    else if (parsed?.success) pending.resolve(parsed.data);
    else pending.reject(new KeyboxPeerFault('answer-malformed', `the server's answer to ${pending.name} is malformed`));
  }

  #finish(fault: Fault): void {
    if (this.#end !== null) return;
    this.#end = fault;
    this.#channel.close();
    for (const { reject, cancelTimeout } of this.#pending.values()) {
      cancelTimeout();
      reject(fault);
    }
    this.#pending.clear();
    this.#onEnd();
  }
}

const ANSWER_MILLISECONDS = 10_000;
