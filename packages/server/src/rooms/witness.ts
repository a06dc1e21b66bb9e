import { equal } from '@sotto/bytes';
import type { Witness } from '@sotto/protocol';
import { chainOf } from '../accounts/chains.ts';
import type { Store } from '../store/store.ts';
import type { NewEntry } from './entry.ts';

/** What the server knows when it judges a room's next entry: its log, and `pending` entries of the same batch. */
export function roomWitness(store: Store, rowId: number, pending: readonly NewEntry[]): Witness {
  return {
    chain: (fingerprint) => chainOf(store, fingerprint),

    async hashAt(length) {
      const fresh = pending.find(({ n }) => n === length - 1);
      return fresh?.logHash ?? (await entryAt(store, rowId, length - 1))?.log_hash ?? null;
    },

    async recordAt(n) {
      const fresh = pending.find((entry) => entry.n === n);
      if (fresh !== undefined) return fresh.kind === 'record' ? { author: fresh.author } : null;
      const stored = await entryAt(store, rowId, n);
      return stored?.kind === 'record' ? { author: stored.author } : null;
    },

    async recordHash(device, seq) {
      const [stored] = await recordsOf(store, rowId, { device, seq });
      if (stored !== undefined) return stored.hash;
      return pending.find((entry) => entry.seq === seq && equal(entry.device, device))?.signedHash ?? null;
    },
  };
}

/** Positions and hashes of what a device wrote under a seq, oldest first: two only where one replaces the other. */
export function recordsOf(
  store: Store,
  rowId: number,
  { device, seq }: { readonly device: Uint8Array; readonly seq: number },
): Promise<{ readonly n: number; readonly hash: Uint8Array }[]> {
  return store.read((database) =>
    database
      .selectFrom('room_entries')
      .select(['n', 'signed_hash as hash'])
      .where('room_id', '=', rowId)
      .where('device', '=', device)
      .where('seq', '=', seq)
      .orderBy('n')
      .execute(),
  );
}

function entryAt(store: Store, rowId: number, n: number) {
  return store.read((database) =>
    database
      .selectFrom('room_entries')
      .select(['kind', 'author', 'log_hash'])
      .where('room_id', '=', rowId)
      .where('n', '=', n)
      .executeTakeFirst(),
  );
}
