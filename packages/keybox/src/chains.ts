import { equal, Fault, hex } from '@sotto/bytes';
import {
  type Address,
  beginChain,
  type Chain,
  chainExtends,
  chainExtent,
  type Envelope,
  envelope,
  extendChain,
  type KeyLogEntry,
  ProtocolPeerFault,
  restoreChain,
  statement,
} from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxPolicyFault } from './fault.ts';
import type { Heads } from './heads.ts';
import { logKey, logKeyOnce } from './key-log.ts';
import type { SqlStatement } from './ports.ts';
import { giveBackChain } from './restored/chain.ts';
import type { Session } from './session.ts';
import { keepSeed, openNewSeeds, type UserKey } from './user-keys.ts';

/** Every sigchain that this device has verified; a chain only ever grows. */
export class Chains {
  readonly #session: Session;
  readonly #heads: Heads;
  readonly #cache = new Map<string, Chain>();

  constructor(session: Session, heads: Heads) {
    this.#session = session;
    this.#heads = heads;
  }

  /** The chain as far as it is known here; asks nobody. */
  async known(fingerprint: Uint8Array): Promise<Chain | null> {
    const cached = this.#cache.get(hex(fingerprint));
    if (cached !== undefined) return cached;
    const rows = await this.#session.keys.query<{ envelope: Uint8Array }>(
      'SELECT envelope FROM chain WHERE fingerprint = ? ORDER BY seq',
      [fingerprint],
    );
    if (rows.length === 0) return null;
    const chain = restoreChain(rows.map((row) => envelope.parse(row.envelope)));
    this.#cache.set(hex(fingerprint), chain);
    return chain;
  }

  /** The chain at least `length` statements long, asking the server for what is missing; null if it has no more. */
  async reaching(
    fingerprint: Uint8Array,
    { address, length }: { readonly address: Address; readonly length: number },
  ): Promise<Chain | null> {
    const known = await this.known(fingerprint);
    if (known !== null && known.hashes.length >= length) return known;
    return this.refresh(fingerprint, address);
  }

  /**
   * The chain to seal to: as a head not older than a day vouches for it, asking the server if need be. Throws
   * `head-too-old` if the server does not give it any more, and what `refresh` throws.
   */
  async fresh(fingerprint: Uint8Array, address: Address): Promise<Chain> {
    const known = await this.known(fingerprint);
    const isFresh = (): Promise<boolean> => this.#heads.isFresh({ kind: 'chain', id: fingerprint });
    const chain = known !== null && (await isFresh()) ? known : await this.refresh(fingerprint, address);
    if (chain !== null && (await isFresh())) return chain;
    throw new KeyboxPolicyFault('head-too-old', `the keys of ${address} have not been confirmed for more than a day`);
  }

  /**
   * Reads on from the server, verifies and keeps what is new. Null if the server gives it to nobody like us. Throws
   * `rollback`, `split-view`, and the faults of `extendChain`.
   */
  async refresh(fingerprint: Uint8Array, address: Address): Promise<Chain | null> {
    try {
      return await this.#read(fingerprint, address);
    } catch (cause) {
      if (cause instanceof Fault && cause.blame === 'peer' && cause.code !== 'channel-broken') {
        const { keys, clock } = this.#session;
        const entry = { event: 'refused/keys', who: address, reason: cause.message } as const;
        await keys.apply([logKeyOnce(clock, entry, cause)]);
      }
      throw cause;
    }
  }

  async #read(fingerprint: Uint8Array, address: Address): Promise<Chain | null> {
    const { link, keys } = this.#session;
    const subject = { kind: 'chain', id: fingerprint } as const;
    let chain = await this.known(fingerprint);
    let isGivenBack = false;
    for (;;) {
      const from = chain?.hashes.length ?? 0;
      const answer = await link.call('chains.read', { account: fingerprint, from }).catch(absent);
      if (answer === null) return chain;
      if (!equal(answer.fingerprint, fingerprint)) throw splitView('the server answered with another account');
      const headKept = await this.#heads.accept(subject, answer.head).catch(ifRestored);
      if (headKept === null) {
        if (isGivenBack || !(await this.#giveBack(fingerprint, answer.head.length))) throw restored();
        isGivenBack = true;
        continue;
      }
      if (answer.head.length < from) throw shorter();
      const read = await this.#extend(chain, answer.statements, { fingerprint, address });
      if (read.chain === null || (answer.statements.length === 0 && from < answer.head.length)) {
        throw splitView('a head without the statements below it');
      }
      chain = read.chain;
      const complete = chain.hashes.length >= answer.head.length;
      if (complete && !chainExtends(chain, answer.head)) {
        throw splitView(`the statements lead to ${hex(chainExtent(chain).hash)}, not to the signed head`);
      }
      const adopted = await this.#adopt(chain, answer.statements);
      const told = this.#deviceNews(chain, from);
      await keys.apply([...read.rows, ...adopted.map(keepSeed), ...(complete ? [headKept] : []), ...told]);
      this.#session.identity.userKeys.push(...adopted);
      this.#cache.set(hex(fingerprint), chain);
      if (complete) return chain;
    }
  }

  async #extend(
    known: Chain | null,
    statements: readonly Envelope[],
    { fingerprint, address }: { readonly fingerprint: Uint8Array; readonly address: Address },
  ): Promise<{ readonly chain: Chain | null; readonly rows: readonly SqlStatement[] }> {
    const { suites } = this.#session;
    const rows: SqlStatement[] = [];
    let chain = known;
    for (const next of statements) {
      chain = chain === null ? await beginChain(suites, next, address) : await extendChain(suites, chain, next);
      if (!equal(chain.fingerprint, fingerprint)) throw splitView('a genesis of another account');
      rows.push(chainRow(chain, next));
    }
    return { chain, rows };
  }

  #giveBack(fingerprint: Uint8Array, from: number): Promise<boolean> {
    return giveBackChain({ session: this.#session, heads: this.#heads }, fingerprint, { from });
  }

  /**
   * What new statements of the own account mean for this device: new user keys, and a passphrase that opens no more. A
   * device that they revoked gets nothing; who reads the chain sees to that.
   */
  async #adopt(chain: Chain, statements: readonly Envelope[]): Promise<readonly UserKey[]> {
    const { identity, care } = this.#session;
    if (!equal(chain.fingerprint, identity.fingerprint)) return [];
    const holder = { id: identity.deviceId, kem: identity.kem.secretKey };
    const opened = await openNewSeeds(this.#session, { chain, statements }, holder);
    const isPassphraseChanged = statements.some(({ signed }) => statement.parse(signed).type === 'passphrase.change');
    if (isPassphraseChanged) await care.forgetOfflineWrap();
    return opened.filter(({ generation }) => !identity.userKeys.some((known) => known.generation === generation));
  }

  /** Keeps statements that this device made itself, after the server took them. */
  remember(chain: Chain): void {
    this.#cache.set(hex(chain.fingerprint), chain);
  }

  #deviceNews(chain: Chain, from: number): SqlStatement[] {
    const { clock } = this.#session;
    if (from === 0) return [];
    const devices = [...chain.devices.values()];
    const entries: readonly KeyLogEntry[] = [
      ...devices
        .filter(({ addedAt }) => addedAt >= from)
        .map(({ name, kind }) => ({ event: 'device/added', who: chain.address, device: name, type: kind }) as const),
      ...devices
        .filter(({ revokedAt }) => revokedAt !== null && revokedAt >= from)
        .map(({ name }) => ({ event: 'device/revoked', who: chain.address, device: name }) as const),
    ];
    return entries.map((entry) => logKey(clock, entry));
  }
}

/** The row that keeps the newest statement of `chain`. */
export function chainRow(chain: Chain, newest: Envelope): SqlStatement {
  return {
    sql: 'INSERT OR IGNORE INTO chain (fingerprint, address, seq, envelope) VALUES (?, ?, ?, ?)',
    parameters: [chain.fingerprint, chain.address, chain.hashes.length - 1, envelope.encode(newest)],
  };
}

function absent(cause: unknown): null {
  if (cause instanceof Error && 'code' in cause && cause.code === 'not-found') return null;
  throw cause;
}

function ifRestored(cause: unknown): null {
  if (cause instanceof KeyboxPeerFault && cause.code === 'server-restored') return null;
  throw cause;
}

function restored(): KeyboxPeerFault {
  return new KeyboxPeerFault(
    'server-restored',
    'the server was restored from a backup and lacks statements known here',
  );
}

function shorter(): ProtocolPeerFault {
  return new ProtocolPeerFault('rollback', 'the server shows a shorter sigchain than it did; nothing here was lost');
}

function splitView(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('split-view', `sigchain: ${what}`);
}
