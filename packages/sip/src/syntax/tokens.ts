/** Patterns of RFC 3261 section 25.1, each to be tried at one place. None can match in two ways. */
export const TOKEN: RegExp = /[A-Za-z0-9.!%*_+`'~-]+/y;
export const CALL_ID: RegExp = /[A-Za-z0-9.!%*_+`'~()<>:\\"/[\]?{}-]+(?:@[A-Za-z0-9.!%*_+`'~()<>:\\"/[\]?{}-]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a backslash may stand before them (RFC 3261 section 25.1).
export const QUOTED: RegExp = /"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\u{10ffff}]|\\[\0-\x09\x0b\x0c\x0e-\x7f])*"/uy;
export const DIGITS: RegExp = /[0-9]+/y;

/** Whether a whole text is one token. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9.!%*_+`'~-]+$/.test(text);
}

/** The text of a quoted string. */
export function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1');
}

/** A quoted string; of control characters only the tabulator can be in one as it is. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what needs a backslash.
  return `"${text.replaceAll(/["\\\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\\$&')}"`;
}
