import { decodeCbor, encodeCbor } from '@sotto/bytes';
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
}

export function writeInbox(room: Uint8Array, item: InboxItem): SqlStatement {
  const { body, ...rest } = item;
  const encoded = encodeCbor({ ...rest, body: body === null ? null : bodyFormat.encode(body) });
  return { sql: 'INSERT INTO inbox (room, n, item) VALUES (?, ?, ?)', parameters: [room, item.n, encoded] };
}

/** Reads back what `writeInbox` wrote into our own vault. */
export function parseInbox(bytes: Uint8Array): InboxItem {
  const item = decodeCbor(bytes) as unknown as Omit<InboxItem, 'body'> & { readonly body: Uint8Array | null };
  return { ...item, body: item.body === null ? null : bodyFormat.parse(item.body) };
}
