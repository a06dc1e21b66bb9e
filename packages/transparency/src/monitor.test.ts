import { sha256 } from '@sotto/crypto';
import { codeOf, makeWorld } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { type Checkpoint, parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { appendLeaves, consistencyProof } from './log.fixture.ts';
import { checkGrowth, compareCheckpoints, followLog, judgeEntry } from './monitor.ts';

const { primitives, headKey } = await makeWorld('monitor');
const hashes = Array.from({ length: 6 }, (_, i) => sha256(Uint8Array.of(i)));
const account = sha256(Uint8Array.of(100));

describe('who follows a log', () => {
  test('takes what it grew into, with proof, and the log of a higher incarnation', async () => {
    const [old, grown] = [logOf(5), logOf(9)];
    const known = await checkpoint(old);
    followLog(known, await checkpoint(grown), consistencyProof(grown, 5));
    followLog(known, known, []);
    followLog(known, await checkpoint(logOf(1, 7), 2), []);
  });

  test('refuses a smaller one and one of an earlier incarnation as a rollback', async () => {
    const known = await checkpoint(logOf(5), 2);
    assert.strictEqual(await codeOf(async () => followLog(known, await checkpoint(logOf(4), 2), [])), 'rollback');
    assert.strictEqual(await codeOf(async () => followLog(known, await checkpoint(logOf(9), 1), [])), 'rollback');
  });

  test('refuses another past as a split view, at the same size and at any other', async () => {
    const known = await checkpoint(logOf(5));
    const [same, longer] = [logOf(5, 1), logOf(9, 1)];
    assert.strictEqual(await codeOf(async () => followLog(known, await checkpoint(same), [])), 'split-view');
    const proof = consistencyProof(longer, 5);
    assert.strictEqual(await codeOf(async () => followLog(known, await checkpoint(longer), proof)), 'split-view');
    assert.strictEqual(await codeOf(async () => followLog(known, await checkpoint(logOf(9)), [])), 'split-view');
  });

  test('compares two checkpoints whichever is the larger', async () => {
    const [small, large] = [await checkpoint(logOf(5)), await checkpoint(logOf(9))];
    const proof = consistencyProof(logOf(9), 5);
    compareCheckpoints(small, large, proof);
    compareCheckpoints(large, small, proof);
    const forked = await checkpoint(logOf(5, 1));
    assert.strictEqual(await codeOf(() => compareCheckpoints(large, forked, proof)), 'split-view');
  });
});

describe('an entry of the log', () => {
  const chain = { account, length: 4, hashAt: (length: number) => hashes[length - 1] ?? null };
  const entry = (length: number, change: object = {}) => ({
    account,
    length,
    hash: hashes[length - 1] as Uint8Array,
    ...change,
  });

  test('is current, behind, ahead or absent', () => {
    assert.strictEqual(judgeEntry(entry(4), chain), 'current');
    assert.strictEqual(judgeEntry(entry(2), chain), 'behind');
    assert.strictEqual(judgeEntry(entry(5), chain), 'ahead');
    assert.strictEqual(judgeEntry(null, chain), 'absent');
  });

  test('of another account or another past is a split view', async () => {
    const other = { account: sha256() };
    for (const length of [2, 4, 5]) {
      assert.strictEqual(await codeOf(() => judgeEntry(entry(length, other), chain)), 'split-view');
    }
    for (const length of [2, 4]) {
      assert.strictEqual(await codeOf(() => judgeEntry(entry(length, { hash: sha256() }), chain)), 'split-view');
    }
    assert.strictEqual(await codeOf(() => judgeEntry(entry(2), { ...chain, hashAt: () => null })), 'split-view');
  });

  test('never goes back', async () => {
    checkGrowth(null, null);
    checkGrowth(null, entry(1));
    checkGrowth(entry(2), entry(2));
    checkGrowth(entry(2), entry(5));
    assert.strictEqual(await codeOf(() => checkGrowth(entry(2), entry(1))), 'rollback');
    assert.strictEqual(await codeOf(() => checkGrowth(entry(2), null)), 'rollback');
  });
});

/** A log of so many epochs, of which one may be another than elsewhere. */
function logOf(size: number, changed = -1) {
  return appendLeaves(Array.from({ length: size }, (_, i) => Uint8Array.of(i === changed ? 200 : i)));
}

async function checkpoint(log: ReturnType<typeof logOf>, incarnation = 1): Promise<Checkpoint> {
  const fields = { domain: 'example.org', incarnation, size: log.size, root: log.root() };
  const read = parseCheckpoint(await signCheckpoint(primitives, headKey.secretKey, fields));
  return verifyCheckpoint(primitives, [headKey.publicKey], { checkpoint: read, domain: 'example.org' });
}
