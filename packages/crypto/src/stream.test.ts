import { concat } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { faultOf } from './fault.fixture.ts';
import { platforms } from './node/platform.fixture.ts';
import type { Primitives } from './ports.ts';
import { Secret } from './secret.ts';
import { openStream, STREAM_CHUNK_BYTES, type StreamKey, sealStream } from './stream.ts';

const streamKey: StreamKey = {
  fileKey: new Secret(new Uint8Array(32).fill(3)),
  headerHash: new Uint8Array(32).fill(4),
  purpose: 'sotto/test/v1',
  chunkBytes: 16,
};

describe.each(platforms)('STREAM on $name', ({ primitives }) => {
  test('opens what it sealed, however the pieces are cut', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 60 }), async (plaintext, cut) => {
        const sealed = concat(...(await seal(primitives, plaintext)));
        const opened = await open(primitives, slices(sealed, cut));
        assert.deepEqual(concat(...opened), concat(...plaintext));
      }),
      { numRuns: 60 },
    );
  });

  test.each([0, 1, 15, 16, 17, 31, 32, 33, 48])(
    '%i bytes make the fewest chunks, the last never empty',
    async (length) => {
      const [head, ...chunks] = await seal(primitives, [new Uint8Array(length)]);
      assert.strictEqual(head?.length, 39);
      assert.strictEqual(chunks.length, Math.max(1, Math.ceil(length / 16)));
      assert.strictEqual(concat(...(await open(primitives, [head as Uint8Array, ...chunks]))).length, length);
    },
  );

  test('refuses every cut and every changed byte', async () => {
    const sealed = concat(...(await seal(primitives, [new Uint8Array(40).fill(9)])));
    for (let i = 0; i < sealed.length; i++) {
      assert.strictEqual(await faultOf(open(primitives, [sealed.subarray(0, i)])), 'open-failed', `cut at ${i}`);
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] as number) ^ 1;
      assert.strictEqual(await faultOf(open(primitives, [changed])), 'open-failed', `changed at ${i}`);
    }
    assert.strictEqual(await faultOf(open(primitives, [sealed, Uint8Array.of(0)])), 'open-failed');
  });

  test('refuses chunks that are reordered, dropped, doubled or of another stream', async () => {
    const plaintext = [new Uint8Array(64).fill(9)];
    const [head, a, b, c, d] = (await seal(primitives, plaintext)) as [Uint8Array, ...Uint8Array[]];
    const other = await seal(primitives, plaintext);
    const arrangements = [
      [b, a, c, d],
      [a, c, d],
      [b, c, d],
      [a, a, b, c, d],
      [a, b, c],
      [a, b, c, d, d],
      [d],
      [],
      [a, other[2], c, d],
      [a, b, c, other[4]],
    ] as Uint8Array[][];
    for (const [index, chunks] of arrangements.entries()) {
      assert.strictEqual(await faultOf(open(primitives, [head, ...chunks])), 'open-failed', `arrangement ${index}`);
    }
    assert.strictEqual(await faultOf(open(primitives, [head, a, b, c, d] as Uint8Array[])), 'none');
  });

  test('refuses another key, header, purpose or chunk size before the first chunk', async () => {
    const sealed = await seal(primitives, [new Uint8Array(16)]);
    const others: Partial<StreamKey>[] = [
      { fileKey: new Secret(new Uint8Array(32).fill(5)) },
      { headerHash: new Uint8Array(32).fill(5) },
      { purpose: 'sotto/other/v1' },
      { chunkBytes: 32 },
    ];
    for (const other of others) {
      const call = collect(openStream(primitives, { ...streamKey, ...other }, from(sealed)));
      assert.strictEqual(await faultOf(call), 'open-failed');
    }
  });

  test('refuses an empty last chunk after others', async () => {
    const nonceOf = (counter: number, last: number) =>
      concat(head.subarray(0, 7), Uint8Array.of(0, 0, 0, counter, last));
    const seen: Secret[] = [];
    const spying: Primitives = {
      ...primitives,
      aes256Gcm: {
        ...primitives.aes256Gcm,
        seal(input, plaintext) {
          seen.push(input.key.use((bytes) => new Secret(bytes)));
          return primitives.aes256Gcm.seal(input, plaintext);
        },
      },
    };
    const [head] = (await seal(spying, [new Uint8Array(16)])) as [Uint8Array];
    const [key] = seen as [Secret];
    const aad = new Uint8Array();
    const full = await primitives.aes256Gcm.seal({ key, nonce: nonceOf(0, 0), aad }, new Uint8Array(16));
    const empty = await primitives.aes256Gcm.seal({ key, nonce: nonceOf(1, 1), aad }, new Uint8Array());
    assert.strictEqual(await faultOf(open(primitives, [head, full, empty])), 'open-failed');
  });

  test('carries two chunks of 1 MiB and a byte', async () => {
    const plaintext = new Uint8Array(2 * STREAM_CHUNK_BYTES + 1).fill(7);
    const key = { ...streamKey, chunkBytes: STREAM_CHUNK_BYTES };
    const sealed = await collect(sealStream(primitives, key, from([plaintext])));
    assert.deepEqual(
      sealed.map(({ length }) => length),
      [39, STREAM_CHUNK_BYTES + 16, STREAM_CHUNK_BYTES + 16, 17],
    );
    const opened = concat(...(await collect(openStream(primitives, key, from(sealed)))));
    assert.isTrue(opened.every((byte) => byte === 7) && opened.length === plaintext.length);
  });
});

function seal(primitives: Primitives, plaintext: readonly Uint8Array[]): Promise<Uint8Array[]> {
  return collect(sealStream(primitives, streamKey, from(plaintext)));
}

function open(primitives: Primitives, sealed: readonly Uint8Array[]): Promise<Uint8Array[]> {
  return collect(openStream(primitives, streamKey, from(sealed)));
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

async function* from(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function slices(bytes: Uint8Array, length: number): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i += length) cut.push(bytes.subarray(i, i + length));
  return cut;
}
