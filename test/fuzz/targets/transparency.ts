import { readFileSync } from 'node:fs';
import { parseHex, utf8 } from '@sotto/bytes';
import { encodeEpoch, parseCheckpoint, parseEpoch, verifyPlacement } from '@sotto/transparency';
import type { Target } from '../target.ts';

const hash = new Uint8Array(32).fill(3);
const vectors: {
  readonly checkpoint: { readonly note: string };
  readonly placements: readonly { readonly proof: string }[];
} = JSON.parse(readFileSync(new URL('../../../vectors/transparency.json', import.meta.url), 'utf8'));

/** What the transparency log shows: notes, epochs, placements. */
export const transparency: Target = {
  name: 'transparency',
  sources: ['checkpoint', 'epoch', 'entry', 'limits'].map((name) => `packages/transparency/src/${name}.ts`),
  parsers: [
    {
      name: 'checkpoint',
      shape: 'text',
      seeds: [utf8(vectors.checkpoint.note)],
      parse: (input) => {
        const { text, signatures, note } = parseCheckpoint(input);
        const lines = signatures.map(({ name, bytes }) => `— ${name} ${Buffer.from(bytes).toString('base64')}\n`);
        const again = new TextEncoder().encode(`${text}\n${lines.join('')}`);
        return note.length === again.length ? again : new Uint8Array();
      },
    },
    {
      name: 'epoch',
      shape: 'cbor',
      seeds: [encodeEpoch({ vrf: hash, map: hash, at: 5 })],
      parse: (input) => encodeEpoch(parseEpoch(input)),
    },
    {
      name: 'placement',
      shape: 'bytes',
      seeds: vectors.placements.map(({ proof }) => parseHex(proof)),
      patience: 20,
      parse: (input) => {
        verifyPlacement(hash, 'ann@example.org', input);
        return null;
      },
    },
  ],
};
