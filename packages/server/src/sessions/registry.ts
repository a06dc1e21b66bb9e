import type { ServerEvent } from '@sotto/protocol';
import type { ChannelSession } from './session.ts';

/** The sessions that are open, by account, and how many each source has. */
export class SessionRegistry {
  readonly #sessions = new Set<ChannelSession>();
  readonly #devices = new Map<number, Set<ChannelSession>>();
  readonly #connections = new Map<string, number>();
  #total = 0;

  get sessions(): ReadonlySet<ChannelSession> {
    return this.#sessions;
  }

  /** Connections that are open, whether or not their handshake is through. */
  get connections(): number {
    return this.#total;
  }

  connectionsOf(source: string): number {
    return this.#connections.get(source) ?? 0;
  }

  /** Counts a connection; the function that it gives uncounts it. */
  connect(source: string): () => void {
    this.#total++;
    this.#connections.set(source, this.connectionsOf(source) + 1);
    return () => {
      this.#total--;
      const left = this.connectionsOf(source) - 1;
      if (left === 0) this.#connections.delete(source);
      else this.#connections.set(source, left);
    };
  }

  add(session: ChannelSession): void {
    this.#sessions.add(session);
    if (session.identity.kind !== 'device') return;
    const { accountId } = session.identity;
    const devices = this.#devices.get(accountId) ?? new Set();
    this.#devices.set(accountId, devices.add(session));
  }

  remove(session: ChannelSession): void {
    this.#sessions.delete(session);
    if (session.identity.kind !== 'device') return;
    const { accountId } = session.identity;
    const devices = this.#devices.get(accountId);
    devices?.delete(session);
    if (devices?.size === 0) this.#devices.delete(accountId);
  }

  /** Tells every connected device of the account. */
  notify(accountId: number, event: ServerEvent): void {
    for (const session of this.#devices.get(accountId) ?? []) session.notify(event);
  }
}
