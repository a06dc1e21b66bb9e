import { Secret, sha256 } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { assert, describe, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../running.fixture.ts';
import { openTestStore } from '../store/store.fixture.ts';
import type { Store } from '../store/store.ts';
import { type SignInAttempt, SignInThrottle, type Verdict } from './throttle.ts';

const ALICE = 'alice@localhost' as Address;
const NOBODY = 'nobody@localhost' as Address;
const TOKEN = new Uint8Array(32).fill(7);
const START = Date.UTC(2026, 0, 5);

describe('delays by address and source', () => {
  test('three tries are free, then the wait doubles up to a quarter of an hour', async () => {
    const { attempt } = await setUp();
    const waits: number[] = [];
    for (let now = START; waits.length < 14; ) {
      const verdict = await attempt({}, now);
      if (verdict.kind === 'throttled') {
        waits.push(verdict.retryAfterSeconds);
        now += verdict.retryAfterSeconds * 1000;
      }
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900, 900]);
  });

  test('a refused try does not lengthen the wait', async () => {
    const { attempt, spendFree } = await setUp();
    await spendFree();
    for (const second of [0, 1, 2, 3, 4]) {
      assert.deepEqual(await attempt({}, START + second * 1000), { kind: 'throttled', retryAfterSeconds: 5 - second });
    }
    assert.strictEqual((await attempt({}, START + 5000)).kind, 'admitted');
  });

  test('parallel tries are booked before any of them is answered', async () => {
    const { attempt } = await setUp();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => attempt()));
    assert.strictEqual(verdicts.filter(({ kind }) => kind === 'admitted').length, 3);
  });

  test('another source and another address have counts of their own', async () => {
    const { attempt, spendFree } = await setUp();
    await spendFree();
    assert.strictEqual((await attempt({ source: '192.0.2.9' })).kind, 'admitted');
    assert.strictEqual((await attempt({ address: 'bob@localhost' as Address })).kind, 'admitted');
  });

  test('success starts afresh, and so does a day without tries', async () => {
    const { attempt, throttle, spendFree } = await setUp();
    const last = await spendFree();
    assert.strictEqual((await attempt()).kind, 'throttled');
    assert.ok(last.kind === 'admitted');
    await throttle.forgive(last.charge, START);
    await spendFree();
    assert.strictEqual((await attempt()).kind, 'throttled');
    assert.strictEqual((await attempt({}, START + 24 * 3600 * 1000)).kind, 'admitted');
  });

  test('a restart and a clock set back change nothing for those who wait, and lock nobody out', async () => {
    const first = await setUp();
    await first.spendFree();
    await first.store.close();
    const second = await setUp(first.folder);
    assert.strictEqual((await second.attempt()).kind, 'throttled');
    assert.strictEqual((await second.attempt({}, START - 365 * 24 * 3600 * 1000)).kind, 'admitted');
  });
});

describe('the budget of an address', () => {
  test('many sources lead to proof of work, which lets one try through once', async () => {
    const { attempt, throttle } = await setUp();
    for (let n = 0; n < 20; n++) assert.strictEqual((await attempt({ source: `198.51.100.${n}` })).kind, 'admitted');
    const fresh = { source: '203.0.113.5' };
    const asked = await attempt(fresh);
    assert.ok(asked.kind === 'proof-of-work-needed');
    const altcha = await solve(asked.challenge);
    assert.strictEqual((await attempt({ ...fresh, address: NOBODY, altcha })).kind, 'admitted');
    assert.strictEqual((await attempt({ ...fresh, altcha: `${altcha.slice(0, -8)}AAAAAAAA` })).kind, asked.kind);
    assert.strictEqual((await attempt({ ...fresh, altcha }, START + 11 * 60 * 1000 - 1)).kind, 'admitted');
    for (let n = 0; n < 20; n++) await attempt({ source: `198.51.101.${n}` });
    assert.strictEqual((await attempt({ ...fresh, altcha })).kind, 'admitted', 'good for its own address');
    assert.strictEqual((await attempt({ ...fresh, altcha })).kind, 'proof-of-work-needed', 'spent');
    assert.ok(throttle);
  });

  test('a solution is of no use for another address, or after ten minutes', async () => {
    const { attempt } = await setUp();
    const exhaust = async (address: Address, now: number) => {
      for (let n = 0; n < 25; n++) await attempt({ address, source: `198.51.100.${n}` }, now);
    };
    await exhaust(ALICE, START);
    const asked = await attempt({ source: 'x' });
    assert.ok(asked.kind === 'proof-of-work-needed');
    const altcha = await solve(asked.challenge);
    await exhaust(NOBODY, START);
    assert.strictEqual((await attempt({ address: NOBODY, source: 'x', altcha })).kind, 'proof-of-work-needed');
    const late = START + 10 * 60 * 1000;
    await exhaust(ALICE, late);
    assert.strictEqual((await attempt({ source: 'x', altcha }, late)).kind, 'proof-of-work-needed');
  });

  test.each(['', '!', 'AAAA', 'e30=', btoa('{"challenge":{"parameters":{"cost":1e9}},"solution":{}}'), btoa('null')])(
    'a solution that is none (%#) is no solution',
    async (altcha) => {
      const { attempt } = await setUp();
      for (let n = 0; n < 20; n++) await attempt({ source: `198.51.100.${n}` });
      assert.strictEqual((await attempt({ source: 'x', altcha })).kind, 'proof-of-work-needed');
    },
  );
});

