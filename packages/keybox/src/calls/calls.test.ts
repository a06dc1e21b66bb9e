import { hex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { updated } from '../talk.fixture.ts';
import { Listener, mediaOf, quiet } from './calls.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let bobsPhone: Person;
let carol: Person;
let atAlice: Listener;
let atBob: Listener;
let atPhone: Listener;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob', { roaming: true });
  carol = await city.join('carol');
  await city.befriend(alice, bob);
  await city.befriend(carol, bob);
  bobsPhone = await city.signIn(bob, 'phone');
  await updated(bobsPhone, alice);
  await listen();
});

/** For all tests at once: whoever listens has the key of the device open. */
async function listen(): Promise<void> {
  [atAlice, atBob, atPhone] = [alice, bob, bobsPhone].map((person) => new Listener(person)) as [
    Listener,
    Listener,
    Listener,
  ];
  await Promise.all([atAlice, atBob, atPhone].map((listener) => listener.ready));
}

beforeEach(() => {
  // Whoever rang often may ring again.
  city.clock.skip(61_000);
  for (const listener of [atAlice, atBob, atPhone]) listener.clear();
});

afterEach(async () => {
  for (const { link } of [alice, bob, bobsPhone, carol]) {
    link.offline = false;
    link.repent();
  }
  await quiet(alice, bob, bobsPhone, carol);
});

afterAll(async () => {
  for (const listener of [atAlice, atBob, atPhone]) await listener.close();
  await city[Symbol.asyncDispose]();
});

/** Alice calls, Bob answers at his laptop, both have keys. */
async function talk(): Promise<{ readonly alices: string; readonly bobs: string }> {
  const { id: alices } = await alice.box.calls.place(bob.address, mediaOf(1));
  const { id: bobs } = await atBob.phase('ringing');
  await bob.box.calls.answer(bobs, mediaOf(2));
  await atAlice.phase('connecting');
  await alice.box.calls.connected(alices);
  await bob.box.calls.connected(bobs);
  return { alices, bobs };
}

const newest = async ({ box }: Person) => {
  const [line] = await box.calls.log(1);
  return [line?.direction, line?.outcome];
};

test('two ends agree on one secret, and on what each said of its media', async () => {
  const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
  const ringing = await atBob.phase('ringing');
  assert.strictEqual(ringing.address, alice.address);
  await atAlice.until(({ call }) => call.rings);
  await bob.box.calls.answer(ringing.id, mediaOf(2, { profile: 'low-bandwidth' }));
  await atAlice.phase('connecting');
  const [caller, callee] = [await alice.box.calls.media(id), await bob.box.calls.media(ringing.id)];
  assert.strictEqual(hex(caller.auxSecret), hex(callee.auxSecret));
  assert.deepEqual([caller.peer.zrtpHash, callee.peer.zrtpHash], [mediaOf(2).zrtpHash, mediaOf(1).zrtpHash]);
  assert.deepEqual([caller.peer.candidates, callee.peer.candidates], [mediaOf(2).candidates, mediaOf(1).candidates]);
  assert.deepEqual([caller.profile, callee.profile], ['low-bandwidth', 'low-bandwidth']);
  assert.deepEqual([caller.isCaller, callee.isCaller], [true, false]);
  assert.strictEqual((await atPhone.phase('ended')).outcome, 'elsewhere');
});

test('holding, muting, further addresses and the end are told', async () => {
  const { alices, bobs } = await talk();
  await alice.box.calls.hold(alices, true);
  await alice.box.calls.mute(alices, true);
  await atBob.until(({ call }) => call.theirs.held && call.theirs.muted);
  await alice.box.calls.hold(alices, false);
  await atBob.until(({ call }) => !call.theirs.held && call.theirs.muted);
  const more = [{ address: '127.0.0.1', port: 41_000 }];
  await alice.box.calls.addCandidates(alices, more);
  const told = await atBob.untilEvent(({ kind }) => kind === 'candidates');
  assert.deepEqual(told.kind === 'candidates' && told.candidates, more);
  assert.deepInclude((await bob.box.calls.media(bobs)).peer.candidates, more[0]);
  await bob.box.calls.hangUp(bobs);
  const ended = await atAlice.phase('ended');
  assert.deepEqual([ended.outcome, ended.device], ['answered', 'laptop']);
  assert.strictEqual(await codeOf(() => alice.box.calls.media(alices)), 'not-found');
});

