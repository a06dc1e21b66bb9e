import { hex } from '@sotto/bytes';
import { type SignatureTag, sha256, signatureTags } from '@sotto/crypto';
import {
  addDevice,
  changeUserKey,
  codeOf,
  draftStatement,
  firstDevice,
  makeDevice,
  makeWorld,
  revokeDevice,
  setBundle,
  type TestAccount,
  type TestDevice,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import type { Address, DeviceName } from './address.ts';
import {
  activeDevice,
  beginChain,
  chainExtends,
  chainExtent,
  currentUserKey,
  extendChain,
  restoreChain,
  signStatement,
  verifyChain,
} from './chain.ts';
import { type Statement, statement } from './statement.ts';
import { openSeed, sealSeed, unwrapPreviousSeed } from './user-key.ts';

const ADDRESS = 'ann@example.org' as Address;
let world: TestWorld;
let ann: TestAccount;

beforeAll(async () => {
  world = await makeWorld('chain');
  ann = await world.account(ADDRESS);
});

describe('genesis', () => {
  for (const suite of ['classic', 'hybrid', 'p384']) {
    test(`opens a chain of suite ${suite}, which grows and verifies as a whole`, async () => {
      const account = await world.account(`whole@example.org`, { suite });
      const grown = await setBundle(world, await addDevice(world, account, { name: 'phone' }), bundle(1));
      const chain = await verifyChain(world.suites, grown.statements, grown.address);
      assert.deepEqual(chain, grown.chain);
      assert.deepEqual(restoreChain(grown.statements), grown.chain);
      assert.deepEqual(chain.fingerprint, sha256(grown.statements[0]?.signed as Uint8Array));
      assert.strictEqual(chainExtent(chain).length, 3);
      assert.strictEqual(chain.devices.size, 2);
    });
  }

  const forged: readonly [string, (genesis: Genesis) => Statement, string | null][] = [
    ['of an account', (g) => ({ ...g, account: new Uint8Array(32) }), 'chain-genesis-invalid'],
    ['after something', (g) => ({ ...g, prev: new Uint8Array(32) }), 'chain-genesis-invalid'],
    ['at seq 1', (g) => ({ ...g, seq: 1 }), 'chain-genesis-invalid'],
    [
      'for another address',
      (g) => ({ ...g, body: { ...g.body, address: 'eve@example.org' as Address } }),
      'chain-genesis-invalid',
    ],
    [
      'by a roaming device',
      (g) => ({ ...g, body: { ...g.body, device: { ...g.body.device, kind: 'roaming' } } }),
      'chain-genesis-invalid',
    ],
    [
      'with user-key generation 1',
      (g) => ({ ...g, body: { ...g.body, userKey: { ...g.body.userKey, generation: 1 } } }),
      'chain-genesis-invalid',
    ],
    [
      'signed by a device that it does not hold',
      (g) => ({ ...g, signers: [new Uint8Array(32)] }),
      'chain-signer-invalid',
    ],
    [
      'with other keys than its signer',
      (g) => ({ ...g, body: { ...g.body, device: { ...g.body.device, kem: new Uint8Array(9) } } }),
      'chain-signer-invalid',
    ],
    ['with two signers', (g) => ({ ...g, signers: [...g.signers, ...g.signers] }), 'chain-signer-invalid'],
    ['of a suite that nobody has', (g) => ({ ...g, suite: 0x9999 }), 'suite-unknown'],
    ['of version 2', (g) => ({ ...g, v: 2 as 1 }), 'format-unsupported'],
    [
      'that is a bundle.set',
      ({ body: _body, ...g }) => ({ ...g, type: 'bundle.set', body: bundle(1) }),
      'chain-genesis-invalid',
    ],
    ['unchanged', (g) => g, null],
  ];
  test.each(forged)('%s', async (_name, forge, code) => {
    const envelope = await sign(forge(genesisOf(ann)));
    assert.strictEqual(await codeOf(() => beginChain(world.suites, envelope, ADDRESS)), code);
  });

  test('counts for its own address alone', async () => {
    const [genesis] = ann.statements as [TestAccount['statements'][0]];
    const code = await codeOf(() => beginChain(world.suites, genesis, 'eve@example.org' as Address));
    assert.strictEqual(code, 'chain-genesis-invalid');
  });

  test('a chain that begins with something else, or with nothing, is none', async () => {
    const grown = await setBundle(world, ann, bundle(1));
    world.learn(ann);
    assert.strictEqual(
      await codeOf(() => verifyChain(world.suites, grown.statements.slice(1), ADDRESS)),
      'chain-genesis-invalid',
    );
    assert.strictEqual(await codeOf(() => verifyChain(world.suites, [], ADDRESS)), 'chain-genesis-invalid');
    assert.strictEqual(await codeOf(() => restoreChain([])), 'chain-genesis-invalid');
  });
});

describe('the next statement', () => {
  const forged: readonly [string, (next: BundleSet) => Statement, string | null][] = [
    ['unchanged', (s) => s, null],
    ['of another account', (s) => ({ ...s, account: new Uint8Array(32) }), 'chain-broken'],
    ['of no account', (s) => ({ ...s, account: null }), 'chain-broken'],
    ['with a seq that skips', (s) => ({ ...s, seq: 2 }), 'chain-broken'],
    ['with a seq that repeats', (s) => ({ ...s, seq: 0 }), 'chain-broken'],
    ['with another prev', (s) => ({ ...s, prev: new Uint8Array(32) }), 'chain-broken'],
    ['with no prev', (s) => ({ ...s, prev: null }), 'chain-broken'],
    ['of another suite', (s) => ({ ...s, suite: 1 }), 'chain-broken'],
    [
      'by a device that the chain does not have',
      (s) => ({ ...s, signers: [new Uint8Array(32)] }),
      'chain-signer-invalid',
    ],
    ['by a signer too many', (s) => ({ ...s, signers: [...s.signers, ...s.signers] }), 'chain-signer-invalid'],
    ['that is a genesis', () => genesisOf(ann), 'chain-broken'],
    ['with bundle version 0', (s) => ({ ...s, body: { ...s.body, version: 0 } }), 'format-malformed'],
  ];
  test.each(forged)('%s', async (_name, forge, code) => {
    const next = draftStatement(world, ann, { type: 'bundle.set', body: bundle(1) }) as BundleSet;
    const forgery = forge(next);
    const parsed = await codeOf(() => statement.parse(statement.encode(forgery)));
    if (parsed !== null) return assert.strictEqual(parsed, code);
    const envelope = await sign(forgery);
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, envelope)), code);
  });

  test('with one bit of a signature, or of what it signs, turned', async () => {
    const next = await sign(draftStatement(world, ann, { type: 'bundle.set', body: bundle(1) }));
    const [signature] = next.signatures as [Uint8Array];
    for (const at of [0, 40, 63, 64, 1000, signature.length - 1]) {
      const forged = { ...next, signatures: [flip(signature, at)] };
      assert.strictEqual(
        await codeOf(() => extendChain(world.suites, ann.chain, forged)),
        'bad-signature',
        `byte ${at}`,
      );
    }
    const ed25519Alone = { ...next, signatures: [signature.slice(0, 64)] };
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, ed25519Alone)), 'bad-signature');
    const other = await sign(draftStatement(world, ann, { type: 'bundle.set', body: bundle(2) }));
    const swapped = { signed: other.signed, signatures: next.signatures };
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, swapped)), 'bad-signature');
    assert.strictEqual(
      await codeOf(() => extendChain(world.suites, ann.chain, { ...next, signatures: [signature, signature] })),
      'chain-signer-invalid',
    );
  });
});

