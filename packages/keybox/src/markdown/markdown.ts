import { type Inline, parseInline } from './inline.ts';

/** One part of a message, in the order of its text. Nothing of it is a tag: whoever shows it makes elements of it. */
export type Block =
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

export interface MarkdownOptions {
  /** Addresses that count as named, if they stand in the text. */
  readonly mentions?: readonly string[];
}

/**
 * Reads the small markdown of messages: bold, italic, struck, code, blocks of code, quotes, lists, addresses of pages and of
 * people. What means nothing stands as it was written; a text longer than 20,000 characters stands so as a whole.
 */
export function parseMarkdown(text: string, { mentions = [] }: MarkdownOptions = {}): readonly Block[] {
  if (text.length > MAX_LENGTH) return [{ kind: 'paragraph', inline: [{ kind: 'text', text }] }];
  const named = new Set(mentions.map((address) => address.toLowerCase()));
  return parseBlocks(text.replaceAll(/\r\n?/g, '\n').split('\n'), { named, depth: 0 });
}

/** What a message says without its signs, in one line. */
export function plainText(text: string): string {
  return parseMarkdown(text).map(plainBlock).join(' ').replaceAll(/\s+/g, ' ');
}

function plainBlock(block: Block): string {
  if (block.kind === 'code') return block.text;
  if (block.kind === 'quote') return block.blocks.map(plainBlock).join(' ');
  return block.kind === 'list' ? block.items.map(plainInline).join(' · ') : plainInline(block.inline);
}

function plainInline(inline: readonly Inline[]): string {
  return inline.map((each) => ('inline' in each ? plainInline(each.inline) : each.text)).join('');
}

interface Context {
  readonly named: ReadonlySet<string>;
  readonly depth: number;
}

function parseBlocks(lines: readonly string[], context: Context): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const { block, next } = blockAt(lines, at, context);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface Found {
  readonly block: Block | null;
  /** The line after it. */
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number, context: Context): Found {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: null, next: at + 1 };
  return (
    fenceAt(lines, at) ?? quoteAt(lines, at, context) ?? listAt(lines, at, context) ?? paragraphAt(lines, at, context)
  );
}

function fenceAt(lines: readonly string[], at: number): Found | null {
  const language = FENCE.exec(lines[at] ?? '')?.[1];
  if (language === undefined) return null;
  const end = lines.findIndex((line, i) => i > at && line.trimEnd() === '```');
  if (end < 0) return null;
  return { block: { kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function quoteAt(lines: readonly string[], at: number, { named, depth }: Context): Found | null {
  if (depth >= MAX_DEPTH || !QUOTE.test(lines[at] ?? '')) return null;
  const next = endOf(lines, at, QUOTE);
  const inner = lines.slice(at, next).map((line) => line.replace(QUOTE, ''));
  return { block: { kind: 'quote', blocks: parseBlocks(inner, { named, depth: depth + 1 }) }, next };
}

function listAt(lines: readonly string[], at: number, { named }: Context): Found | null {
  const line = lines[at] ?? '';
  const number = NUMBERED.exec(line)?.[1];
  const sign = number === undefined ? BULLET : NUMBERED;
  if (!sign.test(line)) return null;
  const next = endOf(lines, at, sign);
  const items = lines.slice(at, next).map((each) => parseInline(each.replace(sign, ''), named));
  return { block: { kind: 'list', start: number === undefined ? null : Number(number), items }, next };
}

function paragraphAt(lines: readonly string[], at: number, { named, depth }: Context): Found {
  let next = at + 1;
  while (next < lines.length && !beginsBlock(lines, next, depth)) next++;
  return { block: { kind: 'paragraph', inline: parseInline(lines.slice(at, next).join('\n'), named) }, next };
}

function beginsBlock(lines: readonly string[], at: number, depth: number): boolean {
  const line = lines[at] ?? '';
  if (line.trim() === '' || BULLET.test(line) || NUMBERED.test(line)) return true;
  return (depth < MAX_DEPTH && QUOTE.test(line)) || FENCE.test(line);
}

function endOf(lines: readonly string[], at: number, sign: RegExp): number {
  const end = lines.findIndex((line, i) => i > at && !sign.test(line));
  return end < 0 ? lines.length : end;
}

const FENCE = /^```([\w+#.-]{0,20})\s*$/;
const QUOTE = /^>[ ]?/;
const BULLET = /^[ ]{0,3}[-*•] (?=\S)/;
const NUMBERED = /^[ ]{0,3}(\d{1,4})[.)] (?=\S)/;
const MAX_DEPTH = 3;
const MAX_LENGTH = 20_000;
