import {
  base64url,
  crockford32,
  decodeCbor,
  encodeCbor,
  hex,
  parseBase64url,
  parseCrockford32,
  parseHex,
  parseUtf8,
  utf8,
} from '@sotto/bytes';
import type { Parser, Target } from '../target.ts';

/** What every format rests on: the CBOR subset and the encodings of text. */
export const cbor: Target = {
  name: 'cbor',
  sources: ['packages/bytes/src/cbor-reader.ts', 'packages/bytes/src/cbor-writer.ts', 'packages/bytes/src/text.ts'],
  parsers: [
    {
      name: 'cbor',
      shape: 'cbor',
      seeds: [encodeCbor({ a: [1, -1, 70_000, 2 ** 40], b: new Uint8Array(30), text: 'é', c: [null, true, false] })],
      parse: (input) => encodeCbor(decodeCbor(input)),
    },
    { name: 'utf8', shape: 'text', seeds: [utf8('é🙂')], parse: (input) => utf8(parseUtf8(input)) },
    text('hex', '00ff', (given) => hex(parseHex(given))),
    text('base64url', 'AP-_', (given) => base64url(parseBase64url(given))),
    text('crockford32', '00ZZ-ilo0', (given) => void crockford32(parseCrockford32(given))),
  ],
};

function text(name: string, seed: string, parse: (given: string) => string | undefined): Parser {
  return {
    name,
    shape: 'text',
    seeds: [utf8(seed)],
    parse: (input) => {
      const again = parse(parseUtf8(input));
      return again === undefined ? null : utf8(again);
    },
  };
}
