/** A row of the inbox: what was judged and is not projected yet. */
export interface InboxRow {
  readonly position: number;
  readonly room: Uint8Array;
  readonly n: number | null;
  readonly item: Uint8Array;
}
