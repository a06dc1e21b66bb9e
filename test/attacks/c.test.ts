import { sha256 } from '@sotto/crypto';
import type { Body } from '@sotto/protocol';
import { codeOf, type Person } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { forgeRecord, keptRoom } from '../../packages/keybox/src/forge.fixture.ts';
import { news, updated } from '../../packages/keybox/src/talk.fixture.ts';
import { Scene } from './contract.ts';

let scene: Scene;
/** Nobody's contact. */
let eve: Person;

beforeAll(async () => {
  scene = await Scene.open();
  eve = await scene.city.join('eve');
});

beforeEach(() => scene.newRoom());
afterEach(() => scene.endRoom());
afterAll(() => scene.close());

describe('C5: requests without end, and receipts for what nobody got', () => {
  /** Eve asks Bob to be a contact and takes it back, again and again. */
  async function rings(times: number): Promise<(string | null)[]> {
    const codes: (string | null)[] = [];
    for (let i = 0; i < times; i++) {
      codes.push(await codeOf(() => eve.box.addContact(scene.bob.address)));
      await eve.box.removeContact(scene.bob.address);
    }
    return codes;
  }

  /** States of Alice's messages after she read a receipt that a modified client of Mallory made. */
  async function statesAfter(isTrue: boolean): Promise<string[]> {
    const { alice, mallory, room, id } = scene;
    await updated(mallory);
    const { length, hash } = (await keptRoom(mallory, room)).state;
    const upTo = isTrue ? { length, hash } : { length, hash: sha256(hash) };
    const content = { delivered: upTo, read: upTo };
    const body: Body = { id: mallory.session.primitives.randomBytes(16), at: 0, kind: 'receipt', content };
    const { record } = await forgeRecord(mallory, room, { header: { class: 'quiet' }, body });
    await mallory.session.link.call('records.append', {
      room: id,
      records: [{ record: { ...record, body: record.body as Uint8Array }, keys: null }],
    });
    await updated(alice);
    return (await alice.box.listMessages(room)).map(({ state }) => state);
  }

  test('attack: the same request again and again', async () => {
    const { bob } = scene;
    const codes = await rings(12);
    assert.deepEqual(codes.slice(-2), ['throttled', 'throttled']);
    const { items } = await bob.session.link.call('mailboxes.read', { after: 0, limit: 100 });
    assert.isAtMost(items.length, 10);
    await updated(bob);
    assert.strictEqual((await news(bob, 'contact')).filter((text) => text.includes('contact/asks')).length, 1);
  });

  test('attack: a receipt for another past than was given', async () => {
    assert.notInclude(await statesAfter(false), 'read');
    assert.match((await news(scene.alice, 'refused')).join('\n'), /refused\/content .* receipt$/m);
  });

  test('control: a request, and a receipt for what was given', async () => {
    scene.city.clock.skip(24 * 3600 * 1000);
    assert.deepEqual(await rings(1), [null]);
    assert.include(await statesAfter(true), 'read');
  });
});

describe('Cx5: messages sent to learn when somebody is there, by who is no contact any more', () => {
  /** What Eve sees of a message in their direct room, after Alice was there and read it. */
  async function stateOfMessage(isContact: boolean): Promise<string | undefined> {
    const { city, alice } = scene;
    await city.befriend(alice, eve);
    const { id } = await eve.box.directRoom(alice.address);
    await updated(alice);
    if (!isContact) await alice.box.blockContact(eve.address);
    await eve.box.sendMessage(id, 'are you there?');
    city.clock.skip(61_000);
    await updated(alice);
    await alice.box.markRead(id);
    assert.strictEqual((await alice.box.findRoom(id)).unread, 0);
    await updated(alice, eve);
    await alice.box.removeContact(eve.address);
    return (await eve.box.listMessages(id)).at(-1)?.state;
  }

  test('attack: by who was blocked', async () => {
    assert.strictEqual(await stateOfMessage(false), 'accepted');
  });

  test('control: by a contact', async () => {
    assert.strictEqual(await stateOfMessage(true), 'read');
  });
});
