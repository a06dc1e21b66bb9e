import { deriveKey, type Primitives, type Secret, vrfPublicKey } from '@sotto/crypto';
import { type Address, MAX_LOG_PROOFS, type OperationInput, type Operations, type ShownAddress } from '@sotto/protocol';
import {
  appendedNodes,
  changeMap,
  consistencyRanges,
  encodeEpoch,
  entryHash,
  inclusionRanges,
  type LogNode,
  type LogRange,
  leafHash,
  type MapEntry,
  type MapNode,
  mapLeaf,
  parseCheckpoint,
  placeAddress,
  proveMap,
  rangeHash,
  signCheckpoint,
} from '@sotto/transparency';
import type { Person } from './city.ts';
import type { LyingLink } from './lying-link.ts';

export interface ForkOptions {
  readonly primitives: Primitives;
  readonly headKey: Secret;
  now(): number;
}

/**
 * A second transparency log, as a server keeps it that shows different people different ones: under the same name, signed
 * by the same key, and equal to the first up to where it parts.
 */
export class ForkedLog {
  readonly #options: ForkOptions;
  readonly #vrfKey: Secret;
  readonly #name: { readonly domain: string; readonly incarnation: number };
  /** Epochs that it has in common with the first. */
  readonly #common: number;
  readonly #epochs: Uint8Array[] = [];
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #maps = new Map<number, ReadonlyMap<string, MapNode>>();
  readonly #entries = new Map<number, ReadonlyMap<string, MapEntry>>();

  private constructor(
    options: ForkOptions,
    name: { domain: string; incarnation: number },
    common: readonly Uint8Array[],
  ) {
    this.#options = options;
    this.#name = name;
    this.#common = common.length;
    this.#vrfKey = deriveKey(options.headKey, 'sotto/transparency/vrf/v1');
    for (const epoch of common) this.#append(epoch);
  }

  /** Parts from the log that a person is shown, as it is now; `keep` epochs of it stay common, by default all. */
  static async partFrom({ link, address }: Person, options: ForkOptions, keep?: number): Promise<ForkedLog> {
    const { checkpoint } = await link.call('transparency.checkpoint', { from: 0 });
    const { domain, incarnation, size } = parseCheckpoint(checkpoint);
    const common: Uint8Array[] = [];
    while (common.length < (keep ?? size)) {
      const from = common.length;
      const to = Math.min(keep ?? size, from + MAX_LOG_PROOFS);
      const { epochs } = await link.call('transparency.entries', { size, from, to, addresses: [address] });
      common.push(...epochs.map(({ epoch }) => epoch));
    }
    return new ForkedLog(options, { domain, incarnation }, common);
  }

  get size(): number {
    return this.#epochs.length;
  }

  /** Adds an epoch whose map has these entries and no other. */
  async advance(entries: Readonly<Record<string, MapEntry>>): Promise<void> {
    const leaves = Object.entries(entries).map(([address, entry]) =>
      mapLeaf(placeAddress(this.#vrfKey, address).index, entryHash(address, entry)),
    );
    const map = await changeMap(leaves, async () => new Map());
    this.#maps.set(this.size, map);
    this.#entries.set(this.size, new Map(Object.entries(entries)));
    const root = map.get('')?.hash ?? new Uint8Array(32);
    this.#append(encodeEpoch({ vrf: vrfPublicKey(this.#vrfKey), map: root, at: this.#options.now() }));
  }

  checkpoint(): Promise<Uint8Array> {
    const { primitives, headKey } = this.#options;
    const { size } = this;
    const root = this.#hash({ start: 0, end: size });
    return signCheckpoint(primitives, headKey, { ...this.#name, size, root });
  }

  /** From now on this is the log that the person is shown; the result shows the first again. */
  showTo({ link }: { readonly link: LyingLink }): () => void {
    const honest = [
      link.lie('transparency.checkpoint', async (_, { from }) => ({
        checkpoint: await this.checkpoint(),
        consistency: this.#consistency(from, this.size),
      })),
      link.lie('transparency.consistency', (_, { from, to }) => ({ consistency: this.#consistency(from, to) })),
      link.lie('transparency.entries', async (ask, input) => {
        const { from, to, size, addresses } = input;
        const common =
          from >= this.#common ? null : await ask({ ...input, size: this.#common, to: Math.min(to, this.#common) });
        return {
          epochs: this.#epochs.slice(from, to).map((epoch, i) => ({
            epoch,
            path: inclusionRanges(from + i, { start: 0, end: size }).map((range) => this.#hash(range)),
          })),
          addresses: addresses.map((address, i) => this.#shown(address, input, common?.addresses[i] ?? null)),
        };
      }),
    ];
    return () => {
      for (const stop of honest) stop();
    };
  }

  #shown(
    address: Address,
    { from, to }: OperationInput<Operations['transparency.entries']>,
    common: ShownAddress | null,
  ): ShownAddress {
    const { index, proof } = placeAddress(this.#vrfKey, address);
    const entries = [...(common?.entries ?? [])];
    for (let epoch = from + entries.length; epoch < to; epoch++) {
      const map = this.#maps.get(epoch);
      const entry = this.#entries.get(epoch)?.get(address) ?? null;
      entries.push({ entry, ...proveMap(index, (path) => map?.get(path) ?? null) });
    }
    return { placement: proof, entries };
  }

  #append(epoch: Uint8Array): void {
    const added = appendedNodes(this.size, leafHash(epoch), (node) => this.#stored(node));
    for (const { node, hash } of added) this.#nodes.set(`${node.level}/${node.index}`, hash);
    this.#epochs.push(epoch);
  }

  #consistency(from: number, to: number): Uint8Array[] {
    if (from < 1 || from > to || to > this.size) return [];
    return consistencyRanges(from, to).map((range) => this.#hash(range));
  }

  #hash(range: LogRange): Uint8Array {
    return rangeHash(range, (node) => this.#stored(node));
  }

  #stored({ level, index }: LogNode): Uint8Array {
    const hash = this.#nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`the forked log has no node ${level}/${index}`);
    return hash;
  }
}
