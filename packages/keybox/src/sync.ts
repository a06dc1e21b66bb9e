import { equal, Fault, hex, parseHex } from '@sotto/bytes';
import { activeDevice, type ListedRoom } from '@sotto/protocol';
import type { SyncOptions } from './archive/progress.ts';
import type { Contacts } from './contacts.ts';
import { careForBorrowed, careForUserKey } from './devices/devices.ts';
import { eraseRevoked } from './devices/revocation.ts';
import { careForEras } from './era-care.ts';
import { KeyboxPeerFault } from './fault.ts';
import { flushRoom } from './flush.ts';
import type { History } from './history.ts';
import { queueJournal } from './journal.ts';
import { careForKeys } from './key-requests/care.ts';
import { readMailbox } from './mailbox.ts';
import { roomsWithOutbox } from './outbox.ts';
import type { Policies } from './policy/policies.ts';
import { removeSuspended } from './policy/suspended.ts';
import type { Presence } from './presence/presence.ts';
import type { Profile } from './profile/profile.ts';
import { project } from './projection/project.ts';
import { queueDelivered } from './receipts.ts';
import { roomsToReopen } from './reopen.ts';
import { recover } from './restored/recovery.ts';
import type { RoomReader } from './room-batch.ts';
import { checkRoomMarks, queueRoomMarks } from './room-marks.ts';
import { RoomRefusal } from './room-refusal.ts';
import { type KeptRoom, knownLength, readRoom, readRooms } from './room-store.ts';
import { showRoom, syncRoom } from './room-sync.ts';
import { checkLogAgrees } from './transparency/evidence.ts';
import { queueCheckpoint } from './transparency/gossip.ts';
import type { Transparency } from './transparency/transparency.ts';

export interface SyncResult {
  /** False if the server could not be reached; everything stays as it was. */
  readonly online: boolean;
  /** What single rooms were refused for, each with the `room` in its detail; the others are up to date. */
  readonly faults: readonly Fault[];
  /** Why it is not online: `unreachable`, or `channel-broken` if somebody alters the connection. */
  readonly fault?: Fault;
}

interface SyncParts {
  readonly contacts: Contacts;
  readonly history: History;
  readonly policies: Policies;
  readonly presence: Presence;
  readonly profile: Profile;
  readonly transparency: Transparency;
}

/** Brings a device up to date in both directions. */
export class Sync {
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #history: History;
  readonly #policies: Policies;
  readonly #presence: Presence;
  readonly #profile: Profile;
  readonly #transparency: Transparency;

  constructor(reader: RoomReader, { contacts, history, policies, presence, profile, transparency }: SyncParts) {
    this.#reader = reader;
    this.#policies = policies;
    this.#contacts = contacts;
    this.#history = history;
    this.#presence = presence;
    this.#profile = profile;
    this.#transparency = transparency;
  }

