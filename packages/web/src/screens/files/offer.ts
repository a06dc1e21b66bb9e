import type { FileView } from '@sotto/keybox';
import { isFileNameTwin, safeFileName } from '@sotto/protocol';
import type { GivenFiles } from '../../app/given-files.ts';

/** Files that are not sent before their sender has said how. */
export interface Offer {
  readonly room: string;
  readonly given: GivenFiles;
  /** The files of the room whose names are taken again. */
  readonly twins: ReadonlyMap<File, FileView>;
}

/** What has to be asked before files are sent; null for what everybody would answer the same. */
export function questionAbout({
  room,
  given,
  known,
}: {
  readonly room: string;
  readonly given: GivenFiles;
  readonly known: readonly FileView[];
}): Offer | null {
  const twins = new Map<File, FileView>();
  for (const file of given.files) {
    const twin = known.find(({ name }) => isFileNameTwin(name, safeFileName(file.name)));
    if (twin !== undefined) twins.set(file, twin);
  }
  const isPlain = given.folders.length === 0 && given.files.length <= MANY && twins.size === 0;
  return isPlain ? null : { room, given, twins };
}

const MANY = 10;
