import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  addDevice,
  firstDevice,
  makeWorld,
  Replica,
  type TestAccount,
  type TestDevice,
  type TestEntry,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import { signHead } from './head.ts';
import { messageKeyRow, messageKeyRowsHash, type RecordHeader, recordBytes } from './record.ts';
import { refusalOf } from './refusal.ts';
import { currentEra } from './room-state.ts';

let world: TestWorld;
let ann: TestAccount;
let ben: TestAccount;
let eve: TestAccount;

beforeAll(async () => {
  world = await makeWorld('room-record');
  ann = await world.account('ann@example.org');
  ben = await world.account('ben@example.org', { suite: 'classic' });
  eve = await world.account('eve@example.org', { suite: 'p384' });
});

describe('a header', () => {
  const forged: readonly [string, (header: RecordHeader) => Partial<RecordHeader>, string | null][] = [
    ['unchanged', () => ({}), null],
    ['of another room', () => ({ room: new Uint8Array(32) }), 'wrong-room'],
    ['of the era before', (h) => ({ era: h.era - 1 }), 'era-superseded'],
    ['of an era to come', (h) => ({ era: h.era + 1 }), 'era-superseded'],
    ['of somebody outside', () => ({ author: eve.chain.fingerprint }), 'record-author-unknown'],
    ['of another member', () => ({ author: ben.chain.fingerprint, chain: extentOf(ben) }), 'device-unendorsed'],
    ['by a device of another member', () => ({ device: firstDevice(ben).id }), 'device-unendorsed'],
    ['by a device that nobody has', () => ({ device: new Uint8Array(32) }), 'device-unendorsed'],
    ['with a chain that is not known yet', (h) => ({ chain: { ...h.chain, length: 4 } }), 'pending-chain'],
    ['with a chain of another past', (h) => ({ chain: { ...h.chain, hash: new Uint8Array(32) } }), 'identity-conflict'],
    ['in another suite', () => ({ suite: 1 }), 'record-invalid'],
    ['with the seq before', (h) => ({ seq: h.seq - 1 }), 'seq-conflict'],
    ['with a seq skipped', (h) => ({ seq: h.seq + 1 }), 'seq-gap'],
    ['with another prev', () => ({ prev: new Uint8Array(32) }), 'seq-gap'],
    ['with the room for its prev', (h) => ({ prev: h.room }), 'seq-gap'],
    ['that saw the future', (h) => ({ seen: { ...h.seen, length: h.seen.length + 1 } }), 'bad-seen'],
    ['with an unsigned seen', (h) => ({ seen: { ...h.seen, signature: new Uint8Array(64) } }), 'bad-seen'],
    ['with a seen of another time', (h) => ({ seen: { ...h.seen, at: h.seen.at + 1 } }), 'bad-seen'],
    ['with a seen of another hash', (h) => ({ seen: { ...h.seen, hash: new Uint8Array(32) } }), 'bad-seen'],
    ['that drops what is to come', () => ({ drops: [99] }), 'record-invalid'],
    ['that drops a statement', () => ({ drops: [0] }), 'record-invalid'],
    ['that drops its own record', () => ({ drops: [4] }), null],
    ['that as an owner drops the record of another', () => ({ drops: [5] }), null],
    ['that replaces what is not there', () => ({ replaces: new Uint8Array(32) }), null],
  ];
  test.each(forged)('%s', async (_name, change, code) => {
    const room = await withBen();
    await room.write(ann);
    await room.write(ben);
    const header = await room.draftRecord(ann);
    const before = room.state;
    const entry = await room.sealRecord(ann, { ...header, ...change(header) });
    const fault = await room.server.judge(entry);
    assert.strictEqual(fault?.code ?? null, code);
    if (fault !== null) assert.strictEqual(room.state, before);
    else assert.strictEqual(room.state.length, before.length + 1);
  });

  test('drops of others are refused to members', async () => {
    const room = await withBen();
    await room.write(ann);
    await room.write(ben);
    const header = await room.draftRecord(ben);
    assert.strictEqual(await judge(room, room.sealRecord(ben, { ...header, drops: [4] })), 'record-invalid');
    assert.strictEqual(await judge(room, room.sealRecord(ben, { ...header, drops: [5] })), null);
  });

  test('a position whose record was refused is not dropped by anybody', async () => {
    const room = await withBen();
    const header = await room.draftRecord(ann);
    await room.server.take(await room.sealRecord(ann, { ...header, era: 0 }));
    assert.strictEqual(
      await judge(room, room.sealRecord(ann, { ...(await room.draftRecord(ann)), drops: [4] })),
      'record-invalid',
    );
  });

  test('a head of another room or of a sigchain is no seen', async () => {
    const [room, other] = [await withBen(), await withBen()];
    const header = await room.draftRecord(ann);
    const stray = { ...header, seen: await other.head() };
    assert.strictEqual(await judge(room, room.sealRecord(ann, stray)), 'bad-seen');
    const seen = await signHead(world.primitives, world.headKey.secretKey, {
      subject: { kind: 'chain', id: room.state.id },
      extent: room.extent(),
      at: 1,
      incarnation: 1,
    });
    assert.strictEqual(await judge(room, room.sealRecord(ann, { ...header, seen })), 'bad-seen');
  });

  test('a head longer than the log says that the log was longer (M6)', async () => {
    const room = await withBen();
    const reader = await replicaOf(room);
    await room.write(ben);
    const fault = await reader.judge(await room.write(ann));
    assert.strictEqual(fault?.code, 'rollback');
    assert.strictEqual(fault && refusalOf(fault, 'record'), 'halt');
  });

  test('what a device has seen never falls', async () => {
    const room = await withBen();
    const early = await room.head();
    await room.write(ben);
    await room.write(ann);
    const header = await room.draftRecord(ann);
    assert.strictEqual(await judge(room, room.sealRecord(ann, { ...header, seen: early })), 'bad-seen');
    assert.strictEqual(await judge(room, room.sealRecord(ann, header)), null);
  });

  test('a head that the cluster signed for another past is a fork, with its evidence in the record (K9)', async () => {
    const room = await withBen();
    const header = await room.draftRecord(ann);
    for (const length of [1, room.state.length]) {
      const seen = await room.head({ length, hash: sha256(Uint8Array.of(length)) });
      const fault = await room.server.judge(await room.sealRecord(ann, { ...header, seen }));
      assert.strictEqual(fault?.code, 'room-forked');
      assert.strictEqual(fault && refusalOf(fault, 'record'), 'halt');
    }
  });
});

