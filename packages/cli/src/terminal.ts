import { type InspectColor, styleText } from 'node:util';

/**
 * Makes other people's text safe to print: control characters and those that change the direction of writing become
 * U+FFFD, so that a message can neither drive the terminal nor pose as something else. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(UNSAFE, '\ufffd');
}

/** The same for a cell or heading: on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll(/[\n\t]+/g, ' ');
}

/** Columns that the text takes on a terminal. */
export function columns(text: string): number {
  let width = 0;
  // Most texts are of letters that take one column; the tables for all others take a while to load.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text))
    width += WIDE.test(segment) ? 2 : /^\p{M}*$/u.test(segment) ? 0 : 1;
  return width;
}

/** Rows under headings, each column as wide as its widest cell. Cells are made printable. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], style: Style): string {
  const cells = rows.map((row) => row.map(printableLine));
  const widths = headings.map((heading, i) => Math.max(columns(heading), ...cells.map((row) => columns(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - columns(cell)))
      .join('  ')
      .trimEnd();
  return [style('bold', line(headings)), ...cells.map(line)].join('\n');
}

/** Names and values below each other. */
export function pairs(rows: readonly (readonly [name: string, value: string])[], style: Style): string {
  const width = Math.max(...rows.map(([name]) => columns(name)));
  return rows
    .map(
      ([name, value]) =>
        `${style('dim', name.padEnd(width))}  ${printable(value).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n');
}

/** A fingerprint in groups of eight hexadecimal digits. */
export function grouped(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{8})(?=.)/g, '$1 ');
}

/** `2026-11-21 04:33:07Z`. */
export function when(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

export type Style = (colour: InspectColor, text: string) => string;

/** Colours for a stream; none where NO_COLOR is set or nobody looks. */
export function styleFor(stream: NodeJS.WritableStream, env: Readonly<Record<string, string | undefined>>): Style {
  const coloured = 'isTTY' in stream && stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
}

const UNSAFE = /(?![\n\t])(?:\p{Cc}|\p{Bidi_Control}|[\u2028\u2029\ufeff])/gu;
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|.\ufe0f)/u;
let segmenter: Intl.Segmenter | null = null;
