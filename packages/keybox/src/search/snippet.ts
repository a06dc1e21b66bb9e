import { plainText } from '../markdown/markdown.ts';
import { type SearchTerm, type Word, wordsOf } from './query.ts';

/** A piece of a text around what was searched. */
export interface Snippet {
  readonly text: string;
  /** Where the hits stand in it: from and to, in UTF-16 units, ascending, apart from each other. */
  readonly marks: readonly (readonly [from: number, to: number])[];
}

/**
 * The same of a message, as its reader sees it: without the signs of its markdown. What was searched may stand in the
 * signs alone, as the language of a block of code does: then the text is shown as it was written.
 */
export function messageSnippet(text: string, terms: readonly SearchTerm[]): Snippet {
  const plain = snippetOf(plainText(text), terms);
  return plain.marks.length > 0 ? plain : snippetOf(text, terms);
}

/** The piece of `text` of at most about 160 characters that begins shortly before the first hit; in one line. */
export function snippetOf(text: string, terms: readonly SearchTerm[]): Snippet {
  const words = wordsOf(text);
  const hits = hitsIn(words, terms);
  const first = words[hits.findIndex((isHit) => isHit)];
  const from = first === undefined || first.to <= SNIPPET_LENGTH ? 0 : startBefore(words, first.from);
  const to = text.length - from <= SNIPPET_LENGTH ? text.length : endBefore(words, from + SNIPPET_LENGTH);
  const before = from > 0 ? '…' : '';
  const shown = text.slice(from, to).toWellFormed().replaceAll(/\s/gu, ' ');
  const shift = before.length - from;
  const marks = words
    .filter((word, i) => hits[i] === true && word.from >= from && word.to <= to)
    .map((word) => [word.from + shift, word.to + shift] as const);
  return { text: `${before}${shown}${to < text.length ? '…' : ''}`, marks };
}

type Words = readonly Word[];

function hitsIn(words: Words, terms: readonly SearchTerm[]): boolean[] {
  const hits = words.map(() => false);
  for (const term of terms) {
    for (let at = 0; at + term.words.length <= words.length; at++) {
      if (standsAt(words, at, term)) hits.fill(true, at, at + term.words.length);
    }
  }
  return hits;
}

function standsAt(words: Words, at: number, { words: wanted, isPrefix }: SearchTerm): boolean {
  return wanted.every((word, i) => {
    const found = words[at + i]?.word ?? '';
    return isPrefix && i === wanted.length - 1 ? found.startsWith(word) : found === word;
  });
}

/** A few words of context. */
function startBefore(words: Words, hit: number): number {
  return words.find(({ from }) => from >= hit - CONTEXT_LENGTH)?.from ?? hit;
}

/** Between two words; within one only if it alone fills the snippet. */
function endBefore(words: Words, limit: number): number {
  const last = words.findLast(({ to }) => to <= limit)?.to ?? 0;
  return last > limit - SNIPPET_LENGTH ? last : limit;
}

const SNIPPET_LENGTH = 160;
const CONTEXT_LENGTH = 40;
