import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { type Agreed, type Choices, type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { root } from '../sources.ts';

const source = resolve(root, process.env['SOTTO_PEERS'] ?? 'no-peers', 'bzpeer.c');
const isAbsent = process.env['SOTTO_WITHOUT_PEERS'] === '1' || !existsSync(source);
const { randomBytes } = nodePrimitives();

describe.skipIf(isAbsent)('ZRTP with libbzrtp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bzrtp-'));
  const program = join(folder, 'bzpeer');

  beforeAll(() => {
    const libraries = ['-lbzrtp', '-lbctoolbox', '-lsqlite3'];
    const { status, stderr } = spawnSync('gcc', ['-O1', '-o', program, source, ...libraries], { encoding: 'utf8' });
    assert.strictEqual(status, 0, stderr);
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

  test('agrees about a secret of the signalling', async () => {
    const state = async (mine: string, theirs: string): Promise<unknown> => {
      const result = await call(program, { choices: DEFAULT, aux: { mine, theirs } });
      assertSame(result.ours, result.theirs);
      return [result.ours.auxiliary, result.theirs.aux];
    };
    assert.deepEqual(await state('00112233', '00112233'), ['matched', 0]);
    assert.deepEqual(await state('00112233', '44'), ['mismatch', 1]);
  });

  test('is refused where its Hello is not the announced one', async () => {
    const failed = await failure(program, { choices: DEFAULT, peerHelloHash: `1.10 ${'0'.repeat(64)}` });
    assert.strictEqual(failed, 'hello-hash-mismatch');
  });

  test('has nothing in common with an end of other algorithms', async () => {
    const choices = { ...DEFAULT, agreements: ['EC38'], hashes: ['S384'] };
    assert.strictEqual(
      await failure(program, { choices, algorithms: 'S256,AES1,X255,B32,HS32' }),
      'algorithm-unsupported',
    );
  });
});

interface CallOptions {
  readonly choices: Choices;
  readonly algorithms?: string;
  readonly aux?: { readonly mine: string; readonly theirs: string };
  readonly peerHelloHash?: string;
}

interface Theirs {
  readonly sas: string;
  /** 0 for the same secret of the signalling, 1 for another. */
  readonly aux: number;
  readonly selfKey: string;
  readonly peerKey: string;
  readonly exported: string;
}

async function call(
  program: string,
  options: CallOptions,
): Promise<{ readonly ours: Agreed; readonly theirs: Theirs }> {
  await using peer = converse(program, options);
  const ours = await peer.agreed;
  return { ours, theirs: await peer.theirs };
}

async function failure(program: string, options: CallOptions): Promise<string> {
  await using peer = converse(program, options);
  return await peer.failed;
}

/** One call: packets both ways in hexadecimal, and what each end says of it. */
function converse(program: string, { choices, algorithms, aux, peerHelloHash }: CallOptions) {
  const names = [choices.hashes, choices.ciphers, choices.agreements, choices.sasTypes, choices.authTags].flat();
  const words = ['--stdio', '--ssrc', '0x1234', '--algos', algorithms ?? names.join(',')];
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    program,
    aux === undefined ? words : [...words, '--aux', aux.theirs],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const ours = Promise.withResolvers<Agreed>();
  const failed = Promise.withResolvers<string>();
  const theirs = Promise.withResolvers<Theirs>();
  let facts: Partial<Theirs> = {};
  const stream = new ZrtpStream({
    ciphers: nodePacketCiphers,
    randomBytes,
    client: 'sotto test',
    zid: randomBytes(12),
    choices,
    source: 0x9999,
    peerHelloHash: peerHelloHash ?? null,
    session: null,
  });
  const secrets = {
    rs1: null,
    rs2: null,
    verified: false,
    aux: aux === undefined ? null : new Secret(parseHex(aux.mine)),
  };
  const handle = (events: readonly ZrtpEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'send') child.stdin.write(`rx ${hex(event.packet)}\n`);
      if (event.kind === 'secrets-wanted') handle(stream.provideSecrets(secrets, performance.now()));
      if (event.kind === 'secure') ours.resolve(event.agreed);
      if (event.kind === 'failed') failed.resolve(event.fault.code);
    }
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line);
    if (said.ev === 'tx') handle(stream.receive(parseHex(said.hex), performance.now()));
    if (said.ev === 'secrets') facts = { ...facts, ...said };
    if (said.ev === 'export-ready') facts = { ...facts, exported: said.key };
    if (said.ev === 'secure') facts = { ...facts, sas: said.sas, aux: said.aux };
    const { sas, selfKey, peerKey, exported } = facts;
    if ([sas, selfKey, peerKey, exported].every((fact) => fact !== undefined)) theirs.resolve(facts as Theirs);
  });
  handle(stream.start(performance.now()));
  const timer = setInterval(() => handle(stream.tick(performance.now())), 10);
  return {
    agreed: ours.promise,
    failed: failed.promise,
    theirs: theirs.promise,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      child.stdin.end('quit\n');
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}

function assertSame(ours: Agreed, theirs: Theirs): void {
  assert.strictEqual(ours.sas, theirs.sas);
  assert.strictEqual(ours.own.key.use(hex), theirs.peerKey);
  assert.strictEqual(ours.peer.key.use(hex), theirs.selfKey);
  assert.strictEqual(ours.exportKey('sotto-test', 32).use(hex), theirs.exported);
}

const DEFAULT: Choices = {
  hashes: ['S256'],
  ciphers: ['AES1'],
  authTags: ['HS32'],
  agreements: ['X255'],
  sasTypes: ['B32'],
};