describe('signatures and bodies', () => {
  test('one bit of signature, header or body hash', async () => {
    const room = await withBen();
    const entry = await room.sealRecord(ann, await room.draftRecord(ann));
    const { record } = entry;
    const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    assert.strictEqual(
      await judge(room, { ...entry, record: { ...record, signature: flip(record.signature, 3) } }),
      'bad-signature',
    );
    assert.strictEqual(
      await judge(room, { ...entry, record: { ...record, signature: new Uint8Array() } }),
      'bad-signature',
    );
    const last = record.signed.length - 1;
    assert.strictEqual(
      await judge(room, { ...entry, record: { ...record, signed: flip(record.signed, last) } }),
      'bad-signature',
    );
    assert.strictEqual(await judge(room, entry), null);
  });

  test('signed under the tag of a statement it is none (D2)', async () => {
    const room = await withBen();
    const entry = await room.sealRecord(ann, await room.draftRecord(ann));
    const signature = await ann.suite.signature.sign(firstDevice(ann).signing, 'sotto/roster/v1', entry.record.signed);
    assert.strictEqual(await judge(room, { ...entry, record: { ...entry.record, signature } }), 'bad-signature');
  });

  test('another body is the fault of the server: asked for again, then read without', async () => {
    const room = await withBen();
    const [entry, other] = [
      await room.sealRecord(ann, await room.draftRecord(ann)),
      await room.sealRecord(ann, await room.draftRecord(ann)),
    ];
    const swapped = { ...entry, record: { ...entry.record, body: other.record.body } };
    const fault = await room.server.judge(swapped);
    assert.strictEqual(fault?.code, 'log-broken');
    assert.strictEqual(fault && refusalOf(fault, 'record'), 'wait');
    assert.strictEqual(await judge(room, { ...entry, record: { ...entry.record, body: null } }), null);
    assert.strictEqual(await judge(room, other), 'seq-conflict');
  });

  test('a dropped body changes nothing of what readers conclude', async () => {
    const room = await withBen();
    const entry = await room.sealRecord(ann, await room.draftRecord(ann));
    const [whole, without] = [await replicaOf(room), await replicaOf(room)];
    await whole.take(entry);
    await without.take({ ...entry, record: { ...entry.record, body: null } });
    assert.deepEqual(whole.state, without.state);
  });
});

