import { createHash } from 'node:crypto';

/** Choices that follow from a seed alone. */
export interface Chance {
  /** 0 to below `limit`. */
  below(limit: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** Bytes, one stream with the choices. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** A generator (xoshiro128**) whose state is the SHA-256 of `seed`. */
export function chanceOf(seed: string): Chance {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [number, number, number, number];
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    happens: (probability) => next() / 2 ** 32 < probability,
    pick: <Value>(values: readonly Value[]) => values[below(values.length)] as Value,
    bytes(length) {
      const words = new Uint32Array(Math.ceil(length / 4));
      for (let i = 0; i < words.length; i++) words[i] = next();
      return new Uint8Array(words.buffer.slice(0, length));
    },
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
