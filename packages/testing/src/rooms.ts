import { hex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  type Body,
  currentEra,
  type Era,
  type Extent,
  entriesRoot,
  entryHash,
  eraCommitment,
  type MemberIdentity,
  messageKeyCommitment,
  messageKeyRow,
  messageKeyRowsHash,
  type RecordHeader,
  type Role,
  type RoomPolicy,
  type RoomState,
  type RosterBody,
  type RosterStatement,
  type RosterType,
  recordBytes,
  resourceKey,
  rosterStatement,
  rowOf,
  type SealedMessageKey,
  type SignedHead,
  sealBody,
  sealEntry,
  sealLink,
  signHead,
  sortRows,
  type TableRow,
  tableHash,
} from '@sotto/protocol';
import { firstDevice, type TestAccount, type TestDevice } from './accounts.ts';
import { Replica, type TestEntry } from './replica.ts';
import type { TestWorld } from './world.ts';

/** A new era with what lies beside the statement that starts it. */
export interface TestEra {
  readonly era: Era;
  readonly rows: readonly TableRow[];
  readonly sealed: ReadonlyMap<string, Uint8Array>;
  readonly secret: Secret;
}

export interface RoomOptions {
  readonly type?: RoomState['type'];
  readonly keying?: RoomState['keying'];
  readonly minimumSuite?: number;
  readonly policy?: Partial<RoomPolicy>;
}

/**
 * One room as an honest server and its members would have it: `log` holds what was accepted, `draft*` and `seal*` make
 * what could come next, `append` takes it or throws. Era secrets are kept here for the authors.
 */
export class TestRoom {
  readonly world: TestWorld;
  readonly server: Replica;
  readonly log: TestEntry[] = [];
  /** Era secrets by the commitment in hexadecimal: eras that lost a race have theirs, too. */
  readonly secrets = new Map<string, Secret>();

  private constructor(world: TestWorld) {
    this.world = world;
    this.server = new Replica(world);
  }

  /** Creates a room and its era 0. */
  static async create(world: TestWorld, owner: TestAccount, options: RoomOptions = {}): Promise<TestRoom> {
    const room = await TestRoom.open(world, owner, options);
    await room.startEra(owner);
    return room;
  }

  /** Creates a room that has no era yet. */
  static async open(world: TestWorld, owner: TestAccount, options: RoomOptions = {}): Promise<TestRoom> {
    const room = new TestRoom(world);
    await room.append(await room.sealStatement(owner, room.draftCreate(owner, options)));
    return room;
  }

  get state(): RoomState {
    return this.server.state;
  }

  /** Takes an entry into the log. Throws the fault that refuses it. */
  async append(entry: TestEntry): Promise<TestEntry> {
    const fault = await this.server.judge(entry);
    if (fault !== null) throw fault;
    this.log.push(entry);
    return entry;
  }

  draftCreate(owner: TestAccount, options: RoomOptions = {}): RosterStatement & { type: 'create' } {
    const policy = { history: 'all', guests: true, maxMembers: 100, ...options.policy } as const;
    return {
      ...this.#frame(owner),
      room: null,
      prevStatement: null,
      logHead: null,
      type: 'create',
      body: {
        nonce: this.world.primitives.randomBytes(32),
        roomType: options.type ?? 'chat',
        mode: 'archive',
        keying: options.keying ?? 'era',
        minimumSuite: options.minimumSuite ?? 1,
        policy,
        owner: identity(owner),
      },
    };
  }

