import { utf8 } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { flipped, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice', { suite: 'classic' });
  bob = await city.join('bob');
  carol = await city.join('carol');
  await city.befriend(alice, bob);
  await city.befriend(carol, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

afterEach(() => {
  alice.link.offline = false;
});

const content = utf8('for your eyes');

function sealed(by: Person, ...to: readonly Person[]): Promise<Uint8Array> {
  return by.box.sealContainer({ to: to.map(({ address }) => address), certificates: [], content });
}

describe('a container', () => {
  test.each(['classic to hybrid', 'hybrid to classic'])('%s: opened by both, with its sender', async (direction) => {
    const [from, to] = direction.startsWith('classic') ? [alice, bob] : [bob, alice];
    const container = await sealed(from, to);
    for (const reader of [from, to]) {
      const opened = await reader.box.openContainer(container);
      assert.deepEqual(opened.content, content);
      assert.deepEqual(opened.status, { signature: 'valid', sender: from.address });
    }
  });

  test('does not open for anybody else, nor altered', async () => {
    const container = await sealed(alice, bob);
    assert.isNotNull(await codeOf(() => carol.box.openContainer(container)));
    assert.strictEqual(await codeOf(() => bob.box.openContainer(flipped(container))), 'open-failed');
  });

  test('of somebody who is not known here is not attributed', async () => {
    const container = await bob.box.sealContainer({
      to: [carol.address],
      certificates: [alice.session.identity.userKeyCertificate as Uint8Array],
      content,
    });
    assert.strictEqual((await alice.box.openContainer(container)).status.sender, bob.address);
    const stranger = await city.join('stranger');
    await city.befriend(stranger, bob);
    const certificates = [alice.session.identity.userKeyCertificate as Uint8Array];
    const strange = await stranger.box.sealContainer({ to: [bob.address], certificates, content });
    assert.strictEqual(await codeOf(() => alice.box.openContainer(strange)), 'record-author-unknown');
    assert.strictEqual((await bob.box.openContainer(strange)).status.signature, 'valid');
  });

  test('goes to contacts alone, and to keys that were confirmed within a day', async () => {
    assert.strictEqual(await codeOf(() => sealed(alice, carol)), 'not-contact');
    await updated(alice);
    await sealed(alice, bob);
    city.clock.skip(25 * 3600 * 1000);
    alice.link.offline = true;
    assert.strictEqual(await codeOf(() => sealed(alice, bob)), 'unreachable');
    alice.link.offline = false;
    await sealed(alice, bob);
  });

  test('is made of a message for all who read the room', async () => {
    const { id: room } = await bob.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' });
    await bob.box.addMember(room, alice.address, 'member');
    await bob.box.addMember(room, carol.address, 'member');
    const { id } = await bob.box.sendMessage(room, 'minutes');
    await updated(alice, carol);
    const container = await alice.box.showMessageContainer(room, id);
    for (const reader of [alice, bob, carol]) {
      assert.deepEqual((await reader.box.openContainer(container)).content, utf8('minutes'));
    }
  });
});
