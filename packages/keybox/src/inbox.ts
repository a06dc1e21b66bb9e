import { decodeCbor, encodeCbor, equal } from '@sotto/bytes';
import { type Body, body as bodyFormat, type Role } from '@sotto/protocol';
import type { SqlStatement } from './ports.ts';

/**
 * A received record between the transaction home and the projections: judged, opened where it opens, and everything
 * about its position that the projections need to decide.
 */
export interface InboxItem {
  /** Null for a record of our own that is still queued. */
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly drops: readonly number[];
  /** The author's role at n. */
  readonly role: Role;
  readonly class: 'content' | 'quiet';
  readonly body: Body | null;
  /** Why there is no body. */
  readonly code: string | null;
  /**
   * Not null for a record that is shown before the log below it was judged: from which position on such records were
   * shown. It changes nothing but what stands there, and `settled` takes all of that back.
   */
  readonly floor: number | null;
  /** False for what stood in the log long before this device: nobody is told that it came. */
  readonly isNews: boolean;
}

/** Takes back what was shown of a room from a position on: the judged records follow. */
export function settle(room: Uint8Array, floor: number): SqlStatement {
  return { sql: 'INSERT INTO inbox (room, n, item) VALUES (?, ?, ?)', parameters: [room, floor, SETTLED] };
}

export function writeInbox(room: Uint8Array, item: InboxItem): SqlStatement {
  const { body, ...rest } = item;
  const encoded = encodeCbor({ ...rest, body: body === null ? null : bodyFormat.encode(body) });
  return { sql: 'INSERT INTO inbox (room, n, item) VALUES (?, ?, ?)', parameters: [room, item.n, encoded] };
}

/** Reads back what was written into our own vault; null where `settle` stands. */
export function parseInbox(bytes: Uint8Array): InboxItem | null {
  if (equal(bytes, SETTLED)) return null;
  const item = decodeCbor(bytes) as unknown as Omit<InboxItem, 'body'> & { readonly body: Uint8Array | null };
  return { ...item, body: item.body === null ? null : bodyFormat.parse(item.body) };
}

const SETTLED = encodeCbor('settled');
