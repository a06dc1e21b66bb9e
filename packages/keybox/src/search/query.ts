import { KeyboxUsageFault } from '../fault.ts';
import type { Match } from './candidates.ts';

/** One word, or the words of one quoted phrase, that a hit must contain. */
export interface SearchTerm {
  /** As they were typed: the index folds them itself. */
  readonly typed: readonly string[];
  /** Without case and diacritics, to be found again in a text. */
  readonly words: readonly string[];
  /** Whether the last word may go on. */
  readonly isPrefix: boolean;
}

/**
 * Reads what a person typed: words, each the beginning of one in the text, and "quoted phrases", taken as they are. All
 * must occur. Nothing in it is syntax of the index. Throws `search-malformed` for nothing to search by, and beyond 256
 * characters or 16 terms.
 */
export function parseSearch(text: string): readonly SearchTerm[] {
  if (text.length > MAX_LENGTH) throw malformed(`a search has at most ${MAX_LENGTH} characters`);
  const terms = text.toWellFormed().split('"').flatMap(termsOf);
  if (terms.length === 0) throw malformed('there is no letter or digit to search by');
  if (terms.length > MAX_TERMS) throw malformed(`a search has at most ${MAX_TERMS} words and phrases`);
  return terms;
}

/** Expressions for FTS5: quoted strings of letters and digits alone, joined by operators of ours. */
export function matchExpression(terms: readonly SearchTerm[]): Match {
  const phrases = terms.map(({ typed, isPrefix }) => ({ whole: `"${typed.join(' ')}"`, isPrefix }));
  return {
    any: phrases.map(({ whole, isPrefix }) => (isPrefix ? `${whole}*` : whole)).join(' AND '),
    whole: phrases.some(({ isPrefix }) => isPrefix) ? phrases.map(({ whole }) => whole).join(' AND ') : null,
  };
}

/** The words of a text as the index has them, and where they stand in it. */
export function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(WORD)].map(({ 0: typed, index: from }) => ({
    typed,
    word: fold(typed),
    from,
    to: from + typed.length,
  }));
}

export interface Word {
  readonly typed: string;
  /** Folded. */
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

function fold(typed: string): string {
  return typed
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .toLowerCase();
}

/** Every other piece stands between quotation marks; an open one ends with the text. */
function termsOf(piece: string, index: number): readonly SearchTerm[] {
  const found = wordsOf(piece);
  const term = (words: readonly Word[], isPrefix: boolean): SearchTerm => ({
    typed: words.map(({ typed }) => typed),
    words: words.map(({ word }) => word),
    isPrefix,
  });
  if (index % 2 === 1) return found.length === 0 ? [] : [term(found, false)];
  return found.map((word) => term([word], [...word.typed].length >= MIN_PREFIX));
}

function malformed(what: string): KeyboxUsageFault {
  return new KeyboxUsageFault('search-malformed', what);
}

/** What the index's tokenizer takes for one word. */
const WORD = /[\p{L}\p{M}\p{N}\p{Co}]+/gu;
const MAX_LENGTH = 256;
const MAX_TERMS = 16;
/** A single letter begins too many words. */
const MIN_PREFIX = 2;
