/** Long work of a sync, in the order in which it is done. */
export type SyncPhase = 'account' | 'rooms' | 'newest' | 'archive' | 'index';

export interface SyncProgress {
  readonly phase: SyncPhase;
  /** Of `total`: rooms in `rooms` and `newest`, entries in `archive`. */
  readonly done: number;
  readonly total: number;
  /** Id of the room that just got further, hexadecimal. */
  readonly room?: string;
}

export interface SyncOptions {
  readonly onProgress?: (progress: SyncProgress) => void;
  /** `newest` leaves the archive to later: what rooms lack is fetched by `archive.fetch`. */
  readonly archive?: 'all' | 'newest';
  /** Ends the archive early; what was fetched stays. */
  readonly signal?: AbortSignal;
}