describe('the order of a device', () => {
  test('begins at the room and runs per device', async () => {
    const dan = await world.account('dan@example.org');
    const grown = await addDevice(world, dan, { name: 'phone' });
    const phone = grown.devices[1] as TestDevice;
    const room = await TestRoom.create(world, grown);
    await room.write(grown);
    await room.append(await room.sealRecord(grown, await room.draftRecord(grown, phone), { device: phone }));
    await room.write(grown);
    assert.deepEqual(
      [firstDevice(grown).id, phone.id].map((id) => room.state.devices[hex(id)]?.seq),
      [2, 1],
    );
  });

  test('a record comes once, wherever it is repeated (M1)', async () => {
    const room = await withBen();
    const entry = await room.write(ann);
    assert.strictEqual(await judge(room, entry), 'seq-conflict');
    await room.write(ben);
    assert.strictEqual(await judge(room, entry), 'seq-conflict');
    const other = await withBen();
    assert.strictEqual(await judge(other, entry), 'wrong-room');
  });

  test('two records exchanged: the later waits for the earlier (M3)', async () => {
    const room = await withBen();
    const reader = await replicaOf(room);
    const seen = await room.head();
    const first = await room.write(ann);
    const second = await room.sealRecord(ann, { ...(await room.draftRecord(ann)), seen });
    assert.strictEqual((await reader.judge(second))?.code, 'seq-gap');
    assert.strictEqual(await reader.take(first), null);
    assert.strictEqual(await reader.take(second), null);
  });

  test('a gap is taken when asked for, told of, and closed (M4)', async () => {
    const room = await withBen();
    const reader = await replicaOf(room);
    const lost = await room.write(ann);
    await reader.take({ ...lost, record: { ...lost.record, signature: new Uint8Array(64) } });
    const next = await room.write(ann);
    const fault = await reader.judge(next);
    assert.strictEqual(fault?.code, 'seq-gap');
    assert.strictEqual(fault && refusalOf(fault, 'record'), 'wait');
    assert.strictEqual(await reader.take(next, { acceptGap: true }), null);
    assert.strictEqual(reader.records.get(5)?.gap, true);
    const after = await room.write(ann);
    assert.strictEqual(await reader.judge(after), null);
    assert.strictEqual(reader.records.get(6)?.gap, false);
    assert.deepEqual(reader.state.devices, room.state.devices);
    assert.deepEqual(reader.state.hash, room.state.hash);
  });

  test('accepting gaps accepts nothing else', async () => {
    const room = await withBen();
    await room.write(ann);
    const repeated = await room.sealRecord(ann, { ...(await room.draftRecord(ann)), seq: 1 });
    assert.strictEqual((await room.server.judge(repeated, { acceptGap: true }))?.code, 'seq-conflict');
  });
});

