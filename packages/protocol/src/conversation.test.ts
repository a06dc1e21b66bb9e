import { encodeCbor, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  addDevice,
  codeOf,
  makeWorld,
  Replica,
  type TestAccount,
  type TestEntry,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import { checkCommitment, openEntry, openLink, resourceKey } from './era.ts';
import { openBody, type RecordHeader, signedRecord } from './record.ts';
import { linkedEra, memberOf, type RoomState } from './room-state.ts';
import { type Role, roles, rosterStatement } from './roster.ts';

const NAMES = ['ann', 'ben', 'cat', 'dan'] as const;

type Step =
  | { readonly kind: 'add' | 'remove' | 'role'; readonly by: number; readonly whom: number; readonly role: Role }
  | { readonly kind: 'write' | 'leave' | 'era' | 'visibility' | 'device'; readonly by: number };

// The owner acts most often: what others try is mostly refused.
const person = fc.oneof(fc.constant(0), fc.nat(NAMES.length - 1));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('add', 'remove', 'role'),
      by: person,
      whom: person,
      role: fc.constantFrom(...roles),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), by: person }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('leave', 'era', 'era', 'visibility', 'device'), by: person }),
  },
) as fc.Arbitrary<Step>;

test('whatever members do, readers agree, members read what they may, and nobody else reads anything', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 50 }), fc.boolean(), async (steps, open) => {
      const world = await makeWorld('conversation');
      const people = new Map<number, TestAccount>();
      for (const [i, name] of NAMES.entries()) people.set(i, await world.account(`${name}@example.org`));
      const room = await TestRoom.create(world, people.get(0) as TestAccount, {
        policy: { history: open ? 'all' : 'from-join' },
      });
      const readers = [new Replica(world), new Replica(world)] as const;
      for (const entry of room.log) await readers[0].take(entry);
      for (const next of steps) {
        const before = room.state;
        if (next.kind === 'leave' && next.by === 0) continue;
        const code = await codeOf(() => take(room, people, next));
        if (code !== null) assert.strictEqual(room.state, before);
        else accepted += 1;
        for (const entry of room.log.slice(readers[0].state.length)) assert.isNull(await readers[0].take(entry));
      }
      for (const entry of room.log) assert.isNull(await readers[1].take(entry));
      const encoded = [room.server, ...readers].map(({ state }) => hex(encodeCbor(state)));
      assert.strictEqual(new Set(encoded).size, 1);
      for (const account of people.values()) await checkReading(world, room, account);
    }),
    { numRuns: 40, seed: 7 },
  );
  assert.isAbove(accepted, 400);
});

/** What a step comes to, if the room lets it: a fault of the room is a fine answer, anything else is not. */
async function take(room: TestRoom, people: Map<number, TestAccount>, step: Step): Promise<void> {
  const by = people.get(step.by) as TestAccount;
  switch (step.kind) {
    case 'write':
      return void (await room.write(by));
    case 'leave':
      return void (await room.declare(by, 'leave', { successor: null }));
    case 'era':
      return void (await room.startEra(by));
    case 'device':
      return void people.set(step.by, await addDevice(room.world, by, { name: `device-${by.devices.length}` }));
    case 'visibility': {
      const history = room.state.policy.history === 'all' ? 'from-join' : 'all';
      const era = await room.makeEra(by);
      const draft = room.draft(by, 'policy.set', { policy: { ...room.state.policy, history }, era: era.era });
      return void (await room.append(await room.sealStatement(by, draft, { era })));
    }
    default: {
      const whom = people.get(step.whom) as TestAccount;
      if (step.kind === 'remove') return void (await room.remove(by, whom));
      if (step.kind === 'add') return void (await room.add(by, whom, step.role));
      return void (await room.declare(by, 'role.set', { fingerprint: whom.chain.fingerprint, role: step.role }));
    }
  }
}

/** An account opens exactly the records of the eras that were sealed to it, and of those that their links lead to. */
async function checkReading(world: TestWorld, room: TestRoom, account: TestAccount): Promise<void> {
  const secrets = await secretsOf(world, room, account);
  const entitled = entitledEras(room, account);
  assert.sameMembers([...secrets.keys()], [...entitled]);
  for (const entry of room.log) {
    if (entry.kind !== 'record') continue;
    const [header] = signedRecord.parse(entry.record.signed) as unknown as [RecordHeader];
    const secret = secrets.get(header.era);
    const others = [...secrets.values()].filter((other) => other !== secret);
    for (const other of others.slice(0, 2))
      assert.strictEqual(await open(world, other, { header, entry }), 'open-failed');
    if (secret !== undefined) assert.isNull(await open(world, secret, { header, entry }));
  }
  const standing = memberOf(room.state, account.chain.fingerprint);
  if (standing !== null) assert.isTrue(secrets.has(room.state.eras.length - 1));
}

function open(
  world: TestWorld,
  secret: Secret,
  { header, entry }: { header: RecordHeader; entry: TestEntry & { kind: 'record' } },
) {
  const keys = { resourceKey: resourceKey(secret), messageKey: null };
  return codeOf(() => openBody(world.primitives, keys, { header, body: entry.record.body as Uint8Array }));
}

/** What the roster alone says: the eras in whose table the account stands, and those below by open history. */
function entitledEras({ state }: TestRoom, account: TestAccount): ReadonlySet<number> {
  const eras = new Set<number>();
  for (const { era, rows } of state.eras) {
    if (!rows.some(({ fingerprint }) => hex(fingerprint) === hex(account.chain.fingerprint))) continue;
    for (let below = era; below >= 0; below--) {
      if (below < era && state.eras[below]?.history !== 'all') break;
      eras.add(below);
    }
  }
  return eras;
}

/** What the account can open with its own key from what the log gives to everybody. */
async function secretsOf(world: TestWorld, room: TestRoom, account: TestAccount): Promise<Map<number, Secret>> {
  const { state } = room;
  const secrets = new Map<number, Secret>();
  for (const [n, entry] of room.log.entries()) {
    if (entry.kind !== 'statement') continue;
    const { author } = rosterStatement.parse(entry.envelope.signed);
    const era = state.eras.findLast((each) => each.n <= n);
    for (const sealed of entry.sealed.values()) {
      if (era === undefined) continue;
      const secret = await openSealed(account, { state, author, sealed, era: era.era });
      if (secret === null) continue;
      checkCommitment(secret, { room: state.id, era: era.era, commitment: era.commitment });
      await follow(world, state, { secrets, secret, era: era.era });
    }
  }
  return secrets;
}

async function openSealed(
  account: TestAccount,
  { state, author, sealed, era }: { state: RoomState; author: Uint8Array; sealed: Uint8Array; era: number },
): Promise<Secret | null> {
  const binding = { purpose: 'sotto/seal/era-secret/v1', room: state.id, era, sender: author } as const;
  const recipient = { fingerprint: account.chain.fingerprint, generation: 0 };
  let secret: Secret | null = null;
  const code = await codeOf(async () => {
    secret = await openEntry(account.suite, account.room, { binding, recipient, sealed });
  });
  assert.include([null, 'open-failed'], code);
  return secret;
}

async function follow(
  world: TestWorld,
  state: RoomState,
  { secrets, secret, era }: { secrets: Map<number, Secret>; secret: Secret; era: number },
): Promise<void> {
  secrets.set(era, secret);
  const from = state.eras[era] as RoomState['eras'][0];
  const linked = linkedEra(state, from);
  if (linked === null) return;
  const below = await openLink(world.primitives, secret, { era: from, room: state.id, previousEra: linked.era });
  if (below !== null) await follow(world, state, { secrets, secret: below, era: linked.era });
}
