import { equal, hex } from '@sotto/bytes';
import type { Chain, Witness } from '@sotto/protocol';
import { chainOf } from '../accounts/chains.ts';
import type { Store } from '../store/store.ts';
import type { NewEntry } from './entry.ts';

/**
 * What the server knows when it judges a room's next entries: its log, and `pending` entries of the same batch. Nothing
 * is read twice, so a witness serves one batch.
 */
export function roomWitness(store: Store, rowId: number, pending: readonly NewEntry[]): Witness {
  const chains = new Map<string, Promise<Chain | null>>();
  const entries = new Map<number, ReturnType<typeof entryAt>>();
  const stored = (n: number) => once(entries, n, () => entryAt(store, rowId, n));
  return {
    chain: (fingerprint) => once(chains, hex(fingerprint), () => chainOf(store, fingerprint)),

    async hashAt(length) {
      const fresh = pending.find(({ n }) => n === length - 1);
      return fresh?.logHash ?? (await stored(length - 1))?.log_hash ?? null;
    },

    async recordAt(n) {
      const fresh = pending.find((entry) => entry.n === n);
      if (fresh !== undefined) return fresh.kind === 'record' ? { author: fresh.author } : null;
      const known = await stored(n);
      return known?.kind === 'record' ? { author: known.author } : null;
    },

    async recordHash(device, seq) {
      const [known] = await recordsOf(store, rowId, { device, seq });
      if (known !== undefined) return known.hash;
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

function once<Key, Value>(known: Map<Key, Value>, key: Key, ask: () => Value): Value {
  const value = known.get(key) ?? ask();
  known.set(key, value);
  return value;
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
