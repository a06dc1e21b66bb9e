import { hex } from '@sotto/bytes';
import { createSuites, type KeyPair, type Primitives, Secret, type Suites } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import type { Address, Chain } from '@sotto/protocol';
import { type AccountOptions, makeAccount, type TestAccount } from './accounts.ts';
import { seededRandom } from './random.ts';
import { createSuite as p384Suite } from './suites/p384.ts';

/** The suites, the clock, the cluster's head key and the accounts that a test's people share. */
export interface TestWorld {
  readonly primitives: Primitives;
  /** `classic`, `hybrid` and, as of a third party, `p384`. */
  readonly suites: Suites;
  readonly headKey: KeyPair;
  /** Milliseconds; each call is a second later. */
  now(): number;
  /** Makes an account with one keybox device. */
  account(address: string, options?: Partial<AccountOptions>): Promise<TestAccount>;
  /** Takes the newer state of an account that `addDevice` or `setBundle` returned. */
  learn(account: TestAccount): void;
  chain(fingerprint: Uint8Array): Chain | null;
  byFingerprint(fingerprint: Uint8Array): TestAccount;
}

export interface WorldOptions {
  /** The head key of a cluster that the test has; its own otherwise. */
  readonly headKey?: Secret;
}

/** A world whose random bytes follow from `seed`; ML-DSA, ML-KEM and RSA stay random (see `nodePrimitives`). */
export async function makeWorld(seed = 'world', options: WorldOptions = {}): Promise<TestWorld> {
  const primitives = nodePrimitives({ randomBytes: seededRandom(seed) });
  const suites = createSuites(primitives, [p384Suite]);
  const headSeed = options.headKey ?? new Secret(primitives.randomBytes(32));
  const accounts = new Map<string, TestAccount>();
  let clock = START_MILLISECONDS;
  const world: TestWorld = {
    primitives,
    suites,
    headKey: { secretKey: headSeed, publicKey: await primitives.ed25519.publicKey(headSeed) },
    now: () => (clock += 1000),
    async account(address, options = {}) {
      const account = await makeAccount(world, { suite: 'hybrid', ...options, address: address as Address });
      world.learn(account);
      return account;
    },
    learn: (account) => void accounts.set(hex(account.chain.fingerprint), account),
    chain: (fingerprint) => accounts.get(hex(fingerprint))?.chain ?? null,
    byFingerprint: (fingerprint) => accounts.get(hex(fingerprint)) as TestAccount,
  };
  return world;
}

const START_MILLISECONDS = Date.UTC(2026, 0, 5, 8);
