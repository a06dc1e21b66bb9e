import type { ChannelTimer, PresenceChoice, PresenceState } from '@sotto/protocol';
import type { Session } from '../handler.ts';
import type { TokenBuckets } from '../throttle/token-bucket.ts';

/** How a device wants its account to be seen. */
export interface DevicePresence {
  readonly state: PresenceChoice;
  readonly lastSeen: boolean;
  readonly capabilities: readonly string[];
}

/** What mutual contacts see of an account. */
export interface SeenPresence {
  readonly state: PresenceState;
  readonly lastSeenAt: number | null;
  readonly capabilities: readonly string[];
}

export interface PresenceBoardOptions {
  readonly timer: ChannelTimer;
  /** Announcements by account. */
  readonly announcements: TokenBuckets;
  /** How long changes gather before they are told. */
  readonly gatherMilliseconds: number;
  now(): number;
  /** Tells the contacts of an account who are there. */
  announce(accountId: number): Promise<void>;
  /** An announcement failed for a reason of the server's own. */
  failed(error: unknown): void;
}

/**
 * Who is there, in memory alone. Changes of an account are gathered and told at a bounded rate, the newest state each
 * time, so that however often a device changes its mind its contacts hear little of it.
 */
export class PresenceBoard {
  readonly #options: PresenceBoardOptions;
  readonly #accounts = new Map<number, Entry>();
  readonly #telling = new Set<Promise<void>>();
  #closed = false;

  constructor(options: PresenceBoardOptions) {
    this.#options = options;
  }

  set(session: DeviceSession, presence: DevicePresence): void {
    const entry = this.#accounts.get(session.accountId) ?? {
      devices: new Map(),
      lastSeenAt: null,
      told: OFFLINE,
      due: false,
    };
    this.#accounts.set(session.accountId, entry);
    this.#change(session, entry, () => entry.devices.set(session, presence));
  }

  /** The connection ended. */
  leave(session: Session): void {
    if (session.kind !== 'device') return;
    const entry = this.#accounts.get(session.accountId);
    if (entry?.devices.has(session)) this.#change(session, entry, () => entry.devices.delete(session));
  }

  /** The most available of the account's devices that is not invisible. */
  seen(accountId: number): SeenPresence {
    const entry = this.#accounts.get(accountId);
    return entry === undefined ? OFFLINE : seenOf(entry);
  }

  /** Tells nothing any more, and resolves when what is being told is through. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#telling);
  }

  #change(session: DeviceSession, entry: Entry, change: () => void): void {
    const { accountId } = session;
    const before = seenOf(entry);
    const choice = entry.devices.get(session);
    change();
    // Decided at the moment of going: who is invisible cannot be told from who is away by what changes later.
    if (before.state !== 'offline' && seenOf(entry).state === 'offline') {
      const lets = entry.devices.get(session)?.lastSeen ?? choice?.lastSeen ?? false;
      entry.lastSeenAt = lets ? Math.floor(this.#options.now() / MINUTE) * MINUTE : null;
    }
    if (entry.due) return;
    if (isSame(seenOf(entry), entry.told)) this.#forget(accountId, entry);
    else {
      entry.due = true;
      this.#after(this.#options.gatherMilliseconds, accountId, entry);
    }
  }

  #after(milliseconds: number, accountId: number, entry: Entry): void {
    this.#options.timer.after(milliseconds, () => {
      const telling = this.#tell(accountId, entry).catch((error: unknown) => this.#options.failed(error));
      this.#telling.add(telling);
      void telling.then(() => this.#telling.delete(telling));
    });
  }

  async #tell(accountId: number, entry: Entry): Promise<void> {
    if (this.#closed) return;
    const now = seenOf(entry);
    const isNews = !isSame(now, entry.told);
    const waitSeconds = isNews ? this.#options.announcements.take(String(accountId)) : 0;
    if (waitSeconds > 0) return this.#after(waitSeconds * 1000, accountId, entry);
    entry.told = now;
    entry.due = false;
    this.#forget(accountId, entry);
    if (isNews) await this.#options.announce(accountId);
  }

  #forget(accountId: number, entry: Entry): void {
    if (entry.devices.size === 0 && !entry.due && isSame(entry.told, OFFLINE)) this.#accounts.delete(accountId);
  }
}

type DeviceSession = Session & { readonly kind: 'device' };

interface Entry {
  readonly devices: Map<Session, DevicePresence>;
  /** When the account was last seen, if it let that be told. */
  lastSeenAt: number | null;
  /** What contacts were told last. */
  told: SeenPresence;
  /** An announcement is on its way. */
  due: boolean;
}

function seenOf({ devices, lastSeenAt }: Entry): SeenPresence {
  const visible = [...devices.values()].filter(({ state }) => state !== 'invisible');
  const state = AVAILABILITY.find((each) => visible.some((device) => device.state === each));
  if (state === undefined) return { state: 'offline', lastSeenAt, capabilities: [] };
  const capabilities = [...new Set(visible.flatMap((device) => device.capabilities))].toSorted();
  return { state, lastSeenAt: null, capabilities: capabilities.slice(0, MAX_CAPABILITIES) };
}

function isSame(left: SeenPresence, right: SeenPresence): boolean {
  return (
    left.state === right.state &&
    left.lastSeenAt === right.lastSeenAt &&
    left.capabilities.join() === right.capabilities.join()
  );
}

const OFFLINE: SeenPresence = { state: 'offline', lastSeenAt: null, capabilities: [] };
/** The most available first. */
const AVAILABILITY = ['online', 'away', 'busy'] as const;
const MAX_CAPABILITIES = 32;
const MINUTE = 60_000;
