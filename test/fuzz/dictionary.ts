import { readFileSync } from 'node:fs';

/** The words and numbers that stand in source files as literals: what their code compares inputs with. */
export function dictionaryOf(paths: readonly string[]): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const path of paths) {
    const source = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replaceAll(/^import .*$/gm, '');
    for (const word of [...wordsOf(source), ...numbersOf(source)]) found.set(Buffer.from(word).toString('hex'), word);
  }
  return [...found.values()];
}

function wordsOf(source: string): readonly Uint8Array[] {
  return [...source.matchAll(/'([^'\\\n]{1,40})'|^\s*([a-zA-Z]{1,24}):/gm)].map(([, literal, name]) =>
    new TextEncoder().encode(literal ?? name ?? ''),
  );
}

/** Big-endian, in the fewest of 1, 2, 4 or 8 bytes. */
function numbersOf(source: string): readonly Uint8Array[] {
  return [...source.matchAll(/\b(0x[0-9a-f_]+|\d[\d_]*)\b/g)].map(([, literal = '0']) => {
    const value = BigInt(literal.replaceAll('_', ''));
    const width = value < 1n << 8n ? 1 : value < 1n << 16n ? 2 : value < 1n << 32n ? 4 : 8;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value));
    return bytes.subarray(8 - width);
  });
}
