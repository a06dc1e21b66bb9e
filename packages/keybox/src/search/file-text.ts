import { Fault, parseUtf8 } from '@sotto/bytes';
import type { Part } from '../ports.ts';

/** A version of a file whose content is at hand. */
export interface TextSource {
  readonly room: Uint8Array;
  readonly record: Uint8Array;
  readonly mediaType: string;
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Puts the words of a text file into the index, once its record stands in the history; other files have a name alone. */
export async function indexFileText(
  history: Part,
  { room, record, mediaType, sizeBytes, read }: TextSource,
): Promise<void> {
  if (!TEXT.test(mediaType) || sizeBytes > MAX_TEXT_FILE_BYTES) return;
  const text = textOf(await read(0, sizeBytes));
  if (text === null) return;
  await history.apply([
    {
      sql: `INSERT INTO file_text (doc, text) SELECT doc, ? FROM file WHERE room = ? AND id = ?
        ON CONFLICT (doc) DO UPDATE SET text = excluded.text`,
      parameters: [text, room, record],
    },
  ]);
}

/** Null for bytes that only claim to be text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = parseUtf8(bytes);
    return text.includes('\0') ? null : text.slice(0, MAX_TEXT_LENGTH).toWellFormed();
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'text-malformed') return null;
    throw cause;
  }
}

const TEXT = /^(?:text\/|application\/(?:json|xml|x-yaml|yaml|toml)\b)/;
const MAX_TEXT_FILE_BYTES = 1024 * 1024;
/** Of which the beginning is kept and indexed, in UTF-16 units. */
const MAX_TEXT_LENGTH = 256 * 1024;
