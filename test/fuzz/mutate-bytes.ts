import type { Numbers } from './numbers.ts';

/** What changes are made from, besides the input itself. */
export interface Material {
  readonly numbers: Numbers;
  /** Another input of the same parser. */
  readonly other: Uint8Array;
  readonly dictionary: readonly Uint8Array[];
  /** The same as text. */
  readonly words: readonly string[];
}

/** Changes bytes without knowing what they mean; the result may be of any length. */
export function mutateBytes(input: Uint8Array, material: Material): Uint8Array {
  return material.numbers.pick(changes)(input, material);
}

type Change = (input: Uint8Array, material: Material) => Uint8Array;

const flipBit: Change = (input, { numbers }) =>
  setAt(input, numbers.below(input.length), (byte) => byte ^ (1 << numbers.below(8)));

const setByte: Change = (input, { numbers }) =>
  setAt(input, numbers.below(input.length), () => (numbers.once(4) ? numbers.pick(edges) : numbers.below(256)));

const stepByte: Change = (input, { numbers }) =>
  setAt(input, numbers.below(input.length), (byte) => byte + numbers.pick([-2, -1, 1, 2]));

const truncate: Change = (input, { numbers }) => input.slice(0, numbers.below(input.length + 1));

const remove: Change = (input, { numbers }) => {
  const [start, end] = part(input, numbers);
  return replaced(input, [start, end], new Uint8Array());
};

const insert: Change = (input, { numbers }) => {
  const added = new Uint8Array(1 + numbers.below(8)).map(() => numbers.below(256));
  return replaced(input, at(input, numbers), added);
};

const double: Change = (input, { numbers }) => {
  const [start, end] = part(input, numbers);
  return replaced(input, [end, end], input.subarray(start, end));
};

/** Many times the same: what takes more than linear time shows. */
const repeat: Change = (input, { numbers }) => {
  const [start, end] = part(input, numbers);
  const once = input.subarray(start, Math.min(end, start + 16));
  const many = new Uint8Array(once.length << numbers.below(10));
  for (let offset = 0; offset < many.length; offset += Math.max(1, once.length)) many.set(once, offset);
  return replaced(input, at(input, numbers), many);
};

const splice: Change = (input, { numbers, other }) => {
  const [start, end] = part(other, numbers);
  return replaced(input, part(input, numbers), other.subarray(start, end));
};

const cross: Change = (input, { numbers, other }) => {
  const place = numbers.below(input.length + 1);
  return replaced(input, [place, input.length], other.subarray(Math.min(place, other.length)));
};

const word: Change = (input, { numbers, dictionary }) => {
  if (dictionary.length === 0) return input;
  const added = numbers.pick(dictionary);
  const [start] = at(input, numbers);
  return replaced(input, [start, numbers.once(2) ? start : Math.min(input.length, start + added.length)], added);
};

/** A number of 1, 2, 4 or 8 bytes at which something ends. */
const integer: Change = (input, { numbers }) => {
  const width = 1 << numbers.below(4);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, numbers.pick(integers));
  const [start] = at(input, numbers);
  return replaced(input, [start, Math.min(input.length, start + width)], bytes.subarray(8 - width));
};

const changes: readonly Change[] = [
  ...[flipBit, flipBit, setByte, setByte, setByte, setByte, stepByte, truncate, remove, remove, insert, double],
  ...[repeat, splice, splice, cross, word, word, word, integer],
];

function setAt(input: Uint8Array, place: number, change: (byte: number) => number): Uint8Array {
  const changed = input.slice();
  if (place < input.length) changed[place] = change(input[place] as number);
  return changed;
}

type Part = readonly [start: number, end: number];

function replaced(input: Uint8Array, [start, end]: Part, added: Uint8Array): Uint8Array {
  const changed = new Uint8Array(start + added.length + input.length - end);
  changed.set(input.subarray(0, start));
  changed.set(added, start);
  changed.set(input.subarray(end), start + added.length);
  return changed;
}

function at(input: Uint8Array, numbers: Numbers): Part {
  const place = numbers.below(input.length + 1);
  return [place, place];
}

function part(input: Uint8Array, numbers: Numbers): Part {
  const start = numbers.below(input.length + 1);
  const longest = numbers.once(4) ? input.length : 16;
  return [start, Math.min(input.length, start + 1 + numbers.below(longest))];
}

const edges = [0, 1, 0x17, 0x18, 0x1f, 0x20, 0x30, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xbf, 0xc0, 0xf6, 0xfe, 0xff];

/** Numbers at which encodings or types end. */
const integers: readonly bigint[] = [0, 7, 8, 15, 16, 23, 24, 31, 32, 53, 63, 64].flatMap((bits) => {
  const power = 1n << BigInt(bits);
  return [power - 1n, power, power + 1n].map((value) => BigInt.asUintN(64, value));
});
