import { encodeCbor, hex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { codeOf, makeWorld, type TestAccount, TestRoom, type TestWorld } from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import type { Body } from './body.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { pad } from './padding.ts';
import { type BodyKeys, messageKeyCommitment, openBody, type RecordHeader, sealBody, signedRecord } from './record.ts';

let world: TestWorld;
let ann: TestAccount;
let room: TestRoom;
let header: RecordHeader;
const keys: BodyKeys = { resourceKey: new Secret(new Uint8Array(32).fill(1)), messageKey: null };

beforeAll(async () => {
  world = await makeWorld('record');
  ann = await world.account('ann@example.org');
  room = await TestRoom.create(world, ann);
  header = await room.draftRecord(ann);
});

describe('a body', () => {
  test('opens to what was sealed', async () => {
    const body = room.message('some words');
    assert.deepEqual(await openBody(world.primitives, keys, { header, body: await seal(body) }), body);
  });

  test('opens under its own header alone, whatever is changed in it', async () => {
    const body = await seal(room.message('some words'));
    const changes: Partial<RecordHeader>[] = [
      { room: new Uint8Array(32) },
      { era: 1 },
      { author: new Uint8Array(32) },
      { device: new Uint8Array(32) },
      { chain: { ...header.chain, length: 2 } },
      { seq: 2 },
      { prev: new Uint8Array(32) },
      { replaces: new Uint8Array(32) },
      { drops: [1] },
      { seen: { ...header.seen, at: 0 } },
      { class: 'quiet' },
      { at: 0 },
      { salt: new Uint8Array(32) },
      { suite: 1 },
    ];
    for (const change of changes) {
      const open = openBody(world.primitives, keys, { header: { ...header, ...change }, body });
      assert.strictEqual(await codeOf(() => open), 'open-failed', Object.keys(change)[0]);
    }
    assert.strictEqual(new Set(changes.flatMap(Object.keys)).size, Object.keys(header).length - 2);
  });

  test('opens under no other key, truncated nowhere, with no bit turned', async () => {
    const body = await seal(room.message('some words'));
    const other = { ...keys, resourceKey: new Secret(new Uint8Array(32)) };
    assert.strictEqual(await codeOf(() => openBody(world.primitives, other, { header, body })), 'open-failed');
    for (let at = 0; at < body.length; at++) {
      const truncated = body.subarray(0, at);
      const turned = body.map((byte, i) => (i === at ? byte ^ 0x80 : byte));
      assert.strictEqual(
        await codeOf(() => openBody(world.primitives, keys, { header, body: truncated })),
        'open-failed',
      );
      assert.strictEqual(await codeOf(() => openBody(world.primitives, keys, { header, body: turned })), 'open-failed');
    }
  });

  test('hides its length: short messages all look alike', async () => {
    const lengths = ['', 'x', 'x'.repeat(100)].map(async (text) => (await seal(room.message(text))).length);
    assert.deepEqual(await Promise.all(lengths), [272, 272, 272]);
  });

  test('of class quiet carries no content', async () => {
    const quiet = { ...header, class: 'quiet' } as const;
    const open = async (body: Body) =>
      codeOf(async () =>
        openBody(world.primitives, keys, {
          header: quiet,
          body: await sealBody(world.primitives, keys, { header: quiet, body }),
        }),
      );
    const receipt = {
      ...room.message(''),
      kind: 'receipt',
      content: { delivered: room.extent(), read: null },
    } as const;
    assert.strictEqual(await open(room.message('content')), 'record-invalid');
    assert.strictEqual(await open(receipt), null);
  });

  test('of a kind to come is unsupported, of a kind that lies is malformed', async () => {
    const frame = { id: new Uint8Array(16), at: 1 };
    assert.strictEqual(await openRaw({ ...frame, kind: 'poll', content: {} }), 'format-unsupported');
    assert.strictEqual(await openRaw({ ...frame, kind: 'message', content: { text: 'x' } }), 'format-malformed');
    assert.strictEqual(
      await openRaw({ ...frame, kind: 'delete', content: { target: frame.id, extra: 1 } }),
      'format-malformed',
    );
    assert.strictEqual(await openRaw({ ...frame, kind: 'delete', content: { target: frame.id } }), null);
    assert.strictEqual(await openRaw({ ...frame, kind: 'toString', content: {} }), 'format-unsupported');
  });

  test('holds text up to its limit', async () => {
    const open = (text: string) => openRaw({ ...room.message(text) } as never);
    assert.strictEqual(await open('x'.repeat(MAX_TEXT_BYTES)), null);
    assert.strictEqual(await open('x'.repeat(MAX_TEXT_BYTES + 1)), 'format-malformed');
    assert.strictEqual(await open('é'.repeat(MAX_TEXT_BYTES / 2)), null);
    assert.strictEqual(await open('é'.repeat(MAX_TEXT_BYTES / 2 + 1)), 'format-malformed');
  });
});

describe('a message key', () => {
  const messageKey = new Secret(new Uint8Array(32).fill(9));

  test('must be the one that the header commits to', async () => {
    const commitment = messageKeyCommitment(messageKey, header);
    const keyed = { ...header, keys: { commitment, rows: new Uint8Array(32) } };
    const both = { ...keys, messageKey };
    const body = await sealBody(world.primitives, both, { header: keyed, body: room.message('x') });
    const open = (withKeys: BodyKeys, change: object = {}) =>
      codeOf(() => openBody(world.primitives, withKeys, { header: { ...keyed, ...change }, body }));
    assert.strictEqual(await open(both), null);
    assert.strictEqual(await open({ ...keys, messageKey: new Secret(new Uint8Array(32)) }), 'era-commitment-mismatch');
    assert.strictEqual(await open(both, { salt: new Uint8Array(32) }), 'era-commitment-mismatch');
    assert.strictEqual(await open(keys), 'record-invalid');
    assert.strictEqual(await open(both, { keys: null }), 'record-invalid');
  });

  test('is committed to for one record', () => {
    const commitments = [
      {},
      { seq: 2 },
      { room: new Uint8Array(32) },
      { device: new Uint8Array(32) },
      { salt: new Uint8Array(32) },
    ].map((change) => hex(messageKeyCommitment(messageKey, { ...header, ...change })));
    assert.strictEqual(new Set(commitments).size, 5);
  });
});

test('the time of a header is a whole minute', async () => {
  const encode = (at: number) => encodeCbor([{ ...header, at } as never, new Uint8Array(32)]);
  assert.strictEqual(await codeOf(() => signedRecord.parse(encode(60_001))), 'format-malformed');
  assert.strictEqual(await codeOf(() => signedRecord.parse(encode(120_000))), null);
});

function seal(body: Body): Promise<Uint8Array> {
  return sealBody(world.primitives, keys, { header, body });
}

/** What comes of a plaintext that no `sealBody` would make: encrypted as a body is, then opened. */
async function openRaw(value: Parameters<typeof encodeCbor>[0]): Promise<string | null> {
  const plaintext = pad(encodeCbor(value));
  const open = { ...world.primitives, aes256Gcm: { ...world.primitives.aes256Gcm, open: async () => plaintext } };
  return codeOf(() => openBody(open, keys, { header, body: plaintext }));
}
