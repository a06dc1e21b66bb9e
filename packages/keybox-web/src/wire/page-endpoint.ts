import type { Fault } from '@sotto/bytes';
import type { Endpoint } from 'comlink';
import { WebUsageFault } from '../fault.ts';
import { type CallMessage, Listeners, parseCall } from './calls.ts';
import { tabChannel } from './channels.ts';
import { callKind } from './methods.ts';
import { thrownAnswer } from './remote-fault.ts';

/** What a page answers for itself, because browsers let no worker do it. */
export type LocalCalls = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * A tab's end of its calls. They wait until a worker has the vaults. When another worker takes over, those that may be
 * done twice are made again, and the others fail as `worker-lost`.
 */
export class PageEndpoint implements Endpoint {
  readonly #listeners = new Listeners();
  #channel: BroadcastChannel | null = null;
  readonly #local: LocalCalls;
  readonly #pending = new Map<string, { readonly call: CallMessage; isSent: boolean }>();
  #holder: string | null = null;
  #failure: Fault | null = null;
  readonly addEventListener: Endpoint['addEventListener'] = this.#listeners.add;
  readonly removeEventListener: Endpoint['removeEventListener'] = this.#listeners.remove;

  constructor(local: LocalCalls) {
    this.#local = local;
  }

  /** Makes ready to be welcomed. */
  listen(tab: string): void {
    this.#channel = tabChannel(tab);
    this.#channel.onmessage = ({ data }) => this.#answered(data);
  }

  postMessage(message: unknown): void {
    const call = parseCall(message);
    const local = this.#local[call?.path.join('.') ?? ''];
    if (call === null || callKind(call.path) === null) this.#refuse(message);
    else if (local !== undefined) this.#answerHere(call, local);
    else if (this.#failure !== null) this.#listeners.tell(thrownAnswer(call.id, this.#failure));
    else this.#send(withKey(call));
  }

  /** A worker has the vaults, and listens. */
  welcome(holder: string): void {
    if (holder === this.#holder) return;
    this.#holder = holder;
    for (const [id, pending] of [...this.#pending]) {
      if (pending.isSent && !isRepeatable(pending.call)) {
        this.#answered(thrownAnswer(id, lost()));
      } else {
        pending.isSent = true;
        this.#channel?.postMessage(pending.call);
      }
    }
  }

  /** From now on every call fails. */
  fail(fault: Fault): void {
    this.#failure = fault;
    for (const id of [...this.#pending.keys()]) this.#answered(thrownAnswer(id, fault));
  }

  #send(call: CallMessage): void {
    const isSent = this.#holder !== null;
    if (isSent) this.#channel?.postMessage(call);
    this.#pending.set(call.id, { call, isSent });
  }

  #answered(answer: { readonly id?: string }): void {
    if (answer.id !== undefined && this.#pending.delete(answer.id)) this.#listeners.tell(answer);
  }

  #answerHere({ id }: CallMessage, work: () => Promise<unknown>): void {
    work().then(
      (value) => this.#listeners.tell({ id, type: 'RAW', value }),
      (cause: unknown) => this.#listeners.tell(thrownAnswer(id, cause as Fault)),
    );
  }

  /** Also what Comlink says by itself when it thinks that nobody calls any more. */
  #refuse(message: unknown): void {
    const { id, type } = message as { readonly id: string; readonly type: string };
    const fault = new WebUsageFault('method-unknown', 'the vaults have nothing of that name');
    if (type !== 'RELEASE') queueMicrotask(() => this.#listeners.tell(thrownAnswer(id, fault)));
  }
}

/** A message that is sent again under the same key is sent once. */
function withKey(call: CallMessage): CallMessage {
  if (!isSending(call)) return call;
  const [room, text, options] = call.argumentList;
  const given = (options?.value ?? {}) as { readonly key?: string };
  const keyed = { type: 'RAW', value: { ...given, key: given.key ?? crypto.randomUUID() } };
  return { ...call, argumentList: [room, text, keyed] as CallMessage['argumentList'] };
}

function isRepeatable(call: CallMessage): boolean {
  return callKind(call.path) === 'read' || isSending(call);
}

function isSending({ path }: CallMessage): boolean {
  return path.length === 2 && path[0] === 'box' && (path[1] === 'sendMessage' || path[1] === 'sendDirect');
}

function lost(): WebUsageFault {
  const message = 'the tab that did this was closed: it may have been done all the same; look, and try again';
  return new WebUsageFault('worker-lost', message);
}
