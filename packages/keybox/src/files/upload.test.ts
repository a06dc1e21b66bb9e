import { hex } from '@sotto/bytes';
import { type AeadInput, sha256 } from '@sotto/crypto';
import { type City, type Person, seededRandom, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { type HttpRequest, type HttpResponse, KeyBox, KeyboxUsageFault } from '../index.ts';
import { updated } from '../talk.fixture.ts';
import { refusalOf } from '../vault.fixture.ts';
import { content, MemorySource, MemoryTarget } from './files.fixture.ts';

const CHUNK = 1024 * 1024;

let city: City;
let alice: Person;
let bob: Person;
let room: string;

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

test('no key and nonce ever seal two plaintexts, however often it breaks off and whatever changes meanwhile', async () => {
  const random = seededRandom('uploads');
  const record = new NonceRecord();
  const source = new MemorySource(content(9 * CHUNK + 77), '/somewhere/restless');
  let left = 0;
  const box = boxOf(alice, record, async (request, send) => {
    if (request.method === 'PATCH' && left-- === 0)
      throw new KeyboxUsageFault('cancelled', 'the test ends the program');
    return send(request);
  });
  for (let run = 0; run < 12; run++) {
    left = (random(1)[0] as number) % 3;
    const code = await refusalOf(box().files.send(room, source, { name: 'restless.bin' }));
    if (code === null) break;
    assert.strictEqual(code, 'cancelled');
    const at = ((random(1)[0] as number) / 256) * source.content.length;
    // In every other pause somebody writes to the file.
    if (run % 2 === 0) source.content = source.content.with(Math.floor(at), random(1)[0] as number);
  }
  left = 1000;
  await box().files.send(room, source, { name: 'restless.bin' });
  assert.isAbove(record.sealed, 10);
  assert.deepEqual(record.contradictions, []);
  await arrives(source, 'restless.bin');
});

test('a file that changes under the reader is sent whole in the end', async () => {
  const record = new NonceRecord();
  const source = new MemorySource(content(9 * CHUNK), '/somewhere/changing');
  let cuts = 2;
  source.beforeRead = (offset) => {
    if (offset === 5 * CHUNK && cuts-- > 0) source.content = source.content.slice(0, source.content.length - 1000);
  };
  await boxOf(alice, record)().files.send(room, source, { name: 'changing.bin' });
  assert.deepEqual(record.contradictions, []);
  await arrives(source, 'changing.bin');
});

test('a file that never rests is given up, and nothing of it is left', async () => {
  const source = new MemorySource(content(2 * CHUNK), '/somewhere/never');
  source.beforeRead = () => {
    source.content = source.content.slice(1);
  };
  assert.strictEqual(await refusalOf(alice.box.files.send(room, source, { name: 'never' })), 'file-changed');
});

test.each([
  ['less than it has', (offset: number) => Math.max(0, offset - 5000), null],
  ['more than it has', (offset: number) => (offset === 0 ? 3 * CHUNK : offset), 'any'],
])('a server that says it has %s gets no other plaintext under a nonce', async (_, lie, outcome) => {
  const record = new NonceRecord();
  const name = `offsets-${record.id}.bin`;
  const source = new MemorySource(content(6 * CHUNK), `/somewhere/${name}`);
  let cut = true;
  const box = boxOf(alice, record, async (request, send) => {
    if (request.method === 'PATCH' && cut) {
      cut = false;
      throw new KeyboxUsageFault('unreachable', 'the test cuts the line');
    }
    const response = await send(request);
    const offset = response.headers['upload-offset'];
    if (request.method !== 'HEAD' || offset === undefined) return response;
    return { ...response, headers: { ...response.headers, 'upload-offset': String(lie(Number(offset))) } };
  });
  const code = await refusalOf(box().files.send(room, source, { name }));
  if (outcome === null) assert.isNull(code);
  else assert.isNotNull(code);
  assert.deepEqual(record.contradictions, []);
});

test('a vault that was put back seals nothing again that it does not know to have sealed', async () => {
  const record = new NonceRecord();
  const source = new MemorySource(content(9 * CHUNK), '/somewhere/restored');
  let left = 0;
  const box = boxOf(alice, record, async (request, send) => {
    if (request.method === 'PATCH' && left-- === 0)
      throw new KeyboxUsageFault('cancelled', 'the test ends the program');
    return send(request);
  });
  const { transfer } = await box().files.begin(room, source, { name: 'restored.bin' });
  const copies = [await alice.copyVault()];
  for (let run = 0; run < 2; run++) {
    left = run;
    assert.strictEqual(await refusalOf(box().files.upload(transfer as string, source)), 'cancelled');
    copies.push(await alice.copyVault());
  }
  source.content = source.content.with(5, 1).with(CHUNK * 5, 1);
  for (const copy of copies) {
    const outcome = await refusalOf(boxOf(copy, record)().files.upload(transfer as string, source));
    assert.include([null, 'not-found', 'blob-mismatch'], outcome);
  }
  assert.deepEqual(record.contradictions, []);
});

/** Everything that was sealed under nonces that are not zero: chunks, by key and nonce. */
class NonceRecord {
  static #made = 0;
  readonly id = NonceRecord.#made++;
  readonly contradictions: string[] = [];
  sealed = 0;
  readonly #plaintexts = new Map<string, string>();

  note({ key, nonce }: AeadInput, plaintext: Uint8Array): void {
    if (nonce.every((byte) => byte === 0)) return;
    this.sealed += 1;
    const place = `${key.use((bytes) => hex(sha256(bytes)))} ${hex(nonce)}`;
    const hash = hex(sha256(plaintext));
    if ((this.#plaintexts.get(place) ?? hash) !== hash) this.contradictions.push(place);
    this.#plaintexts.set(place, hash);
  }
}

type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Makes boxes of somebody, as a program that is started again and again, whose seals are noted. */
function boxOf(
  { session }: Person,
  record: NonceRecord,
  between: (request: HttpRequest, send: Send) => Promise<HttpResponse> = (request, send) => send(request),
): () => KeyBox {
  const { aes256Gcm } = session.primitives;
  const primitives = {
    ...session.primitives,
    aes256Gcm: {
      ...aes256Gcm,
      seal: (input: AeadInput, plaintext: Uint8Array) => {
        record.note(input, plaintext);
        return aes256Gcm.seal(input, plaintext);
      },
    },
  };
  const blobs = {
    sha256: () => session.blobs.sha256(),
    request: (request: HttpRequest) => between(request, (given) => session.blobs.request(given)),
  };
  const clock = { ...session.clock, now: () => session.clock.now(), sleep: async () => undefined };
  return () => new KeyBox({ ...session, primitives, blobs, clock });
}

async function arrives(source: MemorySource, name: string): Promise<void> {
  await updated(bob);
  const { id } = await bob.box.files.find(room, name);
  const target = new MemoryTarget(`/elsewhere/${name}`);
  await bob.box.files.get(room, id, { target });
  assert.isTrue(hex(sha256(target.final as Uint8Array)) === hex(sha256(source.content)));
}
