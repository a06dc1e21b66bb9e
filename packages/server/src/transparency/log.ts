import { deriveKey, type Primitives, type Secret } from '@sotto/crypto';
import { signCheckpoint } from '@sotto/transparency';
import { notFound } from '../accounts/accounts.ts';
import type { Cluster } from '../cluster.ts';
import { isUnavailable, type Store } from '../store/store.ts';
import { beginLog, logSize, MAX_EPOCH_CHAINS, makeEpoch } from './epoch.ts';
import { logRoot } from './proofs.ts';

interface LogOptions {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly primitives: Primitives;
  /** Between one epoch and the next. */
  readonly epochMilliseconds: number;
  now(): number;
}

/** The log of all sigchain heads; docs/spec/transparency.md. */
export class TransparencyLog {
  readonly #options: LogOptions;
  readonly vrfKey: Secret;
  /** One at a time. */
  #turn: Promise<void> = Promise.resolve();
  #isBegun = false;
  #newestAt = Number.NEGATIVE_INFINITY;
  #signed: { readonly size: number; readonly note: Promise<Uint8Array> } | null = null;

  constructor(options: LogOptions) {
    this.#options = options;
    this.vrfKey = deriveKey(options.cluster.headKey, 'sotto/transparency/vrf/v1');
  }

  /** Makes the epochs that are due: of chains that have grown, if the last is old enough. */
  advance(): Promise<void> {
    const turn = this.#turn.then(() => this.#makeEpochs());
    // Who waits for this turn meets its failure; the next one is not to.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The same in the background, where a database that is out of reach for a moment is nobody's concern. */
  async advanceIfAvailable(): Promise<void> {
    try {
      await this.advance();
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
    }
  }

  /** Size and checkpoint of the log as it is. Throws `not-found` for one without epochs. */
  async checkpoint(): Promise<{ readonly size: number; readonly note: Uint8Array }> {
    const { store } = this.#options;
    const size = await store.read(logSize);
    if (size === 0) throw notFound();
    if (this.#signed?.size !== size) this.#signed = { size, note: this.#sign(size) };
    return { size, note: await this.#signed.note };
  }

  async #makeEpochs(): Promise<void> {
    const { store, cluster, now, epochMilliseconds } = this.#options;
    // A clock that was set back delays nothing for long.
    if (Math.abs(now() - this.#newestAt) < epochMilliseconds) return;
    if (!this.#isBegun) await store.transact((database) => beginLog(database, cluster.incarnation));
    this.#isBegun = true;
    for (let isMore = true; isMore; ) {
      const chains = await makeEpoch(store, this.vrfKey, now);
      if (chains > 0) this.#newestAt = now();
      isMore = chains === MAX_EPOCH_CHAINS;
    }
  }

  async #sign(size: number): Promise<Uint8Array> {
    const { store, cluster, primitives } = this.#options;
    const { domain, incarnation, headKey } = cluster;
    const root = await store.read((database) => logRoot(database, size));
    return signCheckpoint(primitives, headKey, { domain, incarnation, size, root });
  }
}
