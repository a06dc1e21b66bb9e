import { createAccount, KeyBox, type OpenSession, type SyncProgress, signInAccount } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, parseDeviceName } from '@sotto/protocol';
import { TemporaryFolder } from '../test/support/folder.ts';
import { HomeServer } from '../test/support/home-server.ts';
import type { Bench, Figure, Growth, Result } from './support/bench.ts';
import { writeMessages } from './support/bulk-author.ts';
import { type ByteCount, countBytes } from './support/byte-count.ts';
import { fitPlane } from './support/fit.ts';

/** Words: rooms, records of each. */
export const bench: Bench = {
  title: 'sign-in, and a new device of an account with many long rooms',
  about: `
A hybrid account signs in on a new machine by address and passphrase, and fetches everything: at each size another device, of the same
account, whose rooms grow. Time and bytes, both ways and as they lie in the channel's frames, from the first connection on, by phase:
*sign-in* until the vault is made and the device endorsed; *account*, what the account's own room and chain say; *rooms*, their
statements and the hashes of their records; *newest*, the newest messages of every room, after which people can read and write;
*archive*, all that is older, judged, kept and searchable. The home server is its own process on the same machine, on SQLite; the
vault is encrypted, and every page made durable. Messages were written by the account's first device in one era. The process whose memory is told also wrote them.`,
  run,
};

async function run([rooms = '100', records = '1000']: readonly string[]): Promise<Result> {
  using folder = new TemporaryFolder();
  await using server = await HomeServer.start({ data: folder.at('server') });
  const city: City = { server, folder };
  const writer = await firstDevice(city);
  const measured: Measured[] = [];
  for (const size of sizesUpTo({ rooms: Number(rooms), records: Number(records) })) {
    await build(writer, size);
    measured.push(await measure(city, size));
  }
  await writer.close();
  const largest = measured.at(-1) as Measured;
  return { figures: figuresOf(largest), growth: growthOf(measured) };
}

interface City {
  readonly server: HomeServer;
  readonly folder: TemporaryFolder;
}

interface Size {
  readonly rooms: number;
  readonly records: number;
}

/** First more rooms of a tenth of the records, then more records. */
function sizesUpTo({ rooms, records }: Size): readonly Size[] {
  const short = Math.ceil(records / 10);
  const few = [0.1, 0.5, 1].map((share) => ({ rooms: Math.ceil(rooms * share), records: short }));
  return [...few, { rooms, records: Math.ceil(records * 0.4) }, { rooms, records }];
}

async function firstDevice({ server, folder }: City): Promise<OpenSession> {
  return createAccount(await nodePlatform(), new DirectoryStorage(folder.at('first')), {
    address: ADDRESS,
    invitation: server.invitation,
    suite: 'hybrid',
    roaming: true,
    vault: 'normal',
    deviceName: parseDeviceName('first'),
    passphrase: PASSPHRASE,
  });
}

async function build(writer: OpenSession, { rooms, records }: Size): Promise<void> {
  const box = new KeyBox(writer);
  const known = await box.listRooms();
  const ids = known.map(({ id }) => id);
  while (ids.length < rooms) {
    const name = `room ${ids.length}`;
    ids.push((await box.createRoom({ name, type: 'chat', history: 'all', keying: 'era' })).id);
  }
  for (const [i, id] of ids.entries()) await fill(writer, id, { records, topic: TOPICS[i % TOPICS.length] as string });
}

const written = new Map<string, number>();

async function fill(
  writer: OpenSession,
  id: string,
  { records, topic }: { readonly records: number; readonly topic: string },
): Promise<void> {
  const before = written.get(id) ?? 0;
  await writeMessages(writer, id, { count: records - before, text: (n) => `message ${before + n} about ${topic}` });
  written.set(id, records);
}

type Phase = 'sign-in' | 'account' | 'rooms' | 'newest' | 'archive';

interface Measured {
  readonly size: Size;
  readonly phases: ReadonlyMap<Phase, { readonly seconds: number; readonly bytes: number }>;
}