describe('D2: bytes that a device signed for another purpose', () => {
  const others = (Object.keys(signatureTags) as SignatureTag[]).filter((tag) => tag !== 'sotto/statement/v1');

  let dora: TestAccount;
  beforeAll(async () => {
    // Of a suite with one key for all tags, so that nothing but the tag tells them apart.
    dora = await world.account('dora@example.org', { suite: 'p384' });
  });

  /** The admission of a device, with what the account's device signed under a tag. */
  async function endorsedUnder(tag: SignatureTag): Promise<string | null> {
    const intruder = await makeDevice(dora.suite, { name: 'intruder', kind: 'keybox' });
    const body = { device: intruder.description, generation: 0, sealedSeed: new Uint8Array(64), expiresAt: null };
    const signed = statement.encode(draftStatement(world, dora, { type: 'device.add', body }));
    const signature = await dora.suite.signature.sign(firstDevice(dora).signing, tag, signed);
    return codeOf(() => extendChain(world.suites, dora.chain, { signed, signatures: [signature] }));
  }

  test.each(others)('attack with what was signed under %s', async (tag) => {
    assert.strictEqual(await endorsedUnder(tag), 'bad-signature');
  });

  test('control: what was signed as a statement', async () => {
    assert.isNull(await endorsedUnder('sotto/statement/v1'));
  });
});

