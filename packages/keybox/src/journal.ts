import { decodeCbor, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { BodyContent } from '@sotto/protocol';
import { readUnlockKeys } from './devices/passphrase-change.ts';
import { readCounter, readMeta, writeCounter } from './meta.ts';
import { enqueue } from './outbox.ts';
import type { RoomReader } from './room-batch.ts';

/**
 * Queues into the account room what the account's other devices, present and future, must find there: the key log since
 * the last time, and once the organisation's policy key if this account made it.
 */
export async function queueJournal(reader: RoomReader): Promise<void> {
  await queuePolicyKey(reader);
  await queueUnlockKeys(reader);
  const { keys, identity } = reader.session;
  const from = await readCounter(keys, JOURNALLED);
  const rows = await keys.query<KeyLogRow>(
    'SELECT position, entry, code FROM key_log WHERE position > ? AND device IS NULL ORDER BY position LIMIT 64',
    [from],
  );
  for (const { position, entry, code } of rows) {
    // The key makes a crash between the two lines harmless.
    const key = `key-log/${hex(identity.deviceId)}/${position}`;
    await enqueue(reader, identity.accountRoom, { kind: 'key', content: { entry, code }, class: 'quiet', key });
    await keys.apply([writeCounter(JOURNALLED, position)]);
  }
}

async function queuePolicyKey(reader: RoomReader): Promise<void> {
  const { keys, identity } = reader.session;
  const encoded = await readMeta(keys, 'policy-key');
  if (encoded === null) return;
  const content = decodeCbor(encoded) as unknown as BodyContent<'policy-key'>;
  await enqueue(reader, identity.accountRoom, { kind: 'policy-key', content, key: 'policy-key' });
}

/** A device that is recovered without the passphrase finds here what opens the vaults of the others. */
async function queueUnlockKeys(reader: RoomReader): Promise<void> {
  const { keys, identity } = reader.session;
  const known = await readUnlockKeys(keys);
  const [newest] = known;
  if (newest === undefined) return;
  const key = `unlock-keys/${hex(sha256(newest))}`;
  await enqueue(reader, identity.accountRoom, { kind: 'unlock-keys', content: { keys: known }, key });
}

interface KeyLogRow {
  readonly position: number;
  readonly entry: Uint8Array;
  readonly code: string | null;
}

const JOURNALLED = 'journalled';
