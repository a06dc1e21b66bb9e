import { concat, hex } from '@sotto/bytes';
import { type City, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import {
  type BlobLink,
  type HttpRequest,
  type HttpResponse,
  KeyBox,
  KeyboxUsageFault,
  type Session,
} from '../index.ts';
import { flipped, toldCodes, updated } from '../talk.fixture.ts';
import { refusalOf } from '../vault.fixture.ts';
import { content, MemorySource, MemoryTarget } from './files.fixture.ts';

const CHUNK = 1024 * 1024;
const HEAD = 39;
const SEALED = CHUNK + 16;
const SIZE = 4 * CHUNK + 1000;

let city: City;
let alice: Person;
let bob: Person;
let room: string;
let names = 0;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  room = (await alice.box.directRoom(bob.address)).id;
  await updated(bob);
});

afterAll(async () => {
  await city[Symbol.asyncDispose]();
});

describe('F1: a server that gives other bytes of a blob', () => {
  let id: string;
  let name: string;

  beforeEach(async () => {
    name = `f1-${names++}.bin`;
    ({ id } = await alice.box.files.send(room, new MemorySource(content(SIZE), `/somewhere/${name}`), { name }));
    await updated(bob);
  });

  const lies: readonly [string, (blob: Uint8Array) => Uint8Array][] = [
    ['that reorders chunks', (blob) => chunks(blob, [0, 2, 1, 3, 4])],
    ['that doubles one', (blob) => chunks(blob, [0, 0, 2, 3, 4])],
    ['that drops one and pads', (blob) => chunks(blob, [0, 2, 3, 4, 4]).slice(0, blob.length)],
    ['that turns a bit of the head', (blob) => flipped(blob, 3)],
    ['that turns a bit of the commitment', (blob) => flipped(blob, 20)],
    ['that turns a bit in the middle', (blob) => flipped(blob, HEAD + SEALED + 5)],
    ['that turns the last bit', (blob) => flipped(blob)],
    ['with bytes behind the end', grown],
  ];

  test.each(lies)('attack: one %s is refused, told, and writes nothing', async (_, lie) => {
    const honest = new MemoryTarget(`/elsewhere/${name}`);
    const since = (await bob.box.keyLog()).length;
    const liar = lyingBox(bob, { alter: lie });
    assert.strictEqual(await refusalOf(liar.files.get(room, id, { target: honest })), 'file-damaged');
    assert.isNull(honest.final);
    assert.deepEqual(await toldCodes(bob, since), ['file-damaged']);
    await heals(honest);
  });

  test('control: an honest one gives the file', async () => {
    await heals(new MemoryTarget(`/elsewhere/${name}`));
  });

  /** The very same transfer goes on, and is whole. */
  async function heals(target: MemoryTarget): Promise<void> {
    await bob.box.files.get(room, id, { target });
    assert.deepEqual(target.final, content(SIZE));
  }

  test('attack: one that cuts the end off is a connection that breaks, and no file', async () => {
    const target = new MemoryTarget(`/elsewhere/${name}`);
    const liar = lyingBox(bob, { alter: (blob) => blob.slice(0, -100) });
    assert.strictEqual(await refusalOf(liar.files.get(room, id, { target })), 'unreachable');
    assert.isNull(target.final);
    await heals(target);
  });

  test('attack: one that gives the blob of another file of the same size', async () => {
    const other = `other-${name}`;
    await alice.box.files.send(room, new MemorySource(content(SIZE, 2), `/somewhere/${other}`), { name: other });
    await updated(bob);
    const target = new MemoryTarget(`/elsewhere/${name}`);
    const liar = lyingBox(bob, { swap: async () => fetchBlob(bob, other) });
    assert.strictEqual(await refusalOf(liar.files.get(room, id, { target })), 'file-damaged');
    assert.isNull(target.final);
  });

  test('attack: one that denies it', async () => {
    const target = new MemoryTarget(`/elsewhere/${name}`);
    const honest = bob.link.lie('blobs.read', async () => {
      throw new KeyboxUsageFault('not-found', 'not found');
    });
    assert.strictEqual(await refusalOf(bob.box.files.get(room, id, { target })), 'blob-withheld');
    honest();
    await heals(target);
  });

  test('attack: one that denies its size', async () => {
    const target = new MemoryTarget(`/elsewhere/${name}`);
    const honest = bob.link.lie('blobs.read', async (ask) => ({ ...(await ask()), sizeBytes: 5 }));
    assert.strictEqual(await refusalOf(bob.box.files.get(room, id, { target })), 'file-damaged');
    honest();
  });
});

