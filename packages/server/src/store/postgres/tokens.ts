import { BugFault } from '@sotto/bytes';

/** A piece of SQL; `text` is what stands between the quotes of a name or string, and the sign itself elsewhere. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'bytes' | 'sign' | 'end';
  readonly text: string;
}

/** Takes SQL apart. Throws `bug` for anything that is no word, name, number, string, byte string or known sign. */
export function tokenise(sql: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN, 'y');
  for (let match = pattern.exec(sql); match !== null; match = pattern.exec(sql)) {
    const { groups = {} } = match;
    if (groups['end'] !== undefined) return [...tokens, { kind: 'end', text: '' }];
    for (const kind of ['bytes', 'word', 'quoted', 'number', 'string', 'sign'] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text: kind === 'word' ? text.toLowerCase() : text });
    }
  }
  throw new BugFault(`SQL that is not understood behind ${tokens.length} words`);
}

const PATTERN = [
  '(?:\\s|--[^\n]*)*(?:',
  "[xX]'(?<bytes>(?:[0-9a-fA-F]{2})*)'",
  '|(?<word>[A-Za-z_][A-Za-z0-9_]*)',
  '|"(?<quoted>[A-Za-z_][A-Za-z0-9_]*)"',
  '|(?<number>[0-9]+)(?![0-9A-Za-z_.])',
  "|'(?<string>(?:[^'\\\\]|'')*)'",
  '|(?<sign><>|<=|>=|\\|\\||[(),;=<>*+-])',
  '|(?<end>$)',
  ')',
].join('');
