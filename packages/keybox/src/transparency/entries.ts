import { Fault } from '@sotto/bytes';
import { type Address, type Chain, MAX_LOG_PROOFS, ProtocolPeerFault } from '@sotto/protocol';
import { type Checkpoint, checkGrowth, type EntryState, judgeEntry, type MapEntry } from '@sotto/transparency';
import type { Chains } from '../chains.ts';
import { KeyboxPeerFault } from '../fault.ts';
import { logKeyOnce } from '../key-log.ts';
import type { Session } from '../session.ts';
import { logContradicted } from './evidence.ts';
import type { FollowedLog } from './follow.ts';
import { type Shown, showEntries } from './show.ts';
import { type LogState, readEntry, writeCheckpoint, writeEntry } from './store.ts';

/** An account whose entry is looked up. */
export interface LoggedAccount {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
}

/** Looks up what the log says of people, and compares it with what they signed themselves. */
export class LogEntries {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  /**
   * Checks the own entry in every epoch since the last that was checked, a few hundred at a time and the newest always.
   * Throws the faults of `showEntries`, and `rollback` or `split-view` for an entry that contradicts the own chain.
   */
  async checkOwn({ checkpoint, kept }: FollowedLog): Promise<readonly Fault[]> {
    const own = this.#session.identity;
    const faults: Fault[] = [];
    let known = kept;
    for (let pages = 0; known.checked < checkpoint.size && pages < MAX_PAGES; pages++) {
      const to = Math.min(checkpoint.size, known.checked + MAX_LOG_PROOFS);
      const question = { checkpoint, from: known.checked, to, addresses: [own.address], vrf: known.vrf };
      const shown = await showEntries(this.#session, question);
      faults.push(...(await this.#judge(checkpoint, own, { shown, place: 0, isNewest: to === checkpoint.size })));
      known = { ...known, vrf: shown.vrf, checked: to };
      await this.#session.keys.apply([writeCheckpoint(known)]);
    }
    return known.checked < checkpoint.size ? this.check({ checkpoint, kept: known }, [own]) : faults;
  }

  /** Checks what the newest epoch says of up to 16 accounts. Throws like `checkOwn`. */
  async check({ checkpoint, kept }: FollowedLog, accounts: readonly LoggedAccount[]): Promise<readonly Fault[]> {
    const addresses = accounts.map(({ address }) => address);
    const { size } = checkpoint;
    const shown = await showEntries(this.#session, { checkpoint, from: size - 1, to: size, addresses, vrf: kept.vrf });
    if (kept.vrf === null) await this.#session.keys.apply([writeCheckpoint({ ...kept, vrf: shown.vrf })]);
    const faults: Fault[] = [];
    for (const [place, account] of accounts.entries()) {
      faults.push(...(await this.#judge(checkpoint, account, { shown, place, isNewest: true })));
    }
    return faults;
  }

  /** Compares what epochs say of an account with its chain, and keeps what the newest of them says. */
  async #judge(checkpoint: Checkpoint, account: LoggedAccount, { shown, place, isNewest }: Judged): Promise<Fault[]> {
    const { keys, clock } = this.#session;
    const kept = await readEntry(keys, account.fingerprint);
    const before = kept?.incarnation === checkpoint.incarnation ? kept : null;
    const entries = shown.entries[place] ?? null;
    const state = await this.#compare(account, entries, before?.length ?? 0).catch((cause) =>
      this.#refuse(account, { cause, checkpoint, shown }),
    );
    if (!isNewest) return [];
    const { incarnation, size } = checkpoint;
    const now = clock.now();
    const isPending = state === 'behind' || state === 'absent';
    const pendingSince = isPending ? (before?.pendingSince ?? now) : null;
    const length = entries?.at(-1)?.length ?? before?.length ?? 0;
    await keys.apply([writeEntry(account.fingerprint, { incarnation, size, state, length, at: now, pendingSince })]);
    return pendingSince !== null && now - pendingSince >= MAX_PENDING ? [await this.#missing(account)] : [];
  }

  async #compare(
    { address, fingerprint }: LoggedAccount,
    entries: readonly (MapEntry | null)[] | null,
    least: number,
  ): Promise<LogState> {
    if (entries === null) return 'unseen';
    let chain = await this.#chains.reaching(fingerprint, { address, length: 1 });
    let state: EntryState = 'absent';
    let earlier: MapEntry | null = null;
    for (const entry of entries) {
      checkGrowth(earlier, entry);
      state = judgeEntry(entry, knownChain(fingerprint, chain));
      if (state === 'ahead') {
        chain = await this.#chains.refresh(fingerprint, address);
        state = judgeEntry(entry, knownChain(fingerprint, chain));
      }
      if (state === 'ahead') throw contradiction('split-view', 'it has statements that the server does not give');
      earlier = entry;
    }
    if ((earlier?.length ?? 0) < least) throw contradiction('rollback', 'it had more of them before');
    return state as LogState;
  }

  async #refuse(
    { address, fingerprint }: LoggedAccount,
    { cause, checkpoint, shown }: { readonly cause: unknown; readonly checkpoint: Checkpoint; readonly shown: Shown },
  ): Promise<never> {
    if (!(cause instanceof Fault) || (cause.code !== 'rollback' && cause.code !== 'split-view')) throw cause;
    const { code } = cause;
    // It is due with the next round, until the log says what the account signed.
    await this.#session.keys.apply([
      { sql: 'UPDATE log_entry SET at = 0 WHERE account = ?', parameters: [fingerprint] },
    ]);
    const text = `the transparency log of ${checkpoint.size} epochs contradicts the keys of ${address}: ${cause.message}`;
    const told = { who: address, size: checkpoint.size, reason: cause.message };
    const entry = { event: 'log/contradicts-keys', ...told } as const;
    return logContradicted(this.#session, { code, text, entry, evidence: shown.evidence, cause });
  }

  /** Once for each account: it is told again only if it was well in between. */
  async #missing({ address }: LoggedAccount): Promise<Fault> {
    const { keys, clock } = this.#session;
    const text = `the transparency log has not had the newest keys of ${address} for more than a day`;
    const cause = new KeyboxPeerFault('log-withheld', text);
    await keys.apply([logKeyOnce(clock, { event: 'log/late', who: address }, cause)]);
    return cause;
  }
}

interface Judged {
  readonly shown: Shown;
  /** Of the account among the addresses that were asked for. */
  readonly place: number;
  readonly isNewest: boolean;
}

function contradiction(code: 'rollback' | 'split-view', what: string): ProtocolPeerFault {
  return new ProtocolPeerFault(code, what);
}

function knownChain(account: Uint8Array, chain: Chain | null) {
  const hashes = chain?.hashes ?? [];
  return { account, length: hashes.length, hashAt: (length: number) => hashes[length - 1] ?? null };
}

/** Requests of one round. */
const MAX_PAGES = 8;
/** How long the log may take to have what a chain has. */
const MAX_PENDING = 24 * 3600 * 1000;
