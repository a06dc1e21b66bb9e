import { Fault } from '@sotto/bytes';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { type ClientBase, type ClientConfig, DatabaseError, type QueryResult } from 'pg';
import type { Database } from '../store.ts';
import type { Tables } from '../tables.ts';
import type { Access } from './access.ts';
import { ConnectionLost } from './fault.ts';
import { valueTypes } from './values.ts';

export function clientConfig(access: Access, applicationName: string): ClientConfig {
  const { host, port, user, database, tls, password } = access;
  return {
    ...{ host, port, user, database, password, application_name: applicationName },
    ssl: tls,
    enableChannelBinding: tls !== false,
    types: valueTypes,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    query_timeout: QUERY_MILLISECONDS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
  };
}

/** A client of the driver whose failures are PostgreSQL's own errors, or `ConnectionLost`. */
export class Client {
  readonly #client: ClientBase;
  readonly #names = new Map<string, string>();
  #isBroken = false;

  constructor(client: ClientBase) {
    this.#client = client;
  }

  /** It is of no use any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Runs statements as they are. */
  run(sql: string): Promise<QueryResult> {
    return this.#guard(this.#client.query(sql));
  }

  /** Runs one statement with parameters, prepared once. */
  query(text: string, values: readonly unknown[]): Promise<QueryResult> {
    const name = this.#names.get(text) ?? `s${this.#names.size}`;
    if (this.#names.size < MAX_PREPARED) this.#names.set(text, name);
    const prepared = this.#names.has(text) ? { name } : {};
    return this.#guard(this.#client.query({ text, values: [...values], ...prepared }));
  }

  async #guard<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      // A value that our own parser refuses leaves the connection whole.
      if (cause instanceof Fault || (cause instanceof DatabaseError && cause.severity === 'ERROR')) throw cause;
      this.#isBroken = true;
      throw cause instanceof DatabaseError ? cause : connectionLost(cause);
    }
  }
}

/** The driver's other errors are its own, the socket's and those of TLS. */
export function connectionLost(cause: unknown): ConnectionLost {
  return new ConnectionLost(cause instanceof Error ? cause.message : 'no reason given', { cause });
}

/** Kysely over clients that `acquire` lends. */
export function queries(acquire: () => Promise<{ readonly client: Client; release(): void }>): Database {
  const pool: PostgresPool = {
    options: {},
    end: async () => undefined,
    async connect() {
      const { client, release } = await acquire();
      const query = (sql: string, parameters: readonly unknown[]) => client.query(sql, parameters);
      return { query, release } as unknown as PostgresPoolClient;
    },
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

const CONNECT_MILLISECONDS = 5_000;
/** Beyond any statement of ours; a database that hangs is as good as one that is gone. */
const QUERY_MILLISECONDS = 30_000;
const KEEP_ALIVE_MILLISECONDS = 10_000;
const MAX_PREPARED = 500;