describe('device.add', () => {
  test('admits a device from its statement on, and not before', async () => {
    const grown = await addDevice(world, ann, { name: 'phone' });
    const { id } = grown.devices[1] as TestAccount['devices'][0];
    assert.strictEqual(activeDevice(grown.chain, id)?.name, 'phone');
    assert.strictEqual(activeDevice(grown.chain, id, 1), null);
    assert.strictEqual(activeDevice(ann.chain, id), null);
    world.learn(ann);
  });

  test('is refused without an active device of the chain, whatever the CA says (D1)', async () => {
    const ghost = await makeDevice(ann.suite, { name: 'ghost', kind: 'keybox' });
    const honest = await deviceAdd(ghost);
    const self = await signStatement(ann.suite, { ...honest, signers: [ghost.id] }, [ghost.signing]);
    const posing = await signStatement(ann.suite, honest, [ghost.signing]);
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, self)), 'chain-signer-invalid');
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, posing)), 'bad-signature');
    const endorsed = await sign(honest);
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, endorsed)), null);
  });

  for (const kind of ['roaming', 'recovery'] as const) {
    test(`a ${kind} device is admitted once, signs for an installation, and names no bundle`, async () => {
      const grown = await addDevice(world, ann, { name: kind, kind });
      world.learn(ann);
      const device = grown.devices[1] as TestDevice;
      const phone = await makeDevice(ann.suite, { name: 'phone', kind: 'keybox' });
      const second = await makeDevice(ann.suite, { name: 'second', kind });
      const by = async (content: Parameters<typeof draftStatement>[2], signer = device) => {
        const draft = { ...draftStatement(world, grown, content), signers: [signer.id] };
        const envelope = await signStatement(ann.suite, draft, [signer.signing]);
        return codeOf(() => extendChain(world.suites, grown.chain, envelope));
      };
      const add = async (added: TestDevice) => ({ type: 'device.add', body: (await deviceAdd(added)).body }) as const;
      assert.strictEqual(await by(await add(phone)), null);
      assert.strictEqual(await by(await add(second)), 'chain-signer-invalid');
      assert.strictEqual(await by(await add(second), firstDevice(ann)), 'chain-body-invalid');
      assert.strictEqual(await by({ type: 'bundle.set', body: bundle(1) }), 'chain-signer-invalid');
    });
  }

  test('is refused for known keys, a used name, and another user-key generation', async () => {
    const fresh = await makeDevice(ann.suite, { name: 'phone', kind: 'keybox' });
    const honest = await deviceAdd(fresh);
    const refused = async (body: Partial<DeviceAdd['body']>) => {
      const envelope = await sign({ ...honest, body: { ...honest.body, ...body } });
      return codeOf(() => extendChain(world.suites, ann.chain, envelope));
    };
    assert.strictEqual(await refused({}), null);
    assert.strictEqual(
      await refused({ device: { ...firstDevice(ann).description, name: 'other' as DeviceName } }),
      'chain-body-invalid',
    );
    assert.strictEqual(
      await refused({ device: { ...fresh.description, name: 'laptop' as DeviceName } }),
      'chain-body-invalid',
    );
    assert.strictEqual(await refused({ generation: 1 }), 'chain-body-invalid');
  });

  test('the sealed seed opens to the device alone, and only as what it is', async () => {
    const grown = await addDevice(world, ann, { name: 'phone' });
    world.learn(ann);
    const phone = grown.devices[1] as TestAccount['devices'][0];
    const sealed = (statement.parse(grown.statements[1]?.signed as Uint8Array) as DeviceAdd).body.sealedSeed;
    const published = currentUserKey(grown.chain);
    const binding = { account: grown.chain.fingerprint, device: phone.description, published };
    const opened = await openSeed(ann.suite, { kem: phone.kem, sealed }, binding);
    assert.deepEqual(opened.seed.unsafeExpose('test'), ann.seed.unsafeExpose('test'));
    assert.deepEqual(
      opened.pairs.room.publicKey,
      Uint8Array.from(published.room) as typeof opened.pairs.room.publicKey,
    );
    const open = (kem = phone.kem, other: Partial<typeof binding> = {}) =>
      codeOf(() => openSeed(ann.suite, { kem, sealed }, { ...binding, ...other }));
    assert.strictEqual(await open(firstDevice(ann).kem), 'open-failed');
    assert.strictEqual(await open(phone.kem, { account: new Uint8Array(32) }), 'open-failed');
    assert.strictEqual(await open(phone.kem, { published: { ...published, generation: 1 } }), 'open-failed');
    const other = await world.account('other@example.org');
    assert.strictEqual(await open(phone.kem, { published: currentUserKey(other.chain) }), 'open-failed');
    const foreign = await sealSeed(ann.suite, other.seed, { ...binding, generation: 0 });
    assert.strictEqual(
      await codeOf(() => openSeed(ann.suite, { kem: phone.kem, sealed: foreign }, binding)),
      'open-failed',
    );
  });
});

