import * as cborg from 'cborg';
import { type Material, mutateBytes } from './mutate-bytes.ts';
import { mutateElements, readElements, writeElements } from './mutate-der.ts';
import { mutateTree, type Tree } from './mutate-tree.ts';
import type { Shape } from './target.ts';

/**
 * Changes an input once or a few times, three of four with its structure kept: lengths and counts stay right, and what
 * is inside goes wrong.
 */
export function mutate(shape: Shape, input: Uint8Array, material: Material): Uint8Array {
  let changed = mutateOnce(shape, input, material);
  for (let left = 4; left > 0 && material.numbers.once(2); left--) changed = mutateOnce(shape, changed, material);
  return changed;
}

function mutateOnce(shape: Shape, input: Uint8Array, material: Material): Uint8Array {
  const built = material.numbers.below(4) > 0 ? mutateBuilt(shape, input, material) : null;
  return built ?? mutateBytes(input, material);
}

/** Null where the input is not what its shape says, so that only bytes can be changed. */
function mutateBuilt(shape: Shape, input: Uint8Array, material: Material): Uint8Array | null {
  switch (shape) {
    case 'cbor':
      return mutateAs(cbor, input, material);
    case 'json':
      return mutateAs(json, input, material);
    case 'der':
      return mutateDer(input, material);
    case 'text':
    case 'bytes':
      return null;
  }
}

interface Notation {
  readonly decode: (bytes: Uint8Array) => Tree;
  readonly encode: (tree: Tree) => Uint8Array;
}

const cbor: Notation = {
  decode: (bytes) => cborg.decode(bytes, { allowUndefined: false, rejectDuplicateMapKeys: true }),
  encode: (tree) => cborg.encode(tree, cborg.rfc8949EncodeOptions),
};

const json: Notation = {
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  encode: (tree) =>
    new TextEncoder().encode(JSON.stringify(tree, (_, value) => (isBig(value) ? Number(value) : value))),
};

function mutateAs({ decode, encode }: Notation, input: Uint8Array, material: Material): Uint8Array | null {
  const tree = attempt(() => decode(input));
  if (tree === undefined) return null;
  const { numbers, words } = material;
  const other = () => attempt(() => decode(material.other)) ?? null;
  const bytes = (inner: Uint8Array) => mutateBytes(inner, material);
  return (
    attempt(() => encode(mutateTree(tree, { numbers, other, words: words.length > 0 ? words : ['a'], bytes }))) ?? null
  );
}

function mutateDer(input: Uint8Array, material: Material): Uint8Array | null {
  const elements = readElements(input);
  if (elements === null || elements.length === 0) return null;
  const bytes = (inner: Uint8Array) => mutateBytes(inner, material);
  mutateElements(elements, { numbers: material.numbers, other: readElements(material.other) ?? [], bytes });
  return writeElements(elements);
}

/** What the notation cannot hold is no input; whatever else goes wrong is ours. */
function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function isBig(value: unknown): value is bigint {
  return typeof value === 'bigint';
}
