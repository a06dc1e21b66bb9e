import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words that occur nowhere else, planted where plaintext is, and looked for where there must be none. */
export class Canaries {
  readonly #planted = new Map<string, string>();
  readonly #random: (length: number) => Uint8Array;

  constructor(random: (length: number) => Uint8Array) {
    this.#random = random;
  }

  /** 32 characters of Crockford's base 32, without look-alikes. */
  plant(place: string): string {
    const word = Array.from(this.#random(32), (byte) => ALPHABET[byte & 31]).join('');
    this.#planted.set(place, word);
    return word;
  }

  get places(): readonly string[] {
    return [...this.#planted.keys()];
  }

  /** Which canaries the bytes show, in which writing. */
  search(where: string, bytes: Uint8Array): readonly string[] {
    const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found: string[] = [];
    for (const [place, word] of this.#planted) {
      for (const [writing, needle] of writingsOf(word)) {
        if (haystack.includes(needle)) found.push(`${place} in ${where} as ${writing}`);
      }
    }
    return found;
  }

  /** The same for every file below a directory, its own name included. */
  searchFolder(folder: string): readonly string[] {
    return filesBelow(folder).flatMap((path) => [
      ...this.search(`the name of ${path}`, Buffer.from(path)),
      ...this.search(path, readFileSync(path)),
    ]);
  }
}

/** Paths of all regular files below a directory. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile())
    .toSorted();
}

/** How a word may be written down: in base 64 the part that does not depend on its neighbours, at each alignment. */
export function writingsOf(word: string): ReadonlyMap<string, Buffer> {
  const writings = new Map<string, Buffer>([
    ['utf-8', Buffer.from(word)],
    ['lower case', Buffer.from(word.toLowerCase())],
    ['utf-16le', Buffer.from(word, 'utf16le')],
    ['utf-16be', Buffer.from(word, 'utf16le').swap16()],
    ['hex', Buffer.from(Buffer.from(word).toString('hex'))],
    ['HEX', Buffer.from(Buffer.from(word).toString('hex').toUpperCase())],
    ['reversed', Buffer.from([...word].toReversed().join(''))],
  ]);
  for (const shift of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]);
    const end = whole.length - (whole.length % 3);
    // The first digits mix with the byte before, if one is there.
    const digits = whole
      .subarray(0, end)
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1);
    writings.set(`base64 at ${shift}`, Buffer.from(digits));
    writings.set(`base64url at ${shift}`, Buffer.from(digits.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return writings;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
