import { samples } from '../../../packages/protocol/src/samples.fixture.ts';
import type { Parser } from '../target.ts';

/** A parser for each of the named formats of the protocol, seeded with a value of each variant. */
export function formatParsers(...names: readonly string[]): readonly Parser[] {
  return names.map((name) => {
    const sample = samples.find((candidate) => candidate.name === name);
    if (sample === undefined) throw new Error(`no samples of ${name}`);
    const { format, values } = sample;
    return {
      name: name.replaceAll(' ', '-'),
      shape: 'cbor',
      seeds: values.map((value) => format.encode(value)),
      parse: (input) => format.encode(format.parse(input)),
    };
  });
}
