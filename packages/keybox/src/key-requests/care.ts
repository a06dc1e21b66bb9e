import { Fault, hex } from '@sotto/bytes';
import { currentEra } from '@sotto/protocol';
import { logKeyOnce } from '../key-log.ts';
import { enqueue } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import { type KeptRoom, readRooms } from '../room-store.ts';
import { answerRequest, isFinal, isFromOwnDevice } from './answer.ts';
import { mayHaveEra } from './right.ts';
import { readRequests, setRequestState } from './store.ts';

/**
 * Asks once for every key that records wait for and this account may have, and answers what its own other devices ask.
 * What others ask waits for the user.
 */
export async function careForKeys(reader: RoomReader, isPassing: (fault: Fault) => boolean): Promise<void> {
  const rooms = (await readRooms(reader.session.keys)).filter((room) => isReady(reader, room));
  for (const room of rooms) await askForKeys(reader, room, { anew: false });
  const requests = await readRequests(reader.session.keys);
  for (const request of requests.filter((each) => each.state === 'open' && isFromOwnDevice(reader, each))) {
    const room = rooms.find(({ judged }) => hex(judged.id) === hex(request.room));
    if (room === undefined || (await reader.eraKeys.secret(request.room, request.era)) === null) continue;
    try {
      await answerRequest(reader, room, request);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || isPassing(cause)) throw cause;
      const entry = { event: 'key-request/refused', room: hex(request.room), era: request.era } as const;
      const told = logKeyOnce(reader.session.clock, entry, cause);
      await reader.session.keys.apply([...(isFinal(cause) ? [setRequestState(request, 'denied')] : []), told]);
    }
  }
}

/**
 * Asks for every key that records of a room wait for; without `anew` no more after some answers that were no keys.
 * Returns the eras whose keys are asked for now.
 */
export async function askForKeys(
  reader: RoomReader,
  room: KeptRoom,
  { anew }: { readonly anew: boolean },
): Promise<readonly number[]> {
  return isReady(reader, room) ? ask(reader, room, anew ? Number.POSITIVE_INFINITY : MAX_FAILURES) : [];
}

async function ask(reader: RoomReader, { judged }: KeptRoom, maxFailures: number): Promise<readonly number[]> {
  const { keys, identity } = reader.session;
  // A complaint comes first: the next era may lead to what is missing.
  if ((await reader.eraKeys.secret(judged.id, currentEra(judged).era)) === null) return [];
  const asked: number[] = [];
  const waiting = await keys.query<{ era: number }>(
    "SELECT DISTINCT era FROM unopened WHERE room = ? AND code = 'key-missing' ORDER BY era",
    [judged.id],
  );
  for (const { era } of waiting) {
    if (!mayHaveEra(judged, identity.fingerprint, era)) continue;
    if ((await reader.eraKeys.secret(judged.id, era)) !== null) continue;
    const [tried] = await keys.query<{ failed: number; open: number }>(
      `SELECT coalesce(sum(state = 'failed'), 0) AS failed, coalesce(sum(state = 'open'), 0) AS open FROM key_request
        WHERE room = ? AND author = ? AND era = ?`,
      [judged.id, identity.fingerprint, era],
    );
    const { failed = 0, open = 0 } = tried ?? {};
    if (open > 0) asked.push(era);
    if (open > 0 || failed >= maxFailures) continue;
    const key = `key-request/${era}/${failed}`;
    await enqueue(reader, judged.id, { kind: 'key-request', content: { eras: [era] }, class: 'quiet', key });
    asked.push(era);
  }
  return asked;
}

/** Read to its end, and one in which we may write. */
function isReady({ session }: RoomReader, { judged, ahead, stopped, hidden }: KeptRoom): boolean {
  const isMember = judged.members[hex(session.identity.fingerprint)] !== undefined;
  return isMember && ahead === null && stopped === null && !hidden && !judged.closed;
}

/** Answers that were no keys, for one era, after which nobody is asked any more. */
const MAX_FAILURES = 3;
