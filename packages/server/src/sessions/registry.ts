import type { ServerEvent } from '@sotto/protocol';
import type { Session } from '../handler.ts';
import type { ChannelSession } from './session.ts';

/** A session that is open, as administrators see it. */
export interface OpenedSession {
  readonly id: number;
  readonly identity: Session;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Stands for the network address; changes with every start. */
  readonly source: string;
}

/** What handlers may know of the sessions that are open, and do to them. */
export interface SessionBook {
  list(): readonly OpenedSession[];
  /** Cuts a session once what it is being answered is answered. */
  end(id: number): void;
  /** Cuts every session of an account. */
  endOf(accountId: number): void;
  /** Tells every connected device. */
  broadcast(event: ServerEvent): void;
}

/** The sessions that are open, by account, and how many each source has. */
export class SessionRegistry implements SessionBook {
  readonly #sessions = new Map<ChannelSession, OpenedSession>();
  readonly #devices = new Map<number, Set<ChannelSession>>();
  readonly #connections = new Map<string, number>();
  #total = 0;
  #nextId = 1;

  get sessions(): readonly ChannelSession[] {
    return [...this.#sessions.keys()];
  }

  list(): readonly OpenedSession[] {
    return [...this.#sessions.values()];
  }

  end(id: number): void {
    for (const [session, opened] of this.#sessions) if (opened.id === id) session.end();
  }

  endOf(accountId: number): void {
    for (const [session, { identity }] of this.#sessions) {
      if (identity.kind !== 'anonymous' && identity.accountId === accountId) session.end();
    }
  }

  broadcast(event: ServerEvent): void {
    for (const [session, { identity }] of this.#sessions) if (identity.kind === 'device') session.notify(event);
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

  add(session: ChannelSession, { since, source }: Pick<OpenedSession, 'since' | 'source'>): void {
    this.#sessions.set(session, { id: this.#nextId++, identity: session.identity, since, source });
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

  /** True if a device of the account is connected. */
  isConnected(accountId: number): boolean {
    return this.#devices.has(accountId);
  }

  /** Tells every connected device of the account. */
  notify(accountId: number, event: ServerEvent): void {
    for (const session of this.#devices.get(accountId) ?? []) session.notify(event);
  }
}
