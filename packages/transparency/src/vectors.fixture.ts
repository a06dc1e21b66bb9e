import { encodeCbor, hex, utf8 } from '@sotto/bytes';
import { sha256, vrfPublicKey } from '@sotto/crypto';
import { makeWorld } from '@sotto/testing';
import { signCheckpoint } from './checkpoint.ts';
import { entryHash, placeAddress } from './entry.ts';
import { encodeEpoch } from './epoch.ts';
import { appendLeaves, consistencyProof, inclusionProof, MemoryLog, MemoryMap } from './log.fixture.ts';
import { changeMap, mapLeaf, proveMap } from './map.ts';
import { leafHash } from './merkle-log.ts';

/** Six epochs of a log of eight addresses: five come in the first, then one in each, and the last changes the first's. */
export async function transparencyVectors() {
  const { primitives, headKey } = await makeWorld('transparency vectors');
  const vrfKey = headKey.secretKey;
  const vrf = vrfPublicKey(vrfKey);
  const entries = Array.from({ length: 8 }, (_, i) => ({
    address: `user${i}@example.org`,
    entry: { account: sha256(Uint8Array.of(i)), length: i + 1, hash: sha256(Uint8Array.of(i, i)) },
  }));
  const grown = { address: 'user0@example.org', entry: { ...(entries[0]?.entry as never as Entry), length: 9 } };
  const batches = [entries.slice(0, 5), ...entries.slice(5).map((entry) => [entry]), [grown]];
  const map = new MemoryMap();
  const log = new MemoryLog();
  const epochs: { vrf: string; map: string; at: number; encoded: string; leaf: string }[] = [];
  for (const [n, batch] of batches.entries()) {
    const leaves = batch.map(({ address, entry }) =>
      mapLeaf(placeAddress(vrfKey, address).index, entryHash(address, entry)),
    );
    map.keep(await changeMap(leaves, map.load));
    const root = map.at('')?.hash as Uint8Array;
    const epoch = encodeEpoch({ vrf, map: root, at: 1_767_600_000_000 + n * 1000 });
    log.append(epoch);
    epochs.push({
      vrf: hex(vrf),
      map: hex(root),
      at: 1_767_600_000_000 + n * 1000,
      encoded: hex(epoch),
      leaf: hex(leafHash(epoch)),
    });
  }
  const fields = { domain: 'example.org', incarnation: 2, size: log.size, root: log.root() };
  const addresses = [...entries.map(({ address }) => address), 'nobody@example.org'];
  return {
    description: 'The transparency log: placements, map, epochs, log and checkpoint of docs/spec/transparency.md.',
    specification: 'docs/spec/transparency.md',
    vrfPublicKey: hex(vrf),
    headPublicKey: hex(headKey.publicKey),
    entries: [...entries.slice(1), grown].map(({ address, entry }) => ({
      address,
      account: hex(entry.account),
      length: entry.length,
      hash: hex(entry.hash),
      preimage: hex(encodeCbor({ address, ...entry })),
      value: hex(entryHash(address, entry)),
    })),
    placements: addresses.map((address) => {
      const { index, proof } = placeAddress(vrfKey, address);
      const { siblings, leaf } = proveMap(index, (path) => map.at(path));
      return {
        address,
        input: hex(utf8(address)),
        proof: hex(proof),
        index: hex(index),
        siblings: siblings.map(hex),
        leaf: leaf === null ? null : { index: hex(leaf.index), value: hex(leaf.value) },
      };
    }),
    epochs,
    inclusion: epochs.map((_, index) => ({ index, path: inclusionProof(log, index).map(hex) })),
    consistency: epochs.map((_, i) => ({
      from: i + 1,
      root: hex(appendLeaves(epochs.slice(0, i + 1).map(({ encoded }) => Buffer.from(encoded, 'hex'))).root()),
      proof: consistencyProof(log, i + 1).map(hex),
    })),
    checkpoint: {
      ...fields,
      root: hex(fields.root),
      note: new TextDecoder().decode(await signCheckpoint(primitives, headKey.secretKey, fields)),
    },
  };
}

type Entry = Parameters<typeof entryHash>[1];
