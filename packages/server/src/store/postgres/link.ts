import type { Fault } from '@sotto/bytes';
import { pause, systemTimer } from '../../adapters/clock.ts';
import { ServerUsageFault } from '../../fault.ts';
import { errorFacts, type Logger } from '../../log.ts';
import type { Access } from './access.ts';
import { openingFault, storageFault, unavailable } from './fault.ts';
import { readHolder, takeOver, tryLock } from './schema.ts';
import { DatabaseSession } from './session.ts';

/**
 * The connection that writes, and by the lock that it holds the right to serve the database at all. If it breaks it is
 * made anew; nothing is read or written until the lock is held again, because only then is it settled whether the
 * commit under which it broke took place. If another server had the lock meanwhile this one is over.
 */
export class WriterLink {
  readonly lost: Promise<Fault>;
  readonly #access: Access;
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  #session: DatabaseSession | null = null;
  #holder: string | null = null;
  #opening: Promise<DatabaseSession> | null = null;
  #isOver = false;
  #lose: (fault: Fault) => void;

  private constructor(access: Access, logger: Pick<Logger, 'info' | 'warn'>) {
    this.#access = access;
    this.#logger = logger;
    const { promise, resolve } = Promise.withResolvers<Fault>();
    this.lost = promise;
    this.#lose = resolve;
  }

  /**
   * Connects, waits a little for a lock that a server which has just ended may still hold, lets `prepare` work under
   * the lock, and takes the database over. Throws `database-in-use`, `database-unreachable`, `database-unusable`.
   */
  static async open(
    access: Access,
    {
      logger,
      prepare,
    }: { readonly logger: Pick<Logger, 'info' | 'warn'>; prepare(session: DatabaseSession): Promise<void> },
  ): Promise<WriterLink> {
    const link = new WriterLink(access, logger);
    try {
      const session = await link.#lock();
      await prepare(session);
      link.#holder = await takeOver(session.client);
      return link;
    } catch (cause) {
      await link.close();
      throw openingFault(cause);
    }
  }

  /** The connection, under the lock. Waits a little for one that is being made anew, then throws `unavailable`. */
  async ready(): Promise<DatabaseSession> {
    if (this.#session !== null && !this.#session.client.isBroken) return this.#session;
    if (this.#isOver) throw unavailable();
    const impatience = Promise.withResolvers<never>();
    const cancel = systemTimer.after(PATIENCE_MILLISECONDS, () => impatience.reject(unavailable()));
    try {
      return await Promise.race([this.#reopen(), impatience.promise]);
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  /** Gives up a connection of which nobody knows what state it is in. */
  async drop(session: DatabaseSession): Promise<void> {
    this.#ended(session);
    await session.close();
  }

  async #lock(): Promise<DatabaseSession> {
    for (let attempt = 1; ; attempt++) {
      const session = await this.#connect();
      const isLocked = await tryLock(session.client);
      if (isLocked) return this.#keep(session);
      await session.close();
      if (attempt === LOCK_ATTEMPTS) {
        throw new ServerUsageFault('database-in-use', 'another server runs on this database: stop that one first');
      }
      await pause(RETRY_MILLISECONDS);
    }
  }

  #reopen(): Promise<DatabaseSession> {
    if (this.#opening !== null) return this.#opening;
    this.#opening = this.#retry().finally(() => {
      this.#opening = null;
    });
    // Whoever waits is told; the loop itself ends for nobody's sake but the store's.
    this.#opening.catch(() => undefined);
    return this.#opening;
  }

  async #retry(): Promise<DatabaseSession> {
    while (!this.#isOver) {
      const session = await this.#attempt();
      if (session !== null) return session;
      await pause(RETRY_MILLISECONDS);
    }
    throw unavailable();
  }

  /** Null for what may be mended by waiting. */
  async #attempt(): Promise<DatabaseSession | null> {
    let session: DatabaseSession | null = null;
    try {
      session = await this.#connect();
      if (await this.#isOursAgain(session)) {
        this.#logger.info('database-back');
        return this.#keep(session);
      }
    } catch (cause) {
      if (storageFault(cause) === null) this.#logger.warn('database-refuses', errorFacts(cause));
    }
    await session?.close();
    return null;
  }

  async #isOursAgain({ client }: DatabaseSession): Promise<boolean> {
    const isLocked = await tryLock(client);
    // Read behind the lock: who had it before has written its name, and who has it now will have.
    if ((await readHolder(client)) === this.#holder) return isLocked && !this.#isOver;
    this.#isOver = true;
    this.#lose(new ServerUsageFault('database-in-use', 'another server has taken this database over'));
    return false;
  }

  #connect(): Promise<DatabaseSession> {
    return DatabaseSession.open(this.#access, 'writer');
  }

  #keep(session: DatabaseSession): DatabaseSession {
    this.#session = session;
    void session.ended.then(() => this.#ended(session));
    return session;
  }

  #ended(session: DatabaseSession): void {
    if (this.#session !== session) return;
    this.#session = null;
    if (this.#isOver || this.#holder === null) return;
    this.#logger.warn('database-lost');
    void this.#reopen();
  }
}

const RETRY_MILLISECONDS = 200;
/** Long enough for the end of a server that was killed in the middle of a commit. */
const LOCK_ATTEMPTS = 25;
/** A client waits ten seconds for an answer. */
const PATIENCE_MILLISECONDS = 3_000;
