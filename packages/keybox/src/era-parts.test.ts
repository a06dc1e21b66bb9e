import { parseHex } from '@sotto/bytes';
import { currentEra, ProtocolPolicyFault, ProtocolUsageFault, type StatementSubmission } from '@sotto/protocol';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, beforeEach, test } from 'vitest';
import { handIn } from './era-parts.ts';
import { forgeEra, insideOf, keptRoom } from './forge.fixture.ts';
import { besideEra, submission } from './room-author.ts';
import { texts, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;
let statement: StatementSubmission;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
});
afterAll(() => city[Symbol.asyncDispose]());

beforeEach(async () => {
  alice.link.repent();
  room = (await alice.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  const { state } = await keptRoom(alice, room);
  const prepared = await forgeEra(alice, room, [alice, bob]);
  const place = {
    room: state.id,
    prevStatement: state.statementHash,
    logHead: { length: state.length, hash: state.hash },
  };
  const draft = { type: 'era', body: { era: prepared.era }, ...besideEra(prepared) } as const;
  statement = await submission(insideOf(alice), draft, place);
});

test('an era that does not fit one request goes in parts, and everybody reads on', async () => {
  let staged = 0;
  alice.link.lie('eras.stage', (honest) => {
    staged += 1;
    return honest();
  });
  await handIn(alice.session, parseHex(room), { statement, maxBytes: 100 });
  assert.strictEqual(staged, 2);
  await followed();
});

test('parts that the server lost are brought again, and no oftener than thrice', async () => {
  let refusals = 0;
  alice.link.lie('rooms.append', (honest) => {
    if (refusals++ === 0) throw missing();
    return honest();
  });
  await handIn(alice.session, parseHex(room), { statement, maxBytes: 100 });
  await followed();
  alice.link.lie('rooms.append', () => {
    throw missing();
  });
  assert.strictEqual(await codeOf(() => handIn(alice.session, parseHex(room), { statement, maxBytes: 100 })), MISSING);
});

test('who was cut off between two parts goes on, or makes another era', async () => {
  let calls = 0;
  alice.link.lie('eras.stage', (honest) => {
    if (calls++ === 1) throw new ProtocolUsageFault('unavailable', 'cut off');
    return honest();
  });
  const hand = () => handIn(alice.session, parseHex(room), { statement, maxBytes: 100 });
  assert.strictEqual(await codeOf(hand), 'unavailable');
  alice.restart();
  await hand();
  await followed();
  await alice.box.rotateRoom(room);
  await updated(alice, bob);
  assert.strictEqual(currentEra((await keptRoom(bob, room)).state).era, 2);
});

async function followed(): Promise<void> {
  await updated(alice, bob);
  assert.strictEqual(currentEra((await keptRoom(bob, room)).state).era, 1);
  // Its author did not keep the secret: it comes with the entry, as everybody's does.
  await alice.box.sendMessage(room, 'under the new era');
  await alice.box.flushOutbox();
  await updated(bob);
  assert.deepEqual(await texts(bob, room), ['under the new era']);
}

function missing(): ProtocolPolicyFault {
  return new ProtocolPolicyFault(MISSING, 'not every sealed entry was brought before the statement');
}

const MISSING = 'era-parts-missing';
