/** Text as it is shown: characters alone, and what would have hidden or turned some of them. */
export interface DecodedText {
  readonly text: string;
  /** Whether only the beginning is shown. */
  readonly isCut: boolean;
  /** How many characters are shown by their code, because they are not to be seen. */
  readonly hidden: number;
}

/** Reads bytes as text, in whatever encoding they seem to be; null for bytes that are none. */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const isCut = bytes.length > MOST_BYTES;
  const text = decoded(bytes.subarray(0, MOST_BYTES), isCut);
  if (text === null || text.includes('\0')) return null;
  let hidden = 0;
  const shown = text.replaceAll('\r\n', '\n').replaceAll(INVISIBLE, (character) => {
    hidden += 1;
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
  return { text: shown, isCut, hidden };
}

function decoded(bytes: Uint8Array, isCut: boolean): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    // No UTF-8: the encoding that most other texts have, in which any byte is a character.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

const MOST_BYTES = 1024 * 1024;
/** Controls but tab and line ends, what turns the direction of text, and what has no width. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
