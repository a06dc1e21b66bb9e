import { equal, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  type ContactStatement,
  chainExtent,
  type Extent,
  envelope as envelopeFormat,
  type MailboxItem,
  type OperationInput,
  type OperationOutput,
  type Operations,
  ProtocolUsageFault,
  signContactStatement,
} from '@sotto/protocol';
import { type City, codeOf, firstDevice, makeWorld, type Person, startCity, type TestAccount } from '@sotto/testing';
import { afterAll, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { insideOf } from './forge.fixture.ts';
import { readCounter, writeCounter } from './meta.ts';
import { news, texts, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
/** A new one for every test. */
let bob: Person;
let count = 0;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
});

beforeEach(async () => {
  alice.link.repent();
  count += 1;
  bob = await city.join(`bob${count}`);
});

afterAll(() => city[Symbol.asyncDispose]());

type Read = OperationInput<Operations['chains.read']>;
type ReadChain = OperationOutput<Operations['chains.read']>;

interface Changes {
  readonly signer?: Secret;
  /** Fields other than those of an honest request. */
  readonly fields?: object;
  readonly accept?: boolean;
}

/** A contact statement for Alice that the server did not check. */
async function forge(author: Person, { signer, fields, accept = false }: Changes = {}): Promise<Uint8Array> {
  const { identity } = author.session;
  const statement = {
    v: 1,
    suite: identity.suite.id,
    author: identity.fingerprint,
    authorAddress: identity.address,
    device: identity.deviceId,
    chain: await extentOf(author),
    to: alice.address,
    at: city.clock.now(),
    ...(accept
      ? { type: 'accept', peer: alice.session.identity.fingerprint, peerChain: await extentOf(alice) }
      : { type: 'request', expected: null }),
    ...fields,
  } as ContactStatement;
  const key = signer ?? identity.signing.secretKey;
  return envelopeFormat.encode(await signContactStatement(identity.suite, statement, key));
}

async function extentOf(person: Person): Promise<Extent> {
  const chain = await insideOf(person).chains.known(person.session.identity.fingerprint);
  if (chain === null) throw new Error('no chain');
  return chainExtent(chain);
}

/** Puts an item into Alice's mailbox as the next one, gives her the author's chain, and lets her read. */
async function delivers(item: Uint8Array, author: Person): Promise<void> {
  const { fingerprint } = author.session.identity;
  await deliver(item, {
    fingerprint,
    chain: async (input) => {
      const answer = await author.session.link.call('chains.read', input);
      return { ...answer, head: await city.signHead({ kind: 'chain', id: fingerprint }, answer.head) };
    },
  });
}

async function deliver(
  item: Uint8Array,
  { fingerprint, chain }: { readonly fingerprint: Uint8Array; readonly chain: (input: Read) => Promise<ReadChain> },
): Promise<void> {
  const cursor = await readCounter(alice.session.keys, 'mailbox');
  alice.link.lie('mailboxes.read', (_honest, { after }) => {
    const forged: MailboxItem = { seq: cursor + 1, at: 0, kind: 'contact', item };
    return { items: after === cursor ? [forged] : [], last: 0 };
  });
  alice.link.lie('mailboxes.acknowledge', () => ({}));
  alice.link.lie('chains.read', async (honest, input) => {
    if (!(input.account instanceof Uint8Array) || !equal(input.account, fingerprint)) return honest();
    return chain(input);
  });
  await updated(alice);
  alice.link.repent();
  await alice.session.keys.apply([writeCounter('mailbox', cursor)]);
}

async function stateOf({ address }: Person): Promise<string | null> {
  return (await alice.box.listContacts()).find((contact) => contact.address === address)?.state ?? null;
}

