import { equal, hex } from '@sotto/bytes';
import { type Address, chainExtent } from '@sotto/protocol';
import { addDevice } from '@sotto/testing';
import {
  type Checkpoint,
  followLog,
  parseCheckpoint,
  verifyCheckpoint,
  verifyEntry,
  verifyEpoch,
  verifyPlacement,
} from '@sotto/transparency';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';
import { TransparencyLog } from './log.ts';

let home: TestHome;
let ann: TestMember;
let ben: TestMember;

beforeEach(async () => {
  home = await TestHome.open();
  ann = await home.signUp('ann');
  ben = await home.signUp('ben');
  await home.befriend(ann, ben);
});
afterEach(() => home.close());

describe('the transparency log of a server', () => {
  test('has the head of every chain, proven to whom it concerns', async () => {
    const checkpoint = await newest(ann);
    for (const member of [ann, ben]) {
      const [entry] = await entries(ann, checkpoint, { of: member });
      const { length, hash } = chainExtent(member.account.chain);
      assert.deepEqual(entry, { account: member.account.chain.fingerprint, length, hash });
    }
  });

  test('grows by an epoch when chains have grown, and not otherwise', async () => {
    const first = await newest(ann);
    assert.strictEqual((await newest(ben)).size, first.size);
    await grow(ann, 'phone');
    const second = await newest(ann, first);
    assert.strictEqual(second.size, first.size + 1);
    await grow(ann, 'tablet');
    await grow(ben, 'phone');
    const third = await newest(ben, second);
    assert.strictEqual(third.size, second.size + 1);
    await newest(ben, first);
  });

  test('shows what each epoch said of an address, the early ones as they were', async () => {
    const first = await newest(ann);
    const lengths = [ann.account.chain.hashes.length];
    for (const name of ['phone', 'tablet', 'watch']) {
      await grow(ann, name);
      await newest(ann);
      lengths.push(ann.account.chain.hashes.length);
    }
    const last = await newest(ann);
    const history = await entries(ann, last, { of: ann, from: first.size - 1 });
    assert.deepEqual(
      history.map((entry) => entry?.length),
      lengths,
    );
    const early = await entries(ann, first, { of: ann, from: first.size - 1 });
    assert.deepEqual(early, history.slice(0, 1));
  });

  test('proves that an address had no entry before its first', async () => {
    const before = await newest(ann);
    const gil = await home.signUp('gil');
    await home.befriend(ann, gil);
    const after = await newest(ann);
    const [absent, there] = await entries(ann, after, { of: gil, from: before.size - 1 });
    assert.isNull(absent);
    assert.isTrue(there != null && equal(there.account, gil.account.chain.fingerprint));
  });

  test('shows nothing of strangers, and of addresses that nobody has', async () => {
    const gil = await home.signUp('gil');
    const { size } = await newest(ann);
    const input = { size, from: size - 1, to: size };
    const addresses = [gil.account.address, 'nobody@example.org' as Address, ben.account.address];
    const shown = await home.call(ann.session, 'transparency.entries', { ...input, addresses });
    assert.deepEqual(
      shown.addresses.map((address) => address !== null),
      [false, false, true],
    );
  });

  test('answers no more than it was made for, and for devices alone', async () => {
    const { size } = await newest(ann);
    const addresses = [ann.account.address];
    const ask = (input: object) =>
      refusal(home.call(ann.session, 'transparency.entries', { size, from: size - 1, to: size, addresses, ...input }));
    assert.strictEqual(await ask({}), null);
    assert.strictEqual(await ask({ size: size + 1 }), 'not-found');
    assert.strictEqual(await ask({ to: size + 1 }), 'not-found');
    const beyond = home.call(ann.session, 'transparency.consistency', { from: 1, to: size + 1 });
    assert.strictEqual(await refusal(beyond), 'not-found');
    const backwards = home.call(ann.session, 'transparency.consistency', { from: size, to: size - 1 });
    assert.strictEqual(await refusal(backwards), 'not-found');
    const anonymous = home.call({ kind: 'anonymous' }, 'transparency.checkpoint', { from: 0 });
    assert.strictEqual(await refusal(anonymous), 'not-authorised');
    const ahead = await home.call(ann.session, 'transparency.checkpoint', { from: size + 5 });
    assert.deepEqual(ahead.consistency, []);
  });

  test('is the same after a restart', async () => {
    const before = await newest(ann);
    await home.restart();
    const after = await newest(ann, before);
    assert.strictEqual(hex(after.note), hex(before.note));
  });

  test('touches the ways of the changed addresses alone', async () => {
    for (let i = 0; i < 12; i++) await home.signUp(`user${i}`);
    await newest(ann);
    const before = await rows();
    await grow(ann, 'phone');
    const { size } = await newest(ann);
    const added = (await rows()) - before;
    assert.isAtMost(added, 12, 'nodes of the map');
    assert.isAtMost(await nodesSince(size - 1), 12);
  });

  test('makes epochs no more often than it is set to', async () => {
    const { store, cluster, world } = home;
    const options = { store, cluster, primitives: world.primitives, now: () => home.now() };
    const log = new TransparencyLog({ ...options, epochMilliseconds: 2000 });
    await log.advance();
    const { size } = await log.checkpoint();
    await grow(ann, 'phone');
    home.advance(1999);
    await log.advance();
    assert.strictEqual((await log.checkpoint()).size, size);
    home.advance(1);
    await log.advance();
    assert.strictEqual((await log.checkpoint()).size, size + 1);
  });

  test('makes one epoch of what many ask for at once', async () => {
    const { store, cluster, world } = home;
    const options = { store, cluster, primitives: world.primitives, now: () => home.now() };
    const log = new TransparencyLog({ ...options, epochMilliseconds: 0 });
    await Promise.all(Array.from({ length: 8 }, () => log.advance()));
    assert.strictEqual((await log.checkpoint()).size, 1);
  });

  test('begins anew, under another name, when the server was restored', async () => {
    const before = await newest(ann);
    const restore = await home.snapshot();
    await grow(ann, 'lost');
    const lost = await newest(ann, before);
    await restore();
    const after = await newest(ann, lost);
    assert.isAbove(after.incarnation, before.incarnation);
    assert.strictEqual(after.size, 1);
    const [entry] = await entries(ann, after, { of: ben });
    assert.strictEqual(entry?.length, ben.account.chain.hashes.length);
  });
});

