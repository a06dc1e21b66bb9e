import { Fault, hex } from '@sotto/bytes';
import { Secret, type UserKeyPairs } from '@sotto/crypto';
import type { Session } from '@sotto/keybox';
import {
  type DeviceDescription,
  deviceId,
  type Envelope,
  entryBinding,
  type LogEntry,
  openBody,
  openLink,
  openSeed,
  type RecordHeader,
  type RosterStatement,
  resourceKey,
  rosterStatement,
  signedRecord,
  statement,
  type UserKeyChange,
  type UserKeyGeneration,
  unwrapPreviousSeed,
} from '@sotto/protocol';

/** What a server has of an account, and hands out if it helps a thief. */
export interface Evidence {
  /** The account's sigchain. */
  readonly statements: readonly Envelope[];
  readonly rooms: readonly { readonly room: Uint8Array; readonly entries: readonly LogEntry[] }[];
}

/** What came open, for comparing. */
export interface Opened {
  /** Generations of the user key. */
  readonly generations: readonly number[];
  /** Number of era secrets. */
  readonly eras: number;
  /** Texts of messages, sorted. */
  readonly texts: readonly string[];
}

/** Everything that the server gives an honest device of the account. */
export async function gather({ link, identity }: Session): Promise<Evidence> {
  const { fingerprint: account } = identity;
  const statements: Envelope[] = [];
  for (let length = 1; statements.length < length; ) {
    const answer = await link.call('chains.read', { account, from: statements.length });
    statements.push(...answer.statements);
    ({ length } = answer.head);
  }
  const { rooms } = await link.call('rooms.list', { after: null });
  const logs = rooms.map(async ({ room, length }) => {
    const entries: LogEntry[] = [];
    while (entries.length < length) {
      entries.push(...(await link.call('rooms.read', { room, from: entries.length, limit: 500 })).entries);
    }
    return { room, entries };
  });
  return { statements, rooms: await Promise.all(logs) };
}

/**
 * The keys of a vault or of a device that came into wrong hands, tried on everything with no regard for any rule: what
 * one of them opens is used as a key in its turn, until nothing more comes open.
 */
export class Loot {
  readonly #session: Session;
  readonly #kems: readonly Secret[];
  readonly #userKeys = new Map<number, { readonly seed: Secret; readonly keys: UserKeyPairs }>();
  /** By room. */
  readonly #eras = new Map<string, Map<string, Secret>>();
  readonly #texts = new Set<string>();

  private constructor(session: Session, kems: readonly Secret[]) {
    this.#session = session;
    this.#kems = kems;
  }

  /** The KEM keys of devices and nothing else. */
  static ofKems(session: Session, kems: readonly Secret[]): Loot {
    return new Loot(session, kems);
  }

  /** All keys of an unlocked vault, and KEM keys of other devices. */
  static async ofVault(session: Session, kems: readonly Secret[] = []): Promise<Loot> {
    const loot = new Loot(session, [session.identity.kem.secretKey, ...kems]);
    for (const { generation, seed, keys } of session.identity.userKeys) loot.#userKeys.set(generation, { seed, keys });
    const rows = await session.keys.query<{ room: Uint8Array; secret: Uint8Array }>(
      'SELECT room, secret FROM era_secret',
    );
    for (const { room, secret } of rows) loot.#keepEra(room, new Secret(secret));
    return loot;
  }

