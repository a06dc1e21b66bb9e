import { decodeCbor, encodeCbor, Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { Contacts } from './contacts.ts';
import { KeyboxPeerFault } from './fault.ts';
import { logKey } from './key-log.ts';
import { readCounter, writeCounter, writeMeta } from './meta.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Reads what came for this device, applies it, and only then lets the server forget it. What is refused is told in the
 * key log; what cannot be judged yet, for the author's keys are not given, is kept here and judged again.
 */
export async function readMailbox(session: Session, contacts: Contacts): Promise<void> {
  const { link, keys } = session;
  await judgeWaiting(session, contacts);
  for (;;) {
    const after = await readCounter(keys, CURSOR);
    const { items } = await link.call('mailboxes.read', { after, limit: 50 });
    const last = items.at(-1);
    if (last === undefined) return;
    if (items.some(({ seq }, i) => seq <= (items[i - 1]?.seq ?? after))) {
      throw new KeyboxPeerFault('answer-malformed', 'the server repeats items of the mailbox');
    }
    for (const { seq, item } of items) {
      const done = await receive(session, contacts, item);
      await keys.apply([...done, writeCounter(CURSOR, seq)]);
    }
    await link.call('mailboxes.acknowledge', { upTo: last.seq });
  }
}

/** Takes an item; what is to be kept of it goes into the transaction that moves the cursor. */
async function receive(session: Session, contacts: Contacts, item: Uint8Array): Promise<readonly SqlStatement[]> {
  const { clock } = session;
  try {
    await contacts.receive(item);
    return [];
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    const waits = cause.code === 'pending-chain';
    const event = waits ? 'refused/contact-waits' : 'refused/contact';
    return [logKey(clock, { event, reason: cause.message }, cause), ...(waits ? keep(item, clock.now()) : [])];
  }
}

function keep(item: Uint8Array, at: number): readonly SqlStatement[] {
  return [
    writeMeta(`${WAITING}${hex(sha256(item))}`, encodeCbor({ at, item })),
    {
      sql: `DELETE FROM meta WHERE name IN (SELECT name FROM meta WHERE name GLOB '${WAITING}*' ORDER BY rowid DESC LIMIT -1 OFFSET ${MAX_WAITING})`,
    },
  ];
}

async function judgeWaiting(session: Session, contacts: Contacts): Promise<void> {
  const { keys, clock } = session;
  const rows = await keys.query<{ name: string; value: Uint8Array }>(
    `SELECT name, value FROM meta WHERE name GLOB '${WAITING}*' ORDER BY rowid`,
  );
  for (const { name, value } of rows) {
    const { at, item } = decodeCbor(value) as unknown as { readonly at: number; readonly item: Uint8Array };
    const forget: SqlStatement = { sql: 'DELETE FROM meta WHERE name = ?', parameters: [name] };
    try {
      await contacts.receive(item);
      await keys.apply([forget]);
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
      if (cause.code === 'pending-chain' && clock.now() - at < WAITING_MILLISECONDS) continue;
      await keys.apply([forget, logKey(clock, { event: 'refused/contact', reason: cause.message }, cause)]);
    }
  }
}

/** Faults of the item itself; anything else (no network, no disk, a clock that is wrong) leaves it where it is. */
function isRefusal(cause: unknown): cause is Fault {
  return cause instanceof Fault && cause.blame !== 'usage' && cause.blame !== 'bug' && !PASSING.has(cause.code);
}

const PASSING: ReadonlySet<string> = new Set([
  'channel-broken',
  'answer-malformed',
  'clock-skew',
  'device-revoked',
  'disk-full',
  'throttled',
  'vault-damaged',
]);
const CURSOR = 'mailbox';
const WAITING = 'mailbox/waiting/';
const MAX_WAITING = 64;
const WAITING_MILLISECONDS = 14 * 24 * 3600 * 1000;
