/** Files that a person chose, pasted or dropped. */
export interface GivenFiles {
  readonly files: readonly File[];
  /** Names of folders among what was given: the files are theirs, too. */
  readonly folders: readonly string[];
}

/** Whether a drag or a paste carries files; what they are is told only when they are dropped. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/** What was pasted or dropped, folders with everything in them. To be called within the event. */
export async function givenFiles(transfer: DataTransfer | null): Promise<GivenFiles> {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  const given = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const files: File[] = [];
  const folders: string[] = [];
  for (const { entry, file } of given) {
    if (entry?.isDirectory === true) {
      folders.push(entry.name);
      await walk(entry as FileSystemDirectoryEntry, files);
    } else if (file !== null) files.push(file);
  }
  return { files, folders };
}

async function walk(folder: FileSystemDirectoryEntry, found: File[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // Browsers give a hundred at a time.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0 || found.length > MOST_FILES) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
      else
        found.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    }
  }
}

/** More at once is a mistake more often than a wish. */
const MOST_FILES = 10_000;
