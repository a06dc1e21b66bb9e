import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type Body, blobBytes, type Envelope } from '@sotto/protocol';
import { addDevice, revokeDevice, type TestDevice, type TestRoom } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';
import { createLogger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { serveBlobs } from './blob-http.ts';

const SIZE = 5000;
const BYTES = sealedBytes(1);
const DAY = 24 * 3_600_000;

let home: TestHome;
let alpha: TestMember;
let beta: TestMember;
let gamma: TestMember;
let room: TestRoom;
let origin: string;
let stop: () => void;

beforeEach(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  beta = await home.signUp('beta');
  gamma = await home.signUp('gamma');
  await home.befriend(alpha, beta);
  room = await home.createRoom(alpha);
  await home.append(alpha, room, await room.sealAdd(alpha.account, beta.account, { role: 'member' }));
  const door = serveBlobs({
    blobs: home.blobs,
    logger: createLogger('silent'),
    metrics: createMetrics(() => 0),
    isStopping: () => false,
  });
  const server = createServer((incoming, response) => void (door(incoming, response) || response.writeHead(404).end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(async () => {
  stop();
  await home.close();
});

describe('an upload', () => {
  test('becomes a blob under its hash, given to members while a record names it', async () => {
    const { upload, capability } = await create(alpha);
    assert.deepEqual(await head(upload, capability), [200, 0]);
    assert.deepEqual(await patch(upload, capability, { offset: 0, body: BYTES.subarray(0, 2000) }), [204, 2000]);
    assert.deepEqual(await head(upload, capability), [200, 2000]);
    assert.deepEqual(await patch(upload, capability, { offset: 2000, body: BYTES.subarray(2000) }), [
      204,
      BYTES.length,
    ]);
    const hash = sha256(BYTES);
    assert.strictEqual(await refusal(read(beta, hash)), 'not-found');
    await home.call(alpha.session, 'blobs.finish', { upload, hash });
    await home.call(alpha.session, 'blobs.finish', { upload, hash });
    assert.deepEqual(stored(), [`${hex(hash).slice(0, 2)}/${hex(hash)}`]);
    assert.strictEqual(await refusal(read(beta, hash)), 'not-found');
    await writeFile(alpha, hash);
    for (const member of [alpha, beta]) assert.deepEqual(await download(await read(member, hash), hash), BYTES);
    assert.strictEqual(await refusal(read(gamma, hash)), 'not-found');
    const granted = await read(beta, hash);
    const part = await get(`/v1/blobs/${hex(hash)}`, granted.capability, { range: 'bytes=10-19' });
    assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes 10-19/${BYTES.length}`]);
    assert.deepEqual(part.body, BYTES.slice(10, 20));
    const beyond = await get(`/v1/blobs/${hex(hash)}`, granted.capability, { range: `bytes=${BYTES.length}-` });
    assert.strictEqual(beyond.status, 416);
  });

  test('goes with the record that names it, and its capabilities with it', async () => {
    const hash = await uploaded(alpha);
    const n = await writeFile(alpha, hash);
    const granted = await read(beta, hash);
    const header = { ...(await room.draftRecord(alpha.account)), drops: [n] };
    await home.append(alpha, room, await room.sealRecord(alpha.account, header));
    assert.deepEqual(stored(), []);
    assert.strictEqual(await refusal(read(beta, hash)), 'not-found');
    assert.strictEqual((await get(`/v1/blobs/${hex(hash)}`, granted.capability)).status, 404);
  });

  test('is not for who leaves the room later, even with a capability', async () => {
    const hash = await uploaded(alpha);
    await home.append(alpha, room, await room.sealRemove(alpha.account, beta.account));
    await writeFile(alpha, hash);
    assert.strictEqual(await refusal(read(beta, hash)), 'not-found');
  });

  test('serves one capability, one account and one direction', async () => {
    const { upload, capability } = await create(alpha);
    const other = await create(beta);
    const wrong = new Uint8Array(32);
    for (const token of [other.capability, wrong]) {
      assert.deepEqual(await head(upload, token), [404, null]);
      assert.deepEqual(await patch(upload, token, { offset: 0, body: BYTES }), [404, null]);
    }
    assert.strictEqual((await get(`/v1/blobs/${hex(sha256(BYTES))}`, capability)).status, 404);
    assert.strictEqual(await refusal(home.call(beta.session, 'blobs.resume', { upload })), 'not-found');
    assert.strictEqual(
      await refusal(home.call(beta.session, 'blobs.finish', { upload, hash: sha256(BYTES) })),
      'not-found',
    );
    await home.call(beta.session, 'blobs.cancel', { upload });
    assert.deepEqual(await head(upload, capability), [200, 0]);
    const renewed = await home.call(alpha.session, 'blobs.resume', { upload });
    assert.deepEqual(await head(upload, capability), [404, null]);
    assert.deepEqual(await head(upload, renewed.capability), [200, 0]);
    home.advance(3_600_001);
    assert.deepEqual(await head(upload, renewed.capability), [404, null]);
    assert.strictEqual(await refusal(create(gamma)), 'not-found');
  });

  test('is neither given to nor taken from who is suspended, or revokes a device, by an old capability', async () => {
    const hash = await uploaded(alpha);
    await writeFile(alpha, hash);
    const path = `/v1/blobs/${hex(hash)}`;
    const answers = async ({ upload, capability }: Awaited<ReturnType<typeof create>>, granted: Uint8Array) => [
      (await get(path, granted)).status,
      (await patch(upload, capability, { offset: 0, body: BYTES }))[0],
    ];
    const phone = await addDevice(home.world, beta.account, { name: 'phone' });
    const append = (envelope: Envelope | undefined) =>
      home.call(beta.session, 'chains.append', { envelope: envelope as Envelope });
    await append(phone.statements.at(-1));
    const before = [await create(beta), (await read(beta, hash)).capability] as const;
    const gone = await revokeDevice(home.world, phone, phone.devices.at(-1) as TestDevice);
    await append(gone.statements.at(-1));
    assert.deepEqual(await answers(...before), [404, 404]);
    const { capability } = await home.call(beta.session, 'blobs.resume', { upload: before[0].upload });
    const renewed = [{ ...before[0], capability }, (await read(beta, hash)).capability] as const;
    assert.deepEqual(await answers(...renewed), [200, 204]);
    const others = [await create(beta), (await read(beta, hash)).capability] as const;
    await home.call(alpha.session, 'admin.users.suspend', { address: beta.account.address });
    assert.deepEqual(await answers(...others), [404, 404]);
  });

  test('believes no offset, no size, no type and no hash', async () => {
    const { upload, capability } = await create(alpha);
    const problems: [Parameters<typeof patch>[2], number][] = [
      [{ offset: 1, body: BYTES.subarray(0, 10) }, 409],
      [{ offset: 0, body: new Uint8Array(BYTES.length + 1) }, 413],
      [{ offset: 0, body: new Uint8Array(BYTES.length + 1), isChunked: true }, 413],
      [{ offset: 0, body: BYTES, headers: { 'content-type': 'text/plain' } }, 415],
      [{ offset: 0, body: BYTES, headers: { 'upload-offset': '-1' } }, 400],
      [{ offset: 0, body: BYTES, headers: { 'tus-resumable': '0.2.2' } }, 412],
    ];
    for (const [sent, status] of problems) {
      assert.strictEqual((await patch(upload, capability, sent))[0], status);
      assert.deepEqual(await head(upload, capability), [200, 0], String(status));
    }
    const hash = sha256(BYTES);
    assert.strictEqual(await refusal(home.call(alpha.session, 'blobs.finish', { upload, hash })), 'blob-mismatch');
    await patch(upload, capability, { offset: 0, body: BYTES.map((byte) => byte ^ 1) });
    assert.strictEqual(await refusal(home.call(alpha.session, 'blobs.finish', { upload, hash })), 'blob-mismatch');
    assert.deepEqual(await head(upload, capability), [404, null]);
    assert.deepEqual(stored(), []);
  });

  test('claims no blob of somebody else by naming its hash', async () => {
    const hash = await uploaded(alpha);
    const { upload, capability } = await create(beta);
    await patch(upload, capability, { offset: 0, body: sealedBytes(2) });
    assert.strictEqual(await refusal(home.call(beta.session, 'blobs.finish', { upload, hash })), 'blob-mismatch');
    await writeFile(alpha, hash);
    assert.deepEqual(await download(await read(alpha, hash), hash), BYTES);
  });

  test('keeps what came when requests come side by side', async () => {
    const { upload, capability } = await create(alpha);
    const body = BYTES;
    const answers = await Promise.all(
      [1, 2, 3].map(() => patch(upload, capability, { offset: 0, body }).catch(() => [0])),
    );
    assert.isTrue(answers.every(([status]) => [0, 204, 409].includes(status as number)));
    const [, offset] = await head(upload, capability);
    if (offset !== BYTES.length) {
      await patch(upload, capability, { offset: offset as number, body: BYTES.subarray(offset as number) });
    }
    await home.call(alpha.session, 'blobs.finish', { upload, hash: sha256(BYTES) });
  });
});

describe('a record', () => {
  test('names no blob that was not uploaded for its room', async () => {
    const elsewhere = await home.createRoom(alpha);
    const hash = await uploaded(alpha);
    assert.strictEqual(await refusal(writeFile(alpha, sha256(hash))), 'blob-unknown');
    assert.strictEqual(await refusal(writeFile(beta, hash)), 'blob-unknown');
    assert.strictEqual(await refusal(writeFile(alpha, hash, elsewhere)), 'blob-unknown');
    await writeFile(alpha, hash);
    await writeFile(beta, hash);
  });
});

describe('what nobody needs', () => {
  test('is gone in time: uploads, blobs without a record, files of nobody', async () => {
    const { upload, capability } = await create(alpha);
    const orphan = await uploaded(alpha, 3);
    const kept = await uploaded(alpha, 4);
    await writeFile(alpha, kept);
    writeFileSync(join(home.directory, 'blobs', hex(kept).slice(0, 2), '0'.repeat(64)), 'stray');
    await home.blobs.sweep();
    assert.lengthOf(stored(), 4);
    home.advance(8 * DAY);
    await home.blobs.sweep();
    // The system's clock stamps files: by the home's they are a week ahead.
    assert.notInclude(stored().join(), hex(orphan));
    assert.notInclude(stored().join(), hex(upload));
    assert.include(stored().join(), hex(kept));
    assert.deepEqual(await head(upload, capability), [404, null]);
  });
});

describe('limits', () => {
  test('an account has its quota, which what is removed frees', async () => {
    home.blobLimits = { bytesPerAccount: BYTES.length * 2 + 100 };
    const first = await create(alpha);
    await create(alpha);
    assert.strictEqual(await refusal(create(alpha)), 'quota-exceeded');
    await create(beta);
    await home.call(alpha.session, 'blobs.cancel', { upload: first.upload });
    await create(alpha);
  });

  test('a store that is gone is told as such, and nothing is lost', async () => {
    const hash = await uploaded(alpha);
    await writeFile(alpha, hash);
    const granted = await read(alpha, hash);
    rmSync(join(home.directory, 'blobs'), { recursive: true });
    writeFileSync(join(home.directory, 'blobs'), 'a file in its place');
    assert.strictEqual(await refusal(create(alpha)), 'blob-store-gone');
    assert.strictEqual((await get(`/v1/blobs/${hex(hash)}`, granted.capability)).status, 503);
    rmSync(join(home.directory, 'blobs'));
    await uploaded(alpha, 5);
  });
});

async function create(member: TestMember) {
  return home.call(member.session, 'blobs.create', { room: room.state.id, sizeBytes: BYTES.length });
}

async function uploaded(member: TestMember, seed = 1): Promise<Uint8Array> {
  const { upload, capability } = await create(member);
  const bytes = sealedBytes(seed);
  await patch(upload, capability, { offset: 0, body: bytes });
  const hash = sha256(bytes);
  await home.call(member.session, 'blobs.finish', { upload, hash });
  return hash;
}

async function writeFile(author: TestMember, hash: Uint8Array, into = room): Promise<number> {
  const header = { ...(await into.draftRecord(author.account)), blobs: [hash] };
  const content: (Body & { kind: 'file' })['content'] = {
    name: 'x',
    parent: null,
    sizeBytes: SIZE,
    mediaType: '',
    contentHash: hash,
    blob: { hash, sizeBytes: BYTES.length, key: hash, chunkBytes: 1_048_576 },
    version: 1,
    replaces: null,
  };
  const body: Body = { id: home.world.primitives.randomBytes(16), at: home.now(), kind: 'file', content };
  return home.append(author, into, await into.sealRecord(author.account, header, { body }));
}

function read(member: TestMember, hash: Uint8Array) {
  return home.call(member.session, 'blobs.read', { room: room.state.id, hash });
}

/** Files below `blobs`. */
function stored(): string[] {
  const names = readdirSync(join(home.directory, 'blobs'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.split('/').length === 2).toSorted();
}

async function head(upload: Uint8Array, capability: Uint8Array): Promise<[number, number | null]> {
  const { status, headers } = await send('HEAD', `/v1/uploads/${hex(upload)}`, { capability });
  return [status, offsetOf(headers)];
}

async function patch(
  upload: Uint8Array,
  capability: Uint8Array,
  { offset, body, headers = {}, isChunked = false }: Patch,
): Promise<[number, number | null]> {
  const own = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers };
  const length: Record<string, string> = isChunked ? {} : { 'content-length': String(body.length) };
  const options = { capability, headers: { ...length, ...own }, body };
  const answer = await send('PATCH', `/v1/uploads/${hex(upload)}`, options);
  return [answer.status, offsetOf(answer.headers)];
}

interface Patch {
  readonly offset: number;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isChunked?: boolean;
}

async function download({ capability }: { readonly capability: Uint8Array }, hash: Uint8Array): Promise<Uint8Array> {
  const { status, body } = await get(`/v1/blobs/${hex(hash)}`, capability);
  assert.strictEqual(status, 200);
  return body;
}

function get(path: string, capability: Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  return send('GET', path, { capability, headers });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

function send(
  method: string,
  path: string,
  {
    capability,
    headers = {},
    body,
  }: { capability: Uint8Array; headers?: Readonly<Record<string, string>>; body?: Uint8Array },
): Promise<Answer> {
  const authorization = `Bearer ${Buffer.from(capability).toString('base64url')}`;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(origin + path, { method, headers: { authorization, 'tus-resumable': '1.0.0', ...headers } });
  sent.on('error', reject);
  sent.on('response', async (response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of response) pieces.push(piece);
    resolve({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Uint8Array.from(Buffer.concat(pieces)),
    });
  });
  sent.end(body);
  return promise;
}

function offsetOf(headers: Answer['headers']): number | null {
  const offset = headers['upload-offset'];
  return offset === undefined ? null : Number(offset);
}

function sealedBytes(seed: number): Uint8Array {
  return Uint8Array.from({ length: blobBytes(SIZE) }, (_, i) => (i * 31 + seed * 17) & 0xff);
}
