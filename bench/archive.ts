import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, KeyBox, type OpenSession, type SyncProgress } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, parseDeviceName } from '@sotto/protocol';
import { HomeServer } from '../test/support/home-server.ts';
import { writeMessages } from './bulk-author.ts';

/**
 * An account with many long rooms, read by a device that knows none of them: how long until the newest room shows its
 * newest messages, and until everything is here. Words: rooms, records of each.
 */
export async function run([rooms = '50', records = '2000']: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const server = await HomeServer.start({ data: join(directory, 'server') });
  try {
    const size = { rooms: Number(rooms), records: Number(records) };
    const { writer, reader } = await people(server, directory);
    await build(writer, reader, size);
    await measure(reader, size);
    await writer.close();
    await reader.close();
  } finally {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  }
}

interface Size {
  readonly rooms: number;
  readonly records: number;
}

async function people(
  server: HomeServer,
  directory: string,
): Promise<{ readonly writer: OpenSession; readonly reader: OpenSession }> {
  const platform = await nodePlatform({ suiteModules: [] });
  const signUp = (name: string, invitation: string): Promise<OpenSession> =>
    createAccount(platform, new DirectoryStorage(join(directory, name)), {
      address: `${name}@${server.line.domain}` as Address,
      invitation,
      suite: 'hybrid',
      roaming: false,
      vault: 'normal',
      deviceName: parseDeviceName('bench'),
      passphrase: 'A passphrase for the bench 1',
    });
  const writer = await signUp('writer', server.invitation);
  const [invitation = ''] = await new KeyBox(writer).createInvitations(1);
  const reader = await signUp('reader', invitation);
  await new KeyBox(writer).addContact(reader.identity.address);
  await new KeyBox(reader).sync();
  await new KeyBox(reader).acceptContact(writer.identity.address);
  await new KeyBox(writer).sync();
  return { writer, reader };
}

async function build(writer: OpenSession, reader: OpenSession, { rooms, records }: Size): Promise<void> {
  const box = new KeyBox(writer);
  const started = performance.now();
  for (let i = 0; i < rooms; i++) {
    const { id } = await box.createRoom({ name: `room ${i}`, type: 'chat', history: 'all', keying: 'era' });
    await box.addMember(id, reader.identity.address, 'member');
    await writeMessages(writer, id, { count: records, text: (n) => `message ${n} of room ${i}, about ${topic(n)}` });
  }
  console.log(`built ${rooms} rooms of ${records} records in ${seconds(started)}`);
}

async function measure(reader: OpenSession, { rooms, records }: Size): Promise<void> {
  const box = new KeyBox(reader);
  const marks = new Map<string, string>();
  const started = performance.now();
  const onProgress = ({ phase, done, total }: SyncProgress): void => {
    if (phase === 'newest' && done === 1) marks.set('newest room', seconds(started));
    if (phase === 'newest' && done === total) marks.set('newest of every room', seconds(started));
    if (phase === 'archive' && done === total) marks.set('everything', seconds(started));
  };
  const { online, faults } = await box.sync({ onProgress });
  const { entries, entriesDone } = await box.archive.status();
  const { indexed } = await box.search.coverage();
  console.log(`online ${online}, faults ${faults.length}, entries ${entriesDone} of ${entries}, searchable ${indexed}`);
  if (entriesDone !== entries || indexed !== rooms * records) throw new Error('the archive is not whole');
  for (const [mark, time] of marks) console.log(`${mark.padEnd(24)} ${time}`);
  console.log(`${'synced'.padEnd(24)} ${seconds(started)}`);
  console.log(`peak memory              ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  const [load = 0] = loadavg();
  console.log(`${cpus().length} x ${cpus()[0]?.model.trim()}, load ${load.toFixed(1)}, Node ${process.version}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}

function topic(n: number): string {
  return TOPICS[n % TOPICS.length] as string;
}

const TOPICS = ['bread', 'weather', 'the harbour', 'accounts', 'the new roof', 'trains'];
