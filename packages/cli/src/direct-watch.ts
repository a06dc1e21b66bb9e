import { Fault } from '@sotto/bytes';
import { KeyBox, type MessageView, type Session } from '@sotto/keybox';
import type { AccountLock } from './direct-account.ts';
import { Hints } from './hints.ts';

/**
 * What comes or changes from now on. The account is locked only while what has come is applied: before that, the server
 * is asked whether it is there at all, so that a silent network keeps nobody waiting for the lock.
 */
export async function* watchDirectly(
  { session, lock }: { readonly session: Session; readonly lock: AccountLock },
  signal: AbortSignal,
): AsyncIterable<readonly MessageView[]> {
  const hints = new Hints(session);
  let { cursor } = await new KeyBox(session).changes(-1);
  for (let failures = 0; !signal.aborted; ) {
    lock.release();
    const isThere = await isReachable(session);
    await lock.take();
    // A fresh one each time: what another command changed meanwhile must not be missed.
    const box = new KeyBox(session);
    const online = isThere && (await box.sync({ archive: 'newest' })).online;
    if (online) await box.archive.fetch({ signal: AbortSignal.timeout(ARCHIVE_MILLISECONDS) });
    const batch = await box.changes(cursor);
    lock.release();
    cursor = batch.cursor;
    if (batch.messages.length > 0) yield batch.messages;
    failures = online ? 0 : failures + 1;
    await hints.wait({ signal, timeoutMilliseconds: online ? IDLE_MILLISECONDS : backoff(failures) });
  }
  await lock.take();
}

async function isReachable({ link }: Session): Promise<boolean> {
  try {
    await link.call('rooms.list', { after: null });
    return true;
  } catch (cause) {
    // Whatever else it is, the sync that follows tells it better.
    return !(cause instanceof Fault) || !AWAY.has(cause.code);
  }
}

/** 1, 2, 4 ... seconds, at most half a minute. */
function backoff(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), 30_000);
}

const AWAY: ReadonlySet<string> = new Set(['unreachable', 'channel-broken']);
/** How long a connection that was lost in silence goes unnoticed. */
const IDLE_MILLISECONDS = 10_000;
/** How long what is old may keep others from the account. */
const ARCHIVE_MILLISECONDS = 2000;
