import type { Address } from '@sotto/protocol';
import { administrator } from '../../../admin/administrator.ts';
import type { Handler } from '../../../handler.ts';

export const list: Handler<'admin.invitations.list'> = async ({ after, limit }, context) => {
  const { store, now } = context;
  return store.read(async (database) => {
    await administrator(database, context);
    const rows = await database
      .selectFrom('invitations')
      .leftJoin('accounts as maker', 'maker.id', 'invitations.created_by')
      .leftJoin('accounts as guest', 'guest.id', 'invitations.account_id')
      .select(['invitations.id', 'kind', 'expires_at', 'used_at', 'account_id'])
      .select(['maker.address as maker', 'guest.address as guest', 'guest.reserved_until as reserved'])
      .where('invitations.id', '>', after)
      .orderBy('invitations.id')
      .limit(limit)
      .execute();
    const invitations = rows.map(({ id, kind, expires_at, used_at, maker, guest, reserved }) => ({
      id,
      role: kind,
      state: stateOf(
        { usedAt: used_at, expiresAt: expires_at, reservedUntil: guest === null ? null : reserved },
        now(),
      ),
      createdBy: maker as Address | null,
      expiresAt: expires_at,
      usedBy: used_at === null ? null : (guest as Address | null),
    }));
    return { invitations, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  });
};

function stateOf(
  { usedAt, expiresAt, reservedUntil }: { usedAt: number | null; expiresAt: number; reservedUntil: number | null },
  now: number,
): 'open' | 'reserved' | 'used' | 'expired' {
  if (usedAt !== null) return 'used';
  if (reservedUntil !== null && reservedUntil > now) return 'reserved';
  return expiresAt <= now ? 'expired' : 'open';
}
