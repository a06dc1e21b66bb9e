import { hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  addDevice,
  codeOf,
  makeWorld,
  type TestAccount,
  type TestEntry,
  type TestEra,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import { currentUserKey } from './chain.ts';
import {
  changedRows,
  checkCommitment,
  entriesRoot,
  entryHash,
  eraCommitment,
  openEntry,
  openLink,
  resourceKey,
  rowOf,
  sealLink,
  sortRows,
  tableHash,
} from './era.ts';
import { merklePath, verifyMerklePath } from './merkle.ts';
import { currentEra, linkedEra } from './room-state.ts';
import { checkEntries } from './room-statement.ts';
import type { Era, TableRow } from './roster.ts';

let world: TestWorld;
let ann: TestAccount;
let ben: TestAccount;
let eve: TestAccount;

beforeAll(async () => {
  world = await makeWorld('era-table');
  ann = await world.account('ann@example.org');
  ben = await world.account('ben@example.org', { suite: 'classic' });
  eve = await world.account('eve@example.org', { suite: 'p384' });
});

describe('A3: a recipient more than the members of the room', () => {
  const tables: readonly [string, () => readonly TableRow[]][] = [
    ['a row too many', () => [rowOf(ann.chain), rowOf(ben.chain), rowOf(eve.chain)]],
    ['a stranger for a member', () => [rowOf(ann.chain), rowOf(eve.chain)]],
    ['a row too few', () => [rowOf(ann.chain)]],
    ['nobody', () => []],
    ['a row twice', () => [rowOf(ann.chain), rowOf(ann.chain)]],
    ['another head', () => [rowOf(ann.chain), { ...rowOf(ben.chain), head: new Uint8Array(32) }]],
    ['another generation', () => [rowOf(ann.chain), { ...rowOf(ben.chain), generation: 1 }]],
  ];

  test.each(tables)(
    'attack with %s: void, nothing is written under it, and the next era heals it',
    async (_name, rows) => {
      const room = await withBen();
      await room.append(await sealEra(room, ann, await room.makeEra(ann, { rows: sortRows(rows()) })));
      assert.isFalse(currentEra(room.state).valid);
      assert.isTrue(room.state.rekeyDue);
      assert.strictEqual(await codeOf(() => room.write(ann)), 'era-table-invalid');
      await room.startEra(ben);
      assert.isTrue(currentEra(room.state).valid);
      assert.isNull(await codeOf(() => room.write(ann)));
    },
  );

  test('control: the members, each once', async () => {
    const room = await withBen();
    const rows = sortRows([rowOf(ann.chain), rowOf(ben.chain)]);
    await room.append(await sealEra(room, ann, await room.makeEra(ann, { rows })));
    assert.isFalse(room.state.rekeyDue);
    assert.isNull(await codeOf(() => room.write(ann)));
  });
});

describe('a table names exactly the members', () => {
  test('a void era still removes whom its statement removes', async () => {
    const room = await withBen();
    const era = await room.makeEra(ann, { rows: sortRows([rowOf(ann.chain), rowOf(ben.chain)]) });
    const draft = room.draft(ann, 'member.remove', { fingerprint: ben.chain.fingerprint, era: era.era });
    await room.append(await room.sealStatement(ann, draft, { era }));
    assert.deepEqual(Object.keys(room.state.members), [hex(ann.chain.fingerprint)]);
    assert.isTrue(room.state.rekeyDue);
  });

  test('a chain that is not known as far as a row names it makes us wait', async () => {
    const room = await withBen();
    const rows = sortRows([rowOf(ann.chain), { ...rowOf(ben.chain), length: 2 }]);
    const entry = await sealEra(room, ann, await room.makeEra(ann, { rows }));
    assert.strictEqual((await room.server.judge(entry))?.code, 'pending-chain');
  });

  test('an older row passes while its user key is the newest', async () => {
    const dan = await world.account('dan@example.org');
    const room = await TestRoom.create(world, ann);
    await room.add(ann, dan);
    const row = rowOf(dan.chain);
    const grown = await addDevice(world, dan, { name: 'phone' });
    await room.write(grown);
    await room.append(await sealEra(room, ann, await room.makeEra(ann, { rows: sortRows([rowOf(ann.chain), row]) })));
    assert.isTrue(currentEra(room.state).valid);
    assert.strictEqual(room.state.members[hex(dan.chain.fingerprint)]?.named.length, 2);
  });

  test('what did not change needs not be given again', async () => {
    const room = await withBen();
    await room.add(ann, eve);
    const { rows } = currentEra(room.state);
    const removal = await room.sealRemove(ann, eve);
    assert.deepEqual(changedRows(rows, removal.rows ?? []), []);
    await room.append({ ...removal, rows: [] });
    assert.deepEqual(currentEra(room.state).rows, sortRows([rowOf(ann.chain), rowOf(ben.chain)]));
    assert.isTrue(currentEra(room.state).valid);
  });

  test('what changed is given, or the table is not the one that was signed', async () => {
    const dan = await world.account('dan@example.net');
    const room = await TestRoom.create(world, ann);
    await room.add(ann, dan);
    const grown = await addDevice(world, dan, { name: 'phone' });
    const rows = sortRows([rowOf(ann.chain), rowOf(grown.chain)]);
    const whole = await sealEra(room, ann, await room.makeEra(ann, { rows }));
    const changed = changedRows(currentEra(room.state).rows, rows);
    assert.deepEqual(changed, [rowOf(grown.chain)]);
    assert.strictEqual((await room.server.judge({ ...whole, rows: [] }))?.code, 'log-broken');
    assert.strictEqual(await room.server.judge({ ...whole, rows: changed }), null);
  });

  test('later adds join the table in force', async () => {
    const room = await withBen();
    const fingerprints = currentEra(room.state).rows.map(({ fingerprint }) => hex(fingerprint));
    assert.deepEqual(fingerprints, [ann, ben].map(({ chain }) => hex(chain.fingerprint)).toSorted());
  });
});

describe('an era follows the one before it', () => {
  const forged: readonly [string, (era: Era) => Partial<Era>, string | null][] = [
    ['unchanged', () => ({}), null],
    ['under the same number', () => ({ era: 0 }), 'roster-invalid'],
    ['skipping a number', () => ({ era: 2 }), 'roster-invalid'],
    ['after nothing', () => ({ previousCommitment: null }), 'roster-invalid'],
    ['after another', () => ({ previousCommitment: new Uint8Array(32) }), 'roster-invalid'],
    ['after nothing, without a link', () => ({ previousCommitment: null, link: null }), 'roster-invalid'],
    ['after another, without a link', () => ({ previousCommitment: new Uint8Array(32), link: null }), 'roster-invalid'],
    ['without a link', () => ({ link: null }), null],
  ];
  test.each(forged)('%s', async (_name, change, code) => {
    const room = await withBen();
    const made = await room.makeEra(ann);
    const entry = await sealEra(room, ann, { ...made, era: { ...made.era, ...change(made.era) } });
    assert.strictEqual((await room.server.judge(entry))?.code ?? null, code);
  });

  test('an older era is named for the sake of a link alone', async () => {
    const room = await withBen();
    const first = currentEra(room.state);
    await room.startEra(ann);
    const made = await room.makeEra(ann);
    const over = { ...made, era: { ...made.era, previousCommitment: first.commitment, link: null } };
    assert.strictEqual((await room.server.judge(await sealEra(room, ann, over)))?.code, 'roster-invalid');
  });

  test('no link reaches into an era whose history is closed', async () => {
    const room = await TestRoom.create(world, ann, { policy: { history: 'from-join' } });
    const entry = await sealEra(room, ann, await room.makeEra(ann, { link: true }));
    assert.strictEqual((await room.server.judge(entry))?.code, 'roster-invalid');
    assert.strictEqual(await codeOf(() => room.startEra(ann)), null);
  });

  test('a link may pass over an era that opened to nobody, and none that closed history', async () => {
    const room = await withBen();
    const first = currentEra(room.state);
    await room.append(await sealEra(room, ann, await room.makeEra(ann, { rows: [rowOf(ann.chain)] })));
    const made = await room.makeEra(ben);
    const link = await sealLink(world.primitives, made.secret, {
      previous: room.secret(first.commitment),
      room: room.state.id,
      era: 2,
    });
    const over = { ...made, era: { ...made.era, previousCommitment: first.commitment, link } };
    await room.append(await sealEra(room, ben, over));
    const newest = currentEra(room.state);
    assert.strictEqual(linkedEra(room.state, newest)?.era, 0);
    const opened = await openLink(world.primitives, made.secret, { era: newest, room: room.state.id, previousEra: 0 });
    assert.deepEqual(opened?.unsafeExpose('test'), room.secret(first.commitment).unsafeExpose('test'));

    const closing = await room.makeEra(ann);
    const policy = { ...room.state.policy, history: 'from-join' } as const;
    await room.append(
      await room.sealStatement(ann, room.draft(ann, 'policy.set', { policy, era: closing.era }), { era: closing }),
    );
    const next = await room.makeEra(ann);
    const widening = await sealLink(world.primitives, next.secret, {
      previous: made.secret,
      room: room.state.id,
      era: next.era.era,
    });
    const wide = { ...next, era: { ...next.era, previousCommitment: newest.commitment, link: widening } };
    assert.strictEqual((await room.server.judge(await sealEra(room, ann, wide)))?.code, 'roster-invalid');
  });
});

describe('secrets', () => {
  test('every member opens its entry, in its own suite, and finds it in the signed tree', async () => {
    const room = await withBen();
    await room.add(ann, eve);
    await room.startEra(ann);
    const era = currentEra(room.state);
    const { sealed } = room.log.at(-1) as TestEntry & { kind: 'statement' };
    const leaves = era.rows.map(({ fingerprint }) =>
      entryHash(fingerprint, sealed.get(hex(fingerprint)) as Uint8Array),
    );
    checkEntries(era, leaves);
    for (const [index, row] of era.rows.entries()) {
      const member = world.byFingerprint(row.fingerprint);
      const entry = sealed.get(hex(row.fingerprint)) as Uint8Array;
      const leaf = entryHash(row.fingerprint, entry);
      assert.isTrue(
        verifyMerklePath(leaf, merklePath(leaves, index), { root: era.entries, index, size: leaves.length }),
      );
      const secret = await openEntry(member.suite, member.room, {
        binding: binding(room, ann),
        recipient: row,
        sealed: entry,
      });
      checkCommitment(secret, { room: room.state.id, era: era.era, commitment: era.commitment });
    }
    assert.strictEqual(await codeOf(() => checkEntries(era, leaves.toReversed())), 'roster-invalid');
    assert.strictEqual(await codeOf(() => checkEntries(era, leaves.slice(1))), 'roster-invalid');
  });

  test('an entry opens for nobody else, in no other room or era, from no other author, for no other purpose', async () => {
    const room = await withBen();
    await room.startEra(ann);
    const { sealed } = room.log.at(-1) as TestEntry & { kind: 'statement' };
    const entry = sealed.get(hex(ann.chain.fingerprint)) as Uint8Array;
    const honest = binding(room, ann);
    const { fingerprint } = ann.chain;
    const open = (change: object, recipient: object = {}, key = ann.room) =>
      codeOf(() =>
        openEntry(ann.suite, key, {
          binding: { ...honest, ...change },
          recipient: { fingerprint, generation: 0, ...recipient },
          sealed: entry,
        }),
      );
    assert.strictEqual(await open({}), null);
    assert.strictEqual(await open({ room: new Uint8Array(32) }), 'open-failed');
    assert.strictEqual(await open({ era: 0 }), 'open-failed');
    assert.strictEqual(await open({ sender: ben.chain.fingerprint }), 'open-failed');
    assert.strictEqual(await open({ purpose: 'sotto/seal/message-key/v1' }), 'open-failed');
    assert.strictEqual(await open({}, { fingerprint: ben.chain.fingerprint }), 'open-failed');
    assert.strictEqual(await open({}, { generation: 1 }), 'open-failed');
    assert.strictEqual(await open({}, {}, ann.container), 'open-failed');
  });

  test('a secret that is not the one committed to is refused (K7)', async () => {
    const room = await withBen();
    const { commitment } = currentEra(room.state);
    const other = new Secret(new Uint8Array(32).fill(7));
    const check = (secret: Secret, change: object = {}) =>
      codeOf(() => checkCommitment(secret, { room: room.state.id, era: 0, commitment, ...change }));
    assert.strictEqual(await check(other), 'era-commitment-mismatch');
    assert.strictEqual(await check(room.secret(commitment), { era: 1 }), 'era-commitment-mismatch');
    assert.strictEqual(await check(room.secret(commitment), { room: new Uint8Array(32) }), 'era-commitment-mismatch');
    assert.strictEqual(await check(room.secret(commitment)), null);
  });

  test('links lead from the newest era to the oldest, and only to what was committed to', async () => {
    const room = await withBen();
    for (let i = 0; i < 3; i++) await room.startEra(ann);
    let secret = room.secret(currentEra(room.state).commitment);
    for (let era = 3; era > 0; era--) {
      const below = await openLink(world.primitives, secret, {
        era: room.state.eras[era] as never,
        room: room.state.id,
      });
      assert.deepEqual(
        eraCommitment(below as Secret, room.state.id, era - 1),
        room.state.eras[era - 1]?.commitment as never,
      );
      secret = below as Secret;
    }
    const wrong = new Secret(new Uint8Array(32));
    const made = await room.makeEra(ann);
    const link = await sealLink(world.primitives, made.secret, { previous: wrong, room: room.state.id, era: 4 });
    const open = (era: Era, key = made.secret) =>
      codeOf(() => openLink(world.primitives, key, { era, room: room.state.id }));
    assert.strictEqual(await open({ ...made.era, link }), 'era-commitment-mismatch');
    assert.strictEqual(await open(made.era, wrong), 'open-failed');
    assert.strictEqual(await open(made.era), null);
    assert.strictEqual(
      await openLink(world.primitives, made.secret, { era: { ...made.era, link: null }, room: room.state.id }),
      null,
    );
  });

  test('resource key, commitment and link key are three different things', () => {
    const secret = new Secret(new Uint8Array(32).fill(1));
    const exposed = [
      resourceKey(secret).unsafeExpose('test'),
      eraCommitment(secret, new Uint8Array(32), 0),
      secret.unsafeExpose('test'),
    ];
    assert.strictEqual(new Set(exposed.map(hex)).size, 3);
  });
});

test('the table hash does not depend on the order of its rows, and on all else', () => {
  const rows = [rowOf(ann.chain), rowOf(ben.chain)] as const;
  assert.deepEqual(tableHash(rows), tableHash(rows.toReversed()));
  const others = [
    [{ ...rows[0], length: 2 }, rows[1]],
    [{ ...rows[0], head: rows[1].head }, rows[1]],
    [{ ...rows[0], generation: 1 }, rows[1]],
    [{ ...rows[0], fingerprint: eve.chain.fingerprint }, rows[1]],
    [rows[0]],
    [],
  ];
  assert.strictEqual(new Set([rows, ...others].map((table) => hex(tableHash(table)))).size, 7);
});

test('a leaf is bound to whom its entry is for', () => {
  const sealed = parseHex('00ff');
  assert.notDeepEqual(entryHash(ann.chain.fingerprint, sealed), entryHash(ben.chain.fingerprint, sealed));
  assert.strictEqual(entriesRoot([]).length, 32);
  assert.strictEqual(currentUserKey(ann.chain).generation, 0);
});

async function withBen(): Promise<TestRoom> {
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  return room;
}

function sealEra(room: TestRoom, author: TestAccount, era: TestEra) {
  return room.sealStatement(author, room.draft(author, 'era', { era: era.era }), { era });
}

function binding(room: TestRoom, author: TestAccount) {
  const { era } = currentEra(room.state);
  return { purpose: 'sotto/seal/era-secret/v1', room: room.state.id, era, sender: author.chain.fingerprint } as const;
}