  async run(options: SyncOptions = {}): Promise<SyncResult> {
    const { session } = this.#reader;
    await project(session);
    try {
      options.onProgress?.({ phase: 'account', done: 0, total: 1 });
      await this.#refreshSelf();
      const recoveryFaults = await recover(this.#reader, this.#contacts, isPassing);
      const policyFaults = await this.#refreshPolicy();
      await this.#presence.announce();
      const listed = await this.#list();
      const faults = [...recoveryFaults, ...policyFaults, ...(await this.#syncOwnRoom(listed, options))];
      await readMailbox(session, this.#contacts);
      faults.push(...(await this.#syncRooms(listed, options)));
      await project(session);
      faults.push(...(await this.#transparency.follow()));
      faults.push(...(await removeSuspended(this.#reader, isPassing)));
      faults.push(...(await careForEras(this.#reader, isPassing)));
      await careForKeys(this.#reader, isPassing);
      return { online: true, faults: [...faults, ...(await this.#answer())] };
    } catch (cause) {
      if (isOffline(cause)) return { online: false, faults: [], fault: cause };
      throw cause;
    } finally {
      await project(session);
    }
  }

  /** Receipts for what came, the journal, and what is queued. */
  async #answer(): Promise<readonly Fault[]> {
    const { session } = this.#reader;
    await project(session);
    for (const room of await readRooms(session.keys)) {
      if (!room.hidden) await queueDelivered(this.#reader, this.#history, room);
    }
    await queueRoomMarks(this.#reader);
    await this.#profile.care();
    await queueJournal(this.#reader);
    await queueCheckpoint(this.#reader);
    return this.flushAll();
  }

  /** Sends everything that is due; a room that refuses does not stop the others. Throws `unreachable`. */
  async flushAll(): Promise<readonly Fault[]> {
    await checkLogAgrees(this.#reader.session);
    const faults: Fault[] = [];
    for (const room of await roomsWithOutbox(this.#reader)) {
      try {
        await flushRoom(this.#reader, room);
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.blame === 'bug' || isOffline(cause)) throw cause;
        // What is queued waits until the room's members have compared what they know.
        if (cause.code !== 'restored-unconfirmed') faults.push(cause);
      }
    }
    await project(this.#reader.session);
    return faults;
  }

  /** Sends what is queued for one room; false if the server is out of reach, and it stays queued. */
  async flush(room: Uint8Array): Promise<boolean> {
    const { session } = this.#reader;
    await project(session);
    try {
      await this.#flushOrRecover(room);
      return true;
    } catch (cause) {
      if (isOffline(cause) || isRestored(cause)) return false;
      throw cause;
    } finally {
      await project(session);
    }
  }

  async #flushOrRecover(room: Uint8Array): Promise<void> {
    await checkLogAgrees(this.#reader.session);
    try {
      await flushRoom(this.#reader, room);
    } catch (cause) {
      if (!isRestored(cause)) throw cause;
      await this.#refreshSelf();
      await recover(this.#reader, this.#contacts, isPassing);
      await flushRoom(this.#reader, room);
    }
  }

  /** Our own chain first: a server that shows it shorter, or not for a day, is believed in nothing. */
  async #refreshSelf(): Promise<void> {
    const { session } = this.#reader;
    const { fingerprint, address, deviceId } = session.identity;
    const chain = await this.#reader.chains.refresh(fingerprint, address);
    const own = chain === null ? null : activeDevice(chain, deviceId);
    if (chain !== null && own === null) await eraseRevoked(session);
    if (own?.expiresAt != null && own.expiresAt <= session.clock.now()) await eraseRevoked(session);
    await this.#reader.chains.fresh(fingerprint, address);
    await careForBorrowed(this.#reader);
    await careForUserKey(this.#reader);
  }

  /** A policy that is refused changes nothing: what was known stays in force, and the user is told. */
  async #refreshPolicy(): Promise<readonly Fault[]> {
    try {
      await this.#policies.refresh();
      return [];
    } catch (cause) {
      if (!(cause instanceof Fault) || isOffline(cause)) throw cause;
      if (cause.blame !== 'peer' && cause.blame !== 'wire') throw cause;
      return [cause];
    }
  }

  /** What this account decided of others comes before anything that they say. */
  async #syncOwnRoom(listed: readonly ListedRoom[], { onProgress }: SyncOptions): Promise<readonly Fault[]> {
    const { identity, keys } = this.#reader.session;
    const faults: Fault[] = [];
    const kept = await readRoom(keys, identity.accountRoom);
    const account = listed.find(({ room }) => equal(room, identity.accountRoom));
    if (account === undefined || isChanged(kept ?? undefined, account) || kept?.ahead != null) {
      await attempt(faults, identity.accountRoom, (id) => syncRoom(this.#reader, id));
    }
    await project(this.#reader.session);
    onProgress?.({ phase: 'account', done: 1, total: 1 });
    throwContradiction(faults);
    return faults;
  }

  async #syncRooms(listed: readonly ListedRoom[], { onProgress }: SyncOptions): Promise<readonly Fault[]> {
    const { identity, keys } = this.#reader.session;
    const kept = new Map((await readRooms(keys)).map((room) => [hex(room.state.id), room]));
    const own = hex(identity.accountRoom);
    const known = new Set(listed.map(({ room }) => hex(room)));
    const missing = [...kept.keys()].filter((id) => !known.has(id) && id !== own);
    const reopened = (await roomsToReopen(this.#reader)).map(hex);
    const changed = listed.filter((room) => hex(room.room) !== own && isChanged(kept.get(hex(room.room)), room));
    const faults: Fault[] = [];
    const whole = [...new Set([...missing, ...reopened])];
    for (const [i, id] of whole.entries()) {
      await attempt(faults, parseHex(id), (room) => syncRoom(this.#reader, room));
      onProgress?.({ phase: 'rooms', done: i + 1, total: whole.length, room: id });
    }
    const due = changed.filter(({ room }) => !whole.includes(hex(room))).toSorted((left, right) => right.at - left.at);
    for (const [i, room] of due.entries()) {
      await attempt(faults, room.room, () => showRoom(this.#reader, room));
      await project(this.#reader.session);
      onProgress?.({ phase: 'newest', done: i + 1, total: due.length, room: hex(room.room) });
    }
    throwContradiction(faults);
    return [...faults, ...(await checkRoomMarks(this.#reader))];
  }

  /** All rooms that the server has for us. */
  async #list(): Promise<readonly ListedRoom[]> {
    const listed: ListedRoom[] = [];
    const known = new Set<string>();
    for (;;) {
      const { rooms } = await this.#reader.session.link.call('rooms.list', { after: listed.at(-1)?.room ?? null });
      if (rooms.length === 0) return listed;
      for (const room of rooms) {
        if (known.has(hex(room.room))) throw new KeyboxPeerFault('answer-malformed', 'the server repeats rooms');
        known.add(hex(room.room));
        listed.push(room);
      }
    }
  }
}

function throwContradiction(faults: readonly Fault[]): void {
  const [contradiction] = faults.filter(isForAccount);
  if (contradiction !== undefined) throw contradiction;
}

/** Longer or shorter than it is known here, or another one of the same length. */
function isChanged(kept: KeptRoom | undefined, { length, head }: ListedRoom): boolean {
  if (kept === undefined || knownLength(kept) !== length) return true;
  const hash = kept.ahead?.hash ?? kept.judged.hash;
  return head.length === length && !equal(head.hash, hash);
}

/** Lets a room that refuses stop no other one. */
async function attempt(faults: Fault[], room: Uint8Array, work: (room: Uint8Array) => Promise<unknown>): Promise<void> {
  try {
    await work(room);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame === 'bug' || isOffline(cause) || isUseless(cause)) throw cause;
    faults.push(new RoomRefusal(cause, room));
  }
}

/** What ends the whole run, met in a single room. */
function isPassing(fault: Fault): boolean {
  return isOffline(fault) || isForAccount(fault);
}

/** What another attempt mends, when the server is in reach again. */
export function isOffline(cause: unknown): cause is Fault {
  return cause instanceof Fault && (cause.code === 'unreachable' || cause.code === 'channel-broken');
}

/** The server was restored from a backup, and the room is not yet what it was. */
function isRestored(cause: unknown): boolean {
  return cause instanceof Fault && (cause.code === 'restored-unconfirmed' || cause.code === 'server-restored');
}

/** What concerns the whole account: nothing is sent any more. */
function isForAccount(cause: Fault): boolean {
  return ['rollback', 'split-view'].includes(cause.code) || isUseless(cause);
}

/** What would meet every other room as well. */
function isUseless({ code }: Fault): boolean {
  return ['clock-skew', 'device-revoked', 'disk-full'].includes(code);
}