  /** The next roster statement of a member, not yet signed. */
  draft<Type extends RosterType>(
    author: TestAccount,
    type: Type,
    body: RosterBody<Type>,
  ): RosterStatement & { type: Type } {
    const { id, statementHash } = this.state;
    const frame = { ...this.#frame(author), room: id, prevStatement: statementHash, logHead: this.extent() };
    return { ...frame, type, body } as unknown as RosterStatement & { type: Type };
  }

  /** Signs a roster statement with the author's first device, or another; `era` is what it starts. */
  async sealStatement(
    author: TestAccount,
    statement: RosterStatement,
    beside: { readonly era?: TestEra; readonly device?: TestDevice; readonly sealed?: TestEra['sealed'] } = {},
  ): Promise<TestEntry & { kind: 'statement' }> {
    const { signing } = beside.device ?? firstDevice(author);
    const signed = rosterStatement.encode(statement);
    const signature = await author.suite.signature.sign(signing, 'sotto/roster/v1', signed);
    return {
      kind: 'statement',
      envelope: { signed, signatures: [signature] },
      rows: beside.era?.rows ?? null,
      sealed: beside.sealed ?? beside.era?.sealed ?? new Map(),
    };
  }

  /** The next era, sealed to `members` (those of the room unless said otherwise). */
  async makeEra(
    author: TestAccount,
    options: {
      readonly members?: readonly TestAccount[];
      readonly rows?: readonly TableRow[];
      readonly link?: boolean;
      readonly checkpoint?: Uint8Array;
    } = {},
  ): Promise<TestEra> {
    const { primitives } = this.world;
    const previous = this.state.eras.at(-1) ?? null;
    const era = previous === null ? 0 : previous.era + 1;
    const room = this.state.id;
    const secret = new Secret(primitives.randomBytes(32));
    const members = sortRows((options.members ?? this.members()).map((a) => ({ fingerprint: a.chain.fingerprint, a })));
    const sealed = new Map<string, Uint8Array>();
    for (const { fingerprint, a } of members)
      sealed.set(hex(fingerprint), await this.sealEraSecret(author, a, { secret, era }));
    const rows = options.rows ?? members.map(({ a }) => rowOf(a.chain));
    const linked = previous !== null && (options.link ?? previous.history === 'all');
    const commitment = eraCommitment(secret, room, era);
    this.secrets.set(hex(commitment), secret);
    return {
      secret,
      rows,
      sealed,
      era: {
        era,
        commitment,
        previousCommitment: previous?.commitment ?? null,
        link: linked
          ? await sealLink(primitives, secret, { previous: this.secret(previous.commitment), room, era })
          : null,
        table: tableHash(rows),
        entries: entriesRoot([...sealed].map(([fingerprint, entry]) => entryHash(fromHex(fingerprint), entry))),
        checkpoint: options.checkpoint ?? null,
      },
    };
  }

  async sealEraSecret(
    author: TestAccount,
    member: TestAccount,
    { secret, era }: { readonly secret: Secret; readonly era: number },
  ): Promise<Uint8Array> {
    const binding = {
      purpose: 'sotto/seal/era-secret/v1',
      room: this.state.id,
      era,
      sender: author.chain.fingerprint,
    } as const;
    return sealEntry(this.world.suites, member.chain, { binding, secret });
  }

  async startEra(author: TestAccount): Promise<TestEntry> {
    const era = await this.makeEra(author);
    return this.append(await this.sealStatement(author, this.draft(author, 'era', { era: era.era }), { era }));
  }

  /** Adds a member: with its row alone where history is `all`, else with a new era. */
  async add(
    author: TestAccount,
    member: TestAccount,
    role: Role = this.state.type === 'direct' ? 'owner' : 'member',
  ): Promise<TestEntry> {
    return this.append(await this.sealAdd(author, member, { role }));
  }

  async sealAdd(
    author: TestAccount,
    member: TestAccount,
    options: { readonly role: Role; readonly newEra?: boolean },
  ): Promise<TestEntry & { kind: 'statement' }> {
    const body = { member: identity(member), role: options.role, title: null };
    if (options.newEra ?? this.state.policy.history !== 'all') {
      const era = await this.makeEra(author, { members: [...this.members(), member] });
      return this.sealStatement(author, this.draft(author, 'member.add', { ...body, row: null, era: era.era }), {
        era,
      });
    }
    const { era, commitment } = currentEra(this.state);
    const sealed = await this.sealEraSecret(author, member, { secret: this.secret(commitment), era });
    const row = { ...rowOf(member.chain), entry: entryHash(member.chain.fingerprint, sealed) };
    return this.sealStatement(author, this.draft(author, 'member.add', { ...body, row, era: null }), {
      sealed: new Map([[hex(member.chain.fingerprint), sealed]]),
    });
  }

  async remove(author: TestAccount, member: TestAccount): Promise<TestEntry> {
    return this.append(await this.sealRemove(author, member));
  }

  async sealRemove(author: TestAccount, member: TestAccount): Promise<TestEntry & { kind: 'statement' }> {
    const members = this.members().filter((other) => other.address !== member.address);
    const era = await this.makeEra(author, { members });
    const body = { fingerprint: member.chain.fingerprint, era: era.era };
    return this.sealStatement(author, this.draft(author, 'member.remove', body), { era });
  }

  /** Signs and appends a statement that starts no era. */
  async declare<Type extends RosterType>(author: TestAccount, type: Type, body: RosterBody<Type>): Promise<TestEntry> {
    return this.append(await this.sealStatement(author, this.draft(author, type, body)));
  }

  /** The header of a member's next record. */
  async draftRecord(author: TestAccount, device: TestDevice = firstDevice(author)): Promise<RecordHeader> {
    const { state, world } = this;
    const position = state.devices[hex(device.id)];
    const { length, hash } = extentOf(author);
    return {
      v: 1,
      suite: author.suite.id,
      room: state.id,
      era: currentEra(state).era,
      author: author.chain.fingerprint,
      device: device.id,
      chain: { length, hash },
      seq: (position?.seq ?? 0) + 1,
      prev: position?.prevs.at(-1) ?? state.id,
      replaces: null,
      drops: [],
      seen: await this.head(),
      class: 'content',
      at: Math.floor(world.now() / 60_000) * 60_000,
      salt: world.primitives.randomBytes(32),
      keys: null,
    };
  }

  /** Encrypts and signs a record; under keying `per-message` with a new message key for the table in force. */
  async sealRecord(
    author: TestAccount,
    draft: RecordHeader,
    options: { readonly body?: Body; readonly device?: TestDevice; readonly recipients?: readonly TestAccount[] } = {},
  ): Promise<TestEntry & { kind: 'record' }> {
    const { primitives } = this.world;
    const { signing } = options.device ?? firstDevice(author);
    using key = resourceKey(this.secret(currentEra(this.state).commitment));
    const keyed =
      this.state.keying === 'per-message' ? await this.#messageKeys(author, draft, options.recipients) : null;
    const header = keyed === null ? draft : keyed.header;
    const content = options.body ?? this.message('a line of text');
    const body = await sealBody(
      primitives,
      { resourceKey: key, messageKey: keyed?.key ?? null },
      { header, body: content },
    );
    const signed = recordBytes(header, body);
    const signature = await author.suite.signature.sign(signing, 'sotto/record/v1', signed);
    return { kind: 'record', record: { signed, signature, body }, keys: keyed?.keys ?? null };
  }

  /** Writes a message. */
  async write(author: TestAccount, text = 'a line of text'): Promise<TestEntry & { kind: 'record' }> {
    const entry = await this.sealRecord(author, await this.draftRecord(author), { body: this.message(text) });
    await this.append(entry);
    return entry;
  }

  message(text: string): Body {
    const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
    return { id: this.world.primitives.randomBytes(16), at: this.world.now(), kind: 'message', content };
  }

  members(): TestAccount[] {
    return Object.values(this.state.members).map(({ fingerprint }) => this.world.byFingerprint(fingerprint));
  }

  extent(): Extent {
    return { length: this.state.length, hash: this.state.hash };
  }

  /** A head of the log as the cluster signs it. */
  async head(extent: Extent = this.extent()): Promise<SignedHead> {
    const { primitives, headKey } = this.world;
    return signHead(primitives, headKey.secretKey, {
      subject: { kind: 'room', id: this.state.id },
      extent,
      at: this.world.now(),
      incarnation: 1,
    });
  }

  secret(commitment: Uint8Array): Secret {
    return this.secrets.get(hex(commitment)) as Secret;
  }

  #frame(author: TestAccount): Pick<RosterStatement, 'v' | 'suite' | 'author' | 'device' | 'chain' | 'at'> {
    return {
      v: 1,
      suite: author.suite.id,
      author: author.chain.fingerprint,
      device: firstDevice(author).id,
      chain: extentOf(author),
      at: this.world.now(),
    };
  }

  async #messageKeys(author: TestAccount, draft: RecordHeader, recipients: readonly TestAccount[] = this.members()) {
    const key = new Secret(this.world.primitives.randomBytes(32));
    const binding = {
      purpose: 'sotto/seal/message-key/v1',
      room: this.state.id,
      era: draft.era,
      sender: author.chain.fingerprint,
    } as const;
    const keys: SealedMessageKey[] = [];
    for (const member of recipients) {
      const sealed = await sealEntry(this.world.suites, member.chain, { binding, secret: key });
      const { fingerprint, generation } = rowOf(member.chain);
      keys.push({ fingerprint, generation, sealed });
    }
    const rows = messageKeyRowsHash(keys.map(messageKeyRow));
    const header: RecordHeader = { ...draft, keys: { commitment: messageKeyCommitment(key, draft), rows } };
    return { header, key, keys };
  }
}

export function identity(account: TestAccount): MemberIdentity {
  const { length, hash } = extentOf(account);
  return { address: account.address, fingerprint: account.chain.fingerprint, length, head: hash };
}

function extentOf({ chain }: TestAccount): Extent {
  return { length: chain.hashes.length, hash: chain.hashes.at(-1) as Uint8Array };
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
