import { hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import { ProtocolUsageFault, type Statement, signHead, signStatement } from '@sotto/protocol';
import { type City, codeOf, makeDevice, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { insideOf, keptRoom } from './forge.fixture.ts';
import { flipped, news, refusals, texts, toldCodes, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await updated(bob, alice, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

afterEach(() => {
  alice.link.repent();
  bob.link.repent();
});

/** Alice says something that Bob reads once his server is honest. */
async function said(text: string): Promise<void> {
  await alice.box.sendMessage(room, text);
}

describe('the head of a room', () => {
  test('of another key is refused', async () => {
    await said('signed');
    const stranger = new Secret(new Uint8Array(32).fill(7));
    bob.link.lie('rooms.read', async (honest, { room: id }) => {
      const answer = await honest();
      const subject = { kind: 'room', id } as const;
      const { primitives } = bob.session;
      return {
        ...answer,
        head: await signHead(primitives, stranger, {
          subject,
          extent: answer.head,
          at: city.clock.now(),
          incarnation: 1,
        }),
      };
    });
    assert.deepEqual(await refusals(bob), ['head-invalid']);
    assert.include(await toldCodes(bob), 'head-invalid');
    bob.link.repent();
    await updated(bob);
    assert.include(await texts(bob, room), 'signed');
  });

  test('more than a day away from our clock is clock-skew, whichever is wrong', async () => {
    await said('timely');
    bob.clock.skip(-25 * 3600 * 1000);
    assert.deepEqual(await refusals(bob), ['clock-skew']);
    bob.clock.skip(25 * 3600 * 1000);
    await updated(bob);
    assert.include(await texts(bob, room), 'timely');
  });

  test('that contradicts the one before is a fork: sending stops', async () => {
    const other = (await alice.box.createRoom({ name: 'forked', type: 'chat', history: 'all', keying: 'era' })).id;
    await alice.box.addMember(other, bob.address, 'member');
    await updated(bob);
    bob.link.lie('rooms.read', async (honest, input) => {
      const answer = await honest();
      if ((await keptRoom(bob, other)).state.length !== answer.head.length) return answer;
      const extent = { length: answer.head.length, hash: flipped(answer.head.hash) };
      return { ...answer, head: await city.signHead({ kind: 'room', id: input.room }, extent) };
    });
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(other, 'where am I')), 'room-forked');
    assert.strictEqual(await evidenceOf(bob, 'room-forked'), 1);
    bob.link.repent();
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(other, 'and now')), 'room-forked');
    await said('elsewhere all is well');
    await bob.box.sync();
    assert.include(await texts(bob, room), 'elsewhere all is well');
  });
});

describe('a chain', () => {
  test('of somebody else in the place of the one asked for is refused', async () => {
    const { fingerprint } = alice.session.identity;
    alice.link.lie('chains.read', (honest, input) => honest({ ...input, account: fingerprint }));
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'split-view');
    assert.include(await toldCodes(alice), 'split-view');
    alice.link.repent();
    await alice.box.rotateRoom(room);
  });

  test('with a device that the server alone admits is refused, and nothing is sealed to it', async () => {
    const { identity, suites } = bob.session;
    const chain = await insideOf(alice).chains.known(identity.fingerprint);
    const device = await makeDevice(identity.suite, { name: 'ghost', kind: 'keybox' });
    const statement: Statement = {
      v: 1,
      suite: identity.suite.id,
      type: 'device.add',
      account: identity.fingerprint,
      seq: chain?.hashes.length ?? 0,
      prev: chain?.hashes.at(-1) as Uint8Array,
      at: city.clock.now(),
      signers: [device.id],
      body: { device: device.description, generation: 0, sealedSeed: new Uint8Array(64), expiresAt: null },
    };
    const envelope = await signStatement(suites.byId(identity.suite.id), statement, [device.signing]);
    const extent = { length: statement.seq + 1, hash: sha256(envelope.signed) };
    alice.link.lie('chains.read', async (honest, input) => {
      const answer = await honest();
      if (answer.fingerprint.some((byte, i) => byte !== identity.fingerprint[i])) return answer;
      const head = await city.signHead({ kind: 'chain', id: identity.fingerprint }, extent);
      return { ...answer, statements: input.from === statement.seq ? [envelope] : answer.statements, head };
    });
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'chain-signer-invalid');
    assert.include((await news(alice, 'refused')).join('\n'), bob.address);
    assert.isFalse((await insideOf(alice).chains.known(identity.fingerprint))?.devices.has(hex(device.id)));
  });

  test('shown shorter, or with another past, ends in rollback and split-view', async () => {
    await alice.box.rotateRoom(room);
    const subject = { kind: 'chain', id: bob.session.identity.fingerprint } as const;
    const chain = await insideOf(alice).chains.known(subject.id);
    const lies = {
      rollback: { length: 1, hash: chain?.hashes[0] as Uint8Array },
      'split-view': { length: chain?.hashes.length ?? 0, hash: flipped(chain?.hashes.at(-1) as Uint8Array) },
    };
    for (const [code, extent] of Object.entries(lies)) {
      alice.link.lie('chains.read', async (honest) => {
        const answer = await honest();
        const isBob = answer.fingerprint.every((byte, i) => byte === subject.id[i]);
        return isBob ? { ...answer, head: await city.signHead(subject, extent) } : answer;
      });
      assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), code);
      assert.strictEqual(await evidenceOf(alice, code), 1);
      assert.include(await toldCodes(alice), code);
    }
    alice.link.repent();
    await alice.box.rotateRoom(room);
  });

  test('of our own, shown as it was at sign-up, is a rollback of the whole account', async () => {
    const { fingerprint } = alice.session.identity;
    const chain = await insideOf(alice).chains.known(fingerprint);
    alice.link.lie('chains.read', async (honest, input) => {
      const answer = await honest();
      const extent = { length: 1, hash: chain?.hashes[0] as Uint8Array };
      return {
        ...answer,
        statements: answer.statements.slice(0, Math.max(0, 1 - input.from)),
        head: await city.signHead({ kind: 'chain', id: fingerprint }, extent),
      };
    });
    assert.deepEqual(await refusals(alice), ['rollback']);
    alice.link.repent();
    await updated(alice);
  });

  test('that is not given any more is sealed to for a day', async () => {
    alice.link.lie('chains.read', async (honest, input) => {
      const answer = await honest();
      if (answer.fingerprint.every((byte, i) => byte === alice.session.identity.fingerprint[i])) return answer;
      throw new ProtocolUsageFault('not-found', `nobody knows ${String(input.from)}`);
    });
    await alice.box.rotateRoom(room);
    city.clock.skip(25 * 3600 * 1000);
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'head-too-old');
    alice.link.repent();
    await alice.box.rotateRoom(room);
  });
});

async function evidenceOf({ session }: Person, code: string): Promise<number> {
  const [row] = await session.keys.query<{ count: number }>('SELECT count(*) AS count FROM evidence WHERE code = ?', [
    code,
  ]);
  return row?.count ?? 0;
}
