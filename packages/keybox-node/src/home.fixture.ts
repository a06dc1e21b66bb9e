import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSuites, Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import {
  type Clock,
  createAccount,
  type NewAccount,
  type OpenSession,
  type Platform,
  unlockAccount,
} from '@sotto/keybox';
import {
  type Address,
  type OperationName,
  type OperationOutput,
  type Operations,
  parseDeviceName,
} from '@sotto/protocol';
import { createLogger, type Handlers, type RunningServer, startServer } from '@sotto/server';
import { nodeBlobTransport } from './blob-transport.ts';
import { systemClock } from './clock.ts';
import { DirectoryStorage } from './storage.ts';
import { webSocketTransport } from './transport.ts';

/** A home server in this process, and a directory that goes with it. */
export interface TestHome extends AsyncDisposable {
  readonly directory: string;
  readonly server: RunningServer;
  /** Stops the server; `restart` starts it again on the same data. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  /** Does something while the server is stopped. */
  offline(work: () => Promise<void>): Promise<void>;
}

export async function startHome(options: { readonly clock?: Clock; readonly lies?: Lies } = {}): Promise<TestHome> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-keybox-'));
  const start = () =>
    startServer({
      dataDir: join(directory, 'server'),
      logger: createLogger('error'),
      now: (options.clock ?? systemClock).now,
      ...(options.lies === undefined ? {} : { disguise: options.lies.disguise }),
      limits: { anonymousRequests: { burst: 1e6, perSecond: 1e6 } },
    });
  let server = await start();
  const restart = async (): Promise<void> => {
    server = await start();
  };
  return {
    directory,
    get server() {
      return server;
    },
    stop: () => server.close(),
    restart,
    async offline(work) {
      await server.close();
      try {
        await work();
      } finally {
        await restart();
      }
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The home of its owner, whose account lies in `storage`. */
export interface OwnerHome extends TestHome {
  readonly storage: DirectoryStorage;
  /** Opens the account by its passphrase for as long as the work goes on. */
  unlocked(work?: (session: OpenSession) => Promise<void>): Promise<void>;
}

export async function startOwnerHome(platform: Platform): Promise<OwnerHome> {
  const home = await startHome();
  const storage = new DirectoryStorage(join(home.directory, 'owner'));
  const made = await createAccount(platform, storage, newAccount('owner@localhost', home.server.invitation ?? ''));
  await made.close();
  return Object.assign(home, {
    storage,
    async unlocked(work: (session: OpenSession) => Promise<void> = async () => {}) {
      const session = await unlockAccount(platform, storage, { passphrase: PASSPHRASE });
      try {
        await work(session);
      } finally {
        await session.close();
      }
    },
  });
}

type Answer<Name extends OperationName> = OperationOutput<Operations[Name]>;

/** What a server that lies answers in place of the truth, until told otherwise. */
export class Lies {
  readonly #lies = new Map<string, (answer: unknown) => unknown>();

  /** From now on an operation's answers are rewritten; returns what ends it. */
  tell<Name extends OperationName>(
    name: Name,
    lie: (answer: Answer<Name>) => Answer<Name> | Promise<Answer<Name>>,
  ): () => void {
    this.#lies.set(name, lie as (answer: unknown) => unknown);
    return () => void this.#lies.delete(name);
  }

  readonly disguise = (honest: Handlers): Handlers => {
    const disguised = Object.entries(honest).map(([name, handler]) => {
      const answer = handler as (input: unknown, context: unknown) => Promise<unknown>;
      return [
        name,
        async (input: unknown, context: unknown) => {
          const truth = await answer(input, context);
          return this.#lies.get(name)?.(truth) ?? truth;
        },
      ];
    });
    return Object.fromEntries(disguised) as Handlers;
  };
}

/** Node's platform with a clock that the test may move, and a stretching that costs nothing. */
export function testPlatform(options: { readonly clock?: Clock } = {}): Platform {
  const clock = options.clock ?? systemClock;
  const primitives = {
    ...nodePrimitives(),
    argon2id: async (password: Uint8Array, salt: Uint8Array, _parameters: unknown, length: number): Promise<Secret> => {
      const block = sha256(password, salt);
      return new Secret(Uint8Array.from({ length }, (_, i) => (block[i % 32] as number) ^ i));
    },
  };
  return {
    primitives,
    suites: createSuites(primitives),
    clock,
    transport: webSocketTransport(primitives, clock),
    blobs: nodeBlobTransport(primitives, clock),
  };
}

/** The system's clock, ahead by what `skip` added up to. */
export function movableClock(): Clock & { skip(milliseconds: number): void } {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    skip: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

export const PASSPHRASE = 'Correct horse 1';

export function newAccount(address: string, invitation: string, more: Partial<NewAccount> = {}): NewAccount {
  return {
    address: address as Address,
    invitation,
    suite: 'hybrid',
    roaming: false,
    vault: 'normal',
    deviceName: parseDeviceName('laptop'),
    passphrase: PASSPHRASE,
    ...more,
  };
}
