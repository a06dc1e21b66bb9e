import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CborValue, decodeCbor, encodeCbor, Fault, hex } from '@sotto/bytes';
import { opaque, passphraseBytes, Secret, sha256 } from '@sotto/crypto';
import { createRequest, keySigner } from '@sotto/pki';
import {
  type Address,
  addressSkeleton,
  currentUserKey,
  type Envelope,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Operations,
  operations,
  type RecordSubmission,
  type ServerEvent,
  type StatementSubmission,
  signContactStatement,
} from '@sotto/protocol';
import {
  addDevice,
  firstDevice,
  makeWorld,
  setBundle,
  type TestAccount,
  type TestEntry,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { appendStatements } from './accounts/chains.ts';
import { credentialsOf } from './accounts/credentials.ts';
import { mintInvitations, ownerInvitation } from './accounts/invitations.ts';
import { checkScope } from './accounts/scope.ts';
import { handlers } from './api/index.ts';
import { backupServer } from './backup/backup.ts';
import { restoreServer } from './backup/restore.ts';
import { BlobFiles } from './blobs/blob-files.ts';
import { Blobs } from './blobs/blobs.ts';
import { claimStore } from './cluster/claim.ts';
import { type Cluster, loadCluster } from './cluster.ts';
import { writeFirstStart } from './first-start.ts';
import type { HandlerContext, Session } from './handler.ts';
import { type BlobLimits, defaultLimits } from './limits.ts';
import { announce } from './presence/announce.ts';
import { PresenceBoard } from './presence/board.ts';
import type { OpenedSession, SessionBook } from './sessions/registry.ts';
import { databaseOf, freshDatabaseOf, openTestStore } from './store/store.fixture.ts';
import type { Database, Store } from './store/store.ts';
import { TokenBuckets } from './throttle/token-bucket.ts';
import { TransparencyLog } from './transparency/log.ts';

/** Somebody who has an account, with the session of the first device. */
export interface TestMember {
  readonly account: TestAccount;
  readonly accountId: number;
  readonly session: Session & { kind: 'device' };
  readonly accountRoom: TestRoom;
}

export interface SignUpOptions {
  readonly suite?: string;
  readonly roaming?: boolean;
  readonly invitation?: string;
}

/** A sign-up, each step by itself; the values that a client would keep. */
export interface SignUp {
  readonly address: Address;
  readonly account: TestAccount;
  readonly invitation: string;
  readonly registration: OperationInput<Operations['accounts.register-finish']>;
}

/** A home server without its listeners: store, cluster and handlers behind the checks of scope and schema. */
export class TestHome {
  readonly directory: string;
  readonly world: TestWorld;
  cluster: Cluster;
  /** Every hint that was sent. */
  readonly events: { readonly accountId: number; readonly event: ServerEvent }[] = [];
  /** Sessions that administrators see, and who was cut. */
  readonly open: OpenedSession[] = [];
  readonly ended: number[] = [];
  readonly sessions: SessionBook = {
    list: () => this.open,
    end: (id) => void this.ended.push(id),
    endOf: (accountId) => void this.ended.push(-accountId),
    broadcast: (event) => void this.events.push({ accountId: 0, event }),
  };
  store: Store;
  readonly presence: PresenceBoard;
  readonly #due: (() => void)[] = [];
  readonly #announcing: Promise<void>[] = [];
  blobLimits: Partial<BlobLimits> = {};
  readonly #clock: { now: number };

  private constructor(parts: Pick<TestHome, 'directory' | 'world' | 'cluster' | 'store'>, clock: { now: number }) {
    this.directory = parts.directory;
    this.world = parts.world;
    this.cluster = parts.cluster;
    this.store = parts.store;
    this.#clock = clock;
    this.presence = new PresenceBoard({
      timer: {
        after: (_milliseconds, expire) => {
          this.#due.push(expire);
          return () => {};
        },
      },
      announcements: new TokenBuckets({ now: () => clock.now }, { burst: 3, perSecond: 0.1 }),
      gatherMilliseconds: 1000,
      now: () => clock.now,
      announce: (accountId) => {
        const told = announce({ ...this, isConnected: () => true, notify: this.#notify }, accountId);
        this.#announcing.push(told);
        return told;
      },
      failed(error) {
        throw error;
      },
    });
  }

  /** Lets every timer of the server that is due now expire. */
  async expire(): Promise<void> {
    for (const expire of this.#due.splice(0)) expire();
    await Promise.all(this.#announcing.splice(0));
    await new Promise((resolve) => setImmediate(resolve));
  }

  readonly #notify = (accountId: number, event: ServerEvent): void => void this.events.push({ accountId, event });

  static async open(seed = 'home'): Promise<TestHome> {
    const directory = mkdtempSync(join(tmpdir(), 'sotto-home-'));
    const clock = { now: START };
    const { primitives } = await makeWorld(seed);
    const options = { domain: DOMAIN, primitives, incarnation: 1, now: () => clock.now };
    const cluster = await loadCluster(directory, options);
    const world = await makeWorld(`${seed} people`, { headKey: cluster.headKey });
    const store = await openTestStore(join(directory, 'sotto.db'));
    await claimStore(store, cluster);
    return new TestHome({ directory, world, cluster, store }, clock);
  }

  now(): number {
    return this.#clock.now;
  }

  advance(milliseconds: number): void {
    this.#clock.now += milliseconds;
  }

  /** The blobs of the store as it is open now. */
  get blobs(): Blobs {
    const { store, world } = this;
    const files = new BlobFiles(join(this.directory, 'blobs'));
    return new Blobs({
      store,
      files,
      primitives: world.primitives,
      limits: { ...defaultLimits.blobs, ...this.blobLimits },
      now: () => this.#clock.now,
    });
  }

  /** The log of the store as it is open now; an epoch for every growth that somebody asks for. */
  get transparency(): TransparencyLog {
    const { store, cluster, world } = this;
    return new TransparencyLog({
      store,
      cluster,
      primitives: world.primitives,
      epochMilliseconds: 0,
      now: () => this.now(),
    });
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Closes the store and opens it anew: what was in memory alone is gone. */
  async restart(): Promise<void> {
    await this.store.close();
    this.store = await openTestStore(join(this.directory, 'sotto.db'));
  }

  /** A backup of the database as it is now. */
  async snapshot(): Promise<() => Promise<void>> {
    const target = mkdtempSync(join(tmpdir(), 'sotto-snapshot-'));
    const common = { dataDir: this.directory, keysPassphrase: null, primitives: this.world.primitives };
    const now = (): number => this.now();
    writeFirstStart(this.directory, { domain: DOMAIN, database: this.store.kind, web: 1, native: 2 });
    const database = await databaseOf(this.directory);
    await backupServer({ ...common, database, target, program: 'test', now });
    return async () => {
      await this.store.close();
      const names = readdirSync(this.directory).filter((name) => name !== 'keys');
      for (const name of names) rmSync(join(this.directory, name), { recursive: true });
      const restoring = { ...common, database: await freshDatabaseOf(this.directory), backup: target };
      const { incarnation } = await restoreServer({ ...restoring, settleMilliseconds: SETTLE, now });
      rmSync(target, { recursive: true });
      const options = { domain: DOMAIN, primitives: this.world.primitives, incarnation, now };
      this.cluster = await loadCluster(this.directory, options);
      this.store = await openTestStore(join(this.directory, 'sotto.db'));
    };
  }

  /** Calls an operation as the dispatcher does, with everything encoded and decoded on its way. */
  async call<Name extends OperationName>(
    session: Session,
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>> {
    const { store, cluster, world } = this;
    await checkScope(store, session, name);
    const operation = operations[name];
    const context: HandlerContext = {
      session,
      store,
      cluster,
      blobs: this.blobs,
      suites: world.suites,
      primitives: world.primitives,
      presence: this.presence,
      transparency: this.transparency,
      now: () => this.#clock.now,
      notify: this.#notify,
      sessions: this.sessions,
    };
    const handler = handlers[name] as unknown as (input: unknown, context: HandlerContext) => Promise<CborValue>;
    const output = await handler(operation.input.parse(decodeCbor(encodeCbor(input as CborValue))), context);
    return operation.output.parse(decodeCbor(encodeCbor(output))) as OperationOutput<Operations[Name]>;
  }

  /** Prepares a sign-up: an invitation, keys and a registration that is not sent yet. */
  async prepare(name: string, options: SignUpOptions = {}): Promise<SignUp> {
    const { world, cluster } = this;
    const address = `${name}@${DOMAIN}` as Address;
    const invitation = options.invitation ?? (await this.invite());
    const suite = options.suite ?? 'hybrid';
    const account = await world.account(address, { suite, ca: cluster.caFingerprint, policyKey: POLICY_KEY });
    const registration = {
      invitation,
      address,
      signUp: world.primitives.randomBytes(16),
      suite: account.suite.id,
      record: await this.#register(invitation, address),
      bundle: world.primitives.randomBytes(400),
      vault: { id: world.primitives.randomBytes(16), blob: world.primitives.randomBytes(80) },
      exemption: sha256(EXEMPTION),
    };
    return { address, account, invitation, registration };
  }

  /** Signs somebody up; the first one is the owner. */
  async signUp(name: string, options: SignUpOptions = {}): Promise<TestMember> {
    const signUp = await this.prepare(name, options);
    await this.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await this.accountSession(signUp.address);
    await this.certify(session, signUp.account);
    await this.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    const { account, accountRoom, input } = await this.completion(signUp, options);
    await this.call(session, 'accounts.complete', input);
    return { account, accountRoom, accountId: session.accountId, session: deviceSession(session.accountId, account) };
  }

  /** What the last step of a sign-up sends. */
  async completion({ account }: Pick<SignUp, 'account'>, options: SignUpOptions = {}) {
    const accountRoom = await TestRoom.create(this.world, account, { type: 'account' });
    const roaming = options.roaming === true ? { name: 'roaming', kind: 'roaming' as const } : null;
    const grown = roaming === null ? account : await addDevice(this.world, account, roaming);
    const bundle = this.world.primitives.randomBytes(500);
    const final = await setBundle(this.world, grown, { version: 1, hash: sha256(bundle) });
    const input = {
      room: accountRoom.log.map(submission),
      statements: final.statements.slice(1),
      bundle,
    };
    return { account: final, accountRoom, input };
  }

  async accountSession(address: Address): Promise<Session & { kind: 'account' }> {
    const credentials = await credentialsOf(this.store, address, this.#clock.now);
    if (credentials === null) throw new Error(`no account ${address}`);
    return { kind: 'account', accountId: credentials.accountId };
  }

  async certify(session: Session, account: TestAccount) {
    const { suite } = account;
    const device = firstDevice(account);
    const { algorithm } = suite.certificateKey;
    const csr = await createRequest(await keySigner(this.world.primitives, algorithm, device.certificate));
    const userKey = suite.name === 'classic' ? currentUserKey(account.chain).container : null;
    return this.call(session, 'devices.certify', { name: device.description.name, csr, userKey });
  }

  async invite(): Promise<string> {
    const minting = { primitives: this.world.primitives, now: () => this.#clock.now };
    const owner = await ownerInvitation(this.store, this.cluster, minting);
    if (owner !== null) return owner;
    const { codes } = await mintInvitations(this.store, minting, { kind: 'user', createdBy: null, count: 1 });
    return codes[0] as string;
  }

  /** Makes two members contacts of each other. */
  async befriend(left: TestMember, right: TestMember): Promise<void> {
    await this.call(left.session, 'contacts.request', { envelope: await this.requestOf(left, right.account.address) });
    await this.call(right.session, 'contacts.accept', { envelope: await this.acceptOf(right, left) });
  }

  async requestOf({ account }: TestMember, to: Address, expected: Uint8Array | null = null): Promise<Envelope> {
    const statement = { ...this.#contactFrame(account), to, type: 'request', expected } as const;
    return signContactStatement(account.suite, statement, firstDevice(account).signing);
  }

  async acceptOf({ account }: TestMember, { account: peer }: TestMember): Promise<Envelope> {
    const { fingerprint, hashes } = peer.chain;
    const peerChain = { length: hashes.length, hash: hashes.at(-1) as Uint8Array };
    const frame = this.#contactFrame(account);
    const statement = { ...frame, to: peer.address, type: 'accept', peer: fingerprint, peerChain } as const;
    return signContactStatement(account.suite, statement, firstDevice(account).signing);
  }

  /** Accounts that were never signed up, each a contact of `friend`: only their chains and keys count here. */
  async admitCrowd(friend: TestMember, size: number): Promise<readonly TestAccount[]> {
    const crowd: TestAccount[] = [];
    for (let i = 0; i < size; i++) crowd.push(await this.world.account(`member-${i}@${DOMAIN}`));
    await this.store.transact(async (database) => {
      for (const account of crowd) await insertAccount(database, account, friend);
    });
    return crowd;
  }

  /** Creates a room at the server and beside it as `TestRoom`. */
  async createRoom(owner: TestMember, options: Parameters<typeof TestRoom.create>[2] = {}): Promise<TestRoom> {
    const room = await TestRoom.create(this.world, owner.account, options);
    await this.call(owner.session, 'rooms.create', { statements: room.log.map(submission) });
    return room;
  }

  /** Sends an entry of the room's author to the server, and takes it into the `TestRoom` if it was accepted. */
  async append(author: TestMember, room: TestRoom, entry: TestEntry): Promise<number> {
    const n = await this.send(author, room, entry);
    await room.append(entry);
    return n;
  }

  async send({ session }: TestMember, room: TestRoom, entry: TestEntry): Promise<number> {
    const { id } = room.state;
    if (entry.kind === 'statement') {
      return (await this.call(session, 'rooms.append', { room: id, statement: submission(entry) })).n;
    }
    const answer = await this.call(session, 'records.append', { room: id, records: [recordOf(entry)] });
    if (answer.refused !== null) throw new RefusedRecord(answer.refused);
    return answer.positions[0] as number;
  }

  async write(author: TestMember, room: TestRoom, text = 'a line of text'): Promise<number> {
    const header = await room.draftRecord(author.account);
    return this.append(author, room, await room.sealRecord(author.account, header, { body: room.message(text) }));
  }

  #contactFrame(account: TestAccount) {
    const { fingerprint, hashes } = account.chain;
    return {
      v: 1,
      suite: account.suite.id,
      author: fingerprint,
      authorAddress: account.address,
      device: firstDevice(account).id,
      chain: { length: hashes.length, hash: hashes.at(-1) as Uint8Array },
      at: this.world.now(),
    } as const;
  }

  #register(invitation: string, address: Address): Promise<Uint8Array> {
    return this.register(address, (request) =>
      this.call(ANONYMOUS, 'accounts.register-start', { invitation, address, request }),
    );
  }

  /** The OPAQUE record of the one passphrase of all tests. */
  async register(
    address: Address,
    start: (request: Uint8Array) => Promise<{ readonly response: Uint8Array }>,
  ): Promise<Uint8Array> {
    const { primitives } = this.world;
    const binding = opaque.opaqueBinding(address, DOMAIN);
    using passphrase = passphraseBytes(PASSPHRASE);
    const { state, request } = opaque.registrationStart(primitives, passphrase);
    const { response } = await start(request);
    // Stretching is the client's own matter: here it costs nothing.
    const stretching = async (output: Uint8Array) => new Secret(output);
    return (await opaque.registrationFinish(primitives, state, { response, binding, stretching })).record;
  }
}

class RefusedRecord extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A roster statement of a `TestRoom` as it is sent. */
export function submission(entry: TestEntry): StatementSubmission {
  if (entry.kind !== 'statement') throw new Error('a record is no statement');
  const { envelope, rows, sealed } = entry;
  const entries =
    rows === null ? [...sealed.values()] : rows.map(({ fingerprint }) => sealed.get(hex(fingerprint)) as Uint8Array);
  return { envelope, rows: rows ?? [], entries };
}

async function insertAccount(database: Database, account: TestAccount, friend: TestMember): Promise<void> {
  const { address, chain, suite, statements } = account;
  const { fingerprint } = chain;
  const { id } = await database
    .insertInto('accounts')
    .values({
      address,
      skeleton: addressSkeleton(address),
      suite: suite.id,
      role: 'user',
      record: new Uint8Array(),
      bundle: new Uint8Array(),
      sign_up: fingerprint.slice(0, 16),
      registration: fingerprint,
      step: 'complete',
      reserved_until: null,
      fingerprint,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await appendStatements(database, id, { envelopes: statements, chain, at: 0, restored: true });
  const contacts = [
    { account_id: id, address: friend.account.address },
    { account_id: friend.accountId, address },
  ];
  await database
    .insertInto('contacts')
    .values(contacts.map((contact) => ({ ...contact, state: 'mutual' as const })))
    .execute();
}

/** A record of a `TestRoom` as it is sent. */
export function recordOf(entry: TestEntry): RecordSubmission {
  if (entry.kind !== 'record' || entry.record.body === null) throw new Error('a statement is no record');
  return { record: { ...entry.record, body: entry.record.body }, keys: entry.keys };
}

export function deviceSession(accountId: number, account: TestAccount): Session & { kind: 'device' } {
  return { kind: 'device', accountId, fingerprint: account.chain.fingerprint, deviceId: firstDevice(account).id };
}

/** The code that a promise is refused with; null if it is not. */
export async function refusal(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (cause) {
    if (cause instanceof Fault || cause instanceof RefusedRecord) return cause.code;
    throw cause;
  }
}

export const ANONYMOUS: Session = { kind: 'anonymous' };
const DOMAIN = 'example.org';
export const POLICY_KEY: Uint8Array = sha256(Uint8Array.of(2));
export const EXEMPTION: Uint8Array = new Uint8Array(32).fill(9);
export const PASSPHRASE = 'correct horse battery staple six words';
const START = Date.UTC(2026, 0, 5, 8);
/** How long a restored home waits for everybody. */
export const SETTLE = 600_000;
