import { writeFileSync } from 'node:fs';
import type { TemporaryFolder } from './folder.ts';
import { HomeServer } from './home-server.ts';
import type { LieOrder } from './lies/order.ts';
import { root } from './program.ts';

/** `bin/sotto-server` with handlers swapped for ones that lie as ordered: whoever runs it holds all of its keys. */
export class LyingServer implements AsyncDisposable {
  readonly home: HomeServer;
  readonly #orders: string;

  private constructor(home: HomeServer, orders: string) {
    this.home = home;
    this.#orders = orders;
  }

  /** Honest until it is told otherwise. */
  static async start(folder: TemporaryFolder): Promise<LyingServer> {
    const orders = folder.at('orders.json');
    writeFileSync(orders, '');
    const env = { NODE_OPTIONS: `--import=${root}test/support/lies/liar.entry.ts`, SOTTO_LIES: orders };
    return new LyingServer(await HomeServer.start({ data: folder.at('server'), env }), orders);
  }

  /** Lies from the next request on, in this one way. */
  lie(order: LieOrder): void {
    writeFileSync(this.#orders, JSON.stringify(order));
  }

  /** Is honest again. */
  repent(): void {
    writeFileSync(this.#orders, '');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.home[Symbol.asyncDispose]();
  }
}
