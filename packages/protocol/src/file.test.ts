import { concat, encodeCbor, hex, parseHex } from '@sotto/bytes';
import { openStream, restoreStreamChunks, Secret, sealStream, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { codeOf, vectorFile } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { body } from './body.ts';
import { blobBytes, fileContent, fileStreamKey, paddedFileBytes } from './file.ts';
import { fileNameFault, isFileNameTwin, safeFileName, separatedFileName } from './file-name.ts';
import { recordHeader } from './record.ts';

const hash = new Uint8Array(32).fill(7);
const id = new Uint8Array(16).fill(5);
const blob = { hash, sizeBytes: blobBytes(1000), key: hash, chunkBytes: 1_048_576 };
const file = {
  name: 'a',
  parent: null,
  sizeBytes: 1000,
  mediaType: '',
  contentHash: hash,
  blob,
  version: 1,
  replaces: null,
};

describe('a file record', () => {
  test.each([
    ['of a blob of another size', { ...file, blob: { ...blob, sizeBytes: blob.sizeBytes + 1 } }],
    ['of another chunk size', { ...file, blob: { ...blob, chunkBytes: 65_536 } }],
    ['that is a first version and replaces one', { ...file, replaces: id }],
    ['that is a second version of nothing', { ...file, version: 2 }],
    ['of version 0', { ...file, version: 0 }],
    ['without a name', { ...file, name: '' }],
    ['with a name beyond what is read', { ...file, name: 'x'.repeat(1025) }],
    ['with more content than there may be', { ...file, sizeBytes: 2 ** 40 + 1 }],
    ['with a short key', { ...file, blob: { ...blob, key: id } }],
  ])('%s is malformed', async (_, content) => {
    assert.isTrue(fileContent.safeParse(file).success);
    const encoded = encodeCbor({ id, at: 1, kind: 'file', content: content as never });
    assert.strictEqual(await codeOf(async () => body.parse(encoded)), 'format-malformed');
  });

  test('names blobs in its header, at least one and none twice, or has no such member', () => {
    const extent = { length: 1, hash };
    const head = { ...extent, at: 1, incarnation: 1, signature: new Uint8Array(64) };
    const header = {
      v: 1,
      suite: 2,
      room: hash,
      era: 0,
      author: hash,
      device: hash,
      chain: extent,
      seq: 1,
      prev: hash,
      replaces: null,
      drops: [],
      seen: head,
      class: 'content',
      at: 0,
      salt: hash,
      keys: null,
    };
    const takes = (blobs: unknown) => recordHeader.safeParse({ ...header, blobs }).success;
    assert.isTrue(recordHeader.safeParse(header).success);
    assert.isTrue(takes([hash]));
    for (const wrong of [[], [hash, hash], [id], null, hash, Array(65).fill(hash)]) assert.isFalse(takes(wrong));
  });
});

describe('the size of a blob', () => {
  test('tells little of the size of its content', () => {
    assert.deepEqual([0, 1, 255, 256].map(paddedFileBytes), [256, 256, 256, 256]);
    fc.assert(
      fc.property(fc.integer({ min: 257, max: 2 ** 40 }), (size) => {
        const padded = paddedFileBytes(size);
        assert.isTrue(padded >= size && padded <= size * 1.12 && paddedFileBytes(padded) === padded);
      }),
    );
  });
});

describe('a name', () => {
  test.each([
    ['', 'empty'],
    ['.', 'dots'],
    ['...', 'dots'],
    ['../../x', 'separator'],
    ['/etc/x', 'separator'],
    ['C:x', 'separator'],
    ['a\\b', 'separator'],
    ['CON', 'reserved'],
    ['nul.txt', 'reserved'],
    ['Lpt1', 'reserved'],
    ['a\u0000b', 'control'],
    ['a\nb', 'control'],
    ['a\u0085b', 'control'],
    ['a\u2028b', 'control'],
    ['invoice\u202efdp.exe', 'hidden'],
    ['a\u200bb', 'hidden'],
    [' a', 'edge'],
    ['a ', 'edge'],
    ['a.', 'edge'],
    ['x'.repeat(256), 'too-long'],
    ['é'.repeat(128), 'too-long'],
  ])('%j is %s, and shown safely', (name, fault) => {
    assert.strictEqual(fileNameFault(name), fault);
    assert.isNull(fileNameFault(safeFileName(name)), safeFileName(name));
  });

  test.each(['report.pdf', '.profile', 'Ärztebrief (2).odt', '検査.tiff', 'a b', 'console', 'x'.repeat(255)])(
    '%j is what it is',
    (name) => {
      assert.isNull(fileNameFault(name));
      assert.strictEqual(safeFileName(name), name);
    },
  );

  test('is made safe whatever it is, and stays so beside its twins', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 400 }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 1e6 }), (name, ordinal) => {
        const safe = safeFileName(name);
        assert.isNull(fileNameFault(safe), safe);
        assert.isNull(fileNameFault(separatedFileName(safe, ordinal)));
        assert.isFalse(isFileNameTwin(separatedFileName(safe, ordinal), safe));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['Report.PDF', 'report.pdf'],
    ['ﬁle', 'file'],
    ['e\u0301', 'é'],
  ])('%j is the twin of %j', (left, right) => {
    assert.isTrue(isFileNameTwin(left, right));
  });
});

