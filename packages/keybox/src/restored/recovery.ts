import { Fault } from '@sotto/bytes';
import type { Address } from '@sotto/protocol';
import type { Contacts } from '../contacts.ts';
import { readCounter, writeCounter } from '../meta.ts';
import type { RoomReader } from '../room-batch.ts';
import { confirmOwnChain, giveBackChain } from './chain.ts';
import { expireOriginals } from './originals.ts';
import { recoverRoom } from './room.ts';

/**
 * Helps a server that was restored from a backup, as far as this device knows more than it: sigchains first, on which
 * everything else rests, then rooms, then who is whose contact. Does nothing while the server goes on in the life that
 * is known. Returns what single rooms were refused for.
 */
export async function recover(
  reader: RoomReader,
  contacts: Contacts,
  isPassing: (fault: Fault) => boolean,
): Promise<readonly Fault[]> {
  const { heads, session } = reader;
  const { keys, clock, identity } = session;
  await keys.apply([...expireOriginals(clock.now())]);
  await confirmOwnChain(reader);
  const faults: Fault[] = [];
  const life = (await heads.newest({ kind: 'chain', id: identity.fingerprint }))?.incarnation ?? FIRST;
  const isNew = life > Math.max(FIRST, await readCounter(keys, HELPED));
  if (isNew) for (const id of await behind(reader, 'chain')) await recoverChain(reader, id);
  for (const id of await behind(reader, 'room')) {
    try {
      await recoverRoom(reader, id);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || isPassing(cause)) throw cause;
      faults.push(cause);
    }
  }
  if (isNew) {
    await contacts.sendAgain();
    await keys.apply([writeCounter(HELPED, life)]);
  }
  return faults;
}

/** Whose newest head is of an earlier life of the server's data than our own chain's. */
export async function behind(
  { session }: Pick<RoomReader, 'session'>,
  kind: 'room' | 'chain',
): Promise<readonly Uint8Array[]> {
  const rows = await session.keys.query<{ id: Uint8Array }>(
    `SELECT id FROM head WHERE kind = ? AND incarnation <
      (SELECT incarnation FROM head WHERE kind = 'chain' AND id = ?) ORDER BY rowid`,
    [kind, session.identity.fingerprint],
  );
  return rows.map(({ id }) => id);
}

/** A chain that the server has for us is compared as it is read; one that it has lost is offered whole. */
async function recoverChain(reader: RoomReader, id: Uint8Array): Promise<void> {
  const [row] = await reader.session.keys.query<{ address: Address }>(
    'SELECT address FROM chain WHERE fingerprint = ? LIMIT 1',
    [id],
  );
  if (row === undefined) return;
  const { link } = reader.session;
  const answer = await link.call('chains.read', { account: id, from: MAX_CHAIN }).catch(absent);
  if (answer === null) await giveBackChain(reader, id, { from: 0 });
  await reader.chains.refresh(id, row.address).catch(told);
}

/** A refused chain is in the key log already, and stops whatever rests on it. */
function told(cause: unknown): null {
  if (cause instanceof Fault && cause.blame === 'peer' && cause.code !== 'channel-broken') return null;
  throw cause;
}

function absent(cause: unknown): null {
  if (cause instanceof Fault && cause.code === 'not-found') return null;
  throw cause;
}

/** The newest life of the server's data in which this device has done its part. */
const HELPED = 'restored/helped';
const FIRST = 1;
/** Beyond the end of every chain: asks for the head alone. */
const MAX_CHAIN = 1_000_000;