describe('replaces', () => {
  test('a record sealed again comes a second time as a duplicate, and no third', async () => {
    const room = await withBen();
    const header = await room.draftRecord(ann);
    const first = await room.sealRecord(ann, header);
    await room.append(first);
    const again = await room.sealRecord(ann, {
      ...header,
      replaces: sha256(first.record.signed),
      salt: new Uint8Array(32),
    });
    await room.append(again);
    assert.strictEqual(room.server.records.get(4)?.duplicate, false);
    assert.strictEqual(room.server.records.get(5)?.duplicate, true);
    assert.strictEqual(room.state.devices[hex(firstDevice(ann).id)]?.seq, 1);
    assert.strictEqual(await judge(room, again), 'seq-conflict');
    assert.strictEqual(room.state.devices[hex(firstDevice(ann).id)]?.prevs.length, 2);
  });

  test.each(['first', 'second'])('the next record may follow the %s of the two', async (which) => {
    const room = await withBen();
    const header = await room.draftRecord(ann);
    const first = await room.append(await room.sealRecord(ann, header));
    const replaces = hashOf(first);
    const second = await room.append(await room.sealRecord(ann, { ...header, replaces, salt: new Uint8Array(32) }));
    const prev = hashOf(which === 'first' ? first : second);
    const next = { ...(await room.draftRecord(ann)), prev };
    assert.strictEqual(await judge(room, room.sealRecord(ann, next)), null);
  });

  test('what replaces another record than the one of its seq is refused', async () => {
    const room = await withBen();
    const header = await room.draftRecord(ann);
    await room.append(await room.sealRecord(ann, header));
    const stray = { ...header, replaces: new Uint8Array(32), salt: new Uint8Array(32) };
    assert.strictEqual(await judge(room, room.sealRecord(ann, stray)), 'seq-conflict');
  });

  test('a whole queue sealed again after both arrived goes on from its last', async () => {
    const room = await withBen();
    const headers: RecordHeader[] = [];
    const firsts: Uint8Array[] = [];
    for (let i = 0; i < 2; i++) {
      headers.push(await room.draftRecord(ann));
      firsts.push(hashOf(await room.write(ann)));
    }
    let prev = room.state.id;
    for (const [i, header] of headers.entries()) {
      const seen = await room.head();
      const again = await room.sealRecord(ann, {
        ...header,
        seq: i + 1,
        prev,
        seen,
        replaces: firsts[i] as Uint8Array,
      });
      await room.append(again);
      prev = hashOf(again);
    }
    assert.strictEqual(await judge(room, room.sealRecord(ann, { ...(await room.draftRecord(ann)), prev })), null);
  });
});

describe('eras', () => {
  test('a removed member writes nothing more, and nothing under the old era counts (K8)', async () => {
    const room = await withBen();
    const late = await room.sealRecord(ann, await room.draftRecord(ann));
    const parting = await room.sealRecord(ben, await room.draftRecord(ben));
    await room.remove(ann, ben);
    assert.strictEqual(await judge(room, late), 'era-superseded');
    assert.strictEqual(await judge(room, parting), 'record-author-unknown');
    assert.strictEqual(await judge(room, room.sealRecord(ann, await room.draftRecord(ann))), null);
  });

  test('a record counts although an era is due: that is a duty of authors and servers', async () => {
    const room = await withBen();
    await room.declare(ben, 'leave', { successor: null });
    assert.isTrue(room.state.rekeyDue);
    assert.strictEqual(await judge(room, room.sealRecord(ann, await room.draftRecord(ann))), null);
  });

  test('content counts for the era, receipts do not', async () => {
    const room = await withBen();
    await room.write(ann);
    await room.append(
      await room.sealRecord(ann, { ...(await room.draftRecord(ann)), class: 'quiet' }, { body: receipt(room) }),
    );
    assert.strictEqual(currentEra(room.state).records, 1);
  });

  test('a chain older than the row of its author is refused', async () => {
    const dan = await world.account('dan@example.org');
    const room = await TestRoom.create(world, dan);
    const grown = await addDevice(world, dan, { name: 'phone' });
    const older = await room.draftRecord(dan);
    assert.strictEqual(await judge(room, room.sealRecord(dan, older)), null);
    await room.startEra(grown);
    const behind = { ...(await room.draftRecord(grown)), chain: extentOf(dan) };
    assert.strictEqual(await judge(room, room.sealRecord(grown, behind)), 'record-invalid');
  });

  test('a device is one of its author at the extent that the record names', async () => {
    const dan = await world.account('dan@example.org');
    const room = await TestRoom.create(world, dan);
    const grown = await addDevice(world, dan, { name: 'phone' });
    const phone = grown.devices[1] as TestDevice;
    const header = await room.draftRecord(grown, phone);
    const early = { ...header, chain: extentOf(dan) };
    assert.strictEqual(await judge(room, room.sealRecord(grown, early, { device: phone })), 'device-unendorsed');
    assert.strictEqual(await judge(room, room.sealRecord(grown, header, { device: phone })), null);
  });

  for (const kind of ['roaming', 'recovery'] as const) {
    test(`a ${kind} device writes no records`, async () => {
      const dan = await world.account('dan@example.org');
      const grown = await addDevice(world, dan, { name: kind, kind });
      const device = grown.devices[1] as TestDevice;
      const room = await TestRoom.create(world, grown);
      const entry = room.sealRecord(grown, await room.draftRecord(grown, device), { device });
      assert.strictEqual(await judge(room, entry), 'device-unendorsed');
    });
  }
});

