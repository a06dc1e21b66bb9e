import { equal, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  type Extent,
  type OperationOutput,
  type Operations,
  ProtocolUsageFault,
  type Statement,
  signHead,
  signStatement,
} from '@sotto/protocol';
import { type City, codeOf, makeDevice, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { insideOf, keptRoom } from './forge.fixture.ts';
import { flipped, news, refusals, texts, toldCodes, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;
type ChainPage = OperationOutput<Operations['chains.read']>;

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
});

describe('D1: a device that the server adds to an account', () => {
  test('control: a device that the account itself signed for is one', async () => {
    const { identity } = bob.session;
    const { envelope } = await admission('tablet', { signer: identity.deviceId, signing: identity.signing.secretKey });
    await bob.link.call('chains.append', { envelope });
    await bob.box.sync();
    await updated(alice);
    await alice.box.rotateRoom(room);
    assert.include((await news(alice, 'device')).join('\n'), `device/added ${bob.address} tablet keybox`);
  });

  test('attack on a contact: refused and told, and nothing is sealed to it', async () => {
    const { fingerprint } = bob.session.identity;
    const { id, page } = await admission('ghost');
    alice.link.lie('chains.read', async (honest, input) => page(await honest(), input.from));
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'chain-signer-invalid');
    assert.include((await news(alice, 'refused')).join('\n'), bob.address);
    assert.isFalse((await insideOf(alice).chains.known(fingerprint))?.devices.has(hex(id)));
    alice.link.repent();
    await said('nothing was lost');
    await bob.box.sync();
    assert.include(await texts(bob, room), 'nothing was lost');
  });

  test("attack on the account's own device: refused and told, and what it knew stays", async () => {
    const before = (await bob.box.showAccount()).devices;
    const { page } = await admission('ghost');
    bob.link.lie('chains.read', async (honest, input) => page(await honest(), input.from));
    assert.deepEqual(await refusals(bob), ['chain-signer-invalid']);
    assert.include(await toldCodes(bob), 'chain-signer-invalid');
    assert.deepEqual((await bob.box.showAccount()).devices, before);
    bob.link.repent();
    await bob.box.sync();
  });

  /** A statement that admits a device to Bob's account, by the device itself unless told otherwise, and a server's page with it. */
  async function admission(name: string, by: { readonly signer?: Uint8Array; readonly signing?: Secret } = {}) {
    const { identity, suites } = bob.session;
    const { fingerprint } = identity;
    const chain = await insideOf(bob).chains.known(fingerprint);
    const device = await makeDevice(identity.suite, { name, kind: 'keybox' });
    const statement: Statement = {
      v: 1,
      suite: identity.suite.id,
      type: 'device.add',
      account: fingerprint,
      seq: chain?.hashes.length ?? 0,
      prev: chain?.hashes.at(-1) as Uint8Array,
      at: city.clock.now(),
      signers: [by.signer ?? device.id],
      body: { device: device.description, generation: 0, sealedSeed: new Uint8Array(64), expiresAt: null },
    };
    const suite = suites.byId(identity.suite.id);
    const envelope = await signStatement(suite, statement, [by.signing ?? device.signing]);
    const head = await city.signHead(
      { kind: 'chain', id: fingerprint },
      { length: statement.seq + 1, hash: sha256(envelope.signed) },
    );
    const page = (answer: ChainPage, from: number): ChainPage => {
      if (!equal(answer.fingerprint, fingerprint)) return answer;
      return { ...answer, statements: from === statement.seq ? [envelope] : [...answer.statements, envelope], head };
    };
    return { id: device.id, envelope, page };
  }
});

describe('D4: a list of devices from before a revocation', () => {
  test('control: a newer one is taken', async () => {
    await alice.box.rotateRoom(room);
    await updated(alice);
  });

  test('attack: shown shorter, it is a rollback; both heads are kept and nothing is sealed', async () => {
    const chain = await insideOf(alice).chains.known(bob.session.identity.fingerprint);
    await shownOfBob({ length: 1, hash: chain?.hashes[0] as Uint8Array });
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'rollback');
    assert.strictEqual(await evidenceOf(alice, 'rollback'), 1);
    assert.include(await toldCodes(alice), 'rollback');
  });

  test('attack on the own account, shown as it was at sign-up', async () => {
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

  test('attack by giving none at all: for a day one is sealed to, then no more', async () => {
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

describe('D6: one account in two versions', () => {
  test('control: the version that is known', async () => {
    await alice.box.rotateRoom(room);
  });

  test('attack: a signed head of another version is a split view; both heads are kept, and nothing is sealed', async () => {
    const chain = await insideOf(alice).chains.known(bob.session.identity.fingerprint);
    const before = await evidenceOf(alice, 'split-view');
    const hash = flipped(chain?.hashes.at(-1) as Uint8Array);
    await shownOfBob({ length: chain?.hashes.length ?? 0, hash });
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'split-view');
    assert.strictEqual(await evidenceOf(alice, 'split-view'), before + 1);
    assert.include((await news(alice, 'head')).join('\n'), 'split-view');
    alice.link.repent();
    await alice.box.rotateRoom(room);
  });
});

/** From now on the server signs this as the head of Bob's chain for Alice. */
async function shownOfBob(extent: Extent): Promise<void> {
  const subject = { kind: 'chain', id: bob.session.identity.fingerprint } as const;
  alice.link.lie('chains.read', async (honest) => {
    const answer = await honest();
    return equal(answer.fingerprint, subject.id) ? { ...answer, head: await city.signHead(subject, extent) } : answer;
  });
}

async function evidenceOf({ session }: Person, code: string): Promise<number> {
  const [row] = await session.keys.query<{ count: number }>('SELECT count(*) AS count FROM evidence WHERE code = ?', [
    code,
  ]);
  return row?.count ?? 0;
}