describe('becoming contacts', () => {
  test('both ask at once', async () => {
    await alice.box.addContact(bob.address);
    await bob.box.addContact(alice.address);
    await updated(alice, bob, alice);
    assert.strictEqual(await stateOf(bob), 'mutual');
    assert.strictEqual((await bob.box.showContact(alice.address)).state, 'mutual');
  });

  test('asked for as another identity: the request never becomes a contact', async () => {
    await bob.box.addContact(alice.address, { expected: bob.session.identity.fingerprint });
    await updated(alice);
    assert.strictEqual(await stateOf(bob), null);
    await delivers(await forge(bob, { fields: { expected: bob.session.identity.fingerprint } }), bob);
    assert.strictEqual(await stateOf(bob), null);
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'identity-conflict');
  });

  test('what the other side ended can begin again, from either side', async () => {
    await city.befriend(alice, bob);
    await bob.box.removeContact(alice.address);
    await bob.box.addContact(alice.address);
    await updated(alice, bob);
    assert.strictEqual((await bob.box.showContact(alice.address)).state, 'mutual');
    await bob.box.removeContact(alice.address);
    await alice.box.addContact(bob.address);
    await updated(bob);
    await bob.box.acceptContact(alice.address);
    await updated(alice);
    const room = await alice.box.directRoom(bob.address);
    await alice.box.sendMessage(room.id, 'again');
    await updated(bob);
    assert.deepEqual(await texts(bob, room.id), ['again']);
  });

  test('a removed contact stays removed, though its pin returns with the log', async () => {
    await city.befriend(alice, bob);
    await alice.box.removeContact(bob.address);
    await updated(alice);
    alice.restart();
    await updated(alice);
    assert.strictEqual(await stateOf(bob), null);
  });

  test('who is blocked is not heard', async () => {
    await alice.box.blockContact(bob.address);
    await bob.box.addContact(alice.address);
    await delivers(await forge(bob), bob);
    assert.strictEqual(await stateOf(bob), 'blocked');
    await alice.box.unblockContact(bob.address);
    assert.isNull(await stateOf(bob));
    assert.strictEqual(await codeOf(() => alice.box.unblockContact(bob.address)), 'not-found');
  });

  test('who was a contact before the block is asked again as the same one', async () => {
    await city.befriend(alice, bob);
    await alice.box.blockContact(bob.address);
    assert.strictEqual(await codeOf(() => alice.box.addContact(bob.address)), 'blocked');
    await alice.box.unblockContact(bob.address);
    assert.strictEqual(await stateOf(bob), 'requested');
    // Bob's client never stopped to accept Alice.
    await updated(bob, alice);
    assert.strictEqual(await stateOf(bob), 'mutual');
    const { fingerprint, verified } = await alice.box.showContact(bob.address);
    assert.deepEqual([fingerprint, verified], [hex(bob.session.identity.fingerprint), false]);
  });
});

describe('what a server slips in', () => {
  test('an honest request, by the same way, arrives', async () => {
    await delivers(await forge(bob), bob);
    assert.strictEqual(await stateOf(bob), 'incoming');
  });

  const forgeries: Record<string, { readonly code: string; readonly changes: () => Promise<Changes> }> = {
    'signed by nobody that its author lists': {
      code: 'bad-signature',
      changes: async () => ({ signer: (await bob.session.identity.suite.signature.generate()).secretKey }),
    },
    'for somebody else': { code: 'contact-invalid', changes: async () => ({ fields: { to: bob.address } }) },
    'under another address': {
      code: 'chain-genesis-invalid',
      changes: async () => ({ fields: { authorAddress: `other-${alice.address}` } }),
    },
    'of a device that is not in the chain': {
      code: 'device-unendorsed',
      changes: async () => ({ fields: { device: new Uint8Array(32) } }),
    },
    'an acceptance that was not asked for': { code: 'contact-invalid', changes: async () => ({ accept: true }) },
  };

  test.each(Object.entries(forgeries))('%s', async (_name, { code, changes }) => {
    await delivers(await forge(bob, await changes()), bob);
    assert.strictEqual(await stateOf(bob), null);
    assert.include((await news(alice, 'refused')).at(-1) ?? '', code);
  });

  test('bytes that are no statement', async () => {
    await delivers(Uint8Array.of(1, 2, 3), bob);
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'refused/contact ');
  });

  test('a request whose keys are withheld waits for them', async () => {
    await bob.box.addContact(alice.address);
    alice.link.lie('chains.read', async (honest) => {
      const answer = await honest();
      if (equal(answer.fingerprint, alice.session.identity.fingerprint)) return answer;
      throw new ProtocolUsageFault('not-found', 'nobody');
    });
    await updated(alice);
    assert.strictEqual(await stateOf(bob), null);
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'pending-chain');
    alice.link.repent();
    await updated(alice);
    assert.strictEqual(await stateOf(bob), 'incoming');
  });
});

/** What a server makes up under somebody's address, with a key of its own. */
async function twin({ address }: Person = bob): Promise<TestAccount> {
  return (await makeWorld(`twin ${count}`)).account(address);
}

async function deliversOf(account: TestAccount, content: object): Promise<void> {
  const { chain, statements, suite } = account;
  const { fingerprint } = chain;
  const { id, signing } = firstDevice(account);
  const frame = { v: 1, suite: suite.id, author: fingerprint, authorAddress: account.address, device: id } as const;
  const place = { chain: chainExtent(chain), to: alice.address, at: city.clock.now() };
  const statement = { ...frame, ...place, ...content } as ContactStatement;
  const head = await city.signHead({ kind: 'chain', id: fingerprint }, chainExtent(chain));
  await deliver(envelopeFormat.encode(await signContactStatement(suite, statement, signing)), {
    fingerprint,
    chain: async () => ({ fingerprint, statements, head }),
  });
}

