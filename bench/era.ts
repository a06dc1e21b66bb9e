import { type CborValue, encodeCbor } from '@sotto/bytes';
import type { LogEntry, OperationOutput, Operations } from '@sotto/protocol';
import type { TestAccount, TestRoom } from '@sotto/testing';
import type { KeyPackage } from 'ts-mls';
import { submission, TestHome, type TestMember } from '../packages/server/src/home.fixture.ts';
import type { Bench, Figure, Growth, Result } from './support/bench.ts';
import { mlsAdd, mlsGroup, mlsMember, mlsSuite } from './support/mls.ts';
import { inTurns } from './support/turns.ts';

/** Words: rounds, members. */
export const bench: Bench = {
  title: 'a new era for 500 members',
  about: `
*Ours*, suite \`hybrid\`: what the client of whoever removes a member computes for those who stay: a new secret, sealed by X-Wing to the key of each, table, tree of the
sealed entries, link to the past, and the statement signed with Ed25519 and ML-DSA-65. *ts-mls*: one commit that adds as many members to a group of one, with the
welcome to them, under X-Wing, AES-256-GCM and Ed25519; their key packages are there already. Neither side's network is counted. Rounds in turns, median.

What a member fetches are the bytes of the answer to its client's \`rooms.read\`, inside the channel: measured at a server's handlers, with a
room that has as many members. A new member of the MLS group fetches the welcome, which has a part for each, and the tree.`,
  packages: ['ts-mls'],
  run,
};

async function run([rounds = '3', members = '500']: readonly string[]): Promise<Result> {
  const size = Number(members);
  const home = await TestHome.open();
  try {
    const owner = await home.signUp('owner');
    const crowd = await home.admitCrowd(owner, size);
    const suite = await mlsSuite();
    const packages: KeyPackage[] = [];
    for (let i = 0; i < size; i++) packages.push((await mlsMember(suite, `member-${i}`)).publicPackage);
    const room = await roomOf(owner, crowd, home);
    const group = await mlsGroup(suite);
    const times: { size: number; ours: number; theirs: number }[] = [];
    let welcomeBytes = 0;
    for (const part of [0.1, 0.25, 0.5, 1]) {
      const count = Math.round(size * part);
      const stay = [owner.account, ...crowd.slice(0, count - 1)];
      const { ours, theirs } = await inTurns(
        {
          ours: async () => void (await makeEra(room, owner.account, stay)),
          theirs: async () => {
            ({ welcomeBytes } = await mlsAdd(suite, group, packages.slice(0, count)));
          },
        },
        { rounds: Number(rounds), count: 1 },
      );
      console.log(`${count} members: ${ours.toFixed(0)} ms, ts-mls ${theirs.toFixed(0)} ms`);
      times.push({ size: count, ours, theirs });
    }
    return { ...figures(times, await fetched(home, room, { owner, crowd }), welcomeBytes), growth: [growth(times)] };
  } finally {
    await home.close();
  }
}

/** A room of all; the server learns of it when it is whole. */
async function roomOf(owner: TestMember, crowd: readonly TestAccount[], home: TestHome): Promise<TestRoom> {
  const room = await home.createRoom(owner, { policy: { maxMembers: 1000 } });
  for (const member of crowd) {
    await home.append(owner, room, await room.sealAdd(owner.account, member, { role: 'member' }));
  }
  return room;
}

async function makeEra(room: TestRoom, author: TestAccount, members: readonly TestAccount[]) {
  const era = await room.makeEra(author, { members });
  return room.sealStatement(author, room.draft(author, 'era', { era: era.era }), { era });
}

interface Fetched {
  readonly whole: number;
  /** Own entry, path and rows. */
  readonly beside: number;
}

/** What a member fetches of an era that removes somebody else. */
async function fetched(
  home: TestHome,
  room: TestRoom,
  { owner, crowd }: { readonly owner: TestMember; readonly crowd: readonly TestAccount[] },
): Promise<Fetched> {
  const removal = await room.sealRemove(owner.account, crowd[0] as TestAccount);
  const statement = submission(removal);
  const input = { room: room.state.id, statement: { ...statement, rows: [] } };
  await home.call(owner.session, 'rooms.append', input);
  const from = room.state.length;
  const answer = await home.call(owner.session, 'rooms.read', { room: room.state.id, from, limit: 1 });
  return { whole: bytesOf(answer), beside: bytesBeside(answer) };
}

function bytesBeside({ entries: [entry] }: OperationOutput<Operations['rooms.read']>): number {
  if (entry?.kind !== 'statement' || entry.entry === null) throw new Error('an era with an own entry');
  return bytesOf({ rows: entry.rows, entry: entry.entry } satisfies Partial<LogEntry>);
}

function bytesOf(value: unknown): number {
  return encodeCbor(value as CborValue).length;
}

function figures(
  times: readonly { readonly ours: number; readonly theirs: number; readonly size: number }[],
  { whole, beside }: Fetched,
  welcomeBytes: number,
): Pick<Result, 'figures' | 'notes'> {
  const last = times.at(-1) as (typeof times)[number];
  const bytes = { better: 'less', asked: { atMost: 2 } } as const;
  const kib = (value: number) => ({ value: value / 1024, unit: 'KiB' }) as const;
  const made: Figure[] = [
    {
      what: `new era for ${last.size} members`,
      against: 'ts-mls',
      ours: { value: last.ours, unit: 'ms' },
      theirs: { value: last.theirs, unit: 'ms' },
      better: 'less',
      asked: { timesBetter: 5 },
    },
    {
      what: 'fetched by each member: own entry, path and rows',
      against: null,
      ours: kib(beside),
      theirs: null,
      ...bytes,
    },
    {
      what: 'fetched by each member: all of it, with the signed statement',
      against: 'ts-mls, welcome',
      ours: kib(whole),
      theirs: kib(welcomeBytes),
      ...bytes,
    },
  ];
  const note = `The statement that starts an era is signed with ML-DSA-65 as well as Ed25519. Those 3,373 bytes are the same for all members and cannot be
smaller: with them nobody fetches less than 2 KiB. What is each member's own stays below it, and grows by 34 bytes when the room doubles.`;
  return { figures: made, notes: [note] };
}

function growth(times: readonly { readonly size: number; readonly ours: number; readonly theirs: number }[]): Growth {
  return {
    title: 'A new era, by members',
    x: 'members',
    y: 'milliseconds',
    lines: [
      { name: 'Sotto, hybrid', points: times.map(({ size, ours }) => [size, ours]) },
      { name: 'ts-mls, X-Wing', points: times.map(({ size, theirs }) => [size, theirs]) },
    ],
    fit: null,
  };
}
