import { hex } from '@sotto/bytes';
import { type Address, isFileNameTwin, safeFileName, separatedFileName } from '@sotto/protocol';
import type { Part } from '../ports.ts';
import type { FileView, MessageView } from '../views.ts';
import type { FileRow } from './file-history.ts';

/** All versions of all files of a room, those of one file together, oldest first; queued ones last. */
export async function readVersions(history: Part, room: Uint8Array): Promise<readonly (readonly FileRow[])[]> {
  const rows = await history.query<FileRow>('SELECT * FROM file WHERE room = ? ORDER BY n IS NULL, n', [room]);
  const files = Map.groupBy(rows, ({ root }) => hex(root));
  return [...files.values()];
}

/** Names under which files can stand beside each other: each safe, none the twin of another. In the order of the files. */
export function distinctNames(written: readonly string[]): readonly string[] {
  const taken: string[] = [];
  for (const name of written) {
    const safe = safeFileName(name);
    let free = safe;
    for (let ordinal = 2; taken.some((other) => isFileNameTwin(other, free)); ordinal++) {
      free = separatedFileName(safe, ordinal);
    }
    taken.push(free);
  }
  return taken;
}

export function fileView(
  row: FileRow,
  { name, author, at }: { readonly name: string; readonly author: Address; readonly at: MessageView['at'] },
): FileView {
  return {
    id: hex(row.root),
    record: hex(row.id),
    n: row.n,
    room: hex(row.room),
    name,
    renamed: name !== row.name,
    sizeBytes: row.size_bytes,
    mediaType: row.media_type,
    contentHash: hex(row.content_hash),
    version: row.version,
    author,
    at,
  };
}
