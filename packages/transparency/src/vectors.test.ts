import { encodeCbor, hex, parseHex, utf8 } from '@sotto/bytes';
import { nodePrimitives } from '@sotto/crypto/node';
import { codeOf, vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { entryHash, verifyEntry, verifyEpoch, verifyPlacement } from './entry.ts';
import { encodeEpoch, parseEpoch } from './epoch.ts';
import { leafHash, verifyConsistency } from './merkle-log.ts';
import { transparencyVectors } from './vectors.fixture.ts';

const vectors = await vectorFile('transparency.json', transparencyVectors);
const checkpoint = await openCheckpoint(vectors.checkpoint.note);

describe('transparency.json', () => {
  test('the checkpoint', () => {
    const { domain, incarnation, size, root } = checkpoint;
    const { note: _, ...fields } = vectors.checkpoint;
    assert.deepEqual({ domain, incarnation, size, root: hex(root) }, fields);
  });

  test('the epochs and their way into the log', async () => {
    for (const [i, { encoded, leaf, vrf, map, at }] of vectors.epochs.entries()) {
      assert.strictEqual(hex(encodeEpoch({ vrf: parseHex(vrf), map: parseHex(map), at })), encoded);
      assert.strictEqual(hex(leafHash(parseHex(encoded))), leaf);
      const path = (vectors.inclusion[i]?.path ?? []).map(parseHex);
      const epoch = verifyEpoch(checkpoint, i, { epoch: parseHex(encoded), path });
      assert.deepEqual({ vrf: hex(epoch.vrf), map: hex(epoch.map), at: epoch.at }, { vrf, map, at });
      const other = (i + 1) % vectors.epochs.length;
      const code = await codeOf(() => verifyEpoch(checkpoint, other, { epoch: parseHex(encoded), path }));
      assert.strictEqual(code, 'proof-invalid');
    }
  });

  test('the growth of the log', () => {
    for (const { from, root, proof } of vectors.consistency) {
      verifyConsistency({ size: from, root: parseHex(root) }, checkpoint, proof.map(parseHex));
    }
  });

  test('what the last epoch says of every address, and of one that is not there', async () => {
    const epoch = parseEpoch(parseHex(vectors.epochs.at(-1)?.encoded ?? ''));
    let found = 0;
    for (const { address, input, proof, index, siblings, leaf } of vectors.placements) {
      assert.strictEqual(hex(utf8(address)), input);
      assert.strictEqual(hex(verifyPlacement(parseHex(vectors.vrfPublicKey), address, parseHex(proof))), index);
      const shown = {
        siblings: siblings.map(parseHex),
        leaf: leaf === null ? null : { index: parseHex(leaf.index), value: parseHex(leaf.value) },
        entry: entryOf(address),
      };
      const about = { address, index: parseHex(index) };
      assert.deepEqual(verifyEntry(epoch, about, shown), shown.entry);
      if (shown.entry === null) continue;
      found++;
      for (const entry of [null, { ...shown.entry, length: 77 }, { ...shown.entry, account: new Uint8Array(32) }]) {
        assert.strictEqual(await codeOf(() => verifyEntry(epoch, about, { ...shown, entry })), 'proof-invalid');
      }
      const moved = { ...about, address: 'other@example.org' };
      assert.strictEqual(await codeOf(() => verifyEntry(epoch, moved, shown)), 'proof-invalid');
    }
    assert.strictEqual(found, 8);
  });

  test('what an entry hashes to', () => {
    for (const { address, account, length, hash, preimage, value } of vectors.entries) {
      const entry = { account: parseHex(account), length, hash: parseHex(hash) };
      assert.strictEqual(hex(encodeCbor({ address, ...entry })), preimage);
      assert.strictEqual(hex(entryHash(address, entry)), value);
    }
  });

  test('an epoch cut off or lengthened anywhere, or with other fields, is refused', async () => {
    const encoded = parseHex(vectors.epochs[0]?.encoded ?? '');
    for (let length = 0; length < encoded.length; length++) {
      assert.strictEqual(await codeOf(() => parseEpoch(encoded.subarray(0, length))), 'epoch-malformed');
    }
    const { vrf, map, at } = parseEpoch(encoded);
    const whole = { v: 1, vrf, map, at };
    const { at: _, ...short } = whole;
    const wrong = [
      { ...whole, v: 2 },
      { ...whole, vrf: new Uint8Array(31) },
      { ...whole, map: 'map' },
      { ...whole, at: -1 },
      { ...whole, more: 1 },
      short,
      [],
      null,
      new Uint8Array(4),
    ];
    for (const value of wrong) {
      assert.strictEqual(await codeOf(() => parseEpoch(encodeCbor(value as never))), 'epoch-malformed');
    }
    assert.strictEqual(await codeOf(() => parseEpoch(Uint8Array.of(...encoded, 0))), 'epoch-malformed');
  });
});

function entryOf(address: string) {
  const found = vectors.entries.find((entry) => entry.address === address);
  if (found === undefined) return null;
  return { account: parseHex(found.account), length: found.length, hash: parseHex(found.hash) };
}

function openCheckpoint(note: string): Promise<Checkpoint> {
  return verifyCheckpoint(nodePrimitives(), [parseHex(vectors.headPublicKey)], {
    checkpoint: parseCheckpoint(utf8(note)),
    domain: 'example.org',
  });
}
