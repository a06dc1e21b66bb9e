import { opaque, passphraseBytes } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import { assert, test } from 'vitest';
import { credentialsOf } from '../accounts/credentials.ts';
import { TestHome } from '../home.fixture.ts';

/**
 * Only where SOTTO_TIMING=1 asks for it, on a machine that does nothing else: times of a busy one say nothing. What is
 * the same without a clock (queries, uses of keys, sizes, delays) is compared by tests that always run.
 */
test.runIf(process.env['SOTTO_TIMING'] === '1')(
  'the time of an answer does not tell whether the account exists (Kolmogorov-Smirnov, p > 0.01)',
  { timeout: 600_000 },
  async () => {
    const home = await TestHome.open('timing');
    const { account } = await home.signUp('nora');
    const unknown = 'nobo@example.org' as Address;
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      // Which comes first changes, so that neither always meets the other's garbage.
      const order = round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const kind of order) {
        const took = await timed(home, kind === 'known' ? account.address : unknown);
        if (round >= 0) times[kind].push(took);
      }
    }
    await home.close();
    const p = sameDistribution(times.known, times.unknown);
    console.log(`p = ${p.toFixed(4)} over ${ROUNDS} tries each`);
    assert.isAbove(p, 0.01);
  },
);

async function timed({ store, cluster, world }: TestHome, address: Address): Promise<number> {
  using words = passphraseBytes('a passphrase that is wrong');
  const { state, ke1 } = opaque.loginStart(world.primitives, words);
  state[Symbol.dispose]();
  const begun = performance.now();
  const found = await credentialsOf(store, address, START);
  const binding = opaque.opaqueBinding(address, cluster.domain);
  const record = found?.record ?? null;
  opaque.loginRespond(world.primitives, cluster.opaque, { ke1, record, binding });
  return performance.now() - begun;
}

/** The two-sample Kolmogorov-Smirnov test: how likely two samples of one distribution differ as much. */
function sameDistribution(left: readonly number[], right: readonly number[]): number {
  const all = [...left, ...right];
  const share = (sample: readonly number[], limit: number) =>
    sample.filter((each) => each <= limit).length / sample.length;
  const distance = Math.max(...all.map((limit) => Math.abs(share(left, limit) - share(right, limit))));
  const size = Math.sqrt((left.length * right.length) / (left.length + right.length));
  const lambda = (size + 0.12 + 0.11 / size) * distance;
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, p));
}

const ROUNDS = 1000;
const WARM_UP = 100;
const START = Date.UTC(2026, 0, 5, 8);