  async open(evidence: Evidence): Promise<Opened> {
    for (let before = -1; before < this.#size; ) {
      before = this.#size;
      await this.#openSeeds(evidence.statements);
      for (const { room, entries } of evidence.rooms) await this.#openEras(room, entries);
    }
    for (const { room, entries } of evidence.rooms) await this.#openRecords(room, entries);
    return {
      generations: [...this.#userKeys.keys()].toSorted((left, right) => left - right),
      eras: [...this.#eras.values()].reduce((sum, { size }) => sum + size, 0),
      texts: [...this.#texts].toSorted(),
    };
  }

  get #size(): number {
    return this.#userKeys.size + [...this.#eras.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async #openSeeds(statements: readonly Envelope[]): Promise<void> {
    const { identity, primitives } = this.#session;
    const account = identity.fingerprint;
    for (const { sealed, device, published } of sealedSeeds(statements)) {
      for (const kem of this.#kems) {
        const opened = await tried(() => openSeed(identity.suite, { kem, sealed }, { account, device, published }));
        if (opened !== null) this.#keepSeed(published, opened.seed, opened.pairs);
      }
    }
    for (const { change, previous } of changes(statements)) {
      const { generation } = change.userKey;
      for (const { seed } of [...this.#userKeys.values()]) {
        const wrapped = change.previous;
        const opened = await tried(() => unwrapPreviousSeed(primitives, { seed, wrapped }, { account, generation }));
        if (opened === null || previous === undefined) continue;
        this.#keepSeed(previous, opened, await identity.suite.userKeys.open(opened, previous));
      }
    }
  }

  async #openEras(room: Uint8Array, entries: readonly LogEntry[]): Promise<void> {
    const { primitives } = this.#session;
    for (const entry of entries) {
      if (entry.kind !== 'statement') continue;
      const parsed = rosterStatement.parse(entry.envelope.signed);
      const era = 'era' in parsed.body && typeof parsed.body.era === 'object' ? parsed.body.era : null;
      const sealed = entry.entry?.sealed ?? null;
      for (const number of era === null ? erasBefore(entries, entry) : [era.era]) {
        const secret =
          sealed === null ? null : await this.#openSealed(sealed, place('era-secret', { room, number, parsed }));
        if (secret !== null) this.#keepEra(room, secret);
      }
      if (era === null) continue;
      for (const known of [...this.#secretsOf(room)]) {
        for (let previousEra = 0; previousEra < era.era; previousEra++) {
          const secret = await tried(() => openLink(primitives, known, { era, room, previousEra }));
          if (secret !== null) this.#keepEra(room, secret);
        }
      }
    }
  }

  async #openRecords(room: Uint8Array, entries: readonly LogEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.kind !== 'record' || entry.record.body === null) continue;
      const { body } = entry.record;
      const [header] = signedRecord.parse(entry.record.signed);
      const messageKey = await this.#messageKey(header, entry.sealedKey);
      for (const secret of this.#secretsOf(room)) {
        const keys = { resourceKey: resourceKey(secret), messageKey };
        const opened = await tried(() => openBody(this.#session.primitives, keys, { header, body }));
        if (opened?.kind === 'message') this.#texts.add(opened.content.text);
      }
    }
  }

  async #messageKey(header: RecordHeader, sealed: Uint8Array | null): Promise<Secret | null> {
    if (sealed === null) return null;
    const { room, era: number, author } = header;
    return this.#openSealed(sealed, place('message-key', { room, number, parsed: { author } }));
  }

  async #openSealed(sealed: Uint8Array, where: ReturnType<typeof place>): Promise<Secret | null> {
    const { fingerprint, suite } = this.#session.identity;
    for (const [generation, { keys }] of this.#userKeys) {
      const { publicKey, secretKey } = keys.room;
      const binding = entryBinding(where, { fingerprint, publicKey, generation });
      const opened = await tried(() => suite.kem.open(secretKey, binding, sealed));
      if (opened !== null) return opened;
    }
    return null;
  }

  #secretsOf(room: Uint8Array): Iterable<Secret> {
    return this.#eras.get(hex(room))?.values() ?? [];
  }

  #keepEra(room: Uint8Array, secret: Secret): void {
    const known = this.#eras.get(hex(room)) ?? new Map<string, Secret>();
    this.#eras.set(hex(room), known.set(hex(secret.unsafeExpose('told apart by a test')), secret));
  }

  #keepSeed({ generation }: UserKeyGeneration, seed: Secret, keys: UserKeyPairs): void {
    if (!this.#userKeys.has(generation)) this.#userKeys.set(generation, { seed, keys });
  }
}

/** Every seed that the chain carries, with the device that it is sealed to. */
function sealedSeeds(statements: readonly Envelope[]) {
  const parsed = statements.map(({ signed }) => statement.parse(signed));
  const devices = new Map<string, DeviceDescription>();
  const generations = new Map<number, UserKeyGeneration>();
  for (const { body, suite } of parsed) {
    const device = 'device' in body && 'kem' in body.device ? body.device : 'roaming' in body ? body.roaming : null;
    if (device !== null) devices.set(hex(deviceId(suite, device as DeviceDescription)), device as DeviceDescription);
    const userKey = 'userKey' in body ? body.userKey : 'change' in body ? body.change.userKey : null;
    if (userKey !== null) generations.set(userKey.generation, userKey);
  }
  return parsed.flatMap(({ type, body }) => {
    const published = (generation: number) => generations.get(generation) as UserKeyGeneration;
    if (type === 'device.add') {
      return [{ sealed: body.sealedSeed, device: body.device, published: published(body.generation) }];
    }
    if (!('change' in body)) return [];
    const { seeds, userKey } = body.change;
    return seeds.map(({ device, sealed }) => {
      return { sealed, device: devices.get(hex(device)) as DeviceDescription, published: userKey };
    });
  });
}

/** The changes of the user key, with the generation before each. */
function changes(statements: readonly Envelope[]) {
  const found: { readonly change: UserKeyChange; readonly previous: UserKeyGeneration | undefined }[] = [];
  let previous: UserKeyGeneration | undefined;
  for (const { signed } of statements) {
    const { body } = statement.parse(signed);
    if ('change' in body) found.push({ change: body.change, previous });
    previous = 'change' in body ? body.change.userKey : 'userKey' in body ? body.userKey : previous;
  }
  return found;
}

/** Numbers of the eras that a newcomer may have entered. */
function erasBefore(entries: readonly LogEntry[], { n }: LogEntry): readonly number[] {
  const started = entries.filter((entry) => {
    if (entry.kind !== 'statement' || entry.n > n) return false;
    const { body } = rosterStatement.parse(entry.envelope.signed);
    return 'era' in body && typeof body.era === 'object' && body.era !== null;
  });
  return started.map((_, number) => number);
}

function place(
  what: 'era-secret' | 'message-key',
  { room, number: era, parsed }: { room: Uint8Array; number: number; parsed: Pick<RosterStatement, 'author'> },
) {
  return { purpose: `sotto/seal/${what}/v1`, room, era, sender: parsed.author } as const;
}

/** Null for what does not open: any fault of ours, nothing else. */
async function tried<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault) return null;
    throw cause;
  }
}
