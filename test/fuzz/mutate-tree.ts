import type { Numbers } from './numbers.ts';

/** A value as CBOR and JSON have it. */
export type Tree = null | boolean | number | bigint | string | Uint8Array | Tree[] | { [key: string]: Tree };

/** Changes one place of a value: replaced, left out, doubled, renamed, or taken from another value. */
export function mutateTree(tree: Tree, { numbers, other, words, bytes }: TreeMaterial): Tree {
  const root: [Tree] = [tree];
  const place = numbers.pick(places(root));
  const change = numbers.below(10);
  if (change < 3) place.set(leaf(place.value, numbers, { words, bytes }));
  else if (change < 5) place.set(structuredClone(numbers.pick(places([other()])).value));
  else if (change < 6) place.set(structuredClone(numbers.pick(places(root)).value));
  else if (change < 7) place.remove();
  else if (change < 8) place.double(numbers.pick(words));
  else if (change < 9) place.set(numbers.once(2) ? [place.value] : { [numbers.pick(words)]: place.value });
  else place.set(structuredClone(numbers.pick(strangers)));
  return root[0] ?? null;
}

export interface TreeMaterial {
  readonly numbers: Numbers;
  /** A value of another input. */
  readonly other: () => Tree;
  readonly words: readonly string[];
  /** Changes a byte string, or the bytes of a text. */
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
}

interface Place {
  readonly value: Tree;
  set(value: Tree): void;
  remove(): void;
  double(name: string): void;
}

/** Every place of a tree, its root included; a few hundred of very large ones. */
function places(root: Tree[]): readonly Place[] {
  const found: Place[] = [];
  const visit = (holder: Tree): void => {
    if (typeof holder !== 'object' || holder === null || holder instanceof Uint8Array) return;
    const entries = Array.isArray(holder) ? [...holder.entries()] : Object.entries(holder);
    for (const [key, value] of entries) {
      if (found.length >= 400) return;
      found.push(Array.isArray(holder) ? inArray(holder, Number(key), value) : inMap(holder, String(key), value));
      visit(value);
    }
  };
  visit(root);
  return found;
}

function inArray(array: Tree[], at: number, value: Tree): Place {
  return {
    value,
    set: (changed) => {
      array[at] = changed;
    },
    remove: () => void array.splice(at, 1),
    double: () => void array.splice(at, 0, value),
  };
}

function inMap(map: { [key: string]: Tree }, key: string, value: Tree): Place {
  return {
    value,
    set: (changed) => {
      map[key] = changed;
    },
    remove: () => {
      delete map[key];
    },
    double: (name) => {
      map[name] = value;
    },
  };
}

/** A value of the same type, or nearly. */
function leaf(value: Tree, numbers: Numbers, material: Pick<TreeMaterial, 'words' | 'bytes'>): Tree {
  if (typeof value === 'number') return numbers.once(2) ? value + numbers.pick([-1, 1]) : numbers.pick(edges);
  if (typeof value === 'bigint') return numbers.pick(edges);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    if (numbers.once(2)) return numbers.pick(material.words);
    return new TextDecoder().decode(material.bytes(new TextEncoder().encode(value)));
  }
  if (value instanceof Uint8Array) return material.bytes(value);
  return structuredClone(numbers.pick(strangers));
}

const edges = [0, 1, 2, 3, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -2];

const strangers: readonly Tree[] = [null, true, 0, -1, 1.5, '', 'a', new Uint8Array(32), new Uint8Array(), [], {}];
