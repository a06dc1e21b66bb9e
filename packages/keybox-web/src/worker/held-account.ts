import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { KeyBox, type OpenSession, Upkeep, type VaultStorage } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import type { Connection } from '../vault.ts';
import type { Inheritance } from '../wire/channels.ts';

export interface HeldAccountInput {
  readonly session: OpenSession;
  readonly storage: VaultStorage;
  /** Whether nothing of it is stored. */
  readonly temporary: boolean;
  /** Something that a screen may show is other than it was. */
  readonly notice: () => void;
}

/** The account that is open: its keys, its connection, and how far it is up to date. */
export class HeldAccount {
  readonly session: OpenSession;
  readonly storage: VaultStorage;
  readonly temporary: boolean;
  readonly box: KeyBox;
  readonly upkeep: Upkeep;
  /** The browser has deleted what was stored: nothing can be read or written any more. */
  isGone = false;
  readonly #ended = new AbortController();
  #offlineSince: number | null = null;
  #mark = '';

  constructor({ session, storage, temporary, notice }: HeldAccountInput) {
    this.session = session;
    this.storage = storage;
    this.temporary = temporary;
    this.box = new KeyBox(session);
    this.upkeep = new Upkeep(this.box, session);
    this.upkeep.onNotice(notice);
    // A network that comes back is not waited for.
    addEventListener('online', () => void this.upkeep.freshen('needed'), { signal: this.#ended.signal });
  }

  get address(): Address {
    return this.box.address;
  }

  get isClosed(): boolean {
    return this.#ended.signal.aborted;
  }

  async connection(): Promise<Connection> {
    const { freshness } = this.upkeep;
    if (this.isGone) {
      const { lastSync: lastSyncAt } = this.upkeep.status();
      return { online: false, lastSyncAt, offlineSince: null, unsent: 0, refused: null, faults: [] };
    }
    // No way to the server is no refusal.
    const isAway = AWAY.has(freshness?.refused?.code ?? '');
    const isOffline = freshness !== null && !freshness.online;
    this.#offlineSince = isOffline ? (this.#offlineSince ?? this.session.clock.now()) : null;
    return {
      online: freshness?.online === true,
      lastSyncAt: this.upkeep.status().lastSync,
      offlineSince: this.#offlineSince,
      unsent: (await this.box.listOutbox()).filter(({ kind }) => SAID.has(kind)).length,
      refused: isAway ? null : (freshness?.refused?.code ?? null),
      faults: [...new Set(freshness?.faults.map(({ code }) => code))],
    };
  }

  /** What another worker goes on with. */
  inheritance(): Inheritance {
    using secret = this.session.vaultSecret();
    return { address: this.address, vaultSecret: secret.unsafeExpose('handed to the next worker of this browser') };
  }

  /** Whether what opens the vault is another than when this was asked last. */
  hasNewSecret(): boolean {
    using secret = this.session.vaultSecret();
    const mark = hex(secret.use((bytes) => sha256(bytes)));
    const isNew = mark !== this.#mark;
    this.#mark = mark;
    return isNew;
  }

  /** Ends the connection, wipes the keys, closes the vault. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.#ended.abort();
    await this.upkeep.close();
    await this.session.close();
  }
}

const AWAY: ReadonlySet<string> = new Set(['unreachable', 'channel-broken']);

/** What people know that they sent; receipts, drafts and notes to the own devices go by themselves. */
const SAID: ReadonlySet<string> = new Set(['message', 'edit', 'delete', 'reaction', 'file', 'room']);
