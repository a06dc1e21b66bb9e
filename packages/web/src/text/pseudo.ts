/** English as a stranger sees it: longer, with accents, between brackets that show what was cut off. */
export function pseudo<Words>(words: Words): Words {
  if (typeof words === 'string') return accent(words) as Words;
  if (typeof words === 'function') {
    const make = words as unknown as (...input: unknown[]) => string;
    return ((...input: unknown[]) => accent(make(...input))) as Words;
  }
  return Object.fromEntries(Object.entries(words as object).map(([name, each]) => [name, pseudo(each)])) as Words;
}

function accent(text: string): string {
  return `⟦${text.replaceAll(/[aeiounc]/g, (letter) => ACCENTED[letter] ?? letter)} ${'~'.repeat(Math.ceil(text.length / 4))}⟧`;
}

const ACCENTED: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', n: 'ñ', c: 'ç' };
