import type { AdminStatistics } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Database } from '../store/store.ts';

/** Sums over the whole server. */
export async function statisticsOf(database: Database, now: number): Promise<Omit<AdminStatistics, 'connected'>> {
  return {
    at: now,
    accounts: await accountsByState(database),
    devices: await countOf(database, 'devices'),
    rooms: await roomsByType(database),
    entries: await entriesByDay(database, now),
    storageBytes: await bytesOfLogs(database),
    mailboxItems: await countOf(database, 'mailbox_items'),
  };
}

async function accountsByState(database: Database): Promise<AdminStatistics['accounts']> {
  const rows = await database.selectFrom('accounts').select(['step', 'suspended_at', 'deleted_at']).execute();
  const isDeleted = (row: (typeof rows)[number]): boolean => row.deleted_at !== null;
  const complete = rows.filter((row) => !isDeleted(row) && row.step === 'complete');
  const suspended = complete.filter((row) => row.suspended_at !== null).length;
  const deleted = rows.filter(isDeleted).length;
  return {
    active: complete.length - suspended,
    suspended,
    deleted,
    incomplete: rows.length - complete.length - deleted,
  };
}

async function roomsByType(database: Database): Promise<AdminStatistics['rooms']> {
  const rows = await database
    .selectFrom('rooms')
    .select((row) => ['type', row.fn.countAll<number>().as('count')] as const)
    .groupBy('type')
    .execute();
  return Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)]));
}

/** Today and the seven days before it. */
async function entriesByDay(database: Database, now: number): Promise<AdminStatistics['entries']> {
  const today = now - (now % DAY_MILLISECONDS);
  const days = Array.from({ length: 8 }, (_, i) => today - (7 - i) * DAY_MILLISECONDS);
  const counted: { day: number; count: number }[] = [];
  for (const day of days) {
    const { count } = await database
      .selectFrom('room_entries')
      .where('at', '>=', day)
      .where('at', '<', day + DAY_MILLISECONDS)
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    counted.push({ day, count: Number(count) });
  }
  return counted;
}

async function bytesOfLogs(database: Database): Promise<number> {
  const { bytes } = await database
    .selectFrom('room_entries')
    .select(sql<number | null>`sum(length(signed) + coalesce(length(body), 0))`.as('bytes'))
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

async function countOf(database: Database, table: 'devices' | 'mailbox_items'): Promise<number> {
  const { count } = await database
    .selectFrom(table)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