test('vectors of files', async () => {
  const primitives = nodePrimitives();
  const { cases } = await vectorFile('file.json', makeVectors);
  for (const each of cases) {
    using key = new Secret(parseHex(each.key));
    const subject = { room: parseHex(each.room), record: parseHex(each.record), sizeBytes: each.sizeBytes };
    const streamKey = fileStreamKey(key, subject);
    assert.strictEqual(hex(streamKey.headerHash), each.headerHash);
    assert.strictEqual(blobBytes(each.sizeBytes), parseHex(each.blob).length);
    assert.strictEqual(hex(sha256(parseHex(each.blob))), each.address);
    const opened: Uint8Array[] = [];
    const source = (async function* () {
      yield parseHex(each.blob);
    })();
    for await (const chunk of openStream(primitives, streamKey, source)) opened.push(chunk);
    const content = concat(...opened).subarray(0, each.sizeBytes);
    assert.strictEqual(hex(content), each.content);
    const elsewhere = fileStreamKey(key, { ...subject, record: new Uint8Array(16) });
    const head = parseHex(each.blob).subarray(0, 39);
    assert.strictEqual(await codeOf(async () => restoreStreamChunks(primitives, elsewhere, head)), 'open-failed');
  }
});

async function makeVectors() {
  const primitives = nodePrimitives();
  const cases = [];
  for (const sizeBytes of [0, 11, 300]) {
    const [keyBytes, room, record] = [32, 32, 16].map((length) => primitives.randomBytes(length)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    using key = new Secret(keyBytes);
    const streamKey = fileStreamKey(key, { room, record, sizeBytes });
    const content = Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 7 + 5) & 0xff);
    const pieces: Uint8Array[] = [];
    const source = (async function* () {
      yield concat(content, new Uint8Array(paddedFileBytes(sizeBytes) - sizeBytes));
    })();
    for await (const piece of sealStream(primitives, streamKey, source)) pieces.push(piece);
    const sealed = concat(...pieces);
    cases.push({
      key: hex(keyBytes),
      room: hex(room),
      record: hex(record),
      sizeBytes,
      content: hex(content),
      contentHash: hex(sha256(content)),
      headerHash: hex(streamKey.headerHash),
      address: hex(sha256(sealed)),
      blob: hex(sealed),
    });
  }
  return {
    description: 'Blobs of files; headerHash is SHA-256 of CBOR({ v: 1, room, record, paddedBytes }).',
    specification: 'docs/spec/file.md',
    cases,
  };
}
