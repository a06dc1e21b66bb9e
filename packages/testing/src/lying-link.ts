import { KeyboxUsageFault, type Link } from '@sotto/keybox';
import type { OperationInput, OperationName, OperationOutput, Operations, ServerEvent } from '@sotto/protocol';

type Input<Name extends OperationName> = OperationInput<Operations[Name]>;
type Output<Name extends OperationName> = OperationOutput<Operations[Name]>;

/** Answers one operation in the server's place; `honest` asks the real one, as often as wanted. */
export type Lie<Name extends OperationName> = (
  honest: (input?: Input<Name>) => Promise<Output<Name>>,
  input: Input<Name>,
) => Promise<Output<Name>> | Output<Name>;

/** A link whose server says what the test wants: it rewrites, drops, repeats or makes up any answer and event. */
export class LyingLink implements Link {
  /** As a client without a network. */
  offline = false;
  /** The connection outlives the program that had it. */
  isKept = false;
  /** What was asked, oldest first. */
  readonly asked: { readonly name: OperationName; readonly input: unknown }[] = [];
  readonly #honest: Link;
  readonly #lies = new Map<OperationName, Lie<OperationName>>();
  readonly #listeners = new Set<(event: ServerEvent) => void>();

  constructor(honest: Link) {
    this.#honest = honest;
    honest.onEvent((event) => this.hint(event));
  }

  onEnd(listener: () => void): () => void {
    return this.#honest.onEnd(listener);
  }

  get connected(): boolean {
    return this.#honest.connected;
  }

  get origin(): string {
    return this.#honest.origin;
  }

  /** Answers an operation with `lie` from now on; returns what makes the server honest again. */
  lie<Name extends OperationName>(name: Name, lie: Lie<Name>): () => void {
    const kept = lie as unknown as Lie<OperationName>;
    this.#lies.set(name, kept);
    return () => {
      if (this.#lies.get(name) === kept) this.#lies.delete(name);
    };
  }

  /** Makes the server honest in everything. */
  repent(): void {
    this.#lies.clear();
  }

  /** Lets the server do what the next `times` calls ask, and loses its answers. */
  loseAnswers(name: OperationName, times = 1): void {
    let left = times;
    const stop = this.lie(name, async (honest) => {
      await honest();
      left -= 1;
      if (left === 0) stop();
      throw unreachable();
    });
  }

  async call<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    if (this.offline) throw unreachable();
    this.asked.push({ name, input });
    const lie = this.#lies.get(name);
    const honest = (other?: unknown) => this.#honest.call(name, (other as Input<Name> | undefined) ?? input);
    if (lie === undefined) return honest();
    return (await lie(honest as never, input as never)) as Output<Name>;
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Sends the client an event, true or not. */
  hint(event: ServerEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  close(): void {
    if (!this.isKept) this.#honest.close();
  }
}

function unreachable(): KeyboxUsageFault {
  return new KeyboxUsageFault('unreachable', 'the test has cut the line');
}
