/** A call as Comlink sends it: the part of its messages that may pass. */
export interface CallMessage {
  readonly id: string;
  readonly type: 'APPLY';
  readonly path: readonly string[];
  readonly argumentList: readonly WireValue[];
}

interface WireValue {
  readonly type: string;
  readonly value: unknown;
}

type Listener = (event: MessageEvent) => void;

/** The listeners of an endpoint, as Comlink registers them. */
export class Listeners {
  readonly #listeners = new Set<Listener>();

  readonly add = (_type: string, listener: EventListenerOrEventListenerObject): void => {
    this.#listeners.add(listener as Listener);
  };

  readonly remove = (_type: string, listener: EventListenerOrEventListenerObject): void => {
    this.#listeners.delete(listener as Listener);
  };

  tell(data: unknown): void {
    for (const listener of [...this.#listeners]) listener(new MessageEvent('message', { data }));
  }
}

/** Null for every other message. */
export function parseCall(data: unknown): CallMessage | null {
  if (typeof data !== 'object' || data === null) return null;
  const { id, type, path, argumentList } = data as Partial<CallMessage>;
  const isCall =
    typeof id === 'string' &&
    type === 'APPLY' &&
    Array.isArray(path) &&
    path.every((name) => typeof name === 'string') &&
    Array.isArray(argumentList) &&
    argumentList.every((value: unknown) => (value as WireValue | null)?.type === 'RAW');
  return isCall ? { id, type, path, argumentList } : null;
}
