import {
  addDevice,
  codeOf,
  firstDevice,
  makeWorld,
  type TestAccount,
  type TestDevice,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import type { Address } from './address.ts';
import { chainExtent } from './chain.ts';
import { type ContactStatement, contactStatement, signContactStatement, verifyContactStatement } from './contact.ts';

let world: TestWorld;
let ann: TestAccount;
let ben: TestAccount;

beforeAll(async () => {
  world = await makeWorld('contact');
  ann = await world.account('ann@example.org');
  ben = await world.account('ben@example.org', { suite: 'classic' });
});

describe('a request', () => {
  const forged: readonly [
    string,
    (request: ContactStatement & { type: 'request' }) => ContactStatement,
    string | null,
  ][] = [
    ['unchanged', (s) => s, null],
    ['that expects the identity it reaches', (s) => ({ ...s, expected: ben.chain.fingerprint }), null],
    ['that expects another identity', (s) => ({ ...s, expected: new Uint8Array(32) }), 'contact-invalid'],
    ['to somebody else', (s) => ({ ...s, to: 'eve@example.org' as Address }), 'contact-invalid'],
    ['of another author', (s) => ({ ...s, author: ben.chain.fingerprint }), 'contact-invalid'],
    ['under another address', (s) => ({ ...s, authorAddress: ben.address }), 'contact-invalid'],
    ['by a device of somebody else', (s) => ({ ...s, device: firstDevice(ben).id }), 'device-unendorsed'],
    ['in another suite', (s) => ({ ...s, suite: 1 }), 'device-unendorsed'],
    ['with a chain not known yet', (s) => ({ ...s, chain: { ...s.chain, length: 2 } }), 'pending-chain'],
    ['with another past', (s) => ({ ...s, chain: { ...s.chain, hash: new Uint8Array(32) } }), 'identity-conflict'],
  ];
  test.each(forged)('%s', async (_name, forge, code) => {
    const envelope = await signContactStatement(ann.suite, forge(request()), firstDevice(ann).signing);
    assert.strictEqual(await codeOf(() => verify(envelope)), code);
  });

  test('carries one signature, of its own tag', async () => {
    const envelope = await signContactStatement(ann.suite, request(), firstDevice(ann).signing);
    const [signature] = envelope.signatures as [Uint8Array];
    const roster = await ann.suite.signature.sign(firstDevice(ann).signing, 'sotto/roster/v1', envelope.signed);
    assert.strictEqual(
      await codeOf(() => verify({ ...envelope, signatures: [signature, signature] })),
      'contact-invalid',
    );
    assert.strictEqual(await codeOf(() => verify({ ...envelope, signatures: [roster] })), 'bad-signature');
    assert.strictEqual(
      await codeOf(() => verify({ ...envelope, signatures: [signature.with(9, (signature[9] as number) ^ 1)] })),
      'bad-signature',
    );
  });

  test('is signed by an installation', async () => {
    const grown = await addDevice(world, ann, { name: 'roaming', kind: 'roaming' });
    const roaming = grown.devices[1] as TestDevice;
    const value = { ...request(), device: roaming.id, chain: chainExtent(grown.chain) };
    const envelope = await signContactStatement(ann.suite, value, roaming.signing);
    const judged = codeOf(() =>
      verifyContactStatement(world.suites, envelope, { author: grown.chain, to: ben.address }),
    );
    assert.strictEqual(await judged, 'device-unendorsed');
  });
});

test('an accept names the identity that it accepts', async () => {
  const accept = {
    ...request(),
    author: ben.chain.fingerprint,
    authorAddress: ben.address,
    device: firstDevice(ben).id,
    suite: 1,
    chain: chainExtent(ben.chain),
    to: ann.address,
  };
  const { expected: _expected, ...frame } = accept;
  const judged = async (peer: Uint8Array, peerChain = chainExtent(ann.chain)) => {
    const value = contactStatement.check({ ...frame, type: 'accept', peer, peerChain });
    const envelope = await signContactStatement(ben.suite, value, firstDevice(ben).signing);
    return codeOf(() =>
      verifyContactStatement(world.suites, envelope, { author: ben.chain, to: ann.address, recipient: ann.chain }),
    );
  };
  assert.strictEqual(await judged(ann.chain.fingerprint), null);
  assert.strictEqual(await judged(new Uint8Array(32)), 'contact-invalid');
  const elsewhere = { length: 1, hash: new Uint8Array(32) };
  assert.strictEqual(await judged(ann.chain.fingerprint, elsewhere), 'identity-conflict');
});

function request(): ContactStatement & { type: 'request' } {
  return {
    v: 1,
    suite: ann.suite.id,
    type: 'request',
    author: ann.chain.fingerprint,
    authorAddress: ann.address,
    device: firstDevice(ann).id,
    chain: chainExtent(ann.chain),
    to: ben.address,
    at: 1,
    expected: null,
  };
}

function verify(envelope: Parameters<typeof verifyContactStatement>[1]) {
  return verifyContactStatement(world.suites, envelope, { author: ann.chain, to: ben.address, recipient: ben.chain });
}
