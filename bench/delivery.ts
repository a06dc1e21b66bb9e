import { mkdirSync } from 'node:fs';
import { Postgres } from '@sotto/testing';
import { TemporaryFolder } from '../test/support/folder.ts';
import { HomeServer } from '../test/support/home-server.ts';
import type { Bench, Figure, Goal, Quantity, Result } from './support/bench.ts';
import { closedLoop, type Lane, percentile } from './support/closed-loop.ts';
import { makePairs } from './support/pairs.ts';
import { cpuSeconds } from './support/process-use.ts';
import { Prosody, type ProsodyArchive } from './support/prosody.ts';
import { RecordLane } from './support/record-lane.ts';
import { MessageLane } from './support/xmpp-client.ts';

/** Words: seconds of a round, rounds, messages of a pair under way. */
export const bench: Bench = {
  title: 'durable messages through a server, 10 pairs',
  about: `
10 writers each send texts of 1 KiB to their reader, 16 of each under way at a time: one that was delivered makes room for the next.
Latency is from that moment until the reader has the message. The servers take turns, three rounds of 4 seconds each after 3 that do not
count; servers and load
share the machine's two cores, and the load takes less of them than either server.

Ours: the program \`sotto-server\`, hybrid accounts, the secure channel over a WebSocket on 127.0.0.1. A record is acknowledged and
handed on only after the commit that holds it is on the disk (SQLite: WAL with \`synchronous = full\`; PostgreSQL: \`fsync\` and
\`synchronous_commit\` on). Records are sealed and signed beforehand; the writer sends what waits in one request, as a client's
outbox does, and the reader asks when it is told. The server does what it always does: session, device, chain, era, sequence, signature, log.

Theirs: Debian's prosody 0.12 with the modules that a conversation with an archive needs, over TLS on 127.0.0.1, archive on for both
ends. As it comes its archive in SQLite has a rollback journal and \`synchronous = full\`; the line "in WAL mode" is the same with
the database file switched by us; "in files" is its other store, which never waits for the disk.`,
  programs: ['prosody', 'postgres', 'openssl'],
  run,
};

async function run([seconds = '4', rounds = '3', window = '16']: readonly string[]): Promise<Result> {
  using folder = new TemporaryFolder();
  await using postgres = await Postgres.start({ rules: ['host all all 127.0.0.1/32 trust'] });
  await using stack = new AsyncDisposableStack();
  const loop = { seconds: Number(seconds), window: Number(window) };
  const contenders: Contender[] = [
    await sotto(stack, { name: 'sotto', folder: folder.at('sotto'), ...loop }),
    await sotto(
      stack,
      { name: 'sotto on PostgreSQL', folder: folder.at('sotto-pg'), ...loop },
      await postgres.createDatabase(),
    ),
  ];
  const { port } = postgres;
  const database = 'prosody';
  await postgres.createDatabase(database);
  const archives: Readonly<Record<string, ProsodyArchive>> = {
    prosody: { kind: 'sqlite', writeAheadLog: false },
    'prosody, SQLite in WAL mode': { kind: 'sqlite', writeAheadLog: true },
    'prosody on PostgreSQL': { kind: 'postgres', host: '127.0.0.1', port, database },
    'prosody, archive in files': { kind: 'files' },
  };
  for (const [name, archive] of Object.entries(archives)) {
    contenders.push(await prosody(stack, { name, archive, folder: folder.at(name.replaceAll(/\W/g, '-')) }));
  }
  for (let round = 0; round < Number(rounds); round++) {
    for (const contender of contenders) await takeTurn(contender, loop);
  }
  const [sqlite, postgresql, ...peers] = contenders.map(seen) as [Seen, Seen, ...Peers];
  return { figures: figuresOf(sqlite, postgresql, peers), notes: [LIMIT] };
}

/** One server under load, and what was seen of it in all rounds. */
interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly lanes: readonly Lane[];
  prepare(): Promise<void>;
  readonly rates: number[];
  readonly latencies: number[];
  /** Microseconds of the server's process. */
  readonly cpuPerMessage: number[];
}

async function takeTurn(contender: Contender, loop: { readonly seconds: number; readonly window: number }) {
  await contender.prepare();
  const before = cpuSeconds(contender.pid);
  const { perSecond, latencies, delivered } = await closedLoop(contender.lanes, { ...loop, warmUpSeconds: 3 });
  contender.rates.push(perSecond);
  contender.latencies.push(...latencies);
  contender.cpuPerMessage.push(((cpuSeconds(contender.pid) - before) * 1e6) / delivered);
  console.log(`${contender.name}: ${perSecond.toFixed(0)}/s, p99 ${percentile(latencies, 0.99).toFixed(0)} ms`);
}

