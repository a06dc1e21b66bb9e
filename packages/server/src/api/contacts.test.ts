import { type Address, chainExtent, type Envelope, envelope as envelopeFormat } from '@sotto/protocol';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let alpha: TestMember;
let beta: TestMember;
let gamma: TestMember;
beforeEach(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  beta = await home.signUp('beta');
  gamma = await home.signUp('gamma');
  home.events.length = 0;
});
afterEach(() => home.close());

describe('a request', () => {
  test('waits for its receiver, who may read the chain of who asked and not the other way round', async () => {
    const envelope = await requested(alpha, beta);
    assert.deepEqual(await contacts(alpha), [['beta@example.org', 'requested']]);
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'incoming']]);
    const mail = await home.call(beta.session, 'mailboxes.read', { after: 0, limit: 10 });
    assert.deepEqual(
      mail.items.map(({ seq, kind, item }) => ({ seq, kind, item })),
      [{ seq: 1, kind: 'contact', item: envelopeFormat.encode(envelope) }],
    );
    assert.strictEqual(mail.last, 1);
    assert.isNull(await chainCode(beta, alpha));
    assert.strictEqual(await chainCode(alpha, beta), 'not-found');
    assert.strictEqual(await chainCode(gamma, alpha), 'not-found');
    assert.deepEqual(told(beta), ['contacts', 'mailbox']);
  });

  test('is delivered once, however often it is repeated', async () => {
    await requested(alpha, beta);
    await requested(alpha, beta);
    assert.strictEqual((await home.call(beta.session, 'mailboxes.read', { after: 0, limit: 10 })).items.length, 1);
  });

  test('to nobody, to one who blocks and to another person under the name looks like any other', async () => {
    await home.call(beta.session, 'contacts.block', { address: alpha.account.address });
    home.events.length = 0;
    await requested(alpha, beta);
    const unknown = await home.requestOf(alpha, 'nobody@example.org' as Address);
    assert.deepEqual(await home.call(alpha.session, 'contacts.request', { envelope: unknown }), {});
    const mistaken = await home.requestOf(alpha, gamma.account.address, beta.account.chain.fingerprint);
    assert.deepEqual(await home.call(alpha.session, 'contacts.request', { envelope: mistaken }), {});
    assert.deepEqual(await contacts(alpha), [
      ['beta@example.org', 'requested'],
      ['gamma@example.org', 'requested'],
      ['nobody@example.org', 'requested'],
    ]);
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'blocked']]);
    assert.deepEqual(await contacts(gamma), []);
    assert.deepEqual([...told(beta), ...told(gamma)], []);
    assert.strictEqual(await chainCode(beta, alpha), 'not-found');
  });

  test('is signed by the device that brings it, and for somebody else', async () => {
    const envelope = await home.requestOf(alpha, gamma.account.address);
    assert.strictEqual(await refusal(home.call(beta.session, 'contacts.request', { envelope })), 'contact-invalid');
    const [signature] = envelope.signatures as [Uint8Array];
    const forged: Envelope = { ...envelope, signatures: [signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte))] };
    assert.strictEqual(
      await refusal(home.call(alpha.session, 'contacts.request', { envelope: forged })),
      'bad-signature',
    );
    const own = await home.requestOf(alpha, alpha.account.address);
    assert.strictEqual(
      await refusal(home.call(alpha.session, 'contacts.request', { envelope: own })),
      'contact-invalid',
    );
  });
});

describe('accepting', () => {
  test('makes both contacts of each other and tells the one who asked', async () => {
    await requested(alpha, beta);
    home.events.length = 0;
    const envelope = await home.acceptOf(beta, alpha);
    for (const _ of [1, 2]) assert.deepEqual(await home.call(beta.session, 'contacts.accept', { envelope }), {});
    assert.deepEqual(await contacts(alpha), [['beta@example.org', 'mutual']]);
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'mutual']]);
    const mail = await home.call(alpha.session, 'mailboxes.read', { after: 0, limit: 10 });
    assert.deepEqual(
      mail.items.map(({ item }) => item),
      [envelopeFormat.encode(envelope)],
    );
    assert.deepEqual(told(alpha), ['contacts', 'mailbox']);
    assert.isNull(await chainCode(alpha, beta));
  });

  test('needs a request that waits', async () => {
    const accept = async (own: TestMember, peer: TestMember) =>
      refusal(home.call(own.session, 'contacts.accept', { envelope: await home.acceptOf(own, peer) }));
    assert.strictEqual(await accept(alpha, beta), 'not-found');
    await requested(alpha, beta);
    assert.strictEqual(await accept(alpha, beta), 'not-found');
    assert.strictEqual(await accept(gamma, alpha), 'not-found');
  });

  test('names the account that asked', async () => {
    await requested(alpha, beta);
    const other = { ...alpha, account: { ...alpha.account, chain: gamma.account.chain } };
    const envelope = await home.acceptOf(beta, other);
    assert.strictEqual(await refusal(home.call(beta.session, 'contacts.accept', { envelope })), 'identity-conflict');
  });

  test('two who ask each other both wait until one accepts', async () => {
    await requested(alpha, beta);
    await requested(beta, alpha);
    assert.deepEqual(await contacts(alpha), [['beta@example.org', 'incoming']]);
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'incoming']]);
    await home.call(alpha.session, 'contacts.accept', { envelope: await home.acceptOf(alpha, beta) });
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'mutual']]);
  });
});