describe('device.revoke', () => {
  test('shuts a device out and hands the next user key to those that stay', async () => {
    const { whole, phone, tablet } = await family();
    const after = await revokeDevice(world, whole, phone);
    world.learn(ann);
    assert.strictEqual(activeDevice(after.chain, phone.id), null);
    assert.strictEqual(activeDevice(after.chain, phone.id, whole.chain.hashes.length)?.name, 'phone');
    assert.strictEqual(currentUserKey(after.chain).generation, 1);
    assert.deepEqual(restoreChain(after.statements), after.chain);
    const { change } = (statement.parse(after.statements.at(-1)?.signed as Uint8Array) as DeviceRevoke).body;
    const published = currentUserKey(after.chain);
    const binding = { account: after.chain.fingerprint, device: tablet.description, published };
    const sealed = change.seeds.find(({ device }) => hex(device) === hex(tablet.id))?.sealed as Uint8Array;
    const { seed } = await openSeed(ann.suite, { kem: tablet.kem, sealed }, binding);
    const wrap = { account: after.chain.fingerprint, generation: 1 };
    const previous = await unwrapPreviousSeed(world.primitives, { seed, wrapped: change.previous }, wrap);
    assert.deepEqual(previous.unsafeExpose('test'), whole.seed.unsafeExpose('test'));
    for (const other of [
      { ...wrap, generation: 2 },
      { ...wrap, account: new Uint8Array(32) },
    ]) {
      const wrapped = change.previous;
      assert.strictEqual(
        await codeOf(() => unwrapPreviousSeed(world.primitives, { seed, wrapped }, other)),
        'open-failed',
      );
    }
  });

  test('is void by a revoked device, for one that is not active, and for the last', async () => {
    const { whole, phone, tablet } = await family();
    const after = await revokeDevice(world, whole, phone);
    world.learn(ann);
    const revenge = await signedBy(after, [phone], await revocation(after, tablet));
    assert.strictEqual(await codeOf(() => extendChain(world.suites, after.chain, revenge)), 'chain-signer-invalid');
    const twice = await signedBy(after, [tablet], await revocation(after, phone));
    assert.strictEqual(await codeOf(() => extendChain(world.suites, after.chain, twice)), 'chain-body-invalid');
    const { change } = await changeUserKey(world, ann, ann.devices);
    const last = { type: 'device.revoke', body: { device: firstDevice(ann).id, change } } as const;
    const lonely = await signedBy(ann, [firstDevice(ann)], last);
    assert.strictEqual(await codeOf(() => extendChain(world.suites, ann.chain, lonely)), 'chain-body-invalid');
  });

  test('is void with a seed too few, too many, for the revoked one, out of order, or of a wrong generation', async () => {
    const { whole, phone, tablet } = await family();
    const { body } = await revocation(whole, phone);
    const judged = async (change: Partial<DeviceRevoke['body']['change']>) => {
      const content = { type: 'device.revoke', body: { ...body, change: { ...body.change, ...change } } } as const;
      const envelope = await signedBy(whole, [tablet], content);
      return codeOf(() => extendChain(world.suites, whole.chain, envelope));
    };
    const { seeds, userKey } = body.change;
    assert.strictEqual(await judged({}), null);
    const all = (await changeUserKey(world, whole, whole.devices)).change.seeds;
    for (const wrong of [seeds.slice(1), all, seeds.toReversed(), [seeds[0], seeds[0]] as typeof seeds]) {
      assert.strictEqual(await judged({ seeds: wrong }), 'chain-body-invalid');
    }
    for (const generation of [0, 2]) {
      assert.strictEqual(await judged({ userKey: { ...userKey, generation } }), 'chain-body-invalid');
    }
  });

  test('of a recovery device takes that device or two others', async () => {
    const kit = await addDevice(world, await addDevice(world, ann, { name: 'phone' }), {
      name: 'kit',
      kind: 'recovery',
    });
    world.learn(ann);
    const [laptop, phone, recovery] = kit.devices as [TestDevice, TestDevice, TestDevice];
    const content = await revocation(kit, recovery);
    const by = async (...signers: TestDevice[]) => {
      const envelope = await signedBy(kit, signers, content);
      return codeOf(() => extendChain(world.suites, kit.chain, envelope));
    };
    assert.strictEqual(await by(laptop), 'chain-signer-invalid');
    assert.strictEqual(await by(laptop, laptop), 'chain-signer-invalid');
    assert.strictEqual(await by(laptop, phone), null);
    assert.strictEqual(await by(recovery), null);
    const two = await signedBy(kit, [laptop, recovery], await revocation(kit, phone));
    assert.strictEqual(await codeOf(() => extendChain(world.suites, kit.chain, two)), 'chain-signer-invalid');
  });
});