/** The newest checkpoint, verified, and as one that grew out of the known one. */
async function newest({ session }: TestMember, known: Checkpoint | null = null): Promise<Checkpoint> {
  const shown = await home.call(session, 'transparency.checkpoint', { from: known?.size ?? 0 });
  const { primitives } = home.world;
  const { headPublicKeys, domain } = home.cluster;
  const checkpoint = parseCheckpoint(shown.checkpoint);
  const verified = await verifyCheckpoint(primitives, headPublicKeys, { checkpoint, domain });
  if (known !== null) followLog(known, verified, shown.consistency);
  return verified;
}

/** What the epochs from `from`, by default the last, say of a member, verified. */
async function entries(
  reader: TestMember,
  checkpoint: Checkpoint,
  { of, from = checkpoint.size - 1 }: { readonly of: TestMember; readonly from?: number },
) {
  const { address } = of.account;
  const input = { size: checkpoint.size, from, to: checkpoint.size, addresses: [address] };
  const { epochs, addresses } = await home.call(reader.session, 'transparency.entries', input);
  const [shown] = addresses;
  assert.isTrue(shown != null);
  assert.strictEqual(epochs.length, checkpoint.size - from);
  return epochs.map((proof, i) => {
    const epoch = verifyEpoch(checkpoint, from + i, proof);
    const index = verifyPlacement(epoch.vrf, address, (shown as NonNullable<typeof shown>).placement);
    const entry = shown?.entries[i];
    assert.isTrue(entry !== undefined);
    return verifyEntry(epoch, { address, index }, entry as NonNullable<typeof entry>);
  });
}

async function grow(member: TestMember, name: string): Promise<void> {
  const before = member.account.statements.length;
  const account = await addDevice(home.world, member.account, { name });
  Object.assign(member, { account });
  const [envelope] = account.statements.slice(before);
  await home.call(member.session, 'chains.append', { envelope: envelope as NonNullable<typeof envelope> });
}

function rows(): Promise<number> {
  return home.store.read(async (database) => {
    const { count } = await database
      .selectFrom('log_map')
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  });
}

function nodesSince(epoch: number): Promise<number> {
  return home.store.read(async (database) => {
    const found = await database.selectFrom('log_map').select('path').where('since', '=', epoch).execute();
    return found.length;
  });
}
