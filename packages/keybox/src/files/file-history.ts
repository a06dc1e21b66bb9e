import { hex } from '@sotto/bytes';
import { type Body, fileNameFault, safeFileName } from '@sotto/protocol';
import { logKeyOnce } from '../key-log.ts';
import type { Part, SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';
import { placeholders } from '../sql.ts';
import type { MessageFileView } from '../views.ts';
import { encodeVoice, voiceView } from './voice.ts';

/** A version of a file, as the `history` part keeps it. */
export interface FileRow {
  readonly room: Uint8Array;
  /** Of its record. */
  readonly id: Uint8Array;
  readonly n: number | null;
  /** Of the record of the file's first version. */
  readonly root: Uint8Array;
  /** As its author wrote it. */
  readonly name: string;
  readonly media_type: string;
  readonly size_bytes: number;
  readonly content_hash: Uint8Array;
  readonly blob_hash: Uint8Array;
  readonly blob_key: Uint8Array;
  readonly version: number;
  /** As `encodeVoice` wrote it. */
  readonly voice: Uint8Array | null;
}

type FileBody = Body & { readonly kind: 'file' };

/**
 * What a file record does to the history, once its entry stands there under this position: a new version of a file that
 * is there, else a file of its own.
 */
export function fileStatement({
  room,
  n,
  body,
}: {
  readonly room: Uint8Array;
  readonly n: number | null;
  readonly body: FileBody;
}): SqlStatement {
  const { id, content } = body;
  const { name, mediaType, sizeBytes, contentHash, blob, version, replaces } = content;
  const facts = [name, mediaType, sizeBytes, contentHash, blob.hash, blob.key, version, encodeVoice(content.voice)];
  return {
    sql: `INSERT INTO file (room, id, n, root, name, media_type, size_bytes, content_hash, blob_hash, blob_key, version, voice)
      SELECT ?, ?, ?, coalesce((SELECT root FROM file WHERE room = ? AND id = ?), ?), ?, ?, ?, ?, ?, ?, ?, ?
      WHERE EXISTS (SELECT 1 FROM message WHERE room = ? AND id = ? AND n IS ?)
      ON CONFLICT (room, id) DO UPDATE SET n = excluded.n WHERE file.n IS NULL`,
    parameters: [room, id, n, room, replaces, id, ...facts, room, id, n],
  };
}

/** What a message list shows of entries that are files, by the record's id in hexadecimal. */
export async function messageFiles(
  history: Part,
  room: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<ReadonlyMap<string, MessageFileView>> {
  const rows = await history.query<FileRow>(`SELECT * FROM file WHERE room = ? AND id IN (${placeholders(ids)})`, [
    room,
    ...ids,
  ]);
  return new Map(rows.map((row) => [hex(row.id), fileViewOf(row)]));
}

function fileViewOf({
  root,
  version,
  name,
  size_bytes: sizeBytes,
  media_type: mediaType,
  voice,
}: FileRow): MessageFileView {
  const heard = voice === null ? {} : { voice: voiceView(voice) };
  return { id: hex(root), version, name: safeFileName(name), sizeBytes, mediaType, ...heard };
}

/** Tells that somebody sent a name that is not shown as it is. */
export async function noteUnsafeName({ keys, clock }: Session, room: Uint8Array, body: FileBody): Promise<void> {
  const fault = fileNameFault(body.content.name);
  if (fault === null) return;
  const entry = { event: 'refused/file-name', room: hex(room), file: hex(body.id), flaw: fault } as const;
  await keys.apply([logKeyOnce(clock, entry)]);
}
