import { type CborValue, encodeCbor } from '@sotto/bytes';
import type { Format } from '@sotto/protocol';
import { samples } from '../../../packages/protocol/src/samples.fixture.ts';
import type { Parser } from '../target.ts';

/** A parser for each of the named formats of the protocol, seeded with a value of each variant. */
export function formatParsers(...names: readonly string[]): readonly Parser[] {
  return names.map((name) => {
    const sample = samples.find((candidate) => candidate.name === name);
    if (sample === undefined) throw new Error(`no samples of ${name}`);
    return formatParser(name.replaceAll(' ', '-'), sample.format, sample.values);
  });
}

/** What a format takes it writes again, to the byte. The values need not be of the format: they are where to begin. */
export function formatParser<Value>(name: string, format: Format<Value>, values: readonly unknown[]): Parser {
  return {
    name,
    shape: 'cbor',
    seeds: values.map((value) => encodeCbor(value as CborValue)),
    parse: (input) => format.encode(format.parse(input)),
  };
}