describe('a download that breaks off', () => {
  test('goes on where it was, and believes nothing of the part that was not verified', async () => {
    const name = `broken-${names++}.bin`;
    const { id } = await alice.box.files.send(room, new MemorySource(content(SIZE), `/somewhere/${name}`), { name });
    await updated(bob);
    const target = new MemoryTarget(`/elsewhere/${name}`);
    const stop = new AbortController();
    const progress = (done: number): void => void (done >= 2 * CHUNK && stop.abort());
    const cut = bob.box.files.get(room, id, { target, progress, signal: stop.signal });
    assert.strictEqual(await refusalOf(cut), 'cancelled');
    const [left] = (await bob.box.files.transfers()).filter((each) => each.name === name);
    assert.deepEqual([left?.kind, left?.doneBytes, left?.sizeBytes], ['download', 2 * CHUNK, SIZE]);
    target.part = flipped(target.part as Uint8Array, CHUNK + 3);
    const asked: string[] = [];
    await lyingBox(bob, { asked }).files.get(room, id, { target });
    assert.deepEqual(target.final, content(SIZE));
    // The first chunk was whole, the second was not any more.
    assert.deepEqual(asked, [`bytes=${HEAD + SEALED}-`]);
  });
});

/** What passes between a person and the blobs, altered. */
interface Lies {
  /** The whole blob as the server has it; what it gives is cut from what comes back. */
  readonly alter?: (blob: Uint8Array) => Uint8Array;
  readonly swap?: () => Promise<Uint8Array>;
  /** Ranges that were asked for. */
  readonly asked?: string[];
}

function lyingBox(person: Person, { alter, swap, asked }: Lies): KeyBox {
  const { session } = person;
  const blobs: BlobLink = {
    sha256: () => session.blobs.sha256(),
    async request(request) {
      if (request.method === 'GET') asked?.push(request.headers['range'] ?? '');
      if (request.method !== 'GET' || (alter === undefined && swap === undefined))
        return session.blobs.request(request);
      const honest = await wholeBlob(session, request);
      const given = alter === undefined ? ((await swap?.()) as Uint8Array) : alter(honest.blob);
      const from = Number(/^bytes=([0-9]+)-$/.exec(request.headers['range'] ?? '')?.[1] ?? 0);
      return {
        ...honest.response,
        ...answer(given.slice(from), `bytes ${from}-${honest.blob.length - 1}/${honest.blob.length}`),
      };
    },
  };
  const copy: Session = { ...session, blobs, clock: { ...session.clock, sleep: async () => undefined } };
  return new KeyBox(copy);
}

async function wholeBlob(session: Session, request: HttpRequest) {
  const response = await session.blobs.request({ ...request, headers: { ...request.headers, range: 'bytes=0-' } });
  return { response, blob: await joined(response) };
}

function answer(body: Uint8Array, range: string): Pick<HttpResponse, 'status' | 'headers' | 'body'> {
  return {
    status: 206,
    headers: { 'content-range': range },
    body: (async function* () {
      yield body;
    })(),
  };
}

async function joined({ body }: HttpResponse): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(Uint8Array.from(piece));
  return concat(...pieces);
}

/** A blob as the server gives it to somebody who may have it. */
async function fetchBlob({ session, box }: Person, name: string): Promise<Uint8Array> {
  const { record } = await box.files.find(room, name);
  const rows = await session.history.query<{ id: Uint8Array; hash: Uint8Array; room: Uint8Array }>(
    'SELECT id, room, blob_hash AS hash FROM file',
  );
  const row = rows.find(({ id }) => hex(id) === record);
  if (row === undefined) throw new Error('no such file');
  const { capability } = await session.link.call('blobs.read', { room: row.room, hash: row.hash });
  const authorization = `Bearer ${Buffer.from(capability).toString('base64url')}`;
  const path = `/v1/blobs/${hex(row.hash)}`;
  return joined(await session.blobs.request({ method: 'GET', path, headers: { authorization }, body: null }));
}

/** A blob with its sealed chunks in another order; the last is shorter. */
function chunks(blob: Uint8Array, order: readonly number[]): Uint8Array {
  const parts = order.map((n) => blob.subarray(HEAD + n * SEALED, Math.min(blob.length, HEAD + (n + 1) * SEALED)));
  return concat(blob.subarray(0, HEAD), ...parts);
}

function grown(blob: Uint8Array): Uint8Array {
  return concat(blob, Uint8Array.of(0));
}