describe('a call that is not answered', () => {
  test('is declined for all devices', async () => {
    await alice.box.calls.place(bob.address, mediaOf(1));
    await atBob.phase('ringing');
    const { id } = await atPhone.phase('ringing');
    await bobsPhone.box.calls.decline(id);
    assert.strictEqual((await atAlice.phase('ended')).outcome, 'declined');
    assert.strictEqual((await atBob.phase('ended')).outcome, 'elsewhere');
    assert.deepEqual(await newest(alice), ['out', 'declined']);
  });

  test('is busy where there is a call already, and whoever is in one places none', async () => {
    await talk();
    await carol.box.calls.place(bob.address, mediaOf(3));
    const atCarol = new Listener(carol);
    assert.strictEqual((await atCarol.phase('ended')).outcome, 'busy');
    assert.strictEqual(await codeOf(() => bob.box.calls.place(carol.address, mediaOf(2))), 'call-busy');
    await atCarol.close();
  });

  test('is missed where it rang once the caller gives up, and cancelled at the caller', async () => {
    const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
    await atBob.phase('ringing');
    await alice.box.calls.hangUp(id);
    assert.strictEqual((await atBob.phase('ended')).outcome, 'missed');
    assert.deepEqual(await newest(bob), ['in', 'missed']);
    assert.deepEqual(await newest(alice), ['out', 'cancelled']);
  });

  test('is missed after a minute', async () => {
    await alice.box.calls.place(bob.address, mediaOf(1));
    await atBob.phase('ringing');
    await atAlice.until(({ call }) => call.rings);
    city.clock.skip(61_000);
    const { outcome, code } = await atAlice.phase('ended');
    assert.deepEqual([outcome, code], ['missed', null]);
    assert.strictEqual((await atBob.phase('ended')).outcome, 'missed');
  });

  test('is in the room of the two, for every device that was away', async () => {
    for (const listener of [atAlice, atBob, atPhone]) await listener.close();
    const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
    await alice.box.calls.hangUp(id);
    const room = (await alice.box.directRoom(bob.address)).id;
    const [written] = await alice.box.calls.log(1);
    await alice.box.sendMessage(room, 'call me back');
    for (const device of [bob, bobsPhone]) {
      await updated(device);
      const [line] = await device.box.calls.log(1);
      const { direction, address, outcome } = line ?? {};
      assert.deepEqual(
        [direction, address, outcome, line?.startedAt],
        ['in', alice.address, 'missed', written?.startedAt],
      );
    }
    await listen();
  });
});

describe('both call at once', () => {
  test('both end in one call, by whatever order it comes', async () => {
    const [fromAlice, fromBob] = await Promise.all([
      alice.box.calls.place(bob.address, mediaOf(1)),
      bob.box.calls.place(alice.address, mediaOf(2)),
    ]);
    await atAlice.phase('connecting');
    await atBob.phase('connecting');
    const [caller, callee] = [await alice.box.calls.media(fromAlice.id), await bob.box.calls.media(fromBob.id)];
    assert.strictEqual(hex(caller.auxSecret), hex(callee.auxSecret));
    assert.notStrictEqual(caller.isCaller, callee.isCaller);
    assert.deepEqual([caller.peer.zrtpHash, callee.peer.zrtpHash], [mediaOf(2).zrtpHash, mediaOf(1).zrtpHash]);
    for (const { box } of [alice, bob]) assert.lengthOf(await box.calls.current(), 1);
  });

  test('who calls somebody who is ringing answers', async () => {
    await alice.box.calls.place(bob.address, mediaOf(1));
    const { id } = await atBob.phase('ringing');
    const answered = await bob.box.calls.place(alice.address, mediaOf(2));
    assert.deepEqual([answered.id, answered.phase], [id, 'connecting']);
  });
});

