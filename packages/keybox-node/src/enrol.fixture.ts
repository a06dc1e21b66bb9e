import { join } from 'node:path';
import { createAccount, KeyBox, type OpenSession, type Platform } from '@sotto/keybox';
import { type Address, parseDeviceName } from '@sotto/protocol';
import { assert } from 'vitest';
import { Lies, movableClock, newAccount, PASSPHRASE, startHome, type TestHome, testPlatform } from './home.fixture.ts';
import { DirectoryStorage } from './storage.ts';

type More = Parameters<typeof newAccount>[2];

/** A home server that can be made to lie, its owner, and machines for new devices. */
export interface EnrolmentTown extends AsyncDisposable {
  readonly home: TestHome;
  readonly lies: Lies;
  readonly clock: ReturnType<typeof movableClock>;
  readonly platform: Platform;
  storage(name: string): DirectoryStorage;
  /** A new account with its first device, unlocked. */
  join(name: string, more?: More): Promise<OpenSession>;
  /** What somebody types on a new machine. */
  place(name: string): ReturnType<typeof placeOf>;
}

export async function startTown(): Promise<EnrolmentTown> {
  const clock = movableClock();
  const platform = testPlatform({ clock });
  const lies = new Lies();
  const home = await startHome({ clock, lies });
  const storage = (name: string) => new DirectoryStorage(join(home.directory, name));
  const sessions: OpenSession[] = [];
  const open = async (name: string, invitation: string, more: More = {}): Promise<OpenSession> => {
    const session = await createAccount(platform, storage(name), newAccount(`${name}@localhost`, invitation, more));
    sessions.push(session);
    return session;
  };
  const owner = await open('owner', home.server.invitation ?? '');
  return {
    home,
    lies,
    clock,
    platform,
    storage,
    async join(name, more) {
      const [invitation] = await new KeyBox(owner).createInvitations(1);
      return open(name, invitation as string, more);
    },
    place: (name) => placeOf(name, home.server.url),
    async [Symbol.asyncDispose]() {
      for (const session of sessions) await session.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

function placeOf(name: string, server: string) {
  return {
    address: `${name}@localhost` as Address,
    server,
    caFingerprint: null,
    deviceName: parseDeviceName('desk'),
    vault: 'normal' as const,
    passphrase: PASSPHRASE,
  };
}

/** Makes two accounts each other's contacts. */
export async function befriend(one: KeyBox, other: KeyBox): Promise<void> {
  await one.addContact(other.address);
  await other.sync();
  await other.acceptContact(one.address);
  await one.sync();
}

/** Everything that a person sees of contacts, rooms and messages. */
export async function memory(box: KeyBox): Promise<object> {
  const rooms = [];
  for (const { id, name, unread } of await box.listRooms()) {
    const said = (await box.listMessages(id)).map(({ author, text }) => `${author}: ${text}`);
    rooms.push({ name, unread, said });
  }
  return { contacts: await box.listContacts(), rooms: rooms.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Is up to date without a fault. */
export async function synced(...boxes: readonly KeyBox[]): Promise<void> {
  for (const box of boxes) assert.deepEqual(await box.sync(), { online: true, faults: [] });
}

/** Steps at which to be killed: from the first to the last, each `stride`-th. */
export function steps(last: number, stride: number): readonly number[] {
  return Array.from({ length: Math.ceil(last / stride) }, (_, i) => 1 + i * stride);
}