describe('ending', () => {
  test('a block ends it for both, and nothing comes through any more', async () => {
    await home.befriend(alpha, beta);
    await home.call(beta.session, 'contacts.block', { address: alpha.account.address });
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'blocked']]);
    assert.deepEqual(await contacts(alpha), []);
    assert.strictEqual(await chainCode(alpha, beta), 'not-found');
    const before = await home.call(beta.session, 'mailboxes.read', { after: 0, limit: 10 });
    await requested(alpha, beta);
    assert.deepEqual(await home.call(beta.session, 'mailboxes.read', { after: 0, limit: 10 }), before);
    const request = await home.requestOf(beta, alpha.account.address);
    assert.strictEqual(await refusal(home.call(beta.session, 'contacts.request', { envelope: request })), 'blocked');
  });

  test('who lifts a block may be asked again', async () => {
    await home.call(beta.session, 'contacts.block', { address: alpha.account.address });
    await requested(alpha, beta);
    await home.call(beta.session, 'contacts.remove', { address: alpha.account.address });
    assert.deepEqual(await contacts(beta), []);
    await requested(alpha, beta);
    assert.deepEqual(await contacts(beta), [['alpha@example.org', 'incoming']]);
  });

  test('a request that is declined leaves the list of who asked as it was', async () => {
    await requested(alpha, beta);
    await home.call(beta.session, 'contacts.remove', { address: alpha.account.address });
    assert.deepEqual(await contacts(beta), []);
    assert.deepEqual(await contacts(alpha), [['beta@example.org', 'requested']]);
    const envelope = await home.acceptOf(beta, alpha);
    assert.strictEqual(await refusal(home.call(beta.session, 'contacts.accept', { envelope })), 'not-found');
  });

  test('removing ends it for both', async () => {
    await home.befriend(alpha, beta);
    await home.call(alpha.session, 'contacts.remove', { address: beta.account.address });
    assert.deepEqual(await contacts(alpha), []);
    assert.deepEqual(await contacts(beta), []);
  });
});

describe('a mailbox', () => {
  test('is read by cursor and freed by acknowledging', async () => {
    for (const peer of [beta, gamma]) await requested(peer, alpha);
    const all = await home.call(alpha.session, 'mailboxes.read', { after: 0, limit: 10 });
    assert.deepEqual(
      all.items.map(({ seq }) => seq),
      [1, 2],
    );
    const second = await home.call(alpha.session, 'mailboxes.read', { after: 1, limit: 10 });
    assert.deepEqual(second.items, all.items.slice(1));
    await home.call(alpha.session, 'mailboxes.acknowledge', { upTo: 1 });
    assert.deepEqual((await home.call(alpha.session, 'mailboxes.read', { after: 0, limit: 10 })).items, second.items);
    await home.call(alpha.session, 'mailboxes.acknowledge', { upTo: 2 });
    assert.deepEqual(await home.call(alpha.session, 'mailboxes.read', { after: 0, limit: 10 }), { items: [], last: 2 });
    await home.restart();
    await home.befriend(alpha, beta).catch(() => null);
    assert.isAtLeast((await home.call(alpha.session, 'mailboxes.read', { after: 0, limit: 10 })).last, 2);
  });
});

test('a chain is read from a position on, by fingerprint or address', async () => {
  await home.befriend(alpha, beta);
  const { chain, statements, address } = beta.account;
  const whole = await home.call(alpha.session, 'chains.read', { account: address, from: 0 });
  assert.deepEqual(whole.fingerprint, chain.fingerprint);
  assert.deepEqual(whole.statements, statements);
  const { length, hash } = whole.head;
  assert.deepEqual({ length, hash }, chainExtent(chain));
  const rest = await home.call(alpha.session, 'chains.read', { account: chain.fingerprint, from: 1 });
  assert.deepEqual(rest.statements, statements.slice(1));
  const none = await home.call(alpha.session, 'chains.read', { account: chain.fingerprint, from: 2 });
  assert.deepEqual(none.statements, []);
  assert.strictEqual(
    await refusal(home.call(alpha.session, 'chains.read', { account: 'nobody@example.org' as Address, from: 0 })),
    'not-found',
  );
});

test('certificates are for contacts, not for who merely asked', async () => {
  await requested(alpha, beta);
  const read = (own: TestMember, { account }: TestMember) =>
    home.call(own.session, 'certificates.read', { account: account.chain.fingerprint });
  assert.strictEqual(await refusal(read(beta, alpha)), 'not-found');
  await home.call(beta.session, 'contacts.accept', { envelope: await home.acceptOf(beta, alpha) });
  assert.strictEqual((await read(beta, alpha)).devices.length, 1);
});

async function requested(from: TestMember, to: TestMember): Promise<Envelope> {
  const envelope = await home.requestOf(from, to.account.address);
  assert.deepEqual(await home.call(from.session, 'contacts.request', { envelope }), {});
  return envelope;
}

async function contacts({ session }: TestMember): Promise<[string, string][]> {
  return (await home.call(session, 'contacts.list', {})).contacts.map(({ address, state }) => [address, state]);
}

function chainCode({ session }: TestMember, { account }: TestMember): Promise<string | null> {
  return refusal(home.call(session, 'chains.read', { account: account.chain.fingerprint, from: 0 }));
}

function told({ accountId }: TestMember): string[] {
  return home.events.filter((sent) => sent.accountId === accountId).map(({ event }) => event.event);
}
