import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHex } from '@sotto/bytes';
import { createSuites, Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import {
  type Clock,
  createAccount,
  KeyBox,
  type OpenSession,
  type Platform,
  signInAccount,
  unlockAccount,
} from '@sotto/keybox';
import { DirectoryStorage, nodeBlobTransport, systemClock, webSocketTransport } from '@sotto/keybox-node';
import {
  type Address,
  type Extent,
  type HeadSubject,
  parseDeviceName,
  type SignedHead,
  signHead,
} from '@sotto/protocol';
import { backupServer, createLogger, type RunningServer, restoreServer, startServer } from '@sotto/server';
import { ForkedLog } from './forked-log.ts';
import { LyingLink } from './lying-link.ts';
import { testDatabase } from './postgres.ts';
import { createSuite as p384Suite } from './suites/p384.ts';

/** The system's clock, ahead by what `skip` added up to; waiting takes real time. */
export interface MovableClock extends Clock {
  skip(milliseconds: number): void;
}

/** Somebody with an account, a vault on the disk, and a link through which their server may lie. */
export interface Person {
  readonly address: Address;
  readonly session: OpenSession & { readonly link: LyingLink };
  readonly link: LyingLink;
  /** The person's own clock, on top of the city's. */
  readonly clock: MovableClock;
  readonly box: KeyBox;
  /** The program ends and starts again: whatever was in memory alone is gone. */
  restart(): void;
  /** Opens a copy of the vault's files as they are now, as a backup would be restored on the same machine. */
  copyVault(): Promise<Person>;
  /** Where the vault lies. */
  readonly folder: string;
  /** Closes the vault and opens it again with a passphrase, as another run of the program would. */
  reopen(passphrase: string): Promise<Person>;
}

export interface PersonOptions {
  readonly suite?: 'hybrid' | 'classic' | 'p384';
  /** Whether another device may sign in by passphrase. */
  readonly roaming?: boolean;
}

/** A home server and its people in one process; real sockets, real cryptography, real encrypted vaults. */
export interface City extends AsyncDisposable {
  readonly server: RunningServer;
  /** Time for the server and everybody. */
  readonly clock: MovableClock;
  readonly directory: string;
  join(name: string, options?: PersonOptions): Promise<Person>;
  /** Another device of a person who joined with `roaming`, by passphrase; nothing is read yet. */
  signIn(person: Person, device: string): Promise<Person>;
  /** Makes all of them contacts of each other. */
  befriend(...people: readonly Person[]): Promise<void>;
  /** A head as the cluster would sign it: a server that lies has this key. In its first incarnation unless said otherwise. */
  signHead(
    subject: HeadSubject,
    extent: Extent,
    when?: { readonly at?: number; readonly incarnation?: number },
  ): Promise<SignedHead>;
  /** Another transparency log than the one that the person is shown, the first `keep` epochs of it (or all) in common. */
  forkLog(person: Person, keep?: number): Promise<ForkedLog>;
  /** A backup of the server as it is now; what it gives puts that in the server's place, on the same ports. */
  backup(): Promise<(settleMilliseconds?: number) => Promise<void>>;
}

export async function startCity(): Promise<City> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-city-'));
  const clock = movable(systemClock);
  const primitives = cheapPrimitives();
  const suites = createSuites(primitives, [p384Suite]);
  let dataDir = join(directory, 'server');
  const limits = {
    anonymousRequests: { burst: 1e6, perSecond: 1e6 },
    presenceGatherMilliseconds: 5,
    epochMilliseconds: 0,
  };
  let database = await newDatabase();
  const start = (): Promise<RunningServer> =>
    startServer({
      dataDir,
      database,
      logger: createLogger('error'),
      limits,
      now: clock.now,
      suiteFactories: [p384Suite],
    });
  let server = await start();
  const headKey = new Secret(Uint8Array.from(readFileSync(join(dataDir, 'keys', 'head.seed'))));
  const people: Person[] = [];
  const platformOf = (own: Clock): Platform => ({
    primitives,
    suites,
    clock: own,
    transport: webSocketTransport(primitives, own),
    blobs: nodeBlobTransport(primitives, own),
  });
  const admit = (person: Person): Person => {
    people.push(person);
    return person;
  };
  return {
    get server() {
      return server;
    },
    clock,
    directory,
    async backup() {
      const target = mkdtempSync(join(directory, 'backup-'));
      const options = { keysPassphrase: PASSPHRASE_OF_KEYS, primitives, now: clock.now };
      await backupServer({ ...options, dataDir, database, target, program: 'city' });
      return async (settleMilliseconds = 0) => {
        await server.close();
        dataDir = join(mkdtempSync(join(directory, 'restored-')), 'server');
        database = await newDatabase({ empty: true });
        await restoreServer({ ...options, backup: target, dataDir, database, settleMilliseconds });
        server = await start();
      };
    },
    async join(name, { suite = 'hybrid', roaming = false } = {}) {
      const own = movable(clock);
      const [founder] = people;
      const invitation = founder === undefined ? server.invitation : (await founder.box.createInvitations(1))[0];
      const folder = join(directory, name);
      const session = await createAccount(platformOf(own), new DirectoryStorage(folder), {
        address: `${name}@${server.domain}` as Address,
        invitation: invitation ?? '',
        suite,
        roaming,
        vault: 'normal',
        deviceName: parseDeviceName('laptop'),
        passphrase: PASSPHRASE,
      });
      const copy = async () => {
        const copied = mkdtempSync(join(directory, 'copy-'));
        cpSync(folder, copied, { recursive: true });
        const opened = await unlockAccount(platformOf(own), new DirectoryStorage(copied), { passphrase: PASSPHRASE });
        return admit(
          personOf(opened, { clock: own, folder: copied, copyVault: copy, reopen: reopener(copied, opened) }),
        );
      };
      const reopener = (where: string, before: OpenSession) => async (passphrase: string) => {
        await before.close();
        const opened = await unlockAccount(platformOf(own), new DirectoryStorage(where), { passphrase });
        return admit(personOf(opened, { clock: own, folder: where, copyVault: copy, reopen: reopener(where, opened) }));
      };
      return admit(personOf(session, { clock: own, folder, copyVault: copy, reopen: reopener(folder, session) }));
    },
    async signIn({ address }, device) {
      const own = movable(clock);
      const folder = mkdtempSync(join(directory, `${device}-`));
      const session = await signInAccount(platformOf(own), new DirectoryStorage(folder), {
        address,
        server: server.url,
        caFingerprint: parseHex(server.caFingerprint),
        vault: 'normal',
        deviceName: parseDeviceName(device),
        passphrase: PASSPHRASE,
      });
      const never = async (): Promise<never> => {
        throw new Error('a second device is neither copied nor opened again here');
      };
      return admit(personOf(session, { clock: own, folder, copyVault: never, reopen: never }));
    },
    async befriend(...friends) {
      for (const [i, left] of friends.entries()) {
        for (const right of friends.slice(i + 1)) {
          await left.box.addContact(right.address);
          await right.box.sync();
          await right.box.acceptContact(left.address);
        }
      }
      for (const friend of friends) await friend.box.sync();
    },
    signHead: (subject, { length, hash }, { at = clock.now(), incarnation = 1 } = {}) =>
      signHead(primitives, headKey, { subject, extent: { length, hash }, at, incarnation }),
    forkLog: (person, keep) => ForkedLog.partFrom(person, { primitives, headKey, now: clock.now }, keep),
    async [Symbol.asyncDispose]() {
      for (const { box, session } of people) {
        box.close();
        await session.close();
      }
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function personOf(opened: OpenSession, more: Pick<Person, 'clock' | 'folder' | 'copyVault' | 'reopen'>): Person {
  const link = new LyingLink(opened.link);
  const session = { ...opened, link };
  let box = new KeyBox(session);
  return {
    address: opened.identity.address,
    session,
    link,
    ...more,
    get box() {
      return box;
    },
    restart() {
      link.isKept = true;
      box.close();
      link.isKept = false;
      box = new KeyBox(session);
    },
  };
}

/** A database on the engine under test. */
async function newDatabase(options: { readonly empty?: boolean } = {}): Promise<{ readonly url: string } | undefined> {
  const url = await testDatabase(options);
  return url === null ? undefined : { url };
}

function movable(base: Clock): MovableClock {
  let ahead = 0;
  return {
    now: () => base.now() + ahead,
    sleep: (milliseconds, signal) => base.sleep(milliseconds, signal),
    skip: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

/** Stretching is tested where it belongs: here it costs nothing. */
function cheapPrimitives(): ReturnType<typeof nodePrimitives> {
  return {
    ...nodePrimitives(),
    argon2id: async (password: Uint8Array, salt: Uint8Array, _parameters: unknown, length: number): Promise<Secret> => {
      const block = sha256(password, salt);
      return new Secret(Uint8Array.from({ length }, (_, i) => (block[i % 32] as number) ^ i));
    },
  };
}

const PASSPHRASE = 'Correct horse 1';
const PASSPHRASE_OF_KEYS = 'the keys of a city';
