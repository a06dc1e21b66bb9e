/** A text after a change, and where the caret stands in it. */
export interface Edited {
  readonly text: string;
  readonly caret: number;
}

/** Puts something in the place of a part. */
export function replaceRange(
  text: string,
  { from, to, piece }: { readonly from: number; readonly to: number; readonly piece: string },
): Edited {
  return { text: text.slice(0, from) + piece + text.slice(to), caret: from + piece.length };
}

/** Puts a sign around what is selected, or takes it away where it is. */
export function surround(
  text: string,
  { from, to, sign }: { readonly from: number; readonly to: number; readonly sign: string },
): Edited {
  const inner = text.slice(from, to);
  const isMarked = text.slice(from - sign.length, from) === sign && text.slice(to, to + sign.length) === sign;
  if (isMarked) {
    const bare = text.slice(0, from - sign.length) + inner + text.slice(to + sign.length);
    return { text: bare, caret: to - sign.length };
  }
  const caret = to + sign.length + (from === to ? 0 : sign.length);
  return { text: text.slice(0, from) + sign + inner + sign + text.slice(to), caret };
}

/** The beginning of a name after `@` that ends at the caret; null if none is being written. */
export function mentionAt(text: string, caret: number): { readonly from: number; readonly typed: string } | null {
  const found = /(?:^|[\s(])@([\p{L}\p{N}._+@-]{0,80})$/u.exec(text.slice(Math.max(0, caret - 100), caret));
  if (found === null) return null;
  const typed = found[1] ?? '';
  return { from: caret - typed.length - 1, typed };
}