test('userkey.rotate changes the user key alone, and roaming devices cannot', async () => {
  const roaming = await addDevice(world, ann, { name: 'roaming', kind: 'roaming' });
  world.learn(ann);
  const { change } = await changeUserKey(world, roaming, roaming.devices);
  const content = { type: 'userkey.rotate', body: { change } } as const;
  const grown = await extendChain(world.suites, roaming.chain, await signedBy(roaming, [firstDevice(ann)], content));
  assert.strictEqual(currentUserKey(grown).generation, 1);
  assert.strictEqual(currentUserKey(grown, 2).generation, 0);
  assert.deepEqual(currentUserKey(grown).by, firstDevice(ann).id);
  const forged = await signedBy(roaming, [roaming.devices[1] as TestDevice], content);
  assert.strictEqual(await codeOf(() => extendChain(world.suites, roaming.chain, forged)), 'chain-signer-invalid');
});

test('passphrase.change puts a new roaming device in the place of the old, in one statement', async () => {
  const whole = await addDevice(world, ann, { name: 'roaming', kind: 'roaming' });
  world.learn(ann);
  const old = whole.devices[1] as TestDevice;
  const next = await makeDevice(ann.suite, { name: 'roaming-2', kind: 'roaming' });
  const { change } = await changeUserKey(world, whole, [firstDevice(ann), next]);
  const body = { roaming: next.description, change, bundle: bundle(2) };
  const judged = async (other: Partial<typeof body>) => {
    const content = { type: 'passphrase.change', body: { ...body, ...other } } as const;
    return extendChain(world.suites, whole.chain, await signedBy(whole, [firstDevice(ann)], content));
  };
  const grown = await judged({});
  assert.strictEqual(activeDevice(grown, old.id), null);
  assert.strictEqual(activeDevice(grown, next.id)?.kind, 'roaming');
  assert.strictEqual(grown.bundle?.version, 2);
  assert.strictEqual(currentUserKey(grown).generation, 1);
  const phone = await makeDevice(ann.suite, { name: 'phone', kind: 'keybox' });
  assert.strictEqual(await codeOf(() => judged({ roaming: phone.description })), 'chain-body-invalid');
  assert.strictEqual(await codeOf(() => judged({ roaming: null as never })), 'chain-body-invalid');
  const both = (await changeUserKey(world, whole, [...whole.devices, next])).change;
  assert.strictEqual(await codeOf(() => judged({ change: both })), 'chain-body-invalid');
});