describe('C1: another identity in the place of a contact', () => {
  const accepts = async () => ({
    type: 'accept',
    peer: alice.session.identity.fingerprint,
    peerChain: await extentOf(alice),
  });

  test('attack: at the first contact, where a fingerprint is known from elsewhere', async () => {
    await alice.box.addContact(bob.address, { expected: bob.session.identity.fingerprint });
    await deliversOf(await twin(), await accepts());
    assert.strictEqual(await stateOf(bob), 'requested');
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'identity-conflict');
  });

  test('attack: where another one was accepted before', async () => {
    await city.befriend(alice, bob);
    alice.link.lie('contacts.accept', () => ({}));
    await deliversOf(await twin(), { type: 'request', expected: null });
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'identity-conflict');
    assert.strictEqual((await alice.box.showContact(bob.address)).fingerprint, hex(bob.session.identity.fingerprint));
  });

  test('attack: at the first contact, where nothing is known, it is not what both compare', async () => {
    await alice.box.addContact(bob.address);
    await deliversOf(await twin(), await accepts());
    const contact = await alice.box.showContact(bob.address);
    assert.isFalse(contact.verified);
    const { fingerprint } = bob.session.identity;
    assert.strictEqual(await codeOf(() => alice.box.verifyContact(bob.address, fingerprint)), 'identity-conflict');
    await alice.box.admin.setPolicy({ verifiedOnly: true });
    try {
      assert.strictEqual(await codeOf(() => alice.box.directRoom(bob.address)), 'unverified');
    } finally {
      await alice.box.admin.setPolicy({ verifiedOnly: false });
    }
  });

  test('control: request, acceptance, verification by the full fingerprint', async () => {
    await alice.box.addContact(bob.address);
    assert.strictEqual((await alice.box.showContact(bob.address)).fingerprint, null);
    assert.strictEqual(await codeOf(() => alice.box.verifyContact(bob.address, new Uint8Array(32))), 'unverified');
    await updated(bob);
    assert.strictEqual((await bob.box.showContact(alice.address)).state, 'incoming');
    await bob.box.acceptContact(alice.address);
    await updated(alice);
    assert.strictEqual(await stateOf(bob), 'mutual');
    assert.strictEqual(
      await codeOf(() => alice.box.verifyContact(bob.address, new Uint8Array(32))),
      'identity-conflict',
    );
    await alice.box.verifyContact(bob.address, bob.session.identity.fingerprint);
    assert.isTrue((await alice.box.showContact(bob.address)).verified);
  });
});

describe('Cx2: somebody under the address of the account itself', () => {
  test('attack: a request of another identity is no contact', async () => {
    await deliversOf(await twin(alice), { type: 'request', expected: null });
    assert.deepEqual(
      (await alice.box.listContacts()).filter(({ address }) => address === alice.address),
      [],
    );
    assert.include((await news(alice, 'refused')).at(-1) ?? '', 'identity-conflict');
  });

  test('control: under an address of its own', async () => {
    await deliversOf(await twin(), { type: 'request', expected: null });
    assert.strictEqual(await stateOf(bob), 'incoming');
  });
});

describe('C6: rooms and messages of who is no contact', () => {
  test('attack: brought by the server all the same, they are not listed, and told of', async () => {
    await city.befriend(alice, bob);
    const { id } = await bob.box.createRoom({ name: 'trap', type: 'chat', history: 'all', keying: 'era' });
    await bob.box.addMember(id, alice.address, 'member');
    await alice.box.removeContact(bob.address);
    await updated(alice);
    assert.notInclude(
      (await alice.box.listRooms()).map((room) => room.id),
      id,
    );
    assert.include((await news(alice, 'room')).at(-1) ?? '', 'room/added-hidden');
  });

  test('control: shown once the adder is a contact', async () => {
    await city.befriend(alice, bob);
    const { id } = await bob.box.createRoom({ name: 'trap', type: 'chat', history: 'all', keying: 'era' });
    await bob.box.addMember(id, alice.address, 'member');
    await alice.box.removeContact(bob.address);
    await updated(alice);
    await city.befriend(alice, bob);
    await updated(alice);
    assert.include(
      (await alice.box.listRooms()).map((room) => room.id),
      id,
    );
    assert.strictEqual((await alice.box.findRoom(id)).name, 'trap');
  });
});