interface Place {
  readonly name: string;
  readonly folder: string;
}

async function sotto(
  stack: AsyncDisposableStack,
  { name, folder, seconds, window }: Place & { readonly seconds: number; readonly window: number },
  database?: string,
): Promise<Contender> {
  const place = database === undefined ? {} : { database };
  const server = stack.use(await HomeServer.start({ data: `${folder}/server`, ...place }));
  console.log(`${name}: signing up`);
  const lanes: RecordLane[] = [];
  for (const pair of await makePairs(server, { folder, count: PAIRS })) {
    lanes.push(await RecordLane.open(server.line, pair));
    stack.use(pair.writer);
    stack.use(pair.reader);
  }
  const perRound = Math.ceil((MOST_PER_SECOND / PAIRS) * (seconds + 3)) + window;
  const prepare = async () => {
    for (const lane of lanes) await lane.seal(perRound);
  };
  return { name, pid: server.pid as number, lanes, prepare, rates: [], latencies: [], cpuPerMessage: [] };
}

async function prosody(
  stack: AsyncDisposableStack,
  { name, folder, archive }: Place & { readonly archive: ProsodyArchive },
): Promise<Contender> {
  mkdirSync(folder);
  const indices = Array.from({ length: PAIRS }, (_, i) => i);
  const users = indices.flatMap((i) => [`writer${i}`, `reader${i}`]);
  const server = stack.use(await Prosody.start({ folder, archive, users }));
  const lanes: Lane[] = [];
  for (const i of indices) {
    const [writer, reader] = [await server.connect(`writer${i}`), await server.connect(`reader${i}`)];
    lanes.push(new MessageLane(writer, reader, `reader${i}@localhost/r`));
  }
  return { name, pid: server.pid, lanes, prepare: async () => undefined, rates: [], latencies: [], cpuPerMessage: [] };
}

interface Seen {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the server's process, in microseconds. */
  readonly cpuPerMessage: number;
}

function seen({ name, rates, latencies, cpuPerMessage }: Contender): Seen {
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { name, perSecond: percentile(rates, 0.5), p50, p99, cpuPerMessage: percentile(cpuPerMessage, 0.5) };
}

function figuresOf(sqlite: Seen, postgresql: Seen, [rollback, wal, onPostgresql, files]: Peers): readonly Figure[] {
  const bound = { rate: { timesBetter: 8 }, p99: { timesBetter: 5 } };
  return [
    ...compare('SQLite', [sqlite, rollback], bound),
    ...compare('PostgreSQL', [postgresql, onPostgresql], bound),
    ...compare('SQLite', [sqlite, wal]),
    ...compare('SQLite', [sqlite, files]),
  ];
}

/** SQLite with a rollback journal, SQLite in WAL mode, PostgreSQL, files. */
type Peers = readonly [Seen, Seen, Seen, Seen];

function compare(
  store: string,
  [ours, theirs]: readonly [Seen, Seen],
  bound: { readonly rate: Goal | null; readonly p99: Goal | null } = { rate: null, p99: null },
): readonly Figure[] {
  const against = theirs.name;
  const less = { against, better: 'less', asked: null } as const;
  const ms = (value: number): Quantity => ({ value, unit: 'ms' });
  const us = (value: number): Quantity => ({ value, unit: 'µs' });
  const rate = { ours: perSecond(ours), theirs: perSecond(theirs), better: 'more', asked: bound.rate } as const;
  return [
    { what: `${store}: messages delivered`, against, ...rate },
    { what: `${store}: latency, p99`, ...less, ours: ms(ours.p99), theirs: ms(theirs.p99), asked: bound.p99 },
    { what: `${store}: latency, median`, ...less, ours: ms(ours.p50), theirs: ms(theirs.p50) },
    { what: `${store}: server's CPU`, ...less, ours: us(ours.cpuPerMessage), theirs: us(theirs.cpuPerMessage) },
  ];
}

function perSecond({ perSecond }: Seen): Quantity {
  return { value: perSecond, unit: '/s' };
}

const LIMIT =
  "Where a line is not reached, one thread is the limit: it reads, judges and stores every record, while the signatures, about a third of a message's processor time, are verified by others. Prosody commits every message by itself, twice; ours shares commits, so that its advantage grows with the disk's delay, and shrinks where nothing waits for the disk.";
const PAIRS = 10;
/** More than any server here delivers: so many records are sealed before each round. */
const MOST_PER_SECOND = 6_000;