test('bundle.set rises', async () => {
  const first = await setBundle(world, ann, bundle(3));
  world.learn(ann);
  assert.deepEqual(first.chain.bundle, bundle(3));
  for (const version of [1, 2, 3])
    assert.strictEqual(await codeOf(() => setBundle(world, first, bundle(version))), 'chain-body-invalid');
  assert.strictEqual(await codeOf(() => setBundle(world, first, bundle(4))), null);
  world.learn(ann);
});

test('a chain extends its own past and no other', async () => {
  const grown = await addDevice(world, ann, { name: 'phone' });
  const other = await setBundle(world, ann, bundle(1));
  world.learn(ann);
  assert.isTrue(chainExtends(grown.chain, chainExtent(ann.chain)));
  assert.isFalse(chainExtends(ann.chain, chainExtent(grown.chain)));
  assert.isFalse(chainExtends(grown.chain, chainExtent(other.chain)));
  assert.notStrictEqual(hex(chainExtent(grown.chain).hash), hex(chainExtent(other.chain).hash));
});

/** Ann with two more installations. */
async function family() {
  const whole = await addDevice(world, await addDevice(world, ann, { name: 'phone' }), { name: 'tablet' });
  world.learn(ann);
  const [, phone, tablet] = whole.devices as [TestDevice, TestDevice, TestDevice];
  return { whole, phone, tablet };
}

async function revocation(account: TestAccount, device: TestDevice) {
  const stay = account.devices.filter(({ id }) => id !== device.id);
  const { change } = await changeUserKey(world, account, stay);
  return { type: 'device.revoke', body: { device: device.id, change } } as const;
}

function signedBy(account: TestAccount, signers: readonly TestDevice[], content: Parameters<typeof draftStatement>[2]) {
  const draft = { ...draftStatement(world, account, content), signers: signers.map(({ id }) => id) };
  return signStatement(
    ann.suite,
    draft,
    signers.map(({ signing }) => signing),
  );
}

type Genesis = Statement & { type: 'genesis' };
type DeviceAdd = Statement & { type: 'device.add' };
type DeviceRevoke = Statement & { type: 'device.revoke' };
type BundleSet = Statement & { type: 'bundle.set' };

function genesisOf(account: TestAccount): Genesis {
  return statement.parse(account.statements[0]?.signed as Uint8Array) as Genesis;
}

async function deviceAdd(device: TestAccount['devices'][0]): Promise<DeviceAdd> {
  const sealedSeed = await sealSeed(ann.suite, ann.seed, {
    account: ann.chain.fingerprint,
    device: device.description,
    generation: 0,
  });
  return draftStatement(world, ann, {
    type: 'device.add',
    body: { device: device.description, generation: 0, sealedSeed, expiresAt: null },
  }) as DeviceAdd;
}

/** Signed by the first device once, however many signers the statement names. */
function sign(value: Statement) {
  return signStatement(ann.suite, value, [firstDevice(ann).signing]);
}

function bundle(version: number) {
  return { version, hash: sha256(Uint8Array.of(version)) };
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}
