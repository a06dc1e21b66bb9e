import { concat, utf8 } from '@sotto/bytes';
import { hmacSha256, type Secret, sha256 } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import { isExempt } from '../accounts/credentials.ts';
import type { Database, Store } from '../store/store.ts';
import { chargeBudget, countAttempt, creditBudget, delaySeconds, isBudgetSpent } from './attempt.ts';
import { deleteCount, readCount, sweepCounts, writeCount } from './attempts.ts';
import { type ProofOfWork, ProofOfWorkTier } from './proof-of-work.ts';

/** One try to sign in by passphrase. */
export interface SignInAttempt {
  /** As the client wrote it, whether it exists or not. */
  readonly address: Address;
  readonly source: string;
  readonly exemption: Uint8Array | null;
  /** ALTCHA's solution. */
  readonly altcha: string | null;
}

export type Verdict =
  | { readonly kind: 'admitted'; readonly charge: Charge }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }
  | { readonly kind: 'proof-of-work-needed'; readonly challenge: string };

/** What an admitted attempt was booked on; success takes it back. */
export interface Charge {
  readonly pair: Uint8Array;
  /** Null for an installation that is exempt from what others do. */
  readonly budget: Uint8Array | null;
}

/**
 * Slows down whoever guesses passphrases, and locks nobody out: three tries are free, then each source waits longer
 * and longer for each address; an address that many sources try asks for proof of work; an enrolled installation has
 * a count of its own. An address without an account is counted like any other. Attempts are booked before the
 * passphrase is checked, so that parallel ones gain nothing.
 */
export class SignInThrottle {
  readonly #store: Store;
  readonly #key: Secret;
  readonly #proofOfWork: ProofOfWorkTier;

  /** `key`: 32 bytes that outlive restarts. */
  constructor(store: Store, key: Secret) {
    this.#store = store;
    this.#key = key;
    this.#proofOfWork = new ProofOfWorkTier(key);
  }

  async admit(attempt: SignInAttempt, now: number): Promise<Verdict> {
    const { address, altcha } = attempt;
    const proof = altcha === null ? null : await this.#proofOfWork.verify(altcha, address, now);
    const charge = await this.#chargeOf(attempt);
    const booked = await this.#store.transact((database) => this.#book(database, { charge, proof, now }));
    if (booked !== 'proof-of-work-needed') return booked;
    return { kind: 'proof-of-work-needed', challenge: await this.#proofOfWork.challenge(address, now) };
  }

  /** The passphrase was right: this source starts afresh. */
  async forgive({ pair, budget }: Charge, now: number): Promise<void> {
    await this.#store.transact(async (database) => {
      const attempts = (await readCount(database, pair))?.count ?? 0;
      await deleteCount(database, pair);
      if (budget === null) return;
      await writeCount(database, budget, creditBudget(await readCount(database, budget), attempts, now));
    });
  }

  async sweep(now: number): Promise<void> {
    await this.#store.transact((database) => sweepCounts(database, now));
  }

  async #book(database: Database, { charge, proof, now }: Booking): Promise<Verdict | 'proof-of-work-needed'> {
    const last = await readCount(database, charge.pair);
    const retryAfterSeconds = delaySeconds(last, now);
    if (retryAfterSeconds > 0) return { kind: 'throttled', retryAfterSeconds };
    if (charge.budget !== null) {
      const spent = await readCount(database, charge.budget);
      if (isBudgetSpent(spent, now) && !(await this.#spend(database, proof, now))) return 'proof-of-work-needed';
      await writeCount(database, charge.budget, chargeBudget(spent, now));
    }
    await writeCount(database, charge.pair, countAttempt(last, now));
    return { kind: 'admitted', charge };
  }

  /** The same queries are made for an address that has no account. */
  async #chargeOf({ address, source, exemption }: SignInAttempt): Promise<Charge> {
    const token = exemption ?? new Uint8Array(32);
    if (await isExempt(this.#store, address, token)) {
      return { pair: this.#subject('installation', utf8(address), sha256(token)), budget: null };
    }
    return {
      pair: this.#subject('pair', utf8(address), utf8(source)),
      budget: this.#subject('account', utf8(address)),
    };
  }

  /** False for no proof, and for one that was spent before. */
  async #spend(database: Database, proof: ProofOfWork | null, now: number): Promise<boolean> {
    if (proof === null) return false;
    const subject = this.#subject('spent', proof.id);
    if ((await readCount(database, subject)) !== null) return false;
    await writeCount(database, subject, { count: 1, at: now });
    return true;
  }

  #subject(kind: string, ...parts: readonly Uint8Array[]): Uint8Array {
    const hashes = [utf8(kind), ...parts].map((part) => sha256(part));
    return this.#key.use((key) => hmacSha256(key, concat(...hashes)));
  }
}

interface Booking {
  readonly charge: Charge;
  readonly proof: ProofOfWork | null;
  readonly now: number;
}