describe('keying per message', () => {
  test('rows are exactly those of the table in force', async () => {
    const room = await perMessage();
    const judged = async (recipients: readonly TestAccount[]) =>
      judge(room, room.sealRecord(ann, await room.draftRecord(ann), { recipients }));
    assert.strictEqual(await judged([ann]), 'era-table-invalid');
    assert.strictEqual(await judged([ann, ben, eve]), 'era-table-invalid');
    assert.strictEqual(await judged([ann, eve]), 'era-table-invalid');
    assert.strictEqual(await judged([ann, ann]), 'era-table-invalid');
    assert.strictEqual(await judged([]), 'era-table-invalid');
    assert.strictEqual(await judged([ben, ann]), null);
  });

  test('rows that are not the signed ones are the fault of the server', async () => {
    const room = await perMessage();
    const entry = await room.sealRecord(ann, await room.draftRecord(ann));
    const other = await room.sealRecord(ann, await room.draftRecord(ann));
    assert.strictEqual(await judge(room, { ...entry, keys: other.keys }), 'log-broken');
    assert.strictEqual(await judge(room, { ...entry, keys: null }), 'log-broken');
    assert.strictEqual(await judge(room, { ...entry, keys: entry.keys?.toReversed() ?? null }), null);
  });

  test('a record without keys is none, and one with another generation neither', async () => {
    const room = await perMessage();
    const entry = await room.sealRecord(ann, await room.draftRecord(ann));
    const rows = (entry.keys ?? []).map(messageKeyRow).map((row) => ({ ...row, generation: 1 }));
    const header = {
      ...(await room.draftRecord(ann)),
      keys: { commitment: new Uint8Array(32), rows: messageKeyRowsHash(rows) },
    };
    const sign = async (h: RecordHeader) => {
      const body = new Uint8Array(300);
      const signed = recordBytes(h, body);
      const signature = await ann.suite.signature.sign(firstDevice(ann).signing, 'sotto/record/v1', signed);
      return {
        kind: 'record',
        record: { signed, signature, body },
        keys: entry.keys?.map((k) => ({ ...k, generation: 1 })) ?? null,
      } as const;
    };
    assert.strictEqual(await judge(room, await sign(header)), 'era-table-invalid');
    assert.strictEqual(await judge(room, await sign({ ...header, keys: null })), 'record-invalid');
    const other = await withBen();
    const keyed = { ...(await other.draftRecord(ann)), keys: header.keys };
    assert.strictEqual(await judge(other, await sign(keyed)), 'record-invalid');
  });
});

async function withBen(): Promise<TestRoom> {
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  await room.startEra(ann);
  return room;
}

async function perMessage(): Promise<TestRoom> {
  const room = await TestRoom.create(world, ann, { keying: 'per-message', policy: { history: 'from-join' } });
  await room.add(ann, ben);
  return room;
}

async function replicaOf(room: TestRoom): Promise<Replica> {
  const replica = new Replica(world);
  for (const entry of room.log) assert.strictEqual(await replica.take(entry), null);
  return replica;
}

async function judge(room: TestRoom, entry: TestEntry | Promise<TestEntry>): Promise<string | null> {
  return (await room.server.judge(await entry))?.code ?? null;
}

function receipt(room: TestRoom) {
  const { id, at } = room.message('');
  return { id, at, kind: 'receipt', content: { delivered: room.extent(), read: null } } as const;
}

function hashOf(entry: TestEntry): Uint8Array {
  return sha256(entry.kind === 'record' ? entry.record.signed : entry.envelope.signed);
}

function extentOf({ chain }: TestAccount) {
  return { length: chain.hashes.length, hash: chain.hashes.at(-1) as Uint8Array };
}
