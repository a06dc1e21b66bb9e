import { makeWorld, TestRoom } from '@sotto/testing';
import { assert, test } from 'vitest';

test('smoke', async () => {
  const world = await makeWorld();
  const ann = await world.account('ann@example.org');
  const ben = await world.account('ben@example.org');
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  await room.write(ben);
  await room.write(ann);
  await room.remove(ann, ben);
  await room.write(ann);
  assert.equal(room.state.length, 7);
});
