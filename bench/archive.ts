import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount, KeyBox, type OpenSession, type SyncProgress } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, parseDeviceName } from '@sotto/protocol';
import { HomeServer } from '../test/support/home-server.ts';
import type { Bench, Figure, Result } from './support/bench.ts';
import { writeMessages } from './support/bulk-author.ts';

/** Words: rooms, records of each. */
export const bench: Bench = {
  title: 'a device that knows nothing of many long rooms',
  about: `
50 rooms, all hybrid, of 2,000 records each, one era, written by one member; history is open to a second one, whose device has read
none of them. The home server is its own process on the same machine, on SQLite; the vault is encrypted, and every page made durable.
The clock starts when the device's channel stands. The process whose memory is told also wrote the rooms.`,
  run,
};

async function run([rooms = '50', records = '2000']: readonly string[]): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const server = await HomeServer.start({ data: join(directory, 'server') });
  try {
    const size = { rooms: Number(rooms), records: Number(records) };
    const { writer, reader } = await people(server, directory);
    await build(writer, reader, size);
    const result = await measure(reader, size);
    await writer.close();
    await reader.close();
    return result;
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

async function measure(reader: OpenSession, { rooms, records }: Size): Promise<Result> {
  const box = new KeyBox(reader);
  const marks = new Map<string, number>();
  const started = performance.now();
  const mark = (name: string): unknown => marks.set(name, (performance.now() - started) / 1000);
  const onProgress = ({ phase, done, total }: SyncProgress): void => {
    if (phase === 'newest' && done === 1) mark('newest room shows its newest messages');
    if (phase === 'newest' && done === total) mark('newest messages of every room');
  };
  const { online, faults } = await box.sync({ onProgress });
  mark('everything judged, kept and searchable');
  const { entries, entriesDone } = await box.archive.status();
  const { indexed } = await box.search.coverage();
  console.log(`online ${online}, faults ${faults.length}, entries ${entriesDone} of ${entries}, searchable ${indexed}`);
  if (entriesDone !== entries || indexed !== rooms * records) throw new Error('the archive is not whole');
  const alone = { against: null, theirs: null, better: 'less', asked: null } as const;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  return {
    figures: [
      ...[...marks].map(([what, value]): Figure => ({ what, ours: { value, unit: 's' }, ...alone })),
      { what: 'peak memory of the process', ours: { value: memory, unit: 'MiB' }, ...alone },
    ],
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}

function topic(n: number): string {
  return TOPICS[n % TOPICS.length] as string;
}

const TOPICS = ['bread', 'weather', 'the harbour', 'accounts', 'the new roof', 'trains'];