describe('R5: locking somebody out by wrong tries', () => {
  const own = { source: 'home', exemption: TOKEN };

  test('attack from forty sources: an enrolled installation gets in', async () => {
    const { attempt, store } = await setUp();
    await enrol(store, ALICE, TOKEN);
    for (let n = 0; n < 40; n++) await attempt({ source: `198.51.100.${n}` });
    assert.strictEqual((await attempt({ source: 'elsewhere' })).kind, 'proof-of-work-needed');
    assert.strictEqual((await attempt(own)).kind, 'admitted');
  });

  test('attack from behind the same address of the network', async () => {
    const { attempt, store } = await setUp();
    await enrol(store, ALICE, TOKEN);
    for (let n = 0; n < 5; n++) await attempt({ source: 'home' });
    assert.strictEqual((await attempt({ source: 'home' })).kind, 'throttled');
    assert.strictEqual((await attempt(own)).kind, 'admitted');
  });

  test('control: it has a count of its own, and a token that is none gives nothing', async () => {
    const { attempt, store } = await setUp();
    await enrol(store, ALICE, TOKEN);
    for (let n = 0; n < 3; n++) assert.strictEqual((await attempt(own)).kind, 'admitted');
    assert.strictEqual((await attempt(own)).kind, 'throttled');
    for (let n = 0; n < 40; n++) await attempt({ source: `198.51.100.${n}` });
    const forged = { source: 'far', exemption: new Uint8Array(32) };
    assert.strictEqual((await attempt(forged)).kind, 'proof-of-work-needed');
  });
});

test('R4: an address without an account meets exactly what one with an account meets', async () => {
  const { attempt, store } = await setUp();
  await enrol(store, ALICE, TOKEN);
  const course = async (address: Address) => {
    const met: string[] = [];
    for (let n = 0; n < 60; n++) {
      const source = `198.51.100.${Math.floor(n / 2) % 7}`;
      const verdict = await attempt(
        { address, source, exemption: n % 5 === 0 ? sha256(TOKEN) : null },
        START + n * 4000,
      );
      met.push(verdict.kind === 'throttled' ? `${verdict.kind} ${verdict.retryAfterSeconds}` : verdict.kind);
    }
    return met;
  };
  const known = await course(ALICE);
  assert.deepEqual(await course(NOBODY), known);
  assert.deepEqual(
    new Set(known.map((kind) => kind.split(' ')[0])),
    new Set(['admitted', 'throttled', 'proof-of-work-needed']),
  );
});

test('the table holds neither addresses nor sources', async () => {
  const { attempt, store } = await setUp();
  await attempt();
  const rows = await store.read((database) => database.selectFrom('attempts').selectAll().execute());
  assert.strictEqual(rows.length, 2);
  for (const { subject } of rows) assert.strictEqual(subject.length, 32);
});

test('what says nothing any more is swept', async () => {
  const { attempt, throttle, store } = await setUp();
  await attempt();
  await throttle.sweep(START + 24 * 3600 * 1000 + 1);
  const rows = await store.read((database) => database.selectFrom('attempts').selectAll().execute());
  assert.deepEqual(rows, []);
});

interface SetUp {
  readonly folder: string;
  readonly store: Store;
  readonly throttle: SignInThrottle;
  attempt(changes?: Partial<SignInAttempt>, now?: number): Promise<Verdict>;
  spendFree(): Promise<Verdict>;
}

async function setUp(folder: string = temporaryFolder()): Promise<SetUp> {
  const store = await openTestStore(`${folder}/store.db`);
  onTestFinished(() => store.close());
  const throttle = new SignInThrottle(store, new Secret(new Uint8Array(32).fill(1)));
  const attempt: SetUp['attempt'] = (changes = {}, now = START) =>
    throttle.admit({ address: ALICE, source: '192.0.2.1', exemption: null, altcha: null, ...changes }, now);
  const spendFree = async () => {
    await attempt();
    await attempt();
    return attempt();
  };
  return { folder, store, throttle, attempt, spendFree };
}

async function enrol(store: Store, address: Address, token: Uint8Array): Promise<void> {
  const filler = new Uint8Array(32).fill(3);
  await store.transact(async (database) => {
    const account = await database
      .insertInto('accounts')
      .values({
        address,
        skeleton: address,
        suite: 1,
        role: 'user',
        record: filler,
        bundle: filler,
        sign_up: filler,
        registration: filler,
        step: 'complete',
        reserved_until: null,
        fingerprint: filler,
        chain_length: 1,
        room: null,
        next_room: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await database
      .insertInto('exemptions')
      .values({ account_id: account.id, token_hash: sha256(token) })
      .execute();
  });
}

async function solve(challengeText: string): Promise<string> {
  const challenge = JSON.parse(challengeText) as Challenge;
  const solution = await solveChallenge({ challenge, deriveKey });
  return btoa(JSON.stringify({ challenge, solution }));
}
