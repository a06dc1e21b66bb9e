import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import type { Agreed, Choices, KnownSecrets } from '@sotto/zrtp';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { root } from '../sources.ts';
import { type CallOptions, type Conversation, compilePeer, converse, type Theirs } from './bzrtp-peer.ts';

const source = resolve(root, process.env['SOTTO_PEERS'] ?? 'no-peers', 'bzpeer.c');
const isAbsent = process.env['SOTTO_WITHOUT_PEERS'] === '1' || !existsSync(source);

describe.skipIf(isAbsent)('ZRTP with libbzrtp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bzrtp-'));
  let program: string;

  beforeAll(() => {
    program = compilePeer(source, folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['S256', 'AES1', 'DH3k', 'B32'],
    ['S256', 'AES3', 'DH3k', 'B256'],
    ['S256', 'AES1', 'X255', 'B32'],
    ['S384', 'AES3', 'X255', 'B32'],
    ['S384', 'AES3', 'X448', 'B256'],
  ])('agrees by %s %s %s %s in both roles', async (hash, cipher, agreement, sasType) => {
    const choices = {
      hashes: [hash],
      ciphers: [cipher],
      authTags: ['HS32'],
      agreements: [agreement],
      sasTypes: [sasType],
    };
    const roles = new Set<string>();
    for (let i = 0; i < 60 && roles.size < 2; i++) {
      const { ours, theirs } = await call(program, { choices });
      assertSame(ours, theirs);
      roles.add(ours.role);
    }
    assert.deepEqual([...roles].toSorted(), ['initiator', 'responder']);
  });

  test.each([
    ['the same', '00112233', '00112233', 'matched', 0],
    ['another', '00112233', '44', 'mismatch', 1],
    ['ours alone', '00112233', undefined, 'mismatch', 2],
    ['theirs alone', undefined, '00112233', null, 1],
    ['none', undefined, undefined, null, 2],
  ])('tells of a secret of the signalling: %s', async (_name, mine, theirAux, ours, theirs) => {
    const aux = mine === undefined ? null : new Secret(parseHex(mine));
    const options = { choices: DEFAULT, known: { aux }, ...(theirAux === undefined ? {} : { theirAux }) };
    const result = await call(program, options);
    assertSame(result.ours, result.theirs);
    assert.deepEqual([result.ours.auxiliary, result.theirs.aux], [ours, theirs]);
  });

  test('knows it again by what both kept, and that both compared', async () => {
    const options = { choices: DEFAULT, zid: ZID, theirCache: join(folder, 'known.db') };
    const first = await call(program, options, { verify: true });
    assert.deepEqual([first.ours.cache, first.theirs.cacheMismatch], ['none', 0]);
    const second = await call(program, { ...options, known: first.kept ?? {} });
    assertSame(second.ours, second.theirs);
    assert.deepInclude(second.ours, { cache: 'matched', previouslyVerified: true });
    assert.deepInclude(second.theirs, { cacheMismatch: 0, verified: 1 });
    const third = await call(program, { ...options, known: { ...second.kept, verified: false } });
    assert.deepInclude(third.ours, { cache: 'matched', previouslyVerified: false });
  });

  test('tells that what the two kept does not fit', async () => {
    const options = { choices: DEFAULT, zid: ZID, theirCache: join(folder, 'other.db') };
    const { kept } = await call(program, options, { verify: true });
    const wrong = { ...kept, rs1: new Secret(new Uint8Array(32)) };
    const second = await call(program, { ...options, known: wrong });
    assert.strictEqual(second.ours.sas, second.theirs.sas);
    assertSameMedia(second.ours, second.theirs);
    assert.deepInclude(second.ours, { cache: 'mismatch', previouslyVerified: false });
    assert.deepInclude(second.theirs, { cacheMismatch: 1, verified: 0 });
    const stranger = await call(program, { ...options, theirCache: join(folder, 'new.db'), known: kept ?? {} });
    assert.strictEqual(stranger.ours.cache, 'mismatch');
    assert.isNull(stranger.kept);
  });

  test('keys a further stream from the first, in both roles', async () => {
    const roles = new Set<string>();
    for (let i = 0; i < 60 && roles.size < 2; i++) {
      await using peer = converse(program, { choices: { ...DEFAULT, agreements: ['X255', 'Mult'] } });
      const first = await settled(peer);
      const second = await settled(peer.further());
      assertSameMedia(second.ours, second.theirs);
      assert.isNull(second.ours.sas);
      assert.notStrictEqual(second.theirs.selfKey, first.theirs.selfKey);
      roles.add(second.ours.role);
    }
    assert.strictEqual(roles.size, 2);
  });

  test('is refused where its Hello is not the announced one', async () => {
    await using peer = converse(program, { choices: DEFAULT, peerHelloHash: `1.10 ${'0'.repeat(64)}`, haste: 20 });
    assert.strictEqual(await peer.failed, 'hello-hash-mismatch');
  });

  test('takes our Hello for the announced one, and no other', async () => {
    {
      await using peer = converse(program, { choices: DEFAULT, ownHelloHash: 'right' });
      const { ours, theirs } = await settled(peer);
      assertSame(ours, theirs);
    }
    await using peer = converse(program, { choices: DEFAULT, ownHelloHash: 'wrong', haste: 20 });
    await peer.refused('Hello');
    assert.strictEqual(await peer.failed, 'timed-out');
  });

  test('has nothing in common with an end of other algorithms', async () => {
    const choices = { ...DEFAULT, agreements: ['EC38'], hashes: ['S384'] };
    await using peer = converse(program, { choices, algorithms: 'S256,AES1,X255,B32,HS32' });
    assert.strictEqual(await peer.failed, 'algorithm-unsupported');
  });
});

interface Outcome {
  readonly ours: Agreed;
  readonly theirs: Theirs;
  /** For the next call. */
  readonly kept: Partial<KnownSecrets> | null;
}

async function call(program: string, options: CallOptions, { verify = false } = {}): Promise<Outcome> {
  await using peer = converse(program, options);
  const { ours, theirs } = await settled(peer);
  if (verify) peer.verify();
  return { ours, theirs, kept: peer.kept() };
}

async function settled(conversation: Conversation): Promise<Omit<Outcome, 'kept'>> {
  return { ours: await conversation.agreed, theirs: await conversation.theirs };
}

function assertSame(ours: Agreed, theirs: Theirs): void {
  assert.strictEqual(ours.sas, theirs.sas);
  assertSameMedia(ours, theirs);
  assert.strictEqual(ours.exportKey('sotto-test', 32).use(hex), theirs.exported);
}

function assertSameMedia(ours: Agreed, theirs: Theirs): void {
  assert.strictEqual(ours.own.key.use(hex), theirs.peerKey);
  assert.strictEqual(ours.peer.key.use(hex), theirs.selfKey);
}

const DEFAULT: Choices = {
  hashes: ['S256'],
  ciphers: ['AES1'],
  authTags: ['HS32'],
  agreements: ['X255'],
  sasTypes: ['B32'],
};
const ZID = Uint8Array.from('sotto caller', (letter) => letter.charCodeAt(0));
