/** What is wrong with a name as one path segment on any system. */
export type FileNameFault = 'empty' | 'dots' | 'too-long' | 'separator' | 'control' | 'hidden' | 'edge' | 'reserved';

/** The first thing that is wrong with a name; null if it is fit to be written and shown as it is. */
export function fileNameFault(name: string): FileNameFault | null {
  if (name === '') return 'empty';
  if (/^\.+$/.test(name)) return 'dots';
  if (bytesOf(name) > MAX_FILE_NAME_BYTES) return 'too-long';
  if (SEPARATORS.test(name)) return 'separator';
  if (CONTROLS.test(name) || !name.isWellFormed()) return 'control';
  if (HIDDEN.test(name)) return 'hidden';
  if (EDGES.test(name)) return 'edge';
  return RESERVED.test(name) ? 'reserved' : null;
}

/** A name that `fileNameFault` finds nothing wrong with: the same one where it can be. */
export function safeFileName(name: string): string {
  if (fileNameFault(name) === null) return name;
  const visible = [...name.toWellFormed()].map((character) => (UNSAFE.test(character) ? '_' : character)).join('');
  const edged = visible.replace(/^ /, '_').replace(/[ .]$/, '_');
  const named = /^\.*$/.test(edged) || RESERVED.test(edged) ? `_${edged}` : edged;
  return cut(named, MAX_FILE_NAME_BYTES);
}

/** Whether two names are one on systems that do not tell case or compatible characters apart. */
export function isFileNameTwin(left: string, right: string): boolean {
  return folded(left) === folded(right);
}

/** A safe name set off from its twins: `report (2).pdf`. */
export function separatedFileName(name: string, ordinal: number): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const suffix = ` (${ordinal})${dot > 0 ? cut(name.slice(dot), 32) : ''}`;
  return cut(stem, MAX_FILE_NAME_BYTES - bytesOf(suffix)) + suffix;
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** As many whole characters as fit, with no edge left that would make the name unsafe. */
function cut(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  let kept = '';
  for (const character of text) {
    if (bytesOf(kept + character) > maxBytes) break;
    kept += character;
  }
  return kept.replace(/[ .]$/, '_');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

const MAX_FILE_NAME_BYTES = 255;
const SEPARATORS = /[/\\:*?"<>|]/;
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Marks that turn the direction of text, joiners, and characters of no width. */
const HIDDEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const UNSAFE = /[/\\:*?"<>|\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const EDGES = /^ |[ .]$/;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
