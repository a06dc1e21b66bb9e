import pg from 'pg';
import type { Database } from '../store.ts';
import type { Access } from './access.ts';
import { Client, clientConfig, connectionLost, queries } from './client.ts';

/** A connection of its own for one purpose. */
export class DatabaseSession {
  readonly client: Client;
  /** Queries over this very connection. */
  readonly database: Database;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #driver: pg.Client;

  private constructor(driver: pg.Client) {
    this.#driver = driver;
    this.client = new Client(driver);
    this.ended = new Promise((resolve) => driver.once('end', resolve));
    const lent = { client: this.client, release: () => undefined };
    this.database = queries(async () => lent);
  }

  /** Throws `ConnectionLost` and PostgreSQL's errors. */
  static async open(access: Access, purpose: string): Promise<DatabaseSession> {
    const driver = new pg.Client(clientConfig(access, `sotto ${purpose}`));
    // The query that runs is told as well; without a listener the process would end.
    driver.on('error', () => undefined);
    try {
      await driver.connect();
    } catch (cause) {
      throw cause instanceof pg.DatabaseError ? cause : connectionLost(cause);
    }
    const session = new DatabaseSession(driver);
    await session.client.run(SETTINGS);
    return session;
  }

  /** The database forgets everything that the connection has not committed. */
  async close(): Promise<void> {
    try {
      await this.#driver.end();
    } catch (cause) {
      if (!this.client.isBroken) throw cause;
    }
  }
}

/**
 * A search path that nobody else can write to, a commit that waits for the disk (at least), and an end for a session
 * whose other end is gone, because it holds the lock.
 */
export const SETTINGS: string = `
  set search_path = public;
  set bytea_output = hex;
  set client_min_messages = warning;
  select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') not in ('on', 'remote_apply');
  set tcp_keepalives_idle = 10;
  set tcp_keepalives_interval = 5;
  set tcp_keepalives_count = 3;
  set lock_timeout = '20s';
  set idle_in_transaction_session_timeout = '60s'`;
