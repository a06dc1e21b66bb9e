/** When a log is read by its skeleton, and in which portions. */
export interface ArchiveLimits {
  /** Entries that a room may be behind and still be read in one go. */
  readonly direct: number;
  /** Newest entries that are shown before those below them were judged. */
  readonly window: number;
  /** Entries that are judged of each room before more of any: they have its name. */
  readonly first: number;
  /** Entries judged and kept at a time. */
  readonly page: number;
}

export function limitsOf({ limits }: { readonly limits?: ArchiveLimits }): ArchiveLimits {
  return limits ?? archiveLimits;
}

const archiveLimits: ArchiveLimits = Object.freeze({ direct: 256, window: 100, first: 16, page: 250 });