describe('trouble', () => {
  test('without the server a call goes on, and ends by hanging up', async () => {
    const { alices } = await talk();
    alice.link.offline = true;
    await alice.box.calls.hold(alices, true);
    await alice.box.sync();
    assert.strictEqual((await alice.box.calls.current())[0]?.phase, 'active');
    assert.strictEqual((await alice.box.calls.hangUp(alices)).outcome, 'answered');
    assert.deepEqual(await newest(alice), ['out', 'answered']);
    assert.strictEqual(await codeOf(() => alice.box.calls.place(bob.address, mediaOf(1))), 'unreachable');
    assert.deepEqual(await alice.box.calls.current(), []);
  });

  test('an answer that was lost is given again', async () => {
    const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
    const ringing = await atBob.phase('ringing');
    let isLost = false;
    bob.link.lie('signals.send', async (honest) => {
      if (isLost) return honest();
      isLost = true;
      return {};
    });
    await bob.box.calls.answer(ringing.id, mediaOf(2));
    city.clock.skip(4000);
    await atAlice.phase('connecting');
    assert.isTrue(isLost);
    assert.strictEqual(
      hex((await alice.box.calls.media(id)).auxSecret),
      hex((await bob.box.calls.media(ringing.id)).auxSecret),
    );
  });

  test('no media with an address that is none, and no call to who is no contact', async () => {
    const bad = mediaOf(1, { candidates: [{ address: '127.1', port: 40_000 }] });
    assert.strictEqual(await codeOf(() => alice.box.calls.place(bob.address, bad)), 'call-media-unfit');
    const none = mediaOf(1, { zrtpHash: '' });
    assert.strictEqual(await codeOf(() => alice.box.calls.place(bob.address, none)), 'call-media-unfit');
    assert.strictEqual(await codeOf(() => alice.box.calls.place(carol.address, mediaOf(1))), 'not-contact');
  });
});

describe('what ZRTP keeps', () => {
  test('lies under account and installation, with the secret before', async () => {
    const { calls } = alice.box;
    const [here, there] = [new Uint8Array(12).fill(1), new Uint8Array(12).fill(2)];
    const [first, second] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)];
    assert.isNull(await calls.retainedSecrets(bob.address, here));
    await calls.keepSecret(bob.address, here, { rs1: first, verified: false });
    await calls.keepSecret(bob.address, here, { rs1: second, verified: true });
    await calls.keepSecret(bob.address, here, { rs1: second, verified: true });
    assert.deepEqual(await calls.retainedSecrets(bob.address, here), { rs1: second, rs2: first, verified: true });
    assert.isNull(await calls.retainedSecrets(bob.address, there));
    await calls.doubtSecret(bob.address, here);
    assert.deepEqual(await calls.retainedSecrets(bob.address, here), { rs1: second, rs2: first, verified: false });
    assert.lengthOf(await calls.zid(), 12);
    assert.deepEqual(await calls.zid(), await calls.zid());
    assert.strictEqual(await codeOf(() => calls.retainedSecrets(carol.address, here)), 'not-found');
  });
});

/** The last one: it takes a device away. */
test('a device that is revoked in mid-call is talked to no more', async () => {
  const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
  const ringing = await atPhone.phase('ringing');
  await bobsPhone.box.calls.answer(ringing.id, mediaOf(2));
  await atAlice.phase('connecting');
  await alice.box.calls.connected(id);
  await bob.box.devices.revoke('phone');
  await alice.box.sync();
  const ended = await atAlice.phase('ended');
  assert.deepEqual([ended.outcome, ended.code], ['failed', 'device-revoked']);
  assert.strictEqual(await codeOf(() => atPhone.phase('active')), 'device-revoked');
  await codeOf(() => bobsPhone.box.calls.care());
  assert.deepEqual(await bobsPhone.box.calls.current(), []);
});

test('what a softphone left lies under its own name, and says nothing about another or about an account', async () => {
  const { calls } = alice.box;
  const zid = new Uint8Array(12).fill(9);
  const [one, other] = [{ softphone: 'tea@192.0.2.1' }, { softphone: 'coffee@192.0.2.1' }];
  await calls.keepSecret(one, zid, { rs1: new Uint8Array(32).fill(1), verified: true });
  assert.deepInclude(await calls.retainedSecrets({ softphone: 'tea@192.0.2.1' }, zid), { verified: true });
  assert.isNull(await calls.retainedSecrets(other, zid));
  assert.isNull(await calls.retainedSecrets(bob.address, zid));
  await calls.doubtSecret(one, zid);
  assert.deepInclude(await calls.retainedSecrets(one, zid), { verified: false, rs2: null });
});
