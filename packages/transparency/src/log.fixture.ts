import type { MapNode } from './map.ts';
import {
  appendedNodes,
  consistencyRanges,
  frontierOf,
  inclusionRanges,
  type LogNode,
  leafHash,
  nodesOf,
  rangeHash,
} from './merkle-log.ts';

/** A log in memory that gives its nodes to whoever named them before, as a database would. */
export class MemoryLog {
  size = 0;
  readonly #nodes = new Map<string, Uint8Array>();

  append(data: Uint8Array): void {
    const stored = this.reader(frontierOf(this.size));
    for (const { node, hash } of appendedNodes(this.size, leafHash(data), stored)) this.#nodes.set(keyOf(node), hash);
    this.size++;
  }

  root(): Uint8Array {
    const range = { start: 0, end: this.size };
    return rangeHash(range, this.reader(nodesOf([range])));
  }

  /** Gives the nodes of `asked` and no other. */
  reader(asked: readonly LogNode[]): (node: LogNode) => Uint8Array {
    const known = new Set(asked.map(keyOf));
    return (node) => {
      const hash = known.has(keyOf(node)) ? this.#nodes.get(keyOf(node)) : undefined;
      if (hash === undefined) throw new Error(`the node ${keyOf(node)} was not asked for`);
      return hash;
    };
  }
}

export function appendLeaves(leaves: readonly Uint8Array[]): MemoryLog {
  const log = new MemoryLog();
  for (const leaf of leaves) log.append(leaf);
  return log;
}

export function inclusionProof(log: MemoryLog, index: number): Uint8Array[] {
  return proofOf(log, inclusionRanges(index, { start: 0, end: log.size }));
}

export function consistencyProof(log: MemoryLog, from: number): Uint8Array[] {
  return proofOf(log, consistencyRanges(from, log.size));
}

function proofOf(log: MemoryLog, ranges: ReturnType<typeof inclusionRanges>): Uint8Array[] {
  const stored = log.reader(nodesOf(ranges));
  return ranges.map((range) => rangeHash(range, stored));
}

/** Nodes of a map in memory, and which paths were asked for. */
export class MemoryMap {
  readonly nodes = new Map<string, MapNode>();
  readonly asked: string[] = [];

  readonly load = async (paths: readonly string[]): Promise<ReadonlyMap<string, MapNode>> => {
    this.asked.push(...paths);
    return new Map(paths.flatMap((path) => (this.nodes.has(path) ? [[path, this.nodes.get(path) as MapNode]] : [])));
  };

  keep(written: ReadonlyMap<string, MapNode>): void {
    for (const [path, node] of written) this.nodes.set(path, node);
  }

  at(path: string): MapNode | null {
    return this.nodes.get(path) ?? null;
  }
}

function keyOf({ level, index }: LogNode): string {
  return `${level}/${index}`;
}