async function measure({ server, folder }: City, size: Size): Promise<Measured> {
  const platform = await nodePlatform();
  const count: ByteCount = { bytes: 0 };
  const counted = { ...platform, transport: countBytes(platform.transport, count) };
  const name = `${size.rooms}-${size.records}`;
  const starts: { readonly phase: Phase; readonly at: number; readonly bytes: number }[] = [];
  const enter = (phase: Phase): void => {
    if (starts.some((start) => start.phase === phase)) return;
    starts.push({ phase, at: performance.now(), bytes: count.bytes });
  };
  enter('sign-in');
  const session = await signInAccount(counted, new DirectoryStorage(folder.at(name)), {
    address: ADDRESS,
    server: server.line.url,
    caFingerprint: null,
    passphrase: PASSPHRASE,
    deviceName: parseDeviceName(name),
    vault: 'normal',
  });
  enter('account');
  const box = new KeyBox(session);
  const onProgress = ({ phase }: SyncProgress): void => enter(phase === 'index' ? 'archive' : phase);
  const { online, faults } = await box.sync({ onProgress });
  const end = { at: performance.now(), bytes: count.bytes };
  const { indexed } = await box.search.coverage();
  if (!online || faults.length > 0 || indexed !== size.rooms * size.records) throw new Error('not everything is there');
  await session.close();
  const phases = starts.map(({ phase, at, bytes }, i) => {
    const next = starts[i + 1] ?? end;
    return [phase, { seconds: (next.at - at) / 1000, bytes: next.bytes - bytes }] as const;
  });
  const told = phases.map(
    ([phase, { seconds, bytes }]) => `${phase} ${seconds.toFixed(1)} s ${mib(bytes).toFixed(1)} MiB`,
  );
  console.log(`${size.rooms} rooms of ${size.records}: ${told.join(', ')}`);
  return { size, phases: new Map(phases) };
}

function figuresOf({ size, phases }: Measured): readonly Figure[] {
  const alone = { against: null, theirs: null, better: 'less', asked: null } as const;
  const of = `${size.rooms} rooms of ${size.records}`;
  const memory = process.resourceUsage().maxRSS / 1024;
  return [
    ...[...phases].flatMap(([phase, { seconds, bytes }]): Figure[] => [
      { what: `${of}: ${phase}, time`, ours: { value: seconds, unit: 's' }, ...alone },
      { what: `${of}: ${phase}, bytes`, ours: { value: mib(bytes), unit: 'MiB' }, ...alone },
    ]),
    { what: 'peak memory of the process', ours: { value: memory, unit: 'MiB' }, ...alone },
  ];
}

function growthOf(measured: readonly Measured[]): readonly Growth[] {
  const points = measured.map(({ size, phases }) => {
    const all = [...phases.values()];
    const readable = [...phases].filter(([phase]) => phase !== 'archive').map(([, { seconds }]) => seconds);
    const whole = { seconds: sum(all.map(({ seconds }) => seconds)), bytes: sum(all.map(({ bytes }) => bytes)) };
    return { x: size.rooms, y: size.rooms * size.records, readable: sum(readable), ...whole };
  });
  const byEntries = (value: (point: (typeof points)[number]) => number) =>
    points.map((point): readonly [number, number] => [point.y, value(point)]);
  const [seconds, bytes] = [
    fitPlane(points.map(({ x, y, seconds }) => [x, y, seconds])),
    fitPlane(points.map(({ x, y, bytes }) => [x, y, bytes])),
  ];
  const ms = (value: number): string => `${(value * 1000).toPrecision(3)} ms`;
  const kib = (value: number): string => `${(value / 1024).toPrecision(3)} KiB`;
  return [
    {
      title: 'New device: time',
      x: 'records in all rooms',
      y: 's',
      lines: [
        { name: 'newest messages readable', points: byEntries(({ readable }) => readable) },
        { name: 'everything', points: byEntries(({ seconds }) => seconds) },
      ],
      fit: `${seconds[0].toPrecision(3)} s + ${ms(seconds[1])} a room + ${ms(seconds[2])} a record`,
    },
    {
      title: 'New device: bytes',
      x: 'records in all rooms',
      y: 'MiB',
      lines: [{ name: 'both ways', points: byEntries(({ bytes }) => mib(bytes)) }],
      fit: `${kib(bytes[0])} + ${kib(bytes[1])} a room + ${kib(bytes[2])} a record`,
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mib(bytes: number): number {
  return bytes / 2 ** 20;
}

const ADDRESS = 'writer@localhost' as Address;
const PASSPHRASE = 'A passphrase for the bench 1';
const TOPICS = ['bread', 'weather', 'the harbour', 'accounts', 'the new roof', 'trains'];
