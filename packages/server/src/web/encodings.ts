import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A body as it is sent. */
export interface EncodedBody {
  /** Content-Encoding; null for the bytes as they are. */
  readonly encoding: 'br' | 'gzip' | null;
  readonly bytes: Uint8Array;
}

/** The encodings of one asset, each made when somebody first asks for it. */
export class Encodings {
  readonly #isText: boolean;
  readonly #bytes: Uint8Array;
  readonly #made = new Map<'br' | 'gzip', Promise<EncodedBody>>();

  constructor(type: string, bytes: Uint8Array) {
    this.#isText = bytes.length > LEAST_BYTES && COMPRESSIBLE.test(type);
    this.#bytes = bytes;
  }

  /** The best that Accept-Encoding takes; a weight of 0 says no (RFC 9110 section 12.5.3). */
  async best(accepted: string): Promise<EncodedBody> {
    const names = accepted
      .toLowerCase()
      .split(',')
      .map((each) => each.trim())
      .filter((each) => !/;\s*q=0(?:\.0*)?$/.test(each))
      .map((each) => each.split(';')[0]?.trim());
    const encoding = (['br', 'gzip'] as const).find((name) => names.includes(name));
    if (encoding === undefined || !this.#isText) return { encoding: null, bytes: this.#bytes };
    const made = this.#made.get(encoding) ?? this.#make(encoding);
    this.#made.set(encoding, made);
    return await made;
  }

  async #make(encoding: 'br' | 'gzip'): Promise<EncodedBody> {
    const bytes = encoding === 'br' ? await brotli(this.#bytes, BROTLI) : await zip(this.#bytes);
    return { encoding, bytes };
  }
}

const brotli = promisify<Uint8Array, object, Buffer>(brotliCompress);
const zip = promisify<Uint8Array, Buffer>(gzip);

/** Nearly as small as the best, in a twentieth of its time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
const LEAST_BYTES = 512;
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|manifest\+json|wasm)|image\/svg\+xml|font\/ttf)/;
