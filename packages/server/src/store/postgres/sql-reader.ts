import { BugFault } from '@sotto/bytes';
import type { Token } from './tokens.ts';

/** Goes through tokens, and says where it was when it meets what it does not know. */
export class SqlReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.peek().kind === 'end';
  }

  get isEndOfExpression(): boolean {
    const { kind, text } = this.peek();
    return kind === 'end' || (kind === 'sign' && [',', ')', ';'].includes(text)) || (kind === 'word' && ENDS.has(text));
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  isNext(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => this.peek(ahead).text === text && this.peek(ahead).kind !== 'string');
  }

  /** Passes over words if they all follow. */
  skip(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.peek(ahead).kind === 'word' && this.peek(ahead).text === word)) return false;
    this.#position += words.length;
    return true;
  }

  words(...words: readonly string[]): void {
    if (!this.skip(...words)) throw this.unknown();
  }

  word(): string {
    const { kind, text } = this.take();
    if (kind !== 'word') throw this.unknown();
    return text;
  }

  sign(expected: string): string {
    const { kind, text } = this.take();
    if (kind !== 'sign' || text !== expected) throw this.unknown();
    return text;
  }

  /** A table, column or index, quoted. */
  name(): string {
    const { kind, text } = this.take();
    if (kind === 'quoted' || (kind === 'word' && !REFUSED.has(text))) return `"${text}"`;
    throw this.unknown();
  }

  unknown(): BugFault {
    const near = this.#tokens.slice(Math.max(0, this.#position - 6), this.#position + 2).map(({ text }) => text);
    return new BugFault(`a migration beyond the dialect, near: ${near.join(' ')}`);
  }
}

/** Words between the values of an expression. */
export const OPERATORS: ReadonlySet<string> = new Set([
  ...['and', 'between', 'case', 'else', 'end', 'in', 'is', 'not', 'null', 'or', 'then', 'when'],
]);
/** What follows an expression without a sign between them. */
const ENDS: ReadonlySet<string> = new Set(['from', 'where']);
/** Words of SQL that would only seem to be names. */
const REFUSED: ReadonlySet<string> = new Set([
  ...['cast', 'collate', 'constraint', 'cross', 'current_date', 'current_time', 'current_timestamp', 'distinct'],
  ...['exists', 'false', 'generated', 'glob', 'group', 'having', 'if', 'isnull', 'join', 'like', 'limit', 'match'],
  ...['notnull', 'oid', 'on', 'order', 'raise', 'references', 'regexp', 'returning', 'rowid', 'select', 'strict'],
  ...['temp', 'temporary', 'true', 'union', 'using', 'values', 'virtual', 'with', 'without', ...OPERATORS],
]);
