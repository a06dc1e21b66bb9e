import { Fault, hex } from '@sotto/bytes';
import { type Address, MAX_LOG_ADDRESSES } from '@sotto/protocol';
import { type Checkpoint, originOf } from '@sotto/transparency';
import type { Chains } from '../chains.ts';
import type { Contacts } from '../contacts.ts';
import { KeyboxUsageFault } from '../fault.ts';
import { logKeyOnce } from '../key-log.ts';
import type { Turns } from '../turns.ts';
import { LogEntries, type LoggedAccount } from './entries.ts';
import { logAgrees } from './evidence.ts';
import { type FollowedLog, followServer, knownLog, type LogReader } from './follow.ts';
import { compareHeard } from './gossip.ts';
import { type LogState, readEntry, readHeard } from './store.ts';

/** A checkpoint of the home server's log of all sigchain heads, for comparing by another way. */
export interface CheckpointView {
  /** Name of the log. */
  readonly origin: string;
  /** Number of epochs. */
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
}

/** What this device knows of the log. */
export interface TransparencyView extends CheckpointView {
  /** When the server showed it last, milliseconds. */
  readonly seenAt: number;
  /** Epochs in which the own entry was checked, or that came before this device. */
  readonly checked: number;
  /** What the log says of the own account. */
  readonly own: LogState;
  /** Whose checkpoints were compared with this log, and when. */
  readonly compared: readonly { readonly who: string; readonly size: number; readonly at: number | null }[];
}

/** What the log says of somebody. */
export interface LoggedView extends CheckpointView {
  readonly address: Address;
  readonly state: LogState;
  /** Statements of the sigchain that are in the log. */
  readonly statements: number;
}

/** Follows the home server's transparency log; docs/spec/transparency.md. */
export class Transparency {
  readonly #reader: LogReader & { readonly chains: Chains };
  readonly #entries: LogEntries;
  readonly #contacts: Contacts;
  readonly #turns: Turns;

  constructor(
    reader: LogReader & { readonly chains: Chains },
    { contacts, turns }: { readonly contacts: Contacts; readonly turns: Turns },
  ) {
    this.#reader = reader;
    this.#entries = new LogEntries(reader.session, reader.chains);
    this.#contacts = contacts;
    this.#turns = turns;
  }

  /** The log as this device followed it last; asks nobody. Throws `not-found` before the first time. */
  async show(): Promise<TransparencyView> {
    const known = await knownLog(this.#reader);
    if (known === null) throw new KeyboxUsageFault('not-found', 'the transparency log was not read yet');
    const { keys, identity } = this.#reader.session;
    const { seenAt, checked } = known.kept;
    const heard = await readHeard(keys);
    return {
      ...checkpointView(known.checkpoint),
      seenAt,
      checked,
      own: (await readEntry(keys, identity.fingerprint))?.state ?? 'absent',
      compared: heard.map(({ who, size, comparedAt }) => ({ who, size, at: comparedAt })),
    };
  }

  /** Looks up a contact, or the own account, in the newest epoch. Throws what `follow` throws, `not-found` for others. */
  async check(address: Address): Promise<LoggedView> {
    return this.#turns.run(async () => {
      const { keys } = this.#reader.session;
      const account = await this.#account(address);
      const log = await followServer(this.#reader);
      await this.#entries.check(log, [account]);
      const entry = await readEntry(keys, account.fingerprint);
      const { state = 'absent', length: statements = 0 } = entry ?? {};
      return { ...checkpointView(log.checkpoint), address, state, statements };
    });
  }

  /**
   * Follows the log, checks the own entry in every epoch and contacts' where it is due, and compares with what others
   * saw. Throws what concerns the whole account: `rollback`, `split-view`; returns what is refused and stops nothing.
   */
  async follow(): Promise<readonly Fault[]> {
    const { keys, clock } = this.#reader.session;
    try {
      const log = await followServer(this.#reader);
      const faults = [...(await this.#entries.checkOwn(log)), ...(await this.#checkContacts(log))];
      await compareHeard(this.#reader, log.checkpoint);
      await keys.apply([logAgrees()]);
      return faults;
    } catch (cause) {
      if (!(cause instanceof Fault) || !REFUSED.has(cause.code)) throw cause;
      await keys.apply([logKeyOnce(clock, { event: 'log/refused', reason: cause.message }, cause)]);
      return [cause];
    }
  }

  async #checkContacts(log: FollowedLog): Promise<readonly Fault[]> {
    const due = await this.#due(log);
    const faults: Fault[] = [];
    for (let i = 0; i < due.length; i += MAX_LOG_ADDRESSES) {
      // What the first found out of the log is known to the next.
      const known = (await knownLog(this.#reader)) ?? log;
      faults.push(...(await this.#entries.check(known, due.slice(i, i + MAX_LOG_ADDRESSES))));
    }
    return faults;
  }

  /** Contacts whose entry was never seen, is behind what their chain is, or was looked up a day ago. */
  async #due({ checkpoint }: FollowedLog): Promise<readonly LoggedAccount[]> {
    const { keys, clock } = this.#reader.session;
    const due: LoggedAccount[] = [];
    for (const { address, fingerprint, state } of await this.#contacts.list()) {
      if (state !== 'mutual' || fingerprint === null) continue;
      const kept = await readEntry(keys, fingerprint);
      const isSame = kept?.incarnation === checkpoint.incarnation;
      const length = isSame ? await this.#chainLength(fingerprint) : 0;
      const isOld = !isSame || Math.abs(clock.now() - kept.at) >= DAY;
      const isBehind = isSame && kept.size < checkpoint.size && (kept.state !== 'current' || kept.length !== length);
      if (isOld || isBehind) due.push({ address, fingerprint });
    }
    return due.slice(0, MAX_DUE);
  }

  async #chainLength(fingerprint: Uint8Array): Promise<number> {
    return (await this.#reader.chains.known(fingerprint))?.hashes.length ?? 0;
  }

  async #account(address: Address): Promise<LoggedAccount> {
    const { identity } = this.#reader.session;
    if (address === identity.address) return identity;
    const contact = await this.#contacts.find(address);
    if (contact?.fingerprint == null || contact.state === 'requested') {
      throw new KeyboxUsageFault('not-found', `${address} has no keys here to look up`);
    }
    return { address, fingerprint: contact.fingerprint };
  }
}

function checkpointView(checkpoint: Checkpoint): CheckpointView {
  return { origin: originOf(checkpoint), size: checkpoint.size, root: hex(checkpoint.root) };
}

/** What the server answers wrongly, and proves nothing against it. */
const REFUSED: ReadonlySet<string> = new Set([
  'log-withheld',
  'proof-invalid',
  'bad-signature',
  'key-malformed',
  'epoch-malformed',
  'checkpoint-malformed',
  'checkpoint-invalid',
  'answer-malformed',
]);
const DAY = 24 * 3600 * 1000;
/** Contacts of one round: the others follow with the next. */
const MAX_DUE = 64;
