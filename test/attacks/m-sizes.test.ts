import { currentEra, openBody, resourceKey, signedRecord } from '@sotto/protocol';
import { makeWorld, type TestAccount, TestRoom, type TestWorld } from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';

let world: TestWorld;
let ann: TestAccount;
let room: TestRoom;

beforeAll(async () => {
  world = await makeWorld('sizes');
  ann = await world.account('ann@home.example');
  room = await TestRoom.create(world, ann);
});

/** How many bytes the server sees of each text. */
async function sizesOf(...said: readonly string[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const text of said) sizes.push((await room.write(ann, text)).record.body?.length ?? 0);
  return sizes;
}

describe('M10: sizes that tell what a text says', () => {
  test('attack: texts that differ in length, or repeat what they quote, look alike', async () => {
    assert.strictEqual(new Set(await sizesOf('', 'yes', 'no', 'x'.repeat(90))).size, 1);
    const quote = 'my password is 7f3a';
    const guesses = [`${quote} ${quote}`, `${quote} my password is 9c01`].map((text) => text.repeat(50));
    assert.strictEqual(new Set(await sizesOf(...guesses, `${guesses[0]}.`)).size, 1);
  });

  test('control: they open to what was written', async () => {
    const { record } = await room.write(ann, 'yes');
    const [header] = signedRecord.parse(record.signed);
    const key = resourceKey(room.secret(currentEra(room.state).commitment));
    const keys = { resourceKey: key, messageKey: null };
    const opened = await openBody(world.primitives, keys, { header, body: record.body as Uint8Array });
    assert.deepInclude(opened.content, { text: 'yes' });
  });
});
